// convnetjs. It takes rows one by one, and updates after each batch.
import { createRequire } from 'node:module';
import { toRows } from '../workloads.mjs';

const convnet = createRequire(import.meta.url)('convnetjs');

export async function prepare() {
  const build = ({ inputs, units }) => {
    const net = new convnet.Net();
    net.makeLayers([
      { type: 'input', out_sx: 1, out_sy: 1, out_depth: inputs },
      ...units.slice(0, -1).map((n) => ({ type: 'fc', num_neurons: n, activation: 'relu' })),
      { type: 'softmax', num_classes: units.at(-1) },
    ]);
    return net;
  };
  const volumes = (x, inputs) => toRows(x, inputs).map((row) => new convnet.Vol(row));
  const training = (network, { x, labels }) => {
    const net = build(network);
    const trainer = new convnet.Trainer(net, { method: 'adam', batch_size: network.batch, learning_rate: 1e-6 });
    const rows = volumes(x, network.inputs);
    return { call: () => rows.forEach((row, i) => void trainer.train(row, labels[i])) };
  };
  return {
    name: 'convnetjs',
    step: (network, make) => training(network, make(1)),
    epoch: training,
    predict(network, _, x) {
      const net = build(network);
      const inputs = volumes(x, network.inputs);
      return { call: () => inputs.forEach((row) => void net.forward(row)) };
    },
  };
}
