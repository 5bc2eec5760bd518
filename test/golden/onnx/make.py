# Makes the fixtures of this folder: dense networks by PyTorch's own exporter, and one by scikit-learn's MLPClassifier in the form that skl2onnx documents (which
# neither Debian nor npm has), with the inputs and what PyTorch and scikit-learn predict.   python3 make.py     (python3-torch, python3-onnx, python3-sklearn)
import json, os, numpy as np, torch, torch.nn as nn, onnx
from onnx import helper, numpy_helper, TensorProto
from sklearn.neural_network import MLPClassifier
from sklearn.datasets import load_iris

here = os.path.dirname(os.path.abspath(__file__))
torch.manual_seed(7)
x = torch.randn(6, 5)
bn = nn.BatchNorm1d(4)
bn.running_mean.uniform_(-1, 1), bn.running_var.uniform_(0.5, 2)
nn.init.uniform_(bn.weight, 0.5, 1.5), nn.init.uniform_(bn.bias, -1, 1)

class Scaled(nn.Module):
    """What people write around a network: inputs standardised, an output rescaled."""
    def __init__(self):
        super().__init__()
        self.register_buffer('mean', torch.randn(5)), self.register_buffer('std', torch.rand(5) + 0.5)
        self.net = nn.Sequential(nn.Linear(5, 4), nn.Tanh(), nn.Linear(4, 1))
    def forward(self, x):
        return self.net((x - self.mean) / self.std) * 3 + 1

models = {
    'relu-softmax': nn.Sequential(nn.Linear(5, 8), nn.ReLU(), nn.Linear(8, 3), nn.Softmax(dim=1)),
    'no-bias-sigmoid': nn.Sequential(nn.Linear(5, 4, bias=False), nn.Sigmoid(), nn.Linear(4, 2)),
    'batch-norm-dropout': nn.Sequential(nn.Linear(5, 4), bn, nn.ReLU(), nn.Dropout(0.5), nn.Linear(4, 2)),
    'gelu': nn.Sequential(nn.Linear(5, 4), nn.GELU(), nn.Linear(4, 2)),
    'silu': nn.Sequential(nn.Linear(5, 4), nn.SiLU(), nn.Linear(4, 2)),
    'elu-leaky-softplus': nn.Sequential(nn.Linear(5, 4), nn.ELU(0.7), nn.Linear(4, 4), nn.LeakyReLU(0.2), nn.Linear(4, 4), nn.Softplus(), nn.Linear(4, 2), nn.Tanh()),
    'flatten': nn.Sequential(nn.Flatten(), nn.Linear(5, 3), nn.Identity(), nn.Sigmoid()),
    'scaled': Scaled(),
}
cases = {}
for name, model in models.items():
    model.eval()
    for opset in (13, 16):
        path = f'torch-{name}-{opset}.onnx'
        torch.onnx.export(model, x, os.path.join(here, path), opset_version=opset, input_names=['x'], output_names=['y'], dynamic_axes={'x': {0: 'n'}, 'y': {0: 'n'}})
        cases[path] = {'x': x.tolist(), 'y': model(x).tolist()}
conv = nn.Sequential(nn.Conv1d(1, 2, 3), nn.Flatten(), nn.Linear(6, 2))
torch.onnx.export(conv, x.reshape(6, 1, 5), os.path.join(here, 'torch-conv.onnx'), opset_version=13)

data = load_iris()
net = MLPClassifier((6,), max_iter=300, random_state=0).fit(data.data, data.target)
rows = data.data[::25].astype(np.float32)
init, nodes, last = [], [helper.make_node('Cast', ['X'], ['cast'], 'Cast', to=TensorProto.FLOAT)], 'cast'
for i, (w, b) in enumerate(zip(net.coefs_, net.intercepts_)):
    init += [numpy_helper.from_array(w.astype(np.float32), f'coef{i}'), numpy_helper.from_array(b.astype(np.float32).reshape(1, -1), f'icpt{i}')]
    nodes += [helper.make_node('MatMul', [last, f'coef{i}'], [f'mul{i}'], f'MatMul{i}'), helper.make_node('Add', [f'mul{i}', f'icpt{i}'], [f'add{i}'], f'Add{i}')]
    last = f'add{i}'
    if i < len(net.coefs_) - 1:
        nodes.append(helper.make_node('Relu', [last], [f'act{i}'], f'Relu{i}'))
        last = f'act{i}'
nodes += [
    helper.make_node('Softmax', [last], ['probabilities'], 'Softmax', axis=1),
    helper.make_node('ArgMax', ['probabilities'], ['best'], 'ArgMax', axis=1),
    helper.make_node('ArrayFeatureExtractor', ['classes', 'best'], ['picked'], 'Pick', domain='ai.onnx.ml'),
    helper.make_node('Reshape', ['picked', 'flat'], ['output_label'], 'Reshape'),
    helper.make_node('ZipMap', ['probabilities'], ['output_probability'], 'ZipMap', domain='ai.onnx.ml', classlabels_int64s=[0, 1, 2]),
]
init += [numpy_helper.from_array(np.array([0, 1, 2]), 'classes'), numpy_helper.from_array(np.array([-1]), 'flat')]
floats = lambda name, n: helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, n])
graph = helper.make_graph(nodes, 'mlp', [floats('X', 4)], [helper.make_tensor_value_info('output_label', TensorProto.INT64, [None]), floats('output_probability', 3)], init)
onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid('', 13), helper.make_opsetid('ai.onnx.ml', 2)]), os.path.join(here, 'sklearn-mlp.onnx'))
cases['sklearn-mlp.onnx'] = {'x': rows.tolist(), 'y': net.predict_proba(rows).tolist()}
json.dump(cases, open(os.path.join(here, 'cases.json'), 'w'))
