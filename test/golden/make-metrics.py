# Computes the figures of metrics.json again, by scikit-learn, from the targets, predictions and weights in it, which stay as they are.
#   python3 make-metrics.py > again.json     compares with the file as well, and fails where a figure differs by more than 1e-12 (Debian's python3-sklearn 1.2)
import json
import os
import sys

import numpy as np
import sklearn
from sklearn import metrics

TOLERANCE = 1e-12


def area(y, scores, w):
    """The mean over the columns that have rows on both sides."""
    sides = [c for c in range(y.shape[1]) if len(set(y[:, c])) == 2]
    return np.mean([metrics.roc_auc_score(y[:, c], scores[:, c], sample_weight=w) for c in sides])


def correlation(y, taken, w):
    """Of several separate outputs the mean."""
    if y.ndim == 1:
        return metrics.matthews_corrcoef(y, taken, sample_weight=w)
    return np.mean([metrics.matthews_corrcoef(y[:, c], taken[:, c], sample_weight=w) for c in range(y.shape[1])])


def figures(case):
    y, p = np.array(case['y']), np.array(case['p'])
    w = np.array(case['w']) if 'w' in case else None
    kind = case['task']
    if kind == 'real':
        square = metrics.mean_squared_error(y, p, sample_weight=w)
        return {
            'r2': metrics.r2_score(y, p, sample_weight=w),
            'meanSquaredError': square,
            'meanAbsoluteError': metrics.mean_absolute_error(y, p, sample_weight=w),
            'rootMeanSquaredError': np.sqrt(square),
        }
    # What a row is taken for: the class of the largest number, or each output above one half.
    taken = p.argmax(1) if kind == 'multi' else (p > 0.5).astype(int).reshape(y.shape)
    average = 'binary' if kind == 'binary' else 'macro'
    of = dict(average=average, zero_division=0, sample_weight=w)
    columns = np.eye(p.shape[1])[y] if kind == 'multi' else y.reshape(p.shape)
    found = {
        # Of several separate outputs the share of all cells.
        'accuracy': np.average((y == taken).reshape(len(y), -1).mean(1), weights=w),
        'precision': metrics.precision_score(y, taken, **of),
        'recall': metrics.recall_score(y, taken, **of),
        'f1': metrics.f1_score(y, taken, **of),
        'auc': area(columns, p, w),
        'matthewsCorrelation': correlation(y, taken, w),
    }
    if 'topKAccuracy' in case['expected']:
        found['topKAccuracy'] = metrics.top_k_accuracy_score(y, p, k=5, labels=range(p.shape[1]), sample_weight=w)
    return found


file = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'metrics.json')
cases = json.load(open(file))['cases']
made, worst = [], 0
for case in cases:
    found = figures(case)
    expected = {name: float(found[name]) for name in case['expected']}
    made.append({**case, 'expected': expected})
    for name, value in case['expected'].items():
        difference = abs(expected[name] - value)
        worst = max(worst, difference)
        if difference > TOLERANCE:
            print(f'{case["name"]}: {name} is {expected[name]}, in the file {value}', file=sys.stderr)
print(f'{len(cases)} cases, the largest difference {worst:.1e}', file=sys.stderr)
print(json.dumps({'version': sklearn.__version__, 'cases': made}))
sys.exit(worst > TOLERANCE)
