// Learns MNIST: 60,000 images of 28×28 pixels to train with, 10,000 to test.   tsx examples/mnist.ts FOLDER [--best] [--seed N]
// Five epochs of a small network; with --best twenty of a larger one with batch normalization, dropout, augmentation and a cosine schedule.
// FOLDER holds the four IDX files, compressed or not: train-images-idx3-ubyte(.gz), …
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { activation, adam, batchNormalization, dense, dropout, rescaling, sequential } from 'simdense';
import { rotateImage, shiftImage } from 'simdense/data';
import { readIdx } from 'simdense/node';
import { confusionTable, drawImages, progress } from './terminal.js';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { best: { type: 'boolean' }, seed: { type: 'string' } },
});
const [folder] = positionals;
if (!folder) {
  console.error('usage: tsx examples/mnist.ts FOLDER [--best] [--seed N], the folder with the four IDX files of MNIST');
  process.exit(2);
}

/** The file in the folder whose name begins so. */
async function read(name: string) {
  const file = (await readdir(folder as string)).find((entry) => entry.startsWith(name));
  if (!file) throw new Error(`${folder} has no ${name}`);
  return readIdx(join(folder as string, file));
}

const train = { x: await read('train-images'), y: await read('train-labels') };
const test = { x: await read('t10k-images'), y: await read('t10k-labels') };

const hidden = (units: number) => [
  dense({ units, useBias: false, kernelInitializer: 'heUniform' }),
  batchNormalization(),
  activation('relu'),
  dropout({ rate: 0.2 }),
];
const [batchSize, epochs] = [128, values.best ? 20 : 5];
const model = sequential({
  inputs: train.x.columns,
  layers: [
    rescaling({ scale: 1 / 255 }),
    ...(values.best ? [...hidden(512), ...hidden(256)] : [dense({ units: 128, activation: 'relu' })]),
    dense({ units: 10, activation: 'softmax' }),
  ],
  seed: Number(values.seed ?? 1),
}).compile({
  optimizer: adam({
    learningRate: values.best
      ? { type: 'cosine', initial: 0.003, steps: epochs * Math.ceil(train.x.rows / batchSize), warmup: 100 }
      : 0.002,
  }),
  loss: 'categoricalCrossentropy',
  metrics: ['accuracy'],
});
console.log(`${model.summary()}\n`);

const image = { width: 28, height: 28 };
const augment = values.best ? [rotateImage({ ...image, degrees: 10 }), shiftImage({ ...image, max: 2 })] : [];
const begin = performance.now();
await model.fit(train.x, train.y, { epochs, batchSize, augment, callbacks: [progress(train.x.rows)] });
const seconds = (performance.now() - begin) / 1000;

const { accuracy = 0 } = model.evaluate(test.x, test.y);
const truth = Int32Array.from(test.y.data);
const predicted = model.predict(test.x).argmax();
console.log(`\ntest accuracy ${(accuracy * 100).toFixed(2)} % after ${seconds.toFixed(2)} s of training\n`);
console.log(confusionTable(truth, predicted, 10));
const misread = Array.from(truth.keys()).filter((row) => truth[row] !== predicted[row]);
console.log(`\n${misread.length} of ${test.x.rows} misread, such as\n`);
console.log(drawImages(test.x, misread.slice(0, 2), 28, 256, (row) => `${truth[row]}, read as ${predicted[row]}`));
