// MNIST as a stream: batches come straight out of the .gz files, and at no time is more than a piece of them in memory.
//   tsx examples/mnist-stream.ts FOLDER
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { adam, type BatchSource, dense, Matrix, rescaling, sequential } from 'simdense';
import { readIdx } from 'simdense/node';
import { progress } from './terminal.js';

const [, , folder] = process.argv;
if (!folder) {
  console.error('usage: tsx examples/mnist-stream.ts FOLDER, the folder with the four .gz files of MNIST');
  process.exit(2);
}

/** Pieces of `size` bytes of a compressed file, after its header; the last one may be shorter. */
async function* pieces(path: string, header: number, size: number): AsyncGenerator<Uint8Array> {
  let rest = Buffer.alloc(0);
  let skip = header;
  for await (const chunk of createReadStream(path).pipe(createGunzip())) {
    rest = Buffer.concat([rest, (chunk as Buffer).subarray(skip)]);
    skip = Math.max(0, skip - (chunk as Buffer).length);
    for (; rest.length >= size; rest = rest.subarray(size)) yield Uint8Array.from(rest.subarray(0, size));
  }
  if (rest.length > 0) yield Uint8Array.from(rest);
}

const BATCH = 128;
const ROWS = 60_000;
const source: BatchSource = {
  batches: Math.ceil(ROWS / BATCH),
  async *[Symbol.asyncIterator]() {
    const labels = pieces(join(folder, 'train-labels-idx1-ubyte.gz'), 8, BATCH);
    for await (const images of pieces(join(folder, 'train-images-idx3-ubyte.gz'), 16, BATCH * 784)) {
      const { value } = await labels.next();
      yield [new Matrix(images, 784), value as Uint8Array];
    }
  },
};

const model = sequential({
  inputs: 784,
  layers: [
    rescaling({ scale: 1 / 255 }),
    dense({ units: 128, activation: 'relu' }),
    dense({ units: 10, activation: 'softmax' }),
  ],
  seed: 1,
}).compile({ optimizer: adam({ learningRate: 0.002 }), loss: 'categoricalCrossentropy', metrics: ['accuracy'] });
await model.fit(source, undefined, { epochs: 3, callbacks: [progress(ROWS)] });

const x = await readIdx(join(folder, 't10k-images-idx3-ubyte.gz'));
const y = await readIdx(join(folder, 't10k-labels-idx1-ubyte.gz'));
const { accuracy = 0 } = model.evaluate(x, y);
const megabytes = (process.memoryUsage().arrayBuffers / 2 ** 20).toFixed(0);
console.log(`\ntest accuracy ${(accuracy * 100).toFixed(2)} %, ${megabytes} MB in arrays at the end`);
