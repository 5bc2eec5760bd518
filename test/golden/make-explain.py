# Draws small tables and networks, and what scikit-learn says of them: permutation importance (with its own permutations, which are kept), partial dependence by brute force, and
# Friedman and Popescu's H squared by its formula in numpy.
#   python3 make-explain.py > again.json     compares with explain.json as well, and fails where a figure differs by more than 1e-9 (Debian's python3-sklearn 1.2)
import json
import os
import sys

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.inspection import partial_dependence, permutation_importance
from sklearn.utils import check_random_state


class Network(BaseEstimator):
    """A hidden layer of tanh, then as many outputs, of which softmax makes probabilities for classes. The weights are float32's."""

    def __init__(self, weights, classes):
        self.weights = weights
        self.classes = classes
        self._estimator_type = 'classifier' if classes else 'regressor'

    def fit(self, x, y):
        return self

    def __sklearn_is_fitted__(self):
        return True

    @property
    def classes_(self):
        return np.arange(self.classes)

    def outputs(self, x):
        kernel, bias, last, shift = (np.array(w) for w in self.weights)
        return np.tanh(x @ kernel + bias) @ last + shift

    def predict_proba(self, x):
        logits = self.outputs(x)
        powers = np.exp(logits - logits.max(1, keepdims=True))
        return powers / powers.sum(1, keepdims=True)

    def predict(self, x):
        return self.predict_proba(x).argmax(1) if self.classes else self.outputs(x)[:, 0]


def permutations_of(seed, rows, repeats):
    """What permutation_importance draws: a seed for each column's draws, the same for all; each permutation is of what the one before has left."""
    drawn = check_random_state(seed).randint(np.iinfo(np.int32).max + 1)
    random = check_random_state(drawn)
    order, now, all = np.arange(rows), np.arange(rows), []
    for _ in range(repeats):
        random.shuffle(order)
        now = now[order]
        all.append(now.tolist())
    return all


def interactions(f, x):
    """H squared of each pair, as Friedman and Popescu 2008 define it in (44), and the root of its numerator's mean; of probabilities summed over the classes."""
    rows, columns = x.shape

    def dependence(some):
        means = []
        for i in range(rows):
            changed = x.copy()
            changed[:, some] = x[i, some]
            means.append(f(changed).mean(0))
        means = np.array(means)
        return means - means.mean(0)

    alone = [dependence([c]) for c in range(columns)]
    found = []
    for a in range(columns):
        for b in range(a):
            both = dependence([b, a])
            rest = (both - alone[a] - alone[b]) ** 2
            found.append({'columns': [b, a], 'h2': rest.sum() / (both**2).sum(), 'size': np.sqrt(rest.sum() / rows)})
    return found


def case(seed, rows, columns, outputs, classes):
    random = np.random.default_rng(seed)
    float32 = lambda shape, scale: (random.normal(size=shape) * scale).astype(np.float32).astype(float).tolist()
    x = np.array(float32((rows, columns), 1))
    x[:, -1] = np.round(x[:, -1])
    weights = [float32((columns, 6), 1), float32(6, 1), float32((6, outputs), 1), float32(outputs, 0.5)]
    model = Network(weights, classes)
    if classes:
        y = np.array([random.choice(classes, p=p) for p in model.predict_proba(x)])
    else:
        y = (model.predict(x) + 0.3 * random.normal(size=rows)).astype(np.float32).astype(float)
    found = {}
    names = {'logLoss': 'neg_log_loss', 'accuracy': 'accuracy'} if classes else {'r2': 'r2', 'meanAbsoluteError': 'neg_mean_absolute_error'}
    for ours, theirs in names.items():
        result = permutation_importance(model, x, y, scoring=theirs, n_repeats=4, random_state=seed)
        found[ours] = {
            'mean': result.importances_mean.tolist(),
            'std': result.importances_std.tolist(),
            'values': result.importances.tolist(),
        }
    dependence = []
    for column in range(columns):
        result = partial_dependence(model, x, [column], method='brute', kind='average', grid_resolution=12)
        # Of two classes scikit-learn has the second alone.
        dependence.append({'values': result['values'][0].tolist(), 'means': result['average'].tolist()})
    few = x[:30]
    return {
        'x': x.tolist(),
        'y': y.tolist(),
        'weights': weights,
        'permutations': permutations_of(seed, rows, 4),
        'importance': found,
        'dependence': dependence,
        'interactions': interactions(model.predict_proba if classes else model.outputs, few),
    }


def numbers(found):
    if isinstance(found, dict):
        found = list(found.values())
    return [x for part in found for x in numbers(part)] if isinstance(found, list) else [found]


made = [case(1, 60, 3, 1, 0), case(2, 80, 4, 3, 3), case(3, 50, 3, 2, 2)]
json.dump(made, sys.stdout)
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'explain.json')
if os.path.exists(path):
    with open(path) as file:
        kept = numbers(json.load(file))
    again = numbers(json.loads(json.dumps(made)))
    worst = max(abs(a - b) for a, b in zip(kept, again)) if len(kept) == len(again) else float('inf')
    print('the largest difference:', worst, file=sys.stderr)
    sys.exit(worst > 1e-9)
