# Writes backend.json.gz: ONNX's own backend tests of single operators (python3-onnx 1.12), as they are and with all inputs but the first as initializers, one case for each output; those of at most 64
# numbers, or all with `--all`.   python3 make-backend.py [--all FILE]
import base64, gzip, json, os, sys
import numpy as np

# onnx 1.12 was written for an older numpy.
np.float, np.int, np.bool, np.object = float, int, bool, object
import onnx
from onnx import numpy_helper
from onnx.backend.test.case.node import collect_testcases

everything = len(sys.argv) > 2
out = sys.argv[2] if everything else os.path.join(os.path.dirname(os.path.abspath(__file__)), 'backend.json.gz')
cases = []
for case in collect_testcases(None) if collect_testcases.__code__.co_argcount else collect_testcases():
    model = case.model
    for inputs, outputs in case.data_sets or []:
        try:
            x, y = [np.asarray(v) for v in inputs], [np.asarray(v) for v in outputs]
        except ValueError:
            continue
        if any(v.dtype.kind not in 'fiub' for v in x + y):
            continue
        names = [each.name for each in model.graph.input]
        for given in range(len(names) if everything else min(1, len(names))):
            for place, output in enumerate(model.graph.output):
                own = onnx.ModelProto()
                own.CopyFrom(model)
                for other, name in enumerate(names):
                    if other != given:
                        own.graph.initializer.append(numpy_helper.from_array(x[other], name))
                if not everything and x[given].size + y[place].size > 64:
                    continue
                numbers = lambda v: [float(n) if np.isfinite(n) else str(n) for n in v.astype('float64').ravel()]
                cases.append({
                    'name': f'{case.name}, input {given}, output {place}', 'output': output.name,
                    'onnx': base64.b64encode(own.SerializeToString()).decode(),
                    'x': numbers(x[given]), 'y': numbers(y[place]),
                })
with gzip.GzipFile(out, 'wb', mtime=0) as file:
    file.write(json.dumps(cases).encode())
print(len(cases), 'cases')
