// ml-fnn, with gradient descent, its only optimizer, on float64 matrices.
import { createRequire } from 'node:module';
import { toRows } from '../workloads.mjs';

const module = createRequire(import.meta.url)('ml-fnn');
const { Matrix } = createRequire(import.meta.url)('ml-matrix');
const FeedForwardNeuralNetworks = module.default ?? module;

export async function prepare() {
  const build = ({ units }) =>
    new FeedForwardNeuralNetworks({
      hiddenLayers: units.slice(0, -1),
      iterations: 1,
      learningRate: 1e-6,
      activation: 'relu',
    });
  return {
    name: 'ml-fnn',
    step(network, make) {
      const { x, labels } = make(1);
      const net = build(network);
      const rows = new Matrix(toRows(x, network.inputs));
      const targets = [...labels];
      return { call: () => void net.train(rows, targets) };
    },
    predict(network, _, x) {
      const net = build(network);
      const classes = Array.from({ length: network.units.at(-1) }, (_, i) => i);
      net.train(new Matrix(classes.map(() => Array.from(x.subarray(0, network.inputs)))), classes);
      const matrix = new Matrix(toRows(x, network.inputs));
      return { call: () => void net.predict(matrix) };
    },
    epoch(network, { x, labels }) {
      const { inputs, batch } = network;
      const net = build(network);
      const batches = [];
      for (let from = 0; from + batch <= labels.length; from += batch) {
        // It derives the number of classes from each batch, so let the first rows contain all of them.
        const targets = [...labels.subarray(from, from + batch)].map((label, i) =>
          i < network.units.at(-1) ? i : label,
        );
        batches.push([new Matrix(toRows(x.subarray(from * inputs, (from + batch) * inputs), inputs)), targets]);
      }
      return { call: () => batches.forEach(([rows, targets]) => void net.train(rows, targets)) };
    },
  };
}
