# Draws small cases of classes and probabilities, and numbers and predictions, and computes by scikit-learn, SciPy and NumPy what simdense/explain makes of them.
#   python3 make-probabilities.py > probabilities.json     (Debian's python3-sklearn 1.2, python3-scipy)
import json

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss, log_loss, precision_recall_curve

random = np.random.default_rng(5)


def rounded(values, digits=9):
    return [round(float(value), digits) for value in values]


def curve(y, p, bins):
    observed, predicted = calibration_curve(y, p, n_bins=bins, strategy='uniform')
    return {'bins': bins, 'observed': rounded(observed), 'predicted': rounded(predicted)}


def tempered(p, temperature):
    powers = np.maximum(p, 1e-7) ** (1 / temperature)
    return powers / powers.sum(1, keepdims=True)


def temperature(y, p):
    loss = lambda inverse: log_loss(y, tempered(p, 1 / inverse), labels=range(p.shape[1]))
    return 1 / minimize_scalar(loss, bounds=(0.05, 20), method='bounded', options={'xatol': 1e-10}).x


cases = []
for number in range(12):
    rows, classes = int(random.integers(30, 200)), 2 if number % 2 == 0 else int(random.integers(3, 6))
    logits = random.normal(0, 1.5, (rows, classes))
    p = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    y = np.array([random.choice(classes, p=each) for each in tempered(p, random.uniform(0.6, 2.5))])
    # Few distinct probabilities in some cases: ties, and borders of bins.
    if number % 3 == 0:
        p = np.round(p, 1)
        p[:, -1] = 1 - p[:, :-1].sum(1)
        p = np.clip(p, 0, 1)
    p = p.astype(np.float32).astype(float)
    positive = classes - 1
    precision, recall, thresholds = precision_recall_curve(y == positive, p[:, positive])
    cases.append(
        {
            'y': y.tolist(),
            'p': p.tolist(),
            'curves': [curve(y == positive, p[:, positive], bins) for bins in (5, 10)],
            'brier': round(brier_score_loss(y == 1, p[:, 1]), 9) if classes == 2 and number % 3 else None,
            'precision': rounded(precision),
            'recall': rounded(recall),
            'thresholds': thresholds.tolist(),
            'temperature': round(temperature(y, p), 5),
        }
    )

# Angelopoulos and Bates 2021, arXiv 2107.07511: the quantile of level ceil((n + 1) coverage) / n, by numpy.
conformal = []
for rows in (9, 19, 50, 99, 333):
    actual, predicted = np.round(random.normal(0, 3, rows), 4), np.round(random.normal(0, 1, rows), 4)
    quantiles = {}
    for coverage in (0.5, 0.8, 0.9):
        level = np.ceil(round((rows + 1) * coverage, 9)) / rows
        quantiles[str(coverage)] = round(float(np.quantile(np.abs(actual - predicted), level, method='inverted_cdf')), 6)
    conformal.append({'actual': actual.tolist(), 'predicted': predicted.tolist(), 'radius': quantiles})

print(json.dumps({'classes': cases, 'numbers': conformal}))
