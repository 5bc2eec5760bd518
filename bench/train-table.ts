// `npx simdense train` of a table, from start to report, beside Python that reads it by pandas and fits HistGradientBoosting of scikit-learn; both on one
// thread, judged on a quarter of the rows.   PYTHON=python3 npx tsx bench/train-table.ts [ROWS] [ROUNDS]
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { LARGE_TABLES, oneThread } from './large-tables.js';

const [rows = 200_000, rounds = 3] = process.argv.slice(2).map(Number);
const python = process.env['PYTHON'] ?? 'python3';
const folder = mkdtempSync(join(tmpdir(), 'simdense-bench-'));
const cli = resolve('dist/cli.js');

const rival = `
import sys, pandas as pd, numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.preprocessing import OrdinalEncoder
d = pd.read_csv(sys.argv[1]); y = d.pop('y')
cat = [c for c in d if d[c].dtype == object]; d[cat] = OrdinalEncoder().fit_transform(d[cat])
m = (HistGradientBoostingClassifier if y.dtype == object else HistGradientBoostingRegressor)(random_state=0, categorical_features=[c in cat for c in d])
i = np.random.default_rng(0).permutation(len(y)); k = len(y) * 3 // 4
m.fit(d.iloc[i[:k]], y.iloc[i[:k]]); print(m.score(d.iloc[i[k:]], y.iloc[i[k:]]))
`;
const timed = (command: string, args: string[]): { seconds: number; out: string } => {
  const begin = performance.now();
  const { stdout, stderr, status } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', env: oneThread });
  if (status !== 0) throw new Error(stderr);
  return { seconds: (performance.now() - begin) / 1000, out: stdout };
};
const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

try {
  for (const [name, code] of Object.entries({ LARGE_TABLES, rival })) writeFileSync(join(folder, `${name}.py`), code);
  execFileSync(python, ['make.py', String(rows)], { cwd: folder });
  for (const file of ['classes.csv', 'numbers.csv']) {
    const times: [number, number][] = [];
    const scores = ['', ''];
    for (let round = 0; round < rounds; round++) {
      const ours = timed(process.execPath, [cli, 'train', file, '--target', 'y', '--force', '--json']);
      const theirs = timed(python, ['rival.py', file]);
      times.push([ours.seconds, theirs.seconds]);
      const { accuracy, r2 } = JSON.parse(ours.out).test ?? JSON.parse(ours.out);
      scores[0] = Number(accuracy ?? r2).toFixed(4);
      scores[1] = Number(theirs.out).toFixed(4);
    }
    const [ours, theirs] = [0, 1].map((i) => median(times.map((pair) => pair[i] as number))) as [number, number];
    console.log(
      `${rows} rows, ${file}: simdense ${ours.toFixed(2)} s (score ${scores[0]}), pandas and boosting ${theirs.toFixed(2)} s (${scores[1]}): ${(ours / theirs).toFixed(2)} times`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
