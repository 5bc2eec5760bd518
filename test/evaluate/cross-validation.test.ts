// Cross-validation and bootstrap: scikit-learn's figures within a standard error, and the same numbers on every executor.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readDigits } from '../../examples/digits-data.js';
import { holdOut, kFold, Matrix, type Split } from '../../src/data/index.js';
import { defaultEngine } from '../../src/engine/engine.js';
import { bootstrapScore, crossValidate, inline, type Pipeline } from '../../src/evaluate/index.js';
import { score } from '../../src/evaluate/scores.js';
import { adam, dense } from '../../src/index.js';
import { blobs } from '../helpers/models.js';

const golden = JSON.parse(readFileSync(new URL('../golden/cross-validation.json', import.meta.url), 'utf8'));

function readIris(): { x: Matrix; y: number[] } {
  const lines = readFileSync(new URL('../golden/iris.csv', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .slice(1);
  const rows = lines.map((line) => line.split(',').map(Number));
  return { x: Matrix.from(rows.map((row) => row.slice(0, -1))), y: rows.map((row) => row.at(-1) as number) };
}

const relu = (units: number) => dense({ units, activation: 'relu', kernelInitializer: 'glorotUniform' });
const cases = {
  iris: {
    ...readIris(),
    pipeline: { layers: [relu(16)], optimizer: adam({ learningRate: 0.01 }), fit: { epochs: 30, batchSize: 16 } },
  },
  digits: { ...readDigits(), pipeline: { layers: [relu(64), relu(32)], fit: { epochs: 30, batchSize: 32 } } },
} satisfies Record<string, { x: Matrix; y: ArrayLike<number>; pipeline: Pipeline }>;

describe("ten folds over five seeds agree with scikit-learn's MLPClassifier within one standard error", () => {
  test.each(['iris', 'digits'] as const)('%s', async (name) => {
    const { x, y, pipeline } = cases[name];
    const stratify = Int32Array.from(y);
    const own: number[] = [];
    for (let seed = 0; seed < 5; seed++) {
      const { accuracy } = await crossValidate(pipeline, x, y as number[], kFold(x.rows, { stratify, seed }), { seed });
      expect(accuracy?.values.length).toBe(10);
      own.push(accuracy?.mean as number);
    }
    const [ours, theirs] = [score(own), score(golden[name].means)];
    // Of the difference of two means of five.
    const error = Math.sqrt((ours.stddev ** 2 + theirs.stddev ** 2) / 5);
    expect(Math.abs(ours.mean - theirs.mean)).toBeLessThan(error);
  });
});

const { x, y } = blobs(90);
const pipeline: Pipeline = { layers: [dense({ units: 4, activation: 'tanh' })], fit: { epochs: 3 } };
const folds = (o = {}) => kFold(90, { folds: 3, stratify: y, ...o });

test('the seed decides, and nothing stays in memory', async () => {
  const before = defaultEngine().bytesInUse;
  const a = await crossValidate(pipeline, x, y, folds(), { seed: 5 });
  expect(await crossValidate(pipeline, x, y, folds(), { seed: 5, executor: inline() })).toEqual(a);
  expect(await crossValidate(pipeline, x, y, folds(), { seed: 6 })).not.toEqual(a);
  expect(Object.keys(a)).toEqual(['loss', 'accuracy']);
  expect(defaultEngine().bytesInUse).toBe(before);
});

test('a thousand folds reuse the memory of the first', async () => {
  await crossValidate({ ...pipeline, fit: { epochs: 1 } }, x, y, folds());
  const { bytesReserved, bytesInUse } = defaultEngine();
  await crossValidate(
    { ...pipeline, fit: { epochs: 1, batchSize: 'full' } },
    x,
    y,
    kFold(90, { folds: 10, repeats: 100 }),
  );
  expect([defaultEngine().bytesReserved, defaultEngine().bytesInUse]).toEqual([bytesReserved, bytesInUse]);
});

test('repeated hold-out is averaged with its standard deviation', async () => {
  const { accuracy } = await crossValidate(pipeline, x, y, holdOut(90, { repeats: 4, stratify: y }));
  const values = accuracy?.values as number[];
  const mean = values.reduce((sum, value) => sum + value) / 4;
  expect(accuracy?.mean).toBeCloseTo(mean, 12);
  expect(accuracy?.stddev).toBeCloseTo(Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 3), 12);
});

test('progress is told, and a signal ends it', async () => {
  const told: [number, number][] = [];
  const controller = new AbortController();
  const run = crossValidate(pipeline, x, y, folds(), {
    signal: controller.signal,
    onProgress(done, total) {
      told.push([done, total]);
      if (done === 2) controller.abort(new Error('enough'));
    },
  });
  await expect(run).rejects.toThrow('enough');
  expect(told).toEqual([
    [1, 3],
    [2, 3],
  ]);
});

describe('bootstrapScore', () => {
  test('.632 is 0.368 of the training figure and 0.632 of the out-of-bag figure', async () => {
    const oob = await bootstrapScore(pipeline, x, y, { repeats: 4, method: 'oob' });
    const weighed = await bootstrapScore(pipeline, x, y, { repeats: 4 });
    for (const [i, value] of (weighed['accuracy']?.values ?? []).entries()) {
      const training = (value - 0.632 * (oob['accuracy']?.values[i] as number)) / 0.368;
      // A share of the 90 rows of the sample.
      expect(training * 90).toBeCloseTo(Math.round(training * 90), 4);
    }
  });
});

describe('bad input', () => {
  const bad = (splits: Iterable<Split>, o?: object) => crossValidate(pipeline, x, y, splits, o);
  test.each<[string, () => Promise<unknown>, string]>([
    ['no splits', () => bad([]), 'crossValidate(splits): expected at least one split'],
    [
      'an empty test part',
      () => bad([{ train: Int32Array.of(0, 1), test: Int32Array.of() }]),
      'crossValidate(splits[0]): expected at least one row to train on and one to test on',
    ],
    [
      'a row that is not there',
      () => bad([{ train: Int32Array.of(0, 90), test: Int32Array.of(1) }]),
      'crossValidate(splits[0]): row 90 is not among the 90 rows of x',
    ],
    ['an unknown option', () => bad(folds(), { folds: 3 }), 'crossValidate: unknown option "folds"'],
    ['a seed', () => bad(folds(), { seed: -1 }), 'crossValidate(seed)'],
    [
      'a training that fails',
      () => crossValidate({ ...pipeline, fit: { batchSize: 0 } }, x, y, folds()),
      'fit(batchSize)',
    ],
  ])('%s', async (_, call, message) => {
    await expect(call).rejects.toThrow(message);
  });
});
