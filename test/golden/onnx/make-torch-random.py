# Writes torch-random.json.gz: random dense networks by PyTorch's own exporter (python3-torch 1.13), opsets 9 to 17, with and without a free number of rows, and what PyTorch predicts.
#   python3 make-torch-random.py [COUNT FILE]
import base64, gzip, io, json, os, random, sys, warnings
import torch
import torch.nn as nn

warnings.filterwarnings('ignore')
count = int(sys.argv[1]) if len(sys.argv) > 1 else 220
out = sys.argv[2] if len(sys.argv) > 2 else os.path.join(os.path.dirname(os.path.abspath(__file__)), 'torch-random.json.gz')

activations = [
    nn.ReLU, nn.Sigmoid, nn.Tanh, nn.Softplus, lambda: nn.Softplus(beta=2.0), nn.SiLU, nn.GELU, nn.Mish, nn.ELU, lambda: nn.ELU(0.5), nn.LeakyReLU,
    lambda: nn.LeakyReLU(0.2), nn.SELU, nn.CELU, lambda: nn.CELU(1.5), nn.ReLU6, nn.Hardtanh, lambda: nn.Hardtanh(-2, 0.5), nn.Hardsigmoid, nn.LogSigmoid, nn.PReLU,
    lambda width: nn.PReLU(width), lambda: nn.Softmax(dim=1), lambda: nn.Softmax(dim=-1), nn.Identity, lambda: nn.Dropout(0.3), nn.Tanhshrink, nn.Softsign, nn.Hardswish,
    lambda: nn.LogSoftmax(dim=1),
]

class Scale(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.register_buffer('mean', torch.randn(width) * 3), self.register_buffer('std', torch.rand(width) + 0.5)
    def forward(self, x):
        return (x - self.mean) / self.std

class View(nn.Module):
    def forward(self, x):
        return x.view(x.size(0), -1)

class Clamp(nn.Module):
    def forward(self, x):
        return x.clamp(min=-0.5, max=1.5)

def made(make, width):
    return make(width) if getattr(getattr(make, '__code__', None), 'co_argcount', 0) else make()

cases = []
for seed in range(count):
    torch.manual_seed(seed), random.seed(seed)
    width = random.choice([1, 2, 4, 7, 17])
    shape, layers = [width], []
    first = random.random()
    if first < 0.15: layers.append(Scale(width))
    elif first < 0.25: layers.append(nn.BatchNorm1d(width))
    elif first < 0.42:
        shape = [width, 3]
        layers.append(nn.Flatten() if first < 0.35 else View())
        width *= 3
    for _ in range(random.randint(1, 4)):
        units = random.choice([1, 2, 3, 8, 16])
        layers.append(nn.Linear(width, units, bias=random.random() < 0.85))
        width = units
        if random.random() < 0.25: layers.append(nn.BatchNorm1d(width))
        if random.random() < 0.2 and width > 1:
            layers.append(nn.LayerNorm(width))
            nn.init.uniform_(layers[-1].weight, 0.5, 2), nn.init.uniform_(layers[-1].bias, -1, 1)
        if random.random() < 0.8: layers.append(made(random.choice(activations), width))
        if random.random() < 0.05: layers.append(Clamp())
    net = nn.Sequential(*layers)
    # Batch normalizations get statistics.
    for _ in range(3): net(torch.randn(8, *shape) * 2)
    net.eval()
    opset, is_free = random.choice(range(9, 18)), random.random() < 0.6
    x, file = torch.randn(4, *shape), io.BytesIO()
    axes = {'dynamic_axes': {'x': {0: 'n'}, 'y': {0: 'n'}}} if is_free else {}
    names = [type(layer).__name__ for layer in layers]
    try:
        torch.onnx.export(net, x if is_free else x[:1], file, opset_version=opset, input_names=['x'], output_names=['y'], **axes)
    except Exception as error:
        # This exporter has no CELU for older opsets.
        print(seed, names, opset, str(error)[:60])
        continue
    with torch.no_grad(): y = net(x)
    cases.append({
        'name': f'{seed}, opset {opset}: {", ".join(names)}',
        'onnx': base64.b64encode(file.getvalue()).decode(), 'x': x.ravel().tolist(), 'y': y.ravel().tolist(),
    })
with gzip.GzipFile(out, 'wb', mtime=0) as file:
    file.write(json.dumps(cases).encode())
print(len(cases), 'cases')
