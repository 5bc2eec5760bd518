# Computes the runs of runs.json.gz again, by PyTorch in float64, from what they begin with: descriptions, x, y and initial weights stay as they are in the file, which is drawn data;
# losses, gradients, final weights and predictions are made anew.
#   python3 make-runs.py > again.json     compares with the file as well, and fails where a number differs by more than 1e-9 of its list's largest (Debian's python3-torch 1.13)
import gzip
import json
import os
import sys

import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
TOLERANCE = 1e-9
ACTIVATIONS = {
    'linear': lambda z: z,
    'sigmoid': torch.sigmoid,
    'tanh': torch.tanh,
    'relu': torch.relu,
    'leakyRelu': lambda z: F.leaky_relu(z, 0.01),
    'elu': F.elu,
    'softplus': F.softplus,
    'silu': F.silu,
    'gelu': F.gelu,
    'softsign': torch.nn.Softsign(),
    'hardSwish': torch.nn.Hardswish(),
    'tanhShrink': torch.nn.Tanhshrink(),
    'softmax': lambda z: torch.softmax(z, 1),
    'logSoftmax': torch.nn.LogSoftmax(1),
}
LOSSES = {
    # Half the squared error, summed over a row's outputs.
    'halfMse': lambda p, y: ((p - y) ** 2).sum(1).mean() / 2,
    'mse': F.mse_loss,
    'binaryCrossEntropy': F.binary_cross_entropy,
    'softmaxCrossEntropy': F.cross_entropy,
    'nll': torch.nn.NLLLoss(),
}
OPTIMIZERS = {
    'sgd': lambda ps, lr, momentum=0, nesterov=False: torch.optim.SGD(ps, lr, momentum, nesterov=nesterov),
    'adam': lambda ps, lr: torch.optim.Adam(ps, lr),
    'adamw': lambda ps, lr, weightDecay: torch.optim.AdamW(ps, lr, weight_decay=weightDecay),
    'rmsprop': lambda ps, lr: torch.optim.RMSprop(ps, lr),
    'adagrad': lambda ps, lr: torch.optim.Adagrad(ps, lr),
}


class Layer(torch.nn.Module):
    def __init__(self, inputs, units, activation, batchNorm=False):
        super().__init__()
        self.linear = torch.nn.Linear(inputs, units)
        self.norm = torch.nn.BatchNorm1d(units) if batchNorm else None
        # It has parameters: a slope for each unit.
        self.prelu = torch.nn.PReLU(units) if activation == 'prelu' else None
        self.activation = self.prelu or ACTIVATIONS[activation]

    def forward(self, x):
        z = self.linear(x)
        return self.activation(self.norm(z) if self.norm else z)

    def parts(self):
        """By the file's names; a kernel is inputs × units there."""
        parts = {'kernel': self.linear.weight, 'bias': self.linear.bias}
        if self.norm:
            parts.update(gamma=self.norm.weight, beta=self.norm.bias, runningMean=self.norm.running_mean, runningVariance=self.norm.running_var)
        if self.prelu:
            parts['alpha'] = self.prelu.weight
        return parts

    def set(self, values):
        with torch.no_grad():
            for name, part in self.parts().items():
                part.copy_(torch.tensor(values[name]).T if name == 'kernel' else torch.tensor(values[name]))

    def get(self, of=lambda part: part):
        values = {name: of(part) for name, part in self.parts().items()}
        return {name: (value.T if name == 'kernel' else value).tolist() for name, value in values.items() if value is not None}


def again(run):
    x, y = torch.tensor(run['x']), torch.tensor(run['y'])
    inputs, layers = run['inputs'], []
    for layer, values in zip(run['layers'], run['initial']):
        layers.append(Layer(inputs, **layer))
        layers[-1].set(values)
        inputs = layer['units']
    model = torch.nn.Sequential(*layers)
    options = {'lr' if name == 'learningRate' else name: value for name, value in run['optimizer'].items() if name != 'name'}
    optimizer = OPTIMIZERS[run['optimizer']['name']](model.parameters(), **options)
    kernels = [layer.linear.weight for layer in layers]
    batches = len(x) // run['batchSize']
    losses, first = [], None
    for step in range(run['steps']):
        begin = step % batches * run['batchSize']
        rows = slice(begin, begin + run['batchSize'])
        loss = LOSSES[run['loss']](model(x[rows]), y[rows])
        loss = loss + sum(run['l1'] * kernel.abs().sum() + run['l2'] * (kernel**2).sum() for kernel in kernels)
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        first = first or [layer.get(lambda part: part.grad) for layer in layers]
        if run['clipNorm']:
            torch.nn.utils.clip_grad_norm_(model.parameters(), run['clipNorm'])
        optimizer.step()
    model.eval()
    with torch.no_grad():
        predictions = model(x).tolist()
    return {**run, 'losses': losses, 'firstGradients': first, 'final': [layer.get() for layer in layers], 'predictions': predictions}


def differences(a, b, path=''):
    """The largest difference of each list of numbers, by its largest number."""
    if isinstance(a, dict) and a.keys() == b.keys():
        for key in a:
            yield from differences(a[key], b[key], f'{path} {key}')
    elif isinstance(a, list) and a and isinstance(a[0], (dict, list)) and len(a) == len(b):
        for i, (one, other) in enumerate(zip(a, b)):
            yield from differences(one, other, f'{path}[{i}]')
    elif isinstance(a, list) and len(a) == len(b):
        yield path, max(map(lambda p, q: abs(p - q), a, b)) / max(max(map(abs, a)), 1e-6)
    elif a != b:
        yield path, float('inf')


file = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'runs.json.gz')
runs = json.load(gzip.open(file))
made = [again(run) for run in runs]
worst = 0
for run, new in zip(runs, made):
    path, difference = max(differences(run, new), key=lambda found: found[1])
    worst = max(worst, difference)
    if difference > TOLERANCE:
        print(f'{run["name"]}:{path} differs by {difference:.1e}', file=sys.stderr)
print(f'{len(runs)} runs, the largest difference {worst:.1e}', file=sys.stderr)
json.dump(made, sys.stdout, separators=(',', ':'))
sys.exit(worst > TOLERANCE)
