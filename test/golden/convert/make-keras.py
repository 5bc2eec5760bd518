# Random dense networks of Keras 3 (with JAX), saved by it as .keras and .h5, with rows and what it predicts: keras.json.gz. Layers of Keras 2 by hand: see keras2 below.
# pip install keras==3.15.1 jax h5py; python make-keras.py
import base64, gzip, itertools, json, os, random, tempfile

os.environ['KERAS_BACKEND'] = 'jax'
import h5py
import keras
import numpy as np

L = keras.layers
rng = np.random.default_rng(20260103)
random.seed(20260103)
pick = random.choice
names = ['linear', 'relu', 'sigmoid', 'tanh', 'softmax', 'softplus', 'elu', 'selu', 'relu6', 'hard_sigmoid', 'silu', 'mish', 'gelu', 'leaky_relu']
others = [
    lambda: L.Activation(pick(names)),
    lambda: L.ReLU(**pick([{}, {'max_value': 1.5}, {'negative_slope': 0.2}, {'max_value': 1.5, 'negative_slope': 0.2}])),
    lambda: L.LeakyReLU(**pick([{}, {'negative_slope': 0.1}])),
    lambda: L.ELU(**pick([{}, {'alpha': 0.7}])),
    lambda: L.PReLU(**pick([{}, {'shared_axes': [1]}])),
    lambda: L.Softmax(),
    lambda: L.BatchNormalization(**pick([{}, {'center': False}, {'scale': False, 'epsilon': 0.01, 'momentum': 0.9}])),
    lambda: L.LayerNormalization(**pick([{}, {'center': False}, {'scale': False, 'epsilon': 0.01}])),
    lambda: L.Dropout(0.3),
    lambda: L.GaussianNoise(0.1),
    lambda: L.Rescaling(0.5, 0.25),
    lambda: L.Dense(random.randint(2, 6), activation=L.LeakyReLU(0.15)),
    lambda: L.Identity(),
]


def dense(units=None):
    return L.Dense(units or random.randint(2, 7), use_bias=random.random() < 0.8, activation=pick(names))


def layers_of():
    layers = []
    for _ in range(random.randint(1, 3)):
        layers += [dense()] + [pick(others)() for _ in range(random.randint(0, 2))]
    return layers + [dense(random.randint(1, 3))]


def model(number):
    shape = (2, random.randint(2, 3)) if number % 4 == 3 else (random.randint(2, 6),)
    layers = ([L.Flatten()] if len(shape) == 2 else []) + layers_of()
    if number % 5 == 1:
        layers.insert(0, L.Reshape((-1,) if len(shape) == 1 else (shape[1], -1)))
    if number % 3 == 1 and len(shape) == 1:
        layers.insert(0, pick([L.Normalization(), L.Normalization(axis=None), L.Normalization(mean=0.5, variance=2.0), L.Normalization(invert=True)]))
    if number % 2 == 0:
        x = at = keras.Input(shape)
        for layer in layers:
            at = layer(at)
        net = keras.Model(x, at)
    else:
        net = keras.Sequential([keras.Input(shape)] + layers)
    for layer in net.layers:
        if isinstance(layer, L.Normalization) and layer.input_mean is None:
            layer.adapt(rng.normal(1, 2, (20,) + shape).astype('float32'))
            continue
        draw = lambda w: rng.uniform(0.5, 1.5, w.shape) if 'variance' in w.path else rng.normal('gamma' in w.path, 0.6, w.shape)
        layer.set_weights([w.numpy() if w.dtype in ('uint32', 'int32') else draw(w).astype('float32') for w in layer.weights])
    return net, shape


def later():
    """What came later: drawn apart, so that the models above stay as they are."""
    rng = np.random.default_rng(20260105)
    for name in ['softsign', 'log_softmax', 'hard_silu', 'tanh_shrink']:
        for layers in [[L.Dense(4, activation=name), L.Dense(2)], [L.Dense(3), L.Activation(name)], [L.Dense(5), L.PReLU(), L.Dense(3, activation=name)]]:
            net = keras.Sequential([keras.Input((3,))] + layers)
            for layer in net.layers:
                layer.set_weights([rng.normal(0, 1, w.shape).astype('float32') for w in layer.weights])
            yield net, (3,), rng


