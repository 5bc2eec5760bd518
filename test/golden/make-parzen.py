# Draws points of a space and what Optuna's Parzen estimator over all parameters says of their density.
#   python3 make-parzen.py > search/parzen.json     (Debian's python3-optuna 3.1, python3-scipy 1.10)
# The density of a range comes from scipy: version 3.1 of Optuna leaves out the division by the deviation, which later versions have.
import json

import numpy as np
import optuna.samplers._tpe.parzen_estimator as estimator
import scipy.stats
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.samplers._tpe.sampler import default_weights

estimator.truncnorm.logpdf = lambda x, a, b, loc=0, scale=1: scipy.stats.truncnorm.logpdf(x, a, b, loc=loc, scale=scale)
space = {
    "rate": FloatDistribution(3e-4, 0.03, log=True),
    "layers": IntDistribution(1, 6),
    "choice": CategoricalDistribution(["a", "b", "c"]),
    "dropout": FloatDistribution(0, 0.5),
    "units": IntDistribution(4, 256, log=True),
}
random = np.random.RandomState(1)


def draw(n):
    return {
        "rate": np.exp(random.uniform(np.log(3e-4), np.log(0.03), n)),
        "layers": random.randint(1, 7, n).astype(float),
        "choice": random.randint(0, 3, n),
        "dropout": random.uniform(0, 0.5, n),
        "units": random.randint(4, 257, n).astype(float),
    }


def rows(columns):
    return [[float(columns[name][i]) for name in space] for i in range(len(columns["rate"]))]


# The estimator's defaults: prior, its weight, magic clip, no endpoints.
options = estimator._ParzenEstimatorParameters(True, 1.0, True, False, default_weights, True)
out = []
for n in (1, 3, 12, 26, 40, 130):
    observed, asked = draw(n), draw(8)
    density = estimator._ParzenEstimator({k: v.astype(float) for k, v in observed.items()}, space, options).log_pdf(asked)
    out.append({"tried": rows(observed), "asked": rows(asked), "logDensity": density.tolist()})
print(json.dumps(out))
