// Trains one network on the rows of all regions, which stay where they are, and writes digits.safetensors.   npm run train
import { writeFile } from 'node:fs/promises';
import { dense, sgd } from 'simdense';
import { fitShards } from 'simdense/evaluate';
import { readTable } from 'simdense/node';
import { regions } from './regions.js';

const url = process.argv[2] ?? 'http://localhost:8787';
const pipeline = {
  layers: [dense({ units: 32, activation: 'relu' })],
  optimizer: sgd({ learningRate: 0.05 }),
  task: 'classification',
  fit: { batchSize: 32 },
};
// All regions take pixels for numbers, also those that see few of their values.
const kinds = Object.fromEntries(
  [...Array.from({ length: 64 }, (_, i) => `p${i}`), 'digit'].map((name) => [name, 'number']),
);
const fitted = await fitShards(pipeline, ['eu', 'us', 'asia'], {
  target: 'digit',
  rounds: 30,
  outer: { momentum: 0.5 },
  read: { kinds },
  seed: 1,
  executor: regions(url),
  onRound: ({ round, logs }) => console.log(`round ${round + 1}: loss ${logs.loss.toFixed(4)}`),
});
await writeFile('digits.safetensors', fitted.save());

const table = await readTable(new URL('../data/digits.csv.gz', import.meta.url), { header: false });
const held = Array.from({ length: table.rows }, (_, row) => row).filter((row) => row % 5 === 0);
const right = held.filter((row) => {
  const cells = Object.values(table.row(row));
  const pixels = Object.fromEntries(cells.slice(0, 64).map((cell, i) => [`p${i}`, cell]));
  return fitted.predict([pixels])[0] === cells[64];
});
console.log(`${((100 * right.length) / held.length).toFixed(1)} % of ${held.length} digits that no region has`);
