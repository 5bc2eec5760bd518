// `npx simdense train` of a table, from start to report, beside Python that reads it by pandas and fits HistGradientBoosting of scikit-learn; both on one
// thread, judged on a quarter of the rows.   PYTHON=python3 npx tsx bench/train-table.ts [ROWS] [ROUNDS]
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const [rows = 200_000, rounds = 3] = process.argv.slice(2).map(Number);
const python = process.env['PYTHON'] ?? 'python3';
const folder = mkdtempSync(join(tmpdir(), 'simdense-bench-'));
const cli = resolve('dist/cli.js');

/** 14 numbers and 6 categories; a class, and a number. */
const make = `
import sys, numpy as np, pandas as pd
r = np.random.default_rng(0); n = int(sys.argv[1])
X = r.normal(size=(n, 14)); c = [r.choice(list('abcdefgh')[:k], n) for k in (2, 3, 4, 5, 6, 8)]
y = X[:,0]*2 + np.sin(X[:,1]*2) + X[:,2]*X[:,3] + (c[0]=='a')*1.5 + (c[5]=='c')*X[:,4] + r.normal(size=n)*.7
d = pd.DataFrame(X.round(4), columns=[f'x{i}' for i in range(14)])
for i, k in enumerate(c): d[f'c{i}'] = k
d['y'] = np.where(y > .8, 'hi', 'lo'); d.to_csv('classes.csv', index=False)
d['y'] = y.round(4); d.to_csv('numbers.csv', index=False)
`;
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
const one = { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' };
const timed = (command: string, args: string[]): { seconds: number; out: string } => {
  const begin = performance.now();
  const { stdout, stderr, status } = spawnSync(command, args, { cwd: folder, encoding: 'utf8', env: one });
  if (status !== 0) throw new Error(stderr);
  return { seconds: (performance.now() - begin) / 1000, out: stdout };
};
const median = (values: number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

try {
  for (const [name, code] of Object.entries({ make, rival })) writeFileSync(join(folder, `${name}.py`), code);
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
