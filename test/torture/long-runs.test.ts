// Long runs of the built package, each in its own process: memory does not grow, handles are closed, and the process ends by itself.
import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { rounds } from './rounds.js';

/** Repeats `round`, and prints memory and handles after a tenth of the rounds, and at the end. */
const program = (setUp: string, round: string, count: number, end: string) => `
import { createEngine, dense, dropout, sequential } from 'simdense';
import { kFold } from 'simdense/data';
import { crossValidate, inline } from 'simdense/evaluate';
import { workers } from 'simdense/node';
const engine = await createEngine();
const x = Float32Array.from({ length: 2 * 40 }, (_, i) => Math.sin(i)), y = Int32Array.from({ length: 40 }, (_, i) => i % 2);
const rows = Array.from({ length: 40 }, (_, i) => [x[2 * i], x[2 * i + 1]]);
const build = (seed) => sequential({ inputs: 2, layers: [dense({ units: 6, activation: 'relu' }), dropout({ rate: 0.1 }), dense({ units: 2, activation: 'softmax' })], engine, seed })
  .compile({ loss: 'categoricalCrossentropy' });
const look = () => {
  for (let i = 0; i < 3; i++) globalThis.gc();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { heapUsed, arrayBuffers, rss, inUse: engine.bytesInUse, reserved: engine.bytesReserved };
};
${setUp}
const round = async (i) => { ${round} };
let early;
for (let i = 0; i < ${count}; i++) {
  await round(i);
  if (i === ${Math.floor(count / 10)}) early = look();
}
const late = look();
${end}
// Threads take a moment to end; the handles that remain then belong to the process itself.
await new Promise((resolve) => setTimeout(resolve, 300));
const handles = process.getActiveResourcesInfo().filter((name) => !/^(TTYWrap|PipeWrap|Immediate|Timeout)$/.test(name));
console.log(JSON.stringify({ early, late, handles }));`;

interface Look {
  heapUsed: number;
  arrayBuffers: number;
  rss: number;
  inUse: number;
  reserved: number;
}

// Each run: its round, and the numbers of rounds in CI, beside other tests, and at most.
const runs: readonly (readonly [
  name: string,
  setUp: string,
  round: string,
  counts: readonly [number, number, number],
  end: string,
])[] = [
  ['steps of one model', 'const model = build(1);', 'model.trainOnBatch(x, y);', [100_000, 20_000, 1_000_000], ''],
  [
    'epochs of fit',
    'const model = build(1);',
    'await model.fit(x, y, { batchSize: 8, validationSplit: 0.2 });',
    [3000, 500, 30_000],
    '',
  ],
  [
    'models built, trained, disposed',
    '',
    'const model = build(i); model.trainOnBatch(x, y); model.predict(x); model.save(); model.dispose();',
    [10_000, 2000, 10_000],
    '',
  ],
  [
    'folds',
    '',
    'await crossValidate({ layers: [dense({ units: 3, activation: "relu" })], fit: { epochs: 1 } }, rows, y, kFold(40, { folds: 10, seed: i }));',
    [100, 20, 100],
    '',
  ],
  [
    'rounds of an executor',
    'const executor = workers({ count: 2 }); const splits = [...kFold(40, { folds: 2 })];',
    'await crossValidate({ layers: [dense({ units: 3, activation: "relu" })], fit: { epochs: 1 } }, rows, y, splits, { executor, seed: i });',
    [200, 40, 1000],
    'await executor.close();',
  ],
  [
    'executors, each closed',
    'const splits = [...kFold(40, { folds: 2 })];',
    'const executor = workers({ count: 1 }); await crossValidate({ layers: [], fit: { epochs: 1 } }, rows, y, splits, { executor }); await executor.close();',
    [30, 10, 300],
    '',
  ],
  [
    'runs that are aborted, or whose callback throws',
    'const executor = inline(); const splits = [...kFold(40, { folds: 4 })];',
    `const controller = new AbortController();
    const onProgress = (done) => { if (done === 2) { if (i % 2) throw new Error('mine'); controller.abort(new Error('mine')); } };
    await crossValidate({ layers: [dense({ units: 3, activation: 'relu' })], fit: { epochs: 1 } }, rows, y, splits, { executor, signal: controller.signal, onProgress })
      .then(() => { throw new Error('it ended'); }, (error) => { if (error.message !== 'mine') throw error; });`,
    [500, 100, 10_000],
    'await executor.close();',
  ],
  [
    'aborted runs of one executor on threads',
    'const executor = workers({ count: 1 }); const splits = [...kFold(40, { folds: 2 })];',
    `await crossValidate({ layers: [dense({ units: 3, activation: 'relu' })], fit: { epochs: 1e6 } }, rows, y, splits, { executor, signal: AbortSignal.timeout(5) })
      .then(() => { throw new Error('it ended'); }, (error) => { if (error.name !== 'TimeoutError') throw error; });`,
    [60, 20, 500],
    'await executor.close();',
  ],
  ['engines of two threads', '', 'const crew = await createEngine({ threads: 2 }); crew.dispose();', [30, 10, 300], ''],
];

test.each(runs)('%s', { timeout: 600_000 }, (_, setUp, round, [inCi, beside, most], end) => {
  const count = rounds(inCi, beside, most);
  const out = execFileSync(
    process.execPath,
    ['--expose-gc', '--input-type=module', '-e', program(setUp, round, count, end)],
    {
      encoding: 'utf8',
      timeout: 580_000,
    },
  );
  const { early, late, handles } = JSON.parse(out) as { early: Look; late: Look; handles: string[] };
  expect(late.inUse).toBe(early.inUse);
  expect(late.reserved).toBe(early.reserved);
  expect(late.heapUsed - early.heapUsed).toBeLessThan(2e6);
  expect(late.arrayBuffers - early.arrayBuffers).toBeLessThan(1e6);
  expect(handles).toEqual([]);
});
