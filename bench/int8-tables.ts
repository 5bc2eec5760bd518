// What weights of 8 bits cost in accuracy: the network of --quick on the eighteen tables of bench/tabular, compiled with float32 and with int8, on rows that it has not learnt from, by fivefold cross-validation.
//   npx tsx bench/int8-tables.ts [SEEDS] [TABLE …]
import { readFileSync } from 'node:fs';
import { pipelineOf } from '../src/cli/pipeline.js';
import { type Compiled, compile } from '../src/compile/index.js';
import { encodeLabels, kFold } from '../src/data/index.js';
import { fitPipeline } from '../src/evaluate/index.js';
import { readTable, type Table } from '../src/table/index.js';

const [seeds = '3', ...only] = process.argv.slice(2);
const folder = new URL('tabular/tables/', import.meta.url);
const kinds = ['float32', 'int8'] as const;

interface Predictor {
  predict(row: object): Float32Array;
  predictLabel(row: object): string | number;
}
const load = ({ code }: Compiled): Promise<Predictor> =>
  import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

/** Points of all rows, which are each predicted once: right ones in a hundred, or 100 · R². */
function points(actual: readonly unknown[], predicted: readonly unknown[], task: string): number {
  if (task === 'classification') return 100 * mean(actual.map((label, i) => Number(label === predicted[i])));
  const numbers = actual.map(Number);
  const middle = mean(numbers);
  const missed = sum(numbers.map((value, i) => (value - Number(predicted[i])) ** 2));
  return 100 * (1 - missed / sum(numbers.map((value) => (value - middle) ** 2)));
}

interface Judged {
  readonly float32: number;
  readonly int8: number;
  /** The rows in a hundred whose label is another. */
  readonly changed: number;
  /** The largest difference of a probability, or of a number in standard deviations of the target. */
  readonly most: number;
  readonly inputs: number;
}

async function judge(table: Table, target: string, task: string, ignore: string[], seed: number): Promise<Judged> {
  const strata = task === 'classification' && { stratify: encodeLabels(table.values(target).map(String)).indices };
  const actual: unknown[] = [];
  const predicted: Record<(typeof kinds)[number], unknown[]> = { float32: [], int8: [] };
  const numbers: Record<(typeof kinds)[number], number[]> = { float32: [], int8: [] };
  let inputs = 0;
  for (const { train, test } of kFold(table.rows, { folds: 5, seed, ...strata })) {
    const pipeline = pipelineOf({ quick: true }, { targets: [target], rows: train.length });
    const own = { ...pipeline, encode: { ...pipeline.encode, ignore } };
    using fitted = await fitPipeline(own, table.select(train), target, { seed });
    inputs = fitted.model.inputs;
    const held = table.select(test);
    actual.push(...fitted.actual(held));
    const records = Array.from({ length: held.rows }, (_, row) => held.row(row));
    for (const weights of kinds) {
      const module = await load(compile(fitted, { to: 'js', weights }));
      for (const record of records) {
        const row = module.predict(record);
        numbers[weights].push(...row);
        predicted[weights].push(fitted.classes ? module.predictLabel(record) : row[0]);
      }
    }
  }
  const deviation = Math.sqrt(mean(actual.map((value) => (Number(value) - mean(actual.map(Number))) ** 2)));
  const unit = task === 'classification' ? 1 : deviation;
  return {
    float32: points(actual, predicted.float32, task),
    int8: points(actual, predicted.int8, task),
    changed: 100 * mean(predicted.float32.map((label, i) => Number(label !== predicted.int8[i]))),
    most:
      numbers.float32.reduce((top, value, i) => Math.max(top, Math.abs(value - (numbers.int8[i] as number))), 0) / unit,
    inputs,
  };
}

/** A figure without the sign of what is rounded to 0. */
const shown = (value: number, digits = 2): string => value.toFixed(digits).replace(/^-(?=[0.]+$)/, '');
const losses: number[] = [];
console.log(
  '| table | rows | inputs | float32 | int8 | points lost | by seed | rows with another label | largest difference |\n|---|---|---|---|---|---|---|---|---|',
);
for (const line of readFileSync(new URL('tables.csv', folder), 'utf8').trim().split('\n').slice(1)) {
  const [file, target, task] = line.split(',') as [string, string, string];
  const name = file.replace('.csv.gz', '');
  if (only.length > 0 && !only.includes(name)) continue;
  const table = (await readTable(new Uint8Array(readFileSync(new URL(file, folder))))).known(target);
  // A compiled program has no dates and texts.
  const ignore = table.columns.filter(({ kind }) => kind === 'date' || kind === 'text').map((column) => column.name);
  const judged: Judged[] = [];
  for (let seed = 0; seed < Number(seeds); seed++) judged.push(await judge(table, target, task, ignore, seed));
  const of = (key: keyof Judged): number => mean(judged.map((each) => each[key]));
  const lost = judged.map(({ float32, int8 }) => float32 - int8);
  losses.push(mean(lost));
  const cells = [
    `${name}${ignore.length > 0 ? ` without ${ignore.join(', ')}` : ''}`,
    table.rows,
    Math.round(of('inputs')),
    shown(of('float32')),
    shown(of('int8')),
    shown(mean(lost)),
    lost.map((value) => shown(value)).join(', '),
    task === 'classification' ? shown(of('changed')) : '–',
    shown(of('most'), 3),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
console.log(`\nPoints lost: ${shown(mean(losses), 3)} in the mean of tables, ${shown(Math.max(...losses))} at most`);
