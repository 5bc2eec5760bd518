// simdense, by the engine that the options ask for.
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
    /** Steps of a fit, over fresh batches of a set in a drawn order: everything that a training pays. */
    step(network, make) {
      const model = compiled(network);
      const batches = Math.max(2, Math.min(64, Math.ceil(2 ** 22 / network.batch / network.inputs)));
      const { x, labels } = make(batches);
      const rows = new Matrix(x, network.inputs);
      // About 20,000 rows.
      const epochs = Math.max(1, Math.round(20_000 / labels.length));
      return {
        steps: epochs * batches,
        call: () => model.fit(rows, labels, { batchSize: network.batch, epochs }),
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
