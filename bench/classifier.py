# The sets of bench/classifier.ts, and scikit-learn's fits of them.
#   python3 classifier.py FOLDER [MNIST]   writes each draw of each set to FOLDER and prints a line of JSON about them; then, for each number of a draw that it reads, fits it and prints time and figures
import gzip, json, sys, time, warnings
warnings.filterwarnings('ignore')
import numpy as np
from sklearn.datasets import load_digits, make_classification
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss

folder, mnist = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ''
SEEDS, TRAIN, HELD, COLUMNS, CLASSES = 5, 1000, 2000, 384, 5


def clusters(random, distance, unit):
    # Classes around means, with a spread that falls from direction to direction, as that of embeddings does; `unit`: of length 1, as they often are.
    means, y = random.normal(size=(CLASSES, COLUMNS)), random.integers(0, CLASSES, TRAIN + HELD)
    spread = random.normal(size=(COLUMNS, COLUMNS)) * (0.97 ** np.arange(COLUMNS))[:, None] / 3
    x = means[y] * distance + random.normal(size=(TRAIN + HELD, COLUMNS)) @ spread
    return (x / np.linalg.norm(x, axis=1, keepdims=True) if unit else x), y


def drawn(separation, seed):
    return make_classification(TRAIN + HELD, COLUMNS, n_informative=40, n_redundant=100, n_classes=CLASSES, n_clusters_per_class=1, class_sep=separation, random_state=seed)


def idx(name, offset):
    return np.frombuffer(gzip.open(f'{mnist}/{name}').read(), np.uint8, offset=offset)


real = {'digits': load_digits(return_X_y=True)}
if mnist:
    real['MNIST'] = idx('t10k-images-idx3-ubyte.gz', 16).reshape(-1, 784) / 255, idx('t10k-labels-idx1-ubyte.gz', 8).astype(int)
sets = []
for seed in range(SEEDS):
    random = np.random.default_rng(seed)
    draws = {
        'unit length, close': clusters(random, 0.12, True),
        'unit length, far': clusters(random, 0.4, True),
        'close': clusters(random, 0.12, False),
        'far': clusters(random, 0.3, False),
        'make_classification, 1': drawn(1, seed),
        'make_classification, 2': drawn(2, seed),
    }
    for name, (x, y) in real.items():
        order = random.permutation(len(y))[: TRAIN + HELD]
        draws[name] = x[order], y[order]
    for name, (x, y) in draws.items():
        file = f'{folder}/{len(sets)}.bin'
        x.astype(np.float32).tofile(file)
        sets.append(dict(name=name, seed=seed, file=file, columns=x.shape[1], train=TRAIN, y=y.tolist()))
print(json.dumps(sets), flush=True)
for line in sys.stdin:
    one = sets[int(line)]
    x, y = np.fromfile(one['file'], np.float32).reshape(-1, one['columns']), np.array(one['y'])
    model, begin = LogisticRegression(max_iter=1000), time.perf_counter()
    model.fit(x[:TRAIN], y[:TRAIN])
    milliseconds = (time.perf_counter() - begin) * 1000
    p = model.predict_proba(x[TRAIN:])
    print(json.dumps(dict(milliseconds=milliseconds, accuracy=float((p.argmax(1) == y[TRAIN:]).mean()), logLoss=float(log_loss(y[TRAIN:], p)))), flush=True)
