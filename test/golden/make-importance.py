# Draws trials and what Optuna's fANOVA says of them.
#   python3 make-importance.py > search/importance.json     (Debian's python3-optuna 3.1, python3-sklearn 1.2)
# `tree`: the leaves of one of scikit-learn's trees and its variances. `mean`: the shares before Optuna divides them by their sum, of 20 forests; `std`: their deviation from forest to forest.
# A log range is given to Optuna as its binary logarithm: it would cut the numbers themselves.
import json

import numpy as np
from optuna._transform import _SearchSpaceTransform
from optuna.distributions import CategoricalDistribution, FloatDistribution
from optuna.importance._fanova._fanova import _Fanova
from optuna.importance._fanova._tree import _FanovaTree
from sklearn.tree import DecisionTreeRegressor

random = np.random.RandomState(1)
ranges = {
    "rate": FloatDistribution(float(np.log2(3e-4)), float(np.log2(0.03))),
    "dropout": FloatDistribution(0, 0.5),
    "momentum": FloatDistribution(-1, 1),
}
choices = {**ranges, "kind": CategoricalDistribution(["a", "b", "c"])}


def draw(space, n):
    return [
        {
            name: each.choices[random.randint(len(each.choices))]
            if isinstance(each, CategoricalDistribution)
            else round(float(random.uniform(each.low, each.high)), 6)
            for name, each in space.items()
        }
        for _ in range(n)
    ]


def figure(point):
    kind = {"a": 0, "b": 0.3, "c": -0.2}[point.get("kind", "a")]
    return float(-((point["rate"] + 8) ** 2) / 10 + point["dropout"] * point["momentum"] + kind + random.normal(0, 0.05))


def leaves(tree, bounds, node=0):
    d, threshold = tree.feature[node], float(tree.threshold[node])
    if d < 0:
        return [{"box": bounds, "value": float(tree.value[node].item())}]
    low, high = [list(side) for side in bounds], [list(side) for side in bounds]
    low[d][1] = high[d][0] = threshold
    return leaves(tree, low, tree.children_left[node]) + leaves(tree, high, tree.children_right[node])


out = []
for space, n in ((ranges, 12), (ranges, 40), (ranges, 120), (choices, 100)):
    points = draw(space, n)
    figures = [round(figure(point), 6) for point in points]
    trans = _SearchSpaceTransform(space, transform_log=False, transform_step=False)
    X, y = np.array([trans.transform(point) for point in points]), np.array(figures)
    case = {"points": points, "figures": figures}
    if space is ranges:
        grown = DecisionTreeRegressor(random_state=0).fit(X, y).tree_
        tree = _FanovaTree(grown, trans.bounds)
        marginals = [float(tree.get_marginal_variance(np.array([d]))) for d in range(len(space))]
        case["tree"] = {"leaves": leaves(grown, trans.bounds.tolist()), "total": float(tree.variance), "marginals": marginals}
    shares = []
    for seed in range(20):
        forest = _Fanova(n_trees=64, max_depth=64, min_samples_split=2, min_samples_leaf=1, seed=seed)
        forest.fit(X, y, trans.bounds, trans.column_to_encoded_columns)
        shares.append([forest.get_importance(d)[0] for d in range(len(space))])
    case["mean"], case["std"] = np.mean(shares, axis=0).tolist(), np.std(shares, axis=0).tolist()
    out.append(case)
print(json.dumps(out))
