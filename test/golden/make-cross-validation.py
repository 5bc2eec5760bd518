# Writes cross-validation.json: what scikit-learn's MLPClassifier reaches in ten-fold stratified cross-validation over five seeds, and the time it takes.
#   python3 make-cross-validation.py IRIS.csv DIGITS.csv.gz > cross-validation.json     (Debian's python3-sklearn 1.2.1, one core)
import gzip
import json
import sys
import time
import warnings

import numpy as np
import sklearn
from sklearn.model_selection import StratifiedKFold
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler

warnings.filterwarnings('ignore')
iris = np.loadtxt(sys.argv[1], delimiter=',', skiprows=1)
digits = np.loadtxt(gzip.open(sys.argv[2]), delimiter=',')
SETS = {
    'iris': (iris, dict(hidden_layer_sizes=(16,), batch_size=16, max_iter=30, learning_rate_init=0.01)),
    'digits': (digits, dict(hidden_layer_sizes=(64, 32), batch_size=32, max_iter=30, learning_rate_init=0.001)),
}
result = {'sklearn': sklearn.__version__, 'folds': 10, 'seeds': 5}
for name, (data, options) in SETS.items():
    x, y = data[:, :-1], data[:, -1].astype(int)
    means = []
    begin = time.perf_counter()
    for seed in range(5):
        scores = []
        for train, test in StratifiedKFold(10, shuffle=True, random_state=seed).split(x, y):
            scaler = StandardScaler().fit(x[train])
            # As many epochs as asked for: nothing ends it early, and no penalty.
            model = MLPClassifier(alpha=0, tol=0, n_iter_no_change=10**6, random_state=seed, **options)
            model.fit(scaler.transform(x[train]), y[train])
            scores.append(model.score(scaler.transform(x[test]), y[test]))
        means.append(float(np.mean(scores)))
    result[name] = {'options': options, 'means': means, 'secondsPerRun': (time.perf_counter() - begin) / 5}
print(json.dumps(result, indent=1))
