# Draws the random tables of encoders.json.gz and computes by scikit-learn what they are encoded to.
#   python3 make-encoders.py > again.json     compares with the file as well, and fails where a number differs by more than 1e-9 (Debian's python3-sklearn 1.2, python3-pandas 1.5)
import gzip
import json
import os
import random
import sys
import warnings

import numpy as np
import pandas as pd
import sklearn
from sklearn.compose import ColumnTransformer
from sklearn.feature_extraction import FeatureHasher
from sklearn.feature_extraction.text import HashingVectorizer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, QuantileTransformer, RobustScaler, StandardScaler

warnings.simplefilter('ignore')
TOLERANCE = 1e-9
CASES = 60
# Behind every text, so that missing cells are the last of the categories that are not rare.
MISSING = '\uffff'
SCALERS = {
    'standard': StandardScaler,
    'robust': RobustScaler,
    'minMax': MinMaxScaler,
    'quantile': lambda: QuantileTransformer(subsample=10**9),
}
WORDS = 'red green blue Österreich naïve a I you_and_me 東京 x1 42 the of boat row ROW Row κόσμος don\'t e-mail'.split()


class Own:
    """A transformer of one column, by a function of training cells that gives a function of cells."""

    def __init__(self, make):
        self.make = make

    def fit(self, x, y=None):
        self.apply = self.make(x)
        return self

    def transform(self, x):
        return self.apply(x)

    def fit_transform(self, x, y=None):
        return self.fit(x).transform(x)

    def get_params(self, deep=True):
        return {'make': self.make}

    def set_params(self, **params):
        return self


def clipped(x, clip):
    return x if clip is None else x / np.sqrt(1 + (x / clip) ** 2)


def numbers(scale, clip):
    """Scaled by the cells that are there; the median for those that are not; a flag where training cells lack some."""
    if clip is None and scale not in ('quantile', 'none'):
        # Both ways are the same, but for this one all of it is scikit-learn's.
        return make_pipeline(SCALERS[scale](), SimpleImputer(strategy='median', add_indicator=True))

    def make(x):
        fill = SimpleImputer(strategy='median', add_indicator=True).fit(x)
        # QuantileTransformer would count the cells that are not there for the number of its quantiles.
        scaler = SCALERS[scale]().fit(x[~np.isnan(x)].reshape(-1, 1)) if scale != 'none' else None

        def apply(cells):
            filled = fill.transform(cells)
            value = filled[:, :1] if scaler is None else scaler.transform(filled[:, :1])
            return np.hstack([clipped(value, clip), filled[:, 1:]])

        return apply

    return Own(make)


def categories(least):
    return OneHotEncoder(min_frequency=least, handle_unknown='infrequent_if_exist', sparse_output=False)


def hashed(buckets, has_missing):
    hasher = FeatureHasher(n_features=buckets, input_type='string', alternate_sign=False)

    def apply(x):
        cells = [[] if cell == MISSING else [cell] for cell in x[:, 0]]
        made = hasher.transform(cells).toarray()
        missing = (x == MISSING).astype(float)
        return np.hstack([made, missing]) if has_missing else made

    return Own(lambda x: apply)


def words(buckets):
    vectorizer = HashingVectorizer(n_features=buckets)
    return Own(lambda x: lambda cells: vectorizer.transform(['' if c == MISSING else c for c in cells[:, 0]]).toarray())


def cycles(x):
    """Sine and cosine of the day of the year, the day of the week from Monday, and the time of the day; 0 where a date is missing."""
    times = pd.Series(pd.to_datetime(x[:, 0], unit='ms'))
    length = 365 + times.dt.is_leap_year
    turns = [(times.dt.dayofyear - 1) / length, times.dt.dayofweek / 7, (x[:, 0] / 86_400_000) % 1]
    parts = [part(2 * np.pi * np.asarray(turn, float)) for turn in turns for part in (np.sin, np.cos)]
    return np.nan_to_num(np.stack(parts, 1))


def transformer(column, options):
    kind = column['kind']
    if kind == 'number':
        return numbers(options['scale'], options['clip'])
    if kind == 'date':
        days = numbers(options['scale'], options['clip'])
        return Own(lambda x: (lambda fitted: lambda c: np.hstack([fitted.transform(c / 86_400_000), cycles(c)]))(days.fit(x / 86_400_000)))
    if kind == 'boolean':
        return SimpleImputer(strategy='most_frequent', add_indicator=True)
    if kind == 'text':
        return words(options['buckets'])
    if options.get('maxCategories') == 1:
        return hashed(options['buckets'], options['hasMissing'])
    return categories(options['minFrequency'])


def cells_of(column):
    """As scikit-learn takes them."""
    if column['kind'] in ('category', 'text'):
        return np.array([[MISSING if cell is None else cell] for cell in column['cells']], dtype=object)
    return np.array([[np.nan if cell is None else float(cell)] for cell in column['cells']])


