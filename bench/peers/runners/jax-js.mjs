// jax-js with its wasm backend. A whole step is one jit; Adam is written out, since jax-js's optax is not on npm.
import { blockUntilReady, init, jit, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import { oneHot } from '../workloads.mjs';

export async function prepare() {
  await init('wasm');
  const initial = ({ inputs, units }, fill) =>
    units.map((n, i) => {
      const before = units[i - 1] ?? inputs;
      const kernel = Float32Array.from({ length: before * n }, (_, k) => fill * Math.sin(k) * Math.sqrt(6 / before));
      return [np.array(kernel).reshape([before, n]), np.array(new Float32Array(n))];
    });
  const forward = (parameters, x) => {
    let y = x;
    for (const [i, [kernel, bias]] of parameters.entries()) {
      y = np.matmul(y, kernel).add(bias);
      if (i < parameters.length - 1) y = nn.relu(y);
    }
    return y;
  };
  const update = (rows) =>
    jit((parameters, m, v, size, scale, x, y) => {
      const loss = (p) =>
        nn
          .logSoftmax(forward(p, x))
          .mul(y)
          .sum()
          .mul(-1 / rows);
      const [value, gradients] = valueAndGrad(loss)(tree.ref(parameters));
      const next = parameters.map((layer, i) =>
        layer.map((p, j) => {
          const g = gradients[i][j];
          const mean = m[i][j].mul(0.9).add(g.ref.mul(0.1));
          const square = v[i][j].mul(0.999).add(g.ref.mul(g).mul(0.001));
          const root = np.sqrt(square.ref).mul(scale.ref).add(1e-8);
          return [p.sub(mean.ref.mul(size.ref).div(root)), mean, square];
        }),
      );
      size.dispose();
      scale.dispose();
      const part = (n) => next.map((layer) => layer.map((values) => values[n]));
      return [value, part(0), part(1), part(2)];
    });
  const trainer = (network) => {
    const step = update(network.batch);
    let state = [initial(network, 1), initial(network, 0), initial(network, 0)];
    let t = 0;
    return {
      run(x, y) {
        t++;
        const size = np.array(1e-6 / (1 - 0.9 ** t));
        const scale = np.array(1 / Math.sqrt(1 - 0.999 ** t));
        const [loss, ...next] = step(...state, size, scale, x, y);
        // Read a result in each step: otherwise pending work piles up and slows it down.
        loss.dataSync();
        state = next;
      },
      settle: () => blockUntilReady(state),
    };
  };
  const arrays = ({ inputs, units }, { x, labels }) => [
    np.array(x).reshape([labels.length, inputs]),
    np.array(oneHot(labels, units.at(-1))).reshape([labels.length, units.at(-1)]),
  ];
  return {
    name: 'jax-js wasm',
    step(network, make) {
      const data = make(1);
      const { run, settle } = trainer(network);
      const [x, y] = arrays(network, data);
      return { call: () => run(x.ref, y.ref), settle };
    },
    predict(network, rows, x) {
      const parameters = initial(network, 1);
      const predict = jit((p, input) => nn.softmax(forward(p, input)));
      const call = () => void predict(tree.ref(parameters), np.array(x).reshape([rows, network.inputs])).dataSync();
      return { call };
    },
    epoch(network, { x, labels }) {
      const { inputs, units, batch } = network;
      const { run, settle } = trainer(network);
      const y = oneHot(labels, units.at(-1));
      return {
        call() {
          for (let from = 0; from + batch <= labels.length; from += batch) {
            const rows = np.array(x.slice(from * inputs, (from + batch) * inputs)).reshape([batch, inputs]);
            const targets = np.array(y.slice(from * units.at(-1), (from + batch) * units.at(-1)));
            run(rows, targets.reshape([batch, units.at(-1)]));
          }
        },
        settle,
      };
    },
  };
}
