// The networks and data of all measurements.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Name → inputs, units of the layers, rows of a batch. Hidden layers have relu, the last one softmax; the optimizer is Adam. */
export const workloads = {
  W1: { inputs: 64, units: [32, 10], batch: 32 },
  W2: { inputs: 784, units: [128, 10], batch: 32 },
  W3: { inputs: 784, units: [512, 256, 10], batch: 128 },
  W4: { inputs: 1024, units: [1024, 1024, 10], batch: 256 },
  W5: { inputs: 4, units: [16, 3], batch: 16 },
};

export const title = ({ inputs, units, batch }) => `${[inputs, ...units].join('-')}, ${batch}`;

/** MNIST's training images, scaled to 0…1, and their labels, from the folder in $MNIST; without it, other numbers of the same shape. */
export function mnist(network) {
  const folder = process.env.MNIST;
  if (!folder) return makeData(network, 60_000);
  const [images, labels] = ['train-images-idx3-ubyte.gz', 'train-labels-idx1-ubyte.gz'].map((file) =>
    gunzipSync(readFileSync(join(folder, file))),
  );
  return {
    x: Float32Array.from(images.subarray(16), (byte) => byte / 255),
    labels: Int32Array.from(labels.subarray(8)),
  };
}

/** Rows of numbers from 0 to 1, and labels; the same in each run. */
export function makeData({ inputs, units }, rows) {
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const x = Float32Array.from({ length: rows * inputs }, next);
  const labels = Int32Array.from({ length: rows }, (_, i) =>
    i < units.at(-1) ? i : Math.floor(next() * units.at(-1)),
  );
  return { x, labels };
}

export function oneHot(labels, classes) {
  const y = new Float32Array(labels.length * classes);
  for (const [row, label] of labels.entries()) y[row * classes + label] = 1;
  return y;
}

/** Converts row-major numbers to an array of rows. */
export function toRows(x, columns) {
  return Array.from({ length: x.length / columns }, (_, i) => Array.from(x.subarray(i * columns, (i + 1) * columns)));
}
