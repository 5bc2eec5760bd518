# scikit-learn's LogisticRegression on iris.csv, scaled around its mean by one number, as simdense/classifier scales, to its last digits; and with its defaults on the digits, whose first 1,000 rows it learns.
#   python3 make-classifier.py > classifier.json     (Debian's python3-sklearn 1.2)
import json
import pathlib

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

folder = pathlib.Path(__file__).parent
iris = np.loadtxt(folder / 'iris.csv', delimiter=',', skiprows=1)
x, y = iris[:, :4], iris[:, 4].astype(int)
cases = []
# All three classes, and the first two.
for rows in (150, 100):
    scaled = x[:rows] - x[:rows].mean(0)
    scaled /= np.sqrt((scaled**2).mean())
    for l2 in (10, 1, 0.1):
        model = LogisticRegression(C=1 / l2, tol=1e-12, max_iter=100_000, multi_class='multinomial').fit(scaled, y[:rows])
        probabilities = model.predict_proba(scaled[::10]).round(6).tolist()
        cases.append(dict(rows=rows, l2=l2, probabilities=probabilities))
digits = np.loadtxt(folder / '../../examples/data/digits.csv.gz', delimiter=',')
x, y = digits[:, :-1], digits[:, -1].astype(int)
model = LogisticRegression(max_iter=10_000).fit(x[:1000], y[:1000])
probabilities = model.predict_proba(x[1000:])
held = dict(accuracy=round(float((probabilities.argmax(1) == y[1000:]).mean()), 4), logLoss=round(float(log_loss(y[1000:], probabilities)), 4))
print(json.dumps(dict(iris=cases, digits=held)))
