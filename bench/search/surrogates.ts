// Trains a grid of networks on five of the eighteen tables, once, and writes what each setting scored: the surrogates by which strategies of `search` are compared.
//   npx tsx bench/search/surrogates.ts > test/golden/search/surrogates.json      takes half an hour on one core
import { readFileSync } from 'node:fs';
import { encodeLabels, kFold } from '../../src/data/index.js';
import { crossValidate } from '../../src/evaluate/index.js';
import { adam, dense, dropout, type Layer } from '../../src/index.js';
import { readTable } from '../../src/table/index.js';

const units = [4, 8, 16, 32, 64];
const layers = [1, 2, 3];
/** Powers of ten, in steps of a third, from 0.0003 to 0.1. */
const rates = Array.from({ length: 8 }, (_, i) => 10 ** (-3.5 + i / 3));
const dropouts = [0, 0.2, 0.4];
const names = [
  ['vowel', 'classification'],
  ['vehicle', 'classification'],
  ['glass', 'classification'],
  ['concrete', 'regression'],
  ['boston', 'regression'],
] as const;

const listed = readFileSync(new URL('../tabular/tables/tables.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const out: Record<string, unknown> = {};
for (const [name, task] of names) {
  const target = (listed.find((line) => line.startsWith(`${name}.csv`)) as string).split(',')[1] as string;
  const table = (await readTable(readFileSync(new URL(`../tabular/tables/${name}.csv.gz`, import.meta.url)))).known(
    target,
  );
  const strata = task === 'classification' && { stratify: encodeLabels(table.values(target).map(String)).indices };
  const splits = [...kFold(table.rows, { folds: 3, seed: 1, ...strata })];
  const losses: number[] = [];
  for (const u of units)
    for (const l of layers)
      for (const learningRate of rates)
        for (const rate of dropouts) {
          const hidden: Layer[] = Array.from({ length: l }, () => [
            dense({ units: u, activation: 'relu' }),
            ...(rate > 0 ? [dropout({ rate })] : []),
          ]).flat();
          const pipeline = { layers: hidden, optimizer: adam({ learningRate }), fit: { epochs: 20, batchSize: 32 } };
          const scores = await crossValidate(pipeline, table, target, splits, { seed: 1 });
          const score = task === 'classification' ? scores.accuracy : scores.r2;
          losses.push(Number((1 - Math.max(-1, (score as { mean: number }).mean)).toPrecision(5)));
        }
  out[name] = losses;
  process.stderr.write(`${name} ${Math.min(...losses)}\n`);
}
process.stdout.write(`${JSON.stringify({ units, layers, rates, dropouts, losses: out })}\n`);
