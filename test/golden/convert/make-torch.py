# Random dense networks of PyTorch as safetensors of their state dicts, with rows and what they give: torch.json.gz. With PyTorch 1.13 (Debian's python3-torch) and safetensors 0.8.
import base64, gzip, json, os, random
from collections import OrderedDict

import torch
from safetensors.torch import save
from torch import nn

torch.manual_seed(20260104)
random.seed(20260104)
cases = []
for number in range(24):
    torch_layers, layers = [], []
    width = inputs = random.randint(2, 6)
    if number % 5 == 4:
        torch_layers.append(nn.BatchNorm1d(width))
        layers.append({'type': 'batchNormalization'})
    depth = 12 if number % 6 == 5 else random.randint(1, 4)
    for i in range(depth):
        units = 4 if depth == 12 else random.randint(1, 6)
        bias = random.random() < 0.8
        torch_layers.append(nn.Linear(width, units, bias=bias))
        layers.append({'type': 'dense', 'units': units, 'useBias': bias})
        width = units
        if i == depth - 1:
            continue
        kind = random.randrange(4)
        if kind == 0:
            torch_layers.append(nn.BatchNorm1d(width, affine=random.random() < 0.7))
            layers.append({'type': 'batchNormalization'})
        if kind == 1 and width > 1:
            torch_layers.append(nn.LayerNorm(width))
            layers.append({'type': 'layerNormalization'})
        torch_layers.append(nn.Tanh())
        layers.append({'type': 'activation', 'activation': 'tanh'})
    named = [(f'{type(layer).__name__.lower()}{i + 1}', layer) for i, layer in enumerate(torch_layers)]
    # Names in an order of their own, as of modules in a class, or the numbers of nn.Sequential.
    net = nn.Sequential(*torch_layers) if number % 2 == 0 else nn.Sequential(OrderedDict([(f'layers.{i}'.replace('.', '_'), layer) for i, (_, layer) in enumerate(named)]))
    for name, value in net.state_dict().items():
        if value.is_floating_point():
            value.copy_(torch.rand_like(value) + 0.5 if 'running_var' in name else torch.randn_like(value) * 0.7)
    dtype = [None, None, torch.float64, torch.float16, torch.bfloat16][number % 5]
    state = net.state_dict()
    if dtype is not None:
        state = {name: value.to(dtype) if value.is_floating_point() else value for name, value in state.items()}
        net.load_state_dict({name: value.float() if value.is_floating_point() else value for name, value in state.items()})
    x = torch.randn(4, inputs)
    net.eval()
    cases.append({'layers': layers, 'file': base64.b64encode(save({k: v.contiguous() for k, v in state.items()})).decode(), 'x': x.tolist(), 'y': net(x).tolist()})

# What came later: behind the others, so that these stay as they are.
def slopes(layer):
    torch.nn.init.normal_(layer.weight)
    return layer


for parameters in [1, 5]:
    for inside in [nn.Softsign, nn.Hardswish, nn.Tanhshrink]:
        net = nn.Sequential(nn.Linear(3, 5), slopes(nn.PReLU(parameters)), nn.Linear(5, 4), inside(), nn.Linear(4, 3), nn.LogSoftmax(dim=1))
        layers = [
            {'type': 'dense', 'units': 5}, {'type': 'prelu'}, {'type': 'dense', 'units': 4},
            {'type': 'activation', 'activation': {'Softsign': 'softsign', 'Hardswish': 'hardSwish', 'Tanhshrink': 'tanhShrink'}[inside.__name__]},
            {'type': 'dense', 'units': 3, 'activation': 'logSoftmax'},
        ]
        x = torch.randn(4, 3) * 2
        cases.append({'layers': layers, 'file': base64.b64encode(save(net.state_dict())).decode(), 'x': x.tolist(), 'y': net(x).tolist()})

here = os.path.dirname(os.path.abspath(__file__))
with open(f'{here}/torch.json.gz', 'wb') as f:
    f.write(gzip.compress(json.dumps(cases).encode(), 9, mtime=0))
