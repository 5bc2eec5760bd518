# Draws a small network with batch normalization and computes runs in which its layers have factors on the learning rate, by PyTorch in float64. A factor of 0 is requires_grad=False
# and, for a normalization, eval(); other factors are the lr of parameter groups.
#   python3 make-fine-tuning.py | gzip -n9 > fine-tuning.json.gz     (Debian's python3-torch 1.13)
import json
import sys

import torch

torch.set_default_dtype(torch.float64)
torch.manual_seed(7)
WIDTHS = [5, 6, 4, 3]
STEPS, ROWS = 12, 8
# The layers in order, by simdense's names; the activations between have no parameters.
NAMES = ['dense', 'batchNormalization', 'dense_1', 'batchNormalization_1', 'dense_2']

OPTIMIZERS = {
    'sgd': lambda groups, momentum=0: torch.optim.SGD(groups, lr=0, momentum=momentum),
    'adam': lambda groups: torch.optim.Adam(groups, lr=0),
    'adamw': lambda groups, weightDecay: torch.optim.AdamW(groups, lr=0, weight_decay=weightDecay),
    'rmsprop': lambda groups: torch.optim.RMSprop(groups, lr=0),
}
FIRST = {'dense': 0, 'batchNormalization': 0}
CASES = []
for optimizer in [
    {'name': 'sgd', 'learningRate': 0.05, 'momentum': 0.9},
    {'name': 'adam', 'learningRate': 0.02},
    {'name': 'adamw', 'learningRate': 0.02, 'weightDecay': 0.1},
    {'name': 'rmsprop', 'learningRate': 0.01},
]:
    CASES += [
        {'name': 'the first layers frozen, a head at ten times the rate', 'rates': {**FIRST, 'dense_1': 0.1, 'batchNormalization_1': 0.1}},
        {'name': 'a normalization frozen in the middle, clipped', 'rates': {'batchNormalization_1': 0}, 'clipNorm': 0.1},
        {'name': 'a dense layer frozen in the middle, with penalties, clipped', 'rates': {'dense_1': 0, 'dense_2': 2.5}, 'clipNorm': 0.3, 'l2': 0.01},
        {'name': 'the head alone, at a rate that falls', 'rates': {**FIRST, 'dense_1': 0, 'batchNormalization_1': 0}, 'decay': 0.8},
    ]
    for case in CASES[-4:]:
        case['optimizer'] = optimizer


def network():
    return [
        torch.nn.Linear(WIDTHS[0], WIDTHS[1]),
        torch.nn.BatchNorm1d(WIDTHS[1]),
        torch.nn.Linear(WIDTHS[1], WIDTHS[2]),
        torch.nn.BatchNorm1d(WIDTHS[2]),
        torch.nn.Linear(WIDTHS[2], WIDTHS[3]),
    ]


def forward(parts, x):
    x = torch.relu(parts[1](parts[0](x)))
    x = torch.tanh(parts[3](parts[2](x)))
    return parts[4](x)


def weights(parts):
    """By simdense's paths; a kernel is inputs × units there."""
    found = {}
    for name, part in zip(NAMES, parts):
        if isinstance(part, torch.nn.Linear):
            found.update({f'{name}/kernel': part.weight.T, f'{name}/bias': part.bias})
        else:
            found.update({f'{name}/gamma': part.weight, f'{name}/beta': part.bias, f'{name}/movingMean': part.running_mean, f'{name}/movingVariance': part.running_var})
    return {path: rounded(value) for path, value in found.items()}


def rounded(values):
    if torch.is_tensor(values):
        values = values.tolist()
    return [rounded(value) for value in values] if isinstance(values, list) else float(f'{values:.12g}')


def run(case, state, x, y):
    parts = network()
    for part, values in zip(parts, state):
        part.load_state_dict(values)
    rates = [case['rates'].get(name, 1) for name in NAMES]
    for part, rate in zip(parts, rates):
        part.requires_grad_(rate > 0)
        part.train(rate > 0)
    options = {name: value for name, value in case['optimizer'].items() if name not in ('name', 'learningRate')}
    base = case['optimizer']['learningRate']
    groups = [{'params': list(part.parameters()), 'lr': base * rate} for part, rate in zip(parts, rates) if rate > 0]
    optimizer = OPTIMIZERS[case['optimizer']['name']](groups, **options)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: case.get('decay', 1) ** step)
    trained = [parameter for part in parts for parameter in part.parameters() if parameter.requires_grad]
    losses = []
    for step in range(STEPS):
        rows = slice(step % 2 * ROWS, step % 2 * ROWS + ROWS)
        loss = torch.nn.functional.mse_loss(forward(parts, x[rows]), y[rows])
        loss = loss + case.get('l2', 0) * sum((part.weight**2).sum() for part, rate in zip(parts, rates) if rate > 0 and isinstance(part, torch.nn.Linear))
        optimizer.zero_grad()
        loss.backward()
        losses.append(loss.item())
        if 'clipNorm' in case:
            torch.nn.utils.clip_grad_norm_(trained, case['clipNorm'])
        optimizer.step()
        schedule.step()
    for part in parts:
        part.eval()
    with torch.no_grad():
        return {**case, 'losses': rounded(losses), 'final': weights(parts), 'predictions': rounded(forward(parts, x))}


x, y = torch.randn(2 * ROWS, WIDTHS[0]), torch.randn(2 * ROWS, WIDTHS[-1])
begun = network()
with torch.no_grad():
    for part in begun:
        if isinstance(part, torch.nn.BatchNorm1d):
            part.weight.uniform_(0.5, 1.5), part.bias.normal_(), part.running_mean.normal_(), part.running_var.uniform_(0.5, 2)
state = [part.state_dict() for part in begun]
json.dump({'rows': ROWS, 'widths': WIDTHS, 'x': x.tolist(), 'y': y.tolist(), 'initial': weights(begun), 'runs': [run(case, state, x, y) for case in CASES]}, sys.stdout, separators=(',', ':'))