def draw_cells(r, kind, rows, train):
    lacking = r.choice([0, 0, 0.1, 0.4])
    if kind == 'number':
        way = r.randrange(7)
        center, spread = r.uniform(-100, 100), 10 ** r.uniform(-3, 4)
        draw = [
            lambda: r.gauss(center, spread),
            lambda: float(r.randrange(-3, 4)),
            lambda: float(r.choice([0, 0, 0, 0, 1, 50])),
            lambda: 1.7e9 + 200 * r.randrange(1000),
            lambda: spread * r.expovariate(1) ** 3,
            lambda: 5.3,
            lambda: round(r.uniform(0, 10), 1),
        ][way]
    elif kind == 'boolean':
        share = r.random()
        draw = lambda: r.random() < share
    elif kind == 'date':
        draw = lambda: r.randrange(-500_000_000_000, 1_800_000_000_000)
    elif kind == 'category':
        names = [f'{r.choice(WORDS)} {i}' for i in range(r.randrange(2, 9))]
        draw = lambda: names[min(int(r.expovariate(0.6)), len(names) - 1)]
    else:
        draw = lambda: ' '.join(r.choice(WORDS) for _ in range(r.randrange(0, 9))) or '-'
    cells = [None if r.random() < lacking else draw() for _ in range(rows)]
    # Later rows lack cells that training rows do not, and the other way round; and have categories that training rows do not.
    later = [None if r.random() < 0.2 else ('unseen' if kind == 'category' and r.random() < 0.2 else draw()) for _ in range(rows - train)]
    cells[train:] = later
    if all(cell is None for cell in cells[:train]):
        cells[0] = draw()
    return cells


def draw_case(number):
    r = random.Random(number)
    train = r.randrange(6, 40)
    rows = train + r.randrange(4, 12)
    columns, options = [], {}
    for i in range(r.randrange(1, 6)):
        kind = r.choice(['number'] * 4 + ['category'] * 3 + ['boolean', 'date', 'text'])
        name = f'{kind}{i}'
        cells = draw_cells(r, kind, rows, train)
        columns.append({'name': name, 'kind': kind, 'cells': cells})
        if kind == 'number':
            present = [cell for cell in cells[:train] if cell is not None]
            # QuantileTransformer rounds the ranks of its quantiles, so that now and then it takes equal cells for neighbours.
            scales = [*SCALERS, 'none'] if len(set(present)) in (1, len(present)) else [*SCALERS, 'none'][:3]
            options[name] = {'scale': r.choice(scales), 'clip': r.choice([None, None, 3, 1.5])}
        elif kind == 'date':
            options[name] = {'scale': r.choice([*SCALERS]), 'clip': None, 'cycles': ['year', 'week', 'day']}
        elif kind == 'category':
            options[name] = {'minFrequency': r.choice([1, 1, 2, 3, 0.1, 0.25])}
            if r.random() < 0.2 and len(set(cells[:train]) - {None}) > 1:
                options[name] = {'minFrequency': 1, 'maxCategories': 1, 'buckets': r.choice([3, 16, 64])}
        elif kind == 'text':
            options[name] = {'buckets': r.choice([5, 32])}
    return {'train': train, 'columns': columns, 'options': options}


def encode(case):
    table = {column['name']: cells_of(column)[:, 0] for column in case['columns']}
    frame = pd.DataFrame(table)
    own = []
    for column in case['columns']:
        name, options = column['name'], dict(case['options'].get(column['name'], {}))
        options['hasMissing'] = any(cell is None for cell in column['cells'][: case['train']])
        own.append((name, make_array(transformer(column, options)), [name]))
    encoder = ColumnTransformer(own, sparse_threshold=0)
    encoder.fit(frame[: case['train']])
    return np.asarray(encoder.transform(frame), dtype=float)


def make_array(step):
    """ColumnTransformer hands over frames."""
    return make_pipeline(Own(lambda x: np.asarray), step)


made = []
for number in range(CASES):
    case = draw_case(number)
    made.append({**case, 'expected': [[float(f'{value:.10g}') for value in row] for row in encode(case)]})

file = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'encoders.json.gz')
worst = 0
if os.path.exists(file):
    before = json.load(gzip.open(file))['cases']
    for a, b in zip(before, made):
        if {**a, 'expected': 0} != {**b, 'expected': 0} or np.shape(a['expected']) != np.shape(b['expected']):
            worst = np.inf
            continue
        a, b = np.array(a['expected']), np.array(b['expected'])
        worst = max(worst, np.max(np.abs(a - b) / np.maximum(1, np.abs(b))))
print(f'{len(made)} cases, the largest difference {worst:.1e}', file=sys.stderr)
print(json.dumps({'version': sklearn.__version__, 'cases': made}, ensure_ascii=False))
sys.exit(worst > TOLERANCE)
