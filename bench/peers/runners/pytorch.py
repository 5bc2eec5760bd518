# PyTorch, eager, by the same requests as runner.mjs. Adam both plain and foreach: a step's time is the faster one's.
#   python3 pytorch.py [THREADS]
import gzip
import json
import os
import sys
import time

import torch

torch.set_num_threads(int(sys.argv[1]) if len(sys.argv) > 1 else 1)
WORKLOADS = {
    'W1': (64, [32, 10], 32),
    'W2': (784, [128, 10], 32),
    'W3': (784, [512, 256, 10], 128),
    'W4': (1024, [1024, 1024, 10], 256),
    'W5': (4, [16, 3], 16),
}


def build(inputs, units):
    layers, before = [], inputs
    for i, n in enumerate(units):
        layers.append(torch.nn.Linear(before, n))
        if i < len(units) - 1:
            layers.append(torch.nn.ReLU())
        before = n
    return torch.nn.Sequential(*layers)


def training(inputs, units, foreach):
    model = build(inputs, units)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-6, foreach=foreach)
    loss_of = torch.nn.CrossEntropyLoss()

    def step(x, y):
        optimizer.zero_grad()
        loss = loss_of(model(x), y)
        loss.backward()
        optimizer.step()

    return step


def mnist(folder):
    def read(name, skip):
        with gzip.open(os.path.join(folder, name)) as file:
            return torch.frombuffer(bytearray(file.read()[skip:]), dtype=torch.uint8)

    x = read('train-images-idx3-ubyte.gz', 16).view(60000, 784).float() / 255
    return x, read('train-labels-idx1-ubyte.gz', 8).long()


def make(kind, inputs, units, batch):
    rows = {'step': batch, 'epoch': 60000}.get(kind) or int(kind[len('predict'):])
    x, y = torch.rand(rows, inputs), torch.randint(0, units[-1], (rows,))
    if kind == 'epoch' and os.environ.get('MNIST'):
        x, y = mnist(os.environ['MNIST'])
    if kind.startswith('predict'):
        model = build(inputs, units)

        def predict():
            with torch.inference_mode():
                return torch.softmax(model(x), 1).numpy()

        return [predict]
    steps = [training(inputs, units, foreach) for foreach in (False, True)]
    if kind == 'step':
        return [lambda s=s: s(x, y) for s in steps]

    def epoch(s):
        order = torch.randperm(rows)
        for i in range(0, rows, batch):
            chosen = order[i:i + batch]
            s(x[chosen], y[chosen])

    return [lambda s=s: epoch(s) for s in steps]


def timed(call, calls):
    begin = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - begin) * 1000 / calls


tasks = {}


def measure(request):
    kind = request['kind']
    network = request.get('network')
    shape = (network['inputs'], network['units'], network['batch']) if network else WORKLOADS[request['workload']]
    key = json.dumps([kind, shape])
    if key not in tasks:
        if network:
            tasks.clear()
        calls = make(kind, *shape)
        if kind == 'epoch':
            calls = calls[:1] if timed(calls[0], 1) <= timed(calls[1], 1) else calls[1:]
        else:
            for call in calls:
                timed(call, 20)
        tasks[key] = [(call, None if kind == 'epoch' else timed(call, 3)) for call in calls]
    best = None
    for call, each in tasks[key]:
        n = 1 if each is None else max(1, round(request['milliseconds'] / len(tasks[key]) / each))
        spent = timed(call, n) * 1000
        best = spent if best is None else min(best, spent)
    return best


blas = [line.strip() for line in torch.__config__.parallel_info().splitlines() if 'BLAS' in line or 'MKL' in line]
print(json.dumps({'ready': f'PyTorch {torch.__version__}', 'detail': blas}), flush=True)
for line in sys.stdin:
    try:
        answer = {'microseconds': measure(json.loads(line))}
    except Exception as error:  # told, and the next request is answered
        answer = {'error': str(error)[:200]}
    print(json.dumps(answer), flush=True)
