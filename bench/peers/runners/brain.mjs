// brain.js. It updates after every row, so a "step" is as many updates as the batch has rows. Its outputs can only be sigmoid.
import { createRequire } from 'node:module';
import { oneHot, toRows } from '../workloads.mjs';

const brain = createRequire(import.meta.url)('brain.js');

export async function prepare() {
  const build = ({ inputs, units }) =>
    new brain.NeuralNetwork({
      inputSize: inputs,
      outputSize: units.at(-1),
      hiddenLayers: units.slice(0, -1),
      activation: 'relu',
      praxis: 'adam',
    });
  const rowsOf = ({ inputs, units }, { x, labels }) => {
    const y = toRows(oneHot(labels, units.at(-1)), units.at(-1));
    return toRows(x, inputs).map((input, i) => ({ input, output: y[i] }));
  };
  const training = (network, data) => {
    const net = build(network);
    const rows = rowsOf(network, data);
    return {
      call: () => void net.train(rows, { iterations: 1, errorThresh: 1e-12, learningRate: 1e-6, praxis: 'adam' }),
    };
  };
  return {
    name: 'brain.js',
    step: (network, make) => training(network, make(1)),
    epoch: training,
    predict(network, _, x) {
      const net = build(network);
      net.train(rowsOf(network, { x: x.subarray(0, network.inputs), labels: [0] }), { iterations: 1 });
      const inputs = toRows(x, network.inputs);
      return { call: () => inputs.forEach((input) => void net.run(input)) };
    },
  };
}
