// Ten-fold cross-validation of the digits (64-64-32-10, batch 32, 30 epochs): inline against scikit-learn's MLPClassifier on one core, and two worker threads
// against two processes that share the folds, in the same rounds.   node bench/folds.mjs [ROUNDS]     after npm run build; writes bench/results/folds.json
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { gunzipSync } from 'node:zlib';
import { dense, Matrix } from 'simdense';
import { kFold } from 'simdense/data';
import { crossValidate } from 'simdense/evaluate';
import { workers } from 'simdense/node';

const text = gunzipSync(readFileSync(new URL('../examples/data/digits.csv.gz', import.meta.url))).toString();
const rows = text
  .trim()
  .split('\n')
  .map((line) => line.split(',').map(Number));
const x = Matrix.from(rows.map((row) => row.slice(0, -1)));
const y = rows.map((row) => row.at(-1));
const relu = (units) => dense({ units, activation: 'relu' });
const pipeline = { layers: [relu(64), relu(32)], fit: { epochs: 30, batchSize: 32 } };
const folds = [...kFold(x.rows, { stratify: y })];

async function run(splits, executor) {
  const begin = performance.now();
  await crossValidate(pipeline, x, y, splits, executor ? { executor } : {});
  return (performance.now() - begin) / 1000;
}

// A process that runs some of the folds whenever it reads a line.
if (process.argv[2] === 'part') {
  const own = folds.filter((_, i) => i % 2 === Number(process.argv[3]));
  await run(own.slice(0, 1));
  console.log('ready');
  for await (const _ of createInterface({ input: process.stdin })) console.log(await run(own));
  process.exit();
}

const SKLEARN = `
import gzip, sys, time, warnings, numpy as np
from sklearn.model_selection import StratifiedKFold
from sklearn.neural_network import MLPClassifier
from sklearn.preprocessing import StandardScaler
warnings.filterwarnings('ignore')
data = np.loadtxt(gzip.open('examples/data/digits.csv.gz'), delimiter=',')
x, y = data[:, :-1], data[:, -1].astype(int)
begin = time.perf_counter()
for train, test in StratifiedKFold(10, shuffle=True, random_state=0).split(x, y):
    scaler = StandardScaler().fit(x[train])
    model = MLPClassifier((64, 32), batch_size=32, max_iter=30, alpha=0, tol=0, n_iter_no_change=10**6, random_state=0)
    model.fit(scaler.transform(x[train]), y[train]).score(scaler.transform(x[test]), y[test])
print(time.perf_counter() - begin)`;

const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const rounds = Number(process.argv[2] ?? 9);
const part = (i) => {
  const child = spawn('taskset', [
    '-c',
    String(i),
    process.execPath,
    import.meta.filename ?? process.argv[1],
    'part',
    String(i),
  ]);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return { child, next: async () => (await lines.next()).value, ask: () => child.stdin.write('go\n') };
};
const parts = [part(0), part(1)];
for (const { next } of parts) await next();
const executor = workers({ count: 2 });
await run(folds, executor);
const shares = [];
for (let round = 0; round < rounds; round++) {
  const together = await run(folds, executor);
  const begin = performance.now();
  for (const { ask } of parts) ask();
  await Promise.all(parts.map(({ next }) => next()));
  shares.push((performance.now() - begin) / 1000 / together);
}
for (const { child } of parts) child.kill();
await executor.close();
const share = median(shares);
console.log(`two workers: ${share.toFixed(2)} of the speed of two processes (asked: 0.9 and more)`);

let ratio;
if (spawnSync('/usr/bin/python3', ['-c', 'import sklearn']).status === 0) {
  const ratios = [];
  for (let round = 0; round < Math.ceil(rounds / 3); round++) {
    const own = await run(folds);
    const theirs = Number(
      execFileSync('taskset', ['-c', '1', '/usr/bin/python3', '-c', SKLEARN], { encoding: 'utf8' }),
    );
    console.log(`ten folds: ${own.toFixed(2)} s, scikit-learn ${theirs.toFixed(2)} s`);
    ratios.push(own / theirs);
  }
  ratio = median(ratios);
  console.log(`ten folds take ${ratio.toFixed(3)} of scikit-learn's time (asked: 0.25 and less)`);
} else console.log('python3-sklearn is not installed: not compared');
mkdirSync('bench/results', { recursive: true });
const result = {
  node: process.versions.node,
  date: new Date().toISOString().slice(0, 10),
  workersToProcesses: share,
  toSklearn: ratio,
};
writeFileSync('bench/results/folds.json', `${JSON.stringify(result, null, 1)}\n`);
