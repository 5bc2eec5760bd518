// simdense/classifier beside scikit-learn's LogisticRegression(max_iter=1000): fits of the same rows, in interleaved rounds, and figures of rows held out.   npx tsx bench/classifier.ts [ROUNDS [MNIST]]   after npm run build
// PYTHON names the Python of scikit-learn; OPENBLAS_NUM_THREADS says how many threads it may use, 1 where it is not set. MNIST is a folder with MNIST's four files, whose test images are a set more.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Matrix } from 'simdense';
import { type Classifier, classifier } from 'simdense/classifier';

/** One draw of a set, as classifier.py has written it: the first `train` rows are learnt. */
interface Drawn {
  readonly name: string;
  readonly seed: number;
  readonly file: string;
  readonly columns: number;
  readonly train: number;
  readonly y: readonly number[];
}
interface Figures {
  readonly milliseconds: number;
  readonly accuracy: number;
  readonly logLoss: number;
}

/** Rows of a first fit, before the others are learnt one by one. */
const FIRST = 20;
const [rounds = '5', mnist = ''] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'simdense-classifier-'));
const script = new URL('classifier.py', import.meta.url).pathname;
const python = spawn(process.env['PYTHON'] ?? '/usr/bin/python3', [script, folder, mnist], {
  env: { OPENBLAS_NUM_THREADS: '1', ...process.env },
  stdio: ['pipe', 'pipe', 'inherit'],
});
const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
const told = async (): Promise<unknown> => JSON.parse((await lines.next()).value as string);

/** Accuracy and log loss of the rows that were not learnt. */
function judge(head: Classifier, { y, train }: Drawn, held: Matrix): Omit<Figures, 'milliseconds'> {
  const probabilities = head.probabilities(held);
  const places = new Map(head.classes.map((label, index) => [label, index]));
  let [right, loss] = [0, 0];
  for (const [row, best] of probabilities.argmax().entries()) {
    const own = places.get(y[train + row] as number) as number;
    if (best === own) right++;
    loss -= Math.log(Math.max(1e-15, probabilities.row(row)[own] as number));
  }
  return { accuracy: right / held.rows, logLoss: loss / held.rows };
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const error = (values: readonly number[]): number => {
  const middle = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - middle) ** 2)) / (values.length - 1));
};
const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number;

const results = new Map<string, { ours: Figures; theirs: Figures; single: Figures }[]>();
try {
  for (const [i, set] of ((await told()) as Drawn[]).entries()) {
    const bytes = readFileSync(set.file);
    const all = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    const part = (from: number, to: number): Matrix =>
      new Matrix(all.subarray(from * set.columns, to * set.columns), set.columns);
    const [x, y, held] = [part(0, set.train), set.y.slice(0, set.train), part(set.train, set.y.length)];
    const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
    let [ours, theirs]: Omit<Figures, 'milliseconds'>[] = [];
    for (let round = 0; round < Number(rounds); round++) {
      python.stdin.write(`${i}\n`);
      theirs = (await told()) as Figures;
      times.theirs.push((theirs as Figures).milliseconds);
      const begin = performance.now();
      using head = await classifier(x, y, { seed: set.seed });
      times.ours.push(performance.now() - begin);
      ours = judge(head, set, held);
    }
    const begin = performance.now();
    using growing = await classifier(part(0, FIRST), y.slice(0, FIRST), { seed: set.seed });
    for (let row = FIRST; row < set.train; row++) growing.learn(x.row(row), [y[row] as number]);
    const single = { milliseconds: (performance.now() - begin) / (set.train - FIRST), ...judge(growing, set, held) };
    const drawn = {
      ours: { ...(ours as Figures), milliseconds: median(times.ours) },
      theirs: { ...(theirs as Figures), milliseconds: median(times.theirs) },
      single,
    };
    results.set(set.name, [...(results.get(set.name) ?? []), drawn]);
  }
} finally {
  python.kill();
  rmSync(folder, { recursive: true, force: true });
}

console.log(
  'set | fit, ms: ours | scikit-learn | accuracy | scikit-learn | log loss | scikit-learn | row by row: accuracy | ms a row',
);
for (const [name, draws] of results) {
  const of = (who: 'ours' | 'theirs' | 'single', figure: keyof Figures) => draws.map((draw) => draw[who][figure]);
  const off = (figure: 'accuracy' | 'logLoss') =>
    `± ${error(draws.map(({ ours, theirs }) => ours[figure] - theirs[figure])).toFixed(4)}`;
  console.log(
    [
      name,
      mean(of('ours', 'milliseconds')).toFixed(1),
      mean(of('theirs', 'milliseconds')).toFixed(1),
      mean(of('ours', 'accuracy')).toFixed(4),
      `${mean(of('theirs', 'accuracy')).toFixed(4)} ${off('accuracy')}`,
      mean(of('ours', 'logLoss')).toFixed(4),
      `${mean(of('theirs', 'logLoss')).toFixed(4)} ${off('logLoss')}`,
      mean(of('single', 'accuracy')).toFixed(4),
      mean(of('single', 'milliseconds')).toFixed(2),
    ].join(' | '),
  );
}
