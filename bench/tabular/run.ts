// 'tabular' beside scikit-learn's defaults on the eighteen tables of tables/, by fivefold cross-validation.
//   PYTHON=python3 npx tsx bench/tabular/run.ts [SEEDS] [TABLE …]      needs Python with pandas and scikit-learn
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { encodeLabels, kFold } from '../../src/data/index.js';
import { fitPipeline } from '../../src/evaluate/index.js';
import { readTable, type Table } from '../../src/table/index.js';

const [seeds = '1', ...only] = process.argv.slice(2);
const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const python = process.env['PYTHON'] ?? 'python3';

interface Result {
  readonly table: string;
  readonly rival: string;
  readonly error: number;
  /** Of computing: what runs beside it does not count. */
  readonly seconds: number;
}
const results: Result[] = [];
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

async function judge(name: string, table: Table, target: string, folds: readonly (readonly number[])[], seed: number) {
  // A target of yes and no is predicted in the table's words, but its cells are booleans.
  const words = table.column(target).format?.words;
  const actual = table.values(target).map((cell) => (typeof cell === 'boolean' ? words?.[Number(cell)] : cell));
  for (const test of folds) {
    const held = new Set(test);
    const train = table.select(Array.from({ length: table.rows }, (_, row) => row).filter((row) => !held.has(row)));
    const before = process.cpuUsage();
    using fitted = await fitPipeline('tabular', train, target, { seed });
    const { user, system } = process.cpuUsage(before);
    const seconds = (user + system) / 1e6;
    const predicted = fitted.predict(table.select(test));
    const { classes } = fitted;
    const numbers = actual.map(Number);
    const spread = Math.sqrt(mean(numbers.map((value) => (value - mean(numbers)) ** 2)));
    const error = classes
      ? mean(test.map((row, i) => Number(String(actual[row]) !== String(predicted[i]))))
      : Math.sqrt(mean(test.map((row, i) => ((predicted[i] as number) - (numbers[row] as number)) ** 2))) / spread;
    results.push({ table: name, rival: 'tabular', error, seconds });
  }
}

const folder = mkdtempSync(join(tmpdir(), 'simdense-bench-'));
try {
  const listed = readFileSync(here('tables/tables.csv'), 'utf8').trim().split('\n').slice(1);
  const all: { readonly name: string; readonly [key: string]: unknown }[] = [];
  for (const line of listed) {
    const [file, target, task] = line.split(',') as [string, string, string];
    const name = file.replace('.csv.gz', '');
    if (only.length > 0 && !only.includes(name)) continue;
    const table = (await readTable(readFileSync(here(`tables/${file}`)))).known(target);
    const { rows } = table;
    const strata = task === 'classification' && { stratify: encodeLabels(table.values(target).map(String)).indices };
    const folds = Array.from({ length: Number(seeds) }, (_, seed) =>
      [...kFold(rows, { folds: 5, seed, ...strata })].map(({ test }) => [...test]),
    );
    const ignore = table.columns.flatMap(({ kind, name: own }) => (kind === 'ignore' ? [own] : []));
    all.push({ name, file: here(`tables/${file}`), target, task, rows, ignore, folds });
    for (const [seed, each] of folds.entries()) await judge(name, table, target, each, seed);
  }
  writeFileSync(join(folder, 'folds.json'), JSON.stringify(all));
  const { stdout, stderr, status } = spawnSync(python, [here('rivals.py'), join(folder, 'folds.json')], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(stderr);
  for (const line of stdout.trim().split('\n')) results.push(JSON.parse(line));

  const rivals = ['tabular', 'boosting', 'forest', 'network', 'linear'];
  const figure = (name: string, rival: string, key: 'error' | 'seconds'): number =>
    mean(results.filter((each) => each.table === name && each.rival === rival).map((each) => each[key]));
  console.log(`| table | ${rivals.join(' | ')} | seconds | of boosting |\n|---|${'---|'.repeat(rivals.length + 2)}`);
  const ranks = new Map(rivals.map((rival) => [rival, [] as number[]]));
  const ratios: number[] = [];
  for (const { name } of all) {
    const errors = rivals.map((rival) => figure(name, rival, 'error'));
    for (const [i, rival] of rivals.entries())
      ranks.get(rival)?.push(1 + errors.filter((error) => error < (errors[i] as number)).length);
    const [own, boosting] = [figure(name, 'tabular', 'seconds'), figure(name, 'boosting', 'seconds')];
    ratios.push(own / boosting);
    console.log(
      `| ${name} | ${errors.map((error) => error.toFixed(4)).join(' | ')} | ${own.toFixed(2)} | ${boosting.toFixed(2)} |`,
    );
  }
  console.log(
    `\nMean rank: ${rivals.map((rival) => `${rival} ${mean(ranks.get(rival) as number[]).toFixed(2)}`).join(', ')}`,
  );
  for (const rival of rivals.slice(1)) {
    const better = all.filter(({ name }) => figure(name, 'tabular', 'error') < figure(name, rival, 'error')).length;
    console.log(`tabular is better than ${rival} on ${better} of ${all.length}`);
  }
  const seconds = (rival: string): string => mean(all.map(({ name }) => figure(name, rival, 'seconds'))).toFixed(2);
  const median = [...ratios].sort((a, b) => a - b)[ratios.length >> 1]?.toFixed(1);
  console.log(
    `Seconds of a fit, of boosting's: ${median} (median); mean ${seconds('tabular')} s to ${seconds('boosting')} s`,
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
