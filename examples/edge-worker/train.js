// Fits the pipeline that the Worker begins with, on half of the digits, and writes src/digits.bin.   npm run train
import { writeFile } from 'node:fs/promises';
import { adam, dense } from 'simdense';
import { fitPipeline } from 'simdense/evaluate';
import { readCsv } from 'simdense/node';

const { x, target } = await readCsv(new URL('../data/digits.csv.gz', import.meta.url).pathname, {
  header: false,
  target: 64,
});
const half = Int32Array.from({ length: x.rows >> 1 }, (_, i) => i * 2);
const pipeline = await fitPipeline(
  {
    layers: [dense({ units: 32, activation: 'relu' })],
    optimizer: adam({ learningRate: 0.003 }),
    fit: { epochs: 20 },
  },
  x.select(half),
  Array.from(half, (row) => target[row]),
  { seed: 1 },
);
await writeFile(new URL('./src/digits.bin', import.meta.url), pipeline.save({ optimizer: true }));
console.log(pipeline.history.epochs.at(-1));
