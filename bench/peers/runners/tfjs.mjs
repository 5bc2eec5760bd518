// TensorFlow.js with its cpu or wasm backend, through its Layers API.
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import * as layers from '@tensorflow/tfjs-layers';
import { oneHot } from '../workloads.mjs';

export async function prepare({ backend }) {
  if (!(await tf.setBackend(backend))) throw new Error(`no backend ${backend}`);
  await tf.ready();
  const build = ({ inputs, units }) =>
    layers.sequential({
      layers: units.map((n, i) =>
        layers.layers.dense({
          units: n,
          activation: i === units.length - 1 ? 'softmax' : 'relu',
          ...(i === 0 ? { inputShape: [inputs] } : {}),
        }),
      ),
    });
  const compiled = (network) => {
    const model = build(network);
    model.compile({ optimizer: tf.train.adam(1e-6), loss: 'categoricalCrossentropy' });
    return model;
  };
  const tensors = ({ inputs, units }, { x, labels }) => [
    tf.tensor2d(x, [labels.length, inputs]),
    tf.tensor2d(oneHot(labels, units.at(-1)), [labels.length, units.at(-1)]),
  ];
  return {
    name: `TensorFlow.js ${tf.version_core ?? ''} ${tf.getBackend()}`,
    step(network, make) {
      const data = make(1);
      const model = compiled(network);
      const [x, y] = tensors(network, data);
      return { call: () => model.trainOnBatch(x, y), dispose: () => tf.dispose([model, x, y]) };
    },
    predict(network, rows, x) {
      const model = build(network);
      return { call: () => void tf.tidy(() => model.predict(tf.tensor2d(x, [rows, network.inputs])).dataSync()) };
    },
    epoch(network, data) {
      const model = compiled(network);
      const [x, y] = tensors(network, data);
      return { call: () => model.fit(x, y, { epochs: 1, batchSize: network.batch, verbose: 0, yieldEvery: 'never' }) };
    },
  };
}