cases = []
with tempfile.TemporaryDirectory() as folder:
    for net, shape, draws in itertools.chain(((*model(number), rng) for number in range(36)), later()):
        x = draws.uniform(-2, 2, (4,) + shape).astype('float32')
        case = {'x': x.reshape(4, -1).tolist(), 'y': net.predict(x, verbose=0).tolist(), 'files': {}}
        # Keras 3 writes an activation that is a layer into HDF5 as it does into .keras.
        for ending in ['keras', 'h5']:
            path = f'{folder}/model.{ending}'
            net.save(path)
            try:
                again = keras.saving.load_model(path, compile=False).predict(x, verbose=0)
            except ValueError:
                # Keras 3 cannot read its own Normalization(axis=None) in HDF5.
                assert ending == 'h5'
                continue
            assert np.abs(again - np.array(case['y'])).max() < 1e-5
            case['files'][ending] = base64.b64encode(open(path, 'rb').read()).decode()
        cases.append(case)

    # A file as Keras 2 writes it: other settings, names of weights with ':0', lists of names as texts of one length. As far as its format is known here: Keras 2 itself was not at hand. Read back by h5py.
    weights = {'dense/kernel:0': rng.normal(0, 1, (3, 2)), 'dense/bias:0': rng.normal(0, 1, 2)}
    config = {'class_name': 'Sequential', 'config': {'name': 'sequential', 'layers': [
        {'class_name': 'InputLayer', 'config': {'batch_input_shape': [None, 3], 'dtype': 'float32', 'sparse': False, 'ragged': False, 'name': 'dense_input'}},
        {'class_name': 'Dense', 'config': {'name': 'dense', 'trainable': True, 'dtype': 'float32', 'units': 2, 'activation': 'hard_sigmoid', 'use_bias': True,
         'kernel_initializer': {'class_name': 'GlorotUniform', 'config': {'seed': None}}, 'kernel_regularizer': None, 'activity_regularizer': None}}]}}
    path = f'{folder}/keras2.h5'
    with h5py.File(path, 'w') as f:
        f.attrs['keras_version'] = '2.15.0'.encode()
        f.attrs['backend'] = b'tensorflow'
        f.attrs['model_config'] = json.dumps(config).encode()
        group = f.create_group('model_weights')
        group.attrs['layer_names'] = np.array([b'dense'])
        own = group.create_group('dense')
        own.attrs['weight_names'] = np.array([name.encode() for name in weights])
        for name, values in weights.items():
            own.create_dataset(name, data=values.astype('float32'))
    with h5py.File(path) as f:
        kernel, bias = (f['model_weights/dense'][name.decode()][:] for name in f['model_weights/dense'].attrs['weight_names'])
    x = rng.uniform(-3, 3, (6, 3)).astype('float32')
    y = np.clip(0.2 * (x @ kernel + bias) + 0.5, 0, 1)
    cases.append({'x': x.tolist(), 'y': y.tolist(), 'files': {'h5': base64.b64encode(open(path, 'rb').read()).decode()}})

    # The newest layout of HDF5: other headers, groups with links.
    path = f'{folder}/latest.h5'
    with h5py.File(path, 'w', libver='latest') as f:
        f.attrs['keras_version'] = '2.15.0'
        f.attrs['model_config'] = json.dumps(config)
        own = f.create_group('model_weights/dense')
        own.attrs['weight_names'] = [name.encode() for name in weights]
        for name, values in weights.items():
            own.create_dataset(name, data=values)
    cases.append({'x': x.tolist(), 'y': y.tolist(), 'files': {'h5': base64.b64encode(open(path, 'rb').read()).decode()}})

here = os.path.dirname(os.path.abspath(__file__))
with open(f'{here}/keras.json.gz', 'wb') as f:
    f.write(gzip.compress(json.dumps(cases).encode(), 9, mtime=0))
