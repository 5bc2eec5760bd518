// What the settings of surrogates.ts score after 3, 9 and 27 epochs on its tables: the surrogates by which halving is measured.
//   npx tsx bench/search/curves.ts > test/golden/search/curves.json      takes a quarter of an hour on one core
import { readFileSync } from 'node:fs';
import { encodeLabels, kFold } from '../../src/data/index.js';
import { crossValidate } from '../../src/evaluate/index.js';
import { adam, dense, dropout, type Layer } from '../../src/index.js';
import { readTable } from '../../src/table/index.js';

const grid = JSON.parse(readFileSync(new URL('../../test/golden/search/surrogates.json', import.meta.url), 'utf8'));
const names = Object.keys(grid.losses);
const budgets = [3, 9, 27];

const listed = readFileSync(new URL('../tabular/tables/tables.csv', import.meta.url), 'utf8')
  .trim()
  .split('\n');
const out: Record<string, number[][]> = {};
for (const name of names) {
  const target = (listed.find((line) => line.startsWith(`${name}.csv`)) as string).split(',')[1] as string;
  const table = (await readTable(readFileSync(new URL(`../tabular/tables/${name}.csv.gz`, import.meta.url)))).known(
    target,
  );
  const classes = !['concrete', 'boston'].includes(name);
  const strata = classes && { stratify: encodeLabels(table.values(target).map(String)).indices };
  const splits = [...kFold(table.rows, { folds: 3, seed: 1, ...strata })];
  const losses: number[][] = budgets.map(() => []);
  for (const units of grid.units)
    for (const count of grid.layers)
      for (const learningRate of grid.rates)
        for (const rate of grid.dropouts) {
          const layers: Layer[] = Array.from({ length: count }, () => [
            dense({ units, activation: 'relu' }),
            ...(rate > 0 ? [dropout({ rate })] : []),
          ]).flat();
          for (const [i, epochs] of budgets.entries()) {
            const pipeline = { layers, optimizer: adam({ learningRate }), fit: { epochs, batchSize: 32 } };
            const scores = await crossValidate(pipeline, table, target, splits, { seed: 1 });
            const score = classes ? scores.accuracy : scores.r2;
            losses[i]?.push(Number((1 - Math.max(-1, (score as { mean: number }).mean)).toPrecision(4)));
          }
        }
  out[name] = losses;
  process.stderr.write(`${name} ${losses.map((each) => Math.min(...each))}\n`);
}
process.stdout.write(`${JSON.stringify({ budgets, losses: out })}\n`);
