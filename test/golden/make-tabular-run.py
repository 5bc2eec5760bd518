# The loss curves of two networks of 'tabular' (64-64 silu, AdamW with beta2 0.95 and decay 0.1, a rate along half a cosine) over 100 steps from the same weights, by PyTorch in float64.
#   python3 make-tabular-run.py > tabular-run.json     (Debian's python3-torch 1.13)
import json

import numpy
import torch

torch.set_default_dtype(torch.float64)
random = numpy.random.RandomState(21)
STEPS, BATCH, INPUTS = 100, 16, 6
x = numpy.round(random.normal(size=(64, INPUTS)), 3)
score = x[:, 0] * x[:, 1] + numpy.sin(2 * x[:, 2]) + 0.3 * random.normal(size=64)
targets = {
    'categoricalCrossentropy': numpy.digitize(score, [-0.5, 0.5]).tolist(),
    'meanSquaredError': numpy.round(score, 3).tolist(),
}


def run(loss, y):
    outputs = 3 if loss == 'categoricalCrossentropy' else 1
    layers = []
    for inputs, units in [(INPUTS, 64), (64, 64), (64, outputs)]:
        layer = torch.nn.Linear(inputs, units)
        with torch.no_grad():
            layer.weight.copy_(torch.tensor(numpy.round(random.uniform(-1, 1, (units, inputs)) * (3 / inputs) ** 0.5, 4)))
            layer.bias.zero_()
        layers += [layer, torch.nn.SiLU()]
    model = torch.nn.Sequential(*layers[:-1])
    initial = [layer.weight.T.tolist() for layer in model if isinstance(layer, torch.nn.Linear)]
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01, betas=(0.9, 0.95), eps=1e-8, weight_decay=0.1)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS, eta_min=0.0001)
    losses = []
    for step in range(STEPS):
        rows = [(step * BATCH + i) % len(x) for i in range(BATCH)]
        out = model(torch.tensor(x[rows]))
        if loss == 'meanSquaredError':
            value = torch.nn.functional.mse_loss(out[:, 0], torch.tensor(y)[rows])
        else:
            value = torch.nn.functional.cross_entropy(out, torch.tensor(y)[rows])
        optimizer.zero_grad()
        value.backward()
        optimizer.step()
        schedule.step()
        losses.append(value.item())
    return {'loss': loss, 'y': y, 'initial': initial, 'losses': losses}


print(json.dumps({'x': x.tolist(), 'batch': BATCH, 'runs': [run(*each) for each in targets.items()]}))
