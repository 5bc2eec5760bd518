// The fit of 'tabular' for 50,000 rows of 20 columns beside HistGradientBoosting of scikit-learn: seconds of computing on one core, medians of interleaved rounds, and errors on a quarter of the rows.
//   PYTHON=python3 npx tsx bench/tabular/large.ts [ROWS] [ROUNDS]      needs Python with pandas and scikit-learn
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../../src/bench/measure.js';
import { fitPipeline } from '../../src/evaluate/index.js';
import { readTable } from '../../src/table/index.js';
import { LARGE_TABLES, oneThread } from '../large-tables.js';

const [rows = 50_000, rounds = 3] = process.argv.slice(2).map(Number);
const python = process.env['PYTHON'] ?? 'python3';
const folder = mkdtempSync(join(tmpdir(), 'simdense-bench-'));

const rival = `
import sys, time, pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.preprocessing import OrdinalEncoder
d = pd.read_csv(sys.argv[1]); y = d.pop('y')
cat = [c for c in d if not pd.api.types.is_numeric_dtype(d[c])]; d[cat] = OrdinalEncoder().fit_transform(d[cat])
m = (HistGradientBoostingRegressor if pd.api.types.is_numeric_dtype(y) else HistGradientBoostingClassifier)(random_state=0, categorical_features=[c in cat for c in d])
k = len(y) * 3 // 4; begin = time.process_time(); m.fit(d.iloc[:k], y.iloc[:k]); print(time.process_time() - begin, 1 - m.score(d.iloc[k:], y.iloc[k:]))
`;
execFileSync(python, ['-c', LARGE_TABLES, String(rows)], { cwd: folder });

async function own(file: string): Promise<readonly [seconds: number, error: number]> {
  const table = await readTable(readFileSync(join(folder, file)));
  const learnt = Math.floor((rows * 3) / 4);
  const [train, test] = [
    table.select(Int32Array.from({ length: learnt }, (_, i) => i)),
    table.select(Int32Array.from({ length: rows - learnt }, (_, i) => learnt + i)),
  ];
  const { user, system } = process.cpuUsage();
  using fitted = await fitPipeline('tabular', train, 'y', { seed: 0 });
  const used = process.cpuUsage();
  const seconds = (used.user - user + used.system - system) / 1e6;
  const [predicted, actual] = [fitted.predict(test), test.values('y')];
  if (fitted.classes) return [seconds, actual.filter((label, row) => label !== predicted[row]).length / actual.length];
  const numbers = actual as readonly number[];
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const squares = (of: (row: number) => number): number =>
    numbers.reduce((sum, value, row) => sum + (value - of(row)) ** 2, 0);
  return [seconds, squares((row) => Number(predicted[row])) / squares(() => mean)];
}

console.log('| table | tabular, s | boosting, s | times | error | error of boosting |\n|---|---|---|---|---|---|');
for (const file of ['classes.csv', 'numbers.csv']) {
  const [ours, theirs]: [(readonly [number, number])[], (readonly [number, number])[]] = [[], []];
  for (let round = 0; round < rounds; round++) {
    ours.push(await own(file));
    const [seconds = 0, error = 0] = execFileSync(python, ['-c', rival, file], {
      cwd: folder,
      encoding: 'utf8',
      env: oneThread,
    })
      .split(' ')
      .map(Number);
    theirs.push([seconds, error]);
  }
  const [a, b] = [ours, theirs].map((list) => median(list.map(([seconds]) => seconds))) as [number, number];
  const cells = [
    file,
    a.toFixed(2),
    b.toFixed(2),
    (a / b).toFixed(2),
    ours[0]?.[1].toFixed(4),
    theirs[0]?.[1].toFixed(4),
  ];
  console.log(`| ${cells.join(' | ')} |`);
}
rmSync(folder, { recursive: true });
