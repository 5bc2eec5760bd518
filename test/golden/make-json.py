# JSON as pandas writes it in all its orients, and the cells that it reads from it: /usr/bin/python3 test/golden/make-json.py > test/golden/json.json
import json

import pandas as pd

frames = {
    # "NA" is North America, "null" a text: only null is missing.
    'words': pd.DataFrame({'continent': ['NA', 'EU', None, 'AS', 'NA'], 'area': [1.5, None, 3.5, 4.5, 5.5], 'note': ['?', 'null', 'N/A', 'x', '-']}),
    'ids': pd.DataFrame({'pop': [60, 5, 83], 'name': ['France', 'Norge', None]}, index=['fr', 'no', 'de']),
    'numbers': pd.DataFrame({'pop': [60, 5, 83], 'area': [640, 385, 357]}, index=['fr', 'no', 'de']),
    'filtered': pd.DataFrame({'a': [1, 2, 3, 4], 'b': ['x', 'y', 'x', 'y']}).iloc[[1, 3]],
    'few labels': pd.DataFrame({f'c{i}': [i, i * i] for i in range(3)} | {'text': ['low', 'high']}, index=['least', 'most']),
}
options = {'convert_dates': False, 'dtype': False, 'convert_axes': False}
cases = []
for name, frame in frames.items():
    for orient in ['records', 'index', 'columns', 'split']:
        text = frame.to_json(orient=orient)
        read = pd.read_json(text, orient=orient, **options)
        cells = {column: [None if pd.isna(cell) else cell for cell in read[column]] for column in read.columns}
        cases.append({'name': f'{name}, orient {orient}', 'orient': orient, 'text': text, 'cells': cells})
print(json.dumps(cases, indent=1, default=lambda value: value.item()))
