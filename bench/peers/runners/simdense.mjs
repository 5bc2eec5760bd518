// simdense, with the engine that the options describe.
import { adam, createEngine, dense, Matrix, sequential } from 'simdense';

export async function prepare(options) {
  const engine = await createEngine(options);
  const build = ({ inputs, units }) =>
    sequential({
      inputs,
      layers: units.map((n, i) => dense({ units: n, activation: i === units.length - 1 ? 'softmax' : 'relu' })),
      engine,
    });
  const compiled = (network) =>
    build(network).compile({ optimizer: adam({ learningRate: 1e-6 }), loss: 'categoricalCrossentropy' });
  return {
    name: `simdense ${engine.kernels}`,
    /** Steps as part of fit, on shuffled batches of a data set: all costs of a training run. */
    step(network, make) {
      const model = compiled(network);
      const { inputs, units, batch } = network;
      const work = batch * units.reduce((sum, n, i) => sum + n * (units[i - 1] ?? inputs), 0);
      // So many steps that the fixed costs of a fit do not matter, on a set of up to 16 MB.
      const steps = Math.max(4, Math.min(2000, Math.ceil(5e9 / work)));
      const batches = Math.max(4, Math.min(steps, 64, Math.ceil(2 ** 22 / batch / inputs)));
      const epochs = Math.ceil(steps / batches);
      const { x, labels } = make(batches);
      const rows = new Matrix(x, inputs);
      return {
        steps: epochs * batches,
        call: () => model.fit(rows, labels, { batchSize: batch, epochs }),
        dispose: () => model.dispose(),
      };
    },
    predict(network, rows, x) {
      const model = build(network);
      const out = new Float32Array(rows * model.outputs);
      return { call: () => void model.predictInto(out, x), dispose: () => model.dispose() };
    },
    epoch(network, { x, labels }) {
      const model = compiled(network);
      const rows = new Matrix(x, network.inputs);
      return { call: () => model.fit(rows, labels, { batchSize: network.batch }) };
    },
  };
}
