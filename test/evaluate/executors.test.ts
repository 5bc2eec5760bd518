// Custom executors: their results are checked, an abort works even if they ignore it, and callbacks that throw end the run.
import { afterEach, describe, expect, test } from 'vitest';
import { kFold } from '../../src/data/index.js';
import {
  bagging,
  bootstrapScore,
  crossValidate,
  type Executor,
  inline,
  learningCurve,
  type Outcome,
  type Pipeline,
  type RunOptions,
  search,
  validationCurve,
} from '../../src/evaluate/index.js';
import { fromPlainError, readPlainError, toPlainError } from '../../src/evaluate/plain-error.js';
import { dense, SimdenseError } from '../../src/index.js';
import { DivergedError } from '../../src/train/history.js';
import { blobs } from '../helpers/models.js';

const { x, y } = blobs(30);
const splits = [...kFold(30, { folds: 3 })];
const pipeline: Pipeline = { layers: [dense({ units: 2, activation: 'relu' })], fit: { epochs: 2 } };
const grid = { space: { units: [1, 2] }, strategy: 'grid' as const, x, y, splits };
const one = ({ units }: { units: number }): Pipeline => ({
  ...pipeline,
  layers: [dense({ units, activation: 'relu' })],
});

/** All functions that run on an executor. */
const evaluations: [string, (o: RunOptions) => Promise<unknown>][] = [
  ['crossValidate', (o) => crossValidate(pipeline, x, y, splits, o)],
  ['bootstrapScore', (o) => bootstrapScore(pipeline, x, y, { repeats: 3, ...o })],
  ['bagging', (o) => bagging(pipeline, x, y, { members: 3, ...o })],
  ['learningCurve', (o) => learningCurve(pipeline, x, y, splits, { sizes: [1], ...o })],
  ['validationCurve', (o) => validationCurve([1, 2], (units) => one({ units }), x, y, splits, o)],
  ['search', (o) => search({ ...grid, pipeline: one, ...o })],
  ['search by halving', (o) => search({ ...grid, strategy: 'halving', trials: 9, pipeline: one, ...o })],
];

/** An executor that yields these outcomes, and records whether it was told to end. */
function giving(outcomes: (count: number) => AsyncIterable<unknown>): Executor & { ended: number } {
  const executor = {
    ended: 0,
    concurrency: 1,
    async *run<R>(_: string, jobs: readonly unknown[]) {
      try {
        for await (const outcome of outcomes(jobs.length)) yield outcome as Outcome<R>;
      } finally {
        executor.ended++;
      }
    },
    async close() {},
  };
  return executor;
}
const rejections: unknown[] = [];
process.on('unhandledRejection', (reason) => rejections.push(reason));
afterEach(async () => {
  await new Promise((resolve) => setTimeout(resolve, 0));
  expect(rejections).toEqual([]);
});

describe('a signal', () => {
  test.each(evaluations)('%s hears it on an executor that ignores it, and never ends', async (_, run) => {
    const deaf: Executor = {
      concurrency: 1,
      run: () => ({ [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) }),
      async close() {},
    };
    const signal = AbortSignal.timeout(20);
    await expect(run({ executor: deaf, signal })).rejects.toThrow(expect.objectContaining({ name: 'TimeoutError' }));
  });

  test.each(evaluations)('%s hears one that has aborted before, with its own reason', async (_, run) => {
    const reason = { mine: true };
    await expect(run({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test.each(evaluations)('%s hears it in a callback that never ends, and inline goes on to others', async (_, run) => {
    const executor = inline();
    const signal = AbortSignal.timeout(100);
    const onProgress = (): Promise<void> => new Promise(() => {});
    await expect(run({ executor, signal, onProgress })).rejects.toThrow(
      expect.objectContaining({ name: 'TimeoutError' }),
    );
    await run({ executor });
  });
});

describe('callbacks that throw', () => {
  test.each(evaluations)(
    '%s ends with the error of onProgress, thrown or rejected, and ends the executor',
    async (_, run) => {
      const inner = inline();
      for (const onProgress of [
        () => {
          throw new Error('mine');
        },
        () => Promise.reject(new Error('mine')),
      ]) {
        let ended = 0;
        const executor: Executor = {
          ...inner,
          async *run<T, R>(task: string, jobs: readonly T[], o = {}) {
            try {
              yield* inner.run<T, R>(task, jobs, o);
            } finally {
              ended++;
            }
          },
        };
        await expect(run({ executor, onProgress })).rejects.toThrow('mine');
        expect(ended).toBe(1);
      }
    },
  );

  test('onTrial, thrown or rejected', async () => {
    for (const onTrial of [
      () => {
        throw new Error('mine');
      },
      async () => Promise.reject(new Error('mine')),
    ])
      await expect(search({ ...grid, pipeline: one, onTrial })).rejects.toThrow('mine');
  });
});

describe('outcomes that are none', () => {
  const list = (...outcomes: unknown[]) =>
    giving(async function* () {
      yield* outcomes;
    });
  test.each([
    ['nothing', list(), 'executor: run: it ended without an outcome for job 0'],
    ['null', list(null), 'executor: run: index: expected the index of one of 3 jobs, got undefined'],
    ['an index too many', list({ index: 3, result: {} }), 'expected the index of one of 3 jobs, got 3'],
    ['an index between', list({ index: 0.5, result: {} }), 'expected the index of one of 3 jobs, got 0.5'],
    ['no result', list({ index: 0 }), 'executor: run: the outcome of job 0: expected a result, or an Error'],
    ['an error that is a text', list({ index: 0, error: 'bad' }), 'expected a result, or an Error, got "bad"'],
    [
      'one twice',
      list({ index: 1, error: new Error('a') }, { index: 1, error: new Error('b') }),
      'job 1 has two outcomes',
    ],
  ])('%s', async (_, executor, message) => {
    await expect(crossValidate(pipeline, x, y, splits, { executor })).rejects.toThrow(
      expect.objectContaining({ code: 'ARGUMENT', message: expect.stringContaining(message) }),
    );
    expect(executor.ended).toBe(1);
  });
});

test('two runs at once on one executor, and inline after close', async () => {
  const executor = inline();
  const both = await Promise.all([0, 1].map(() => crossValidate(pipeline, x, y, splits, { executor })));
  expect(both[0]).toEqual(both[1]);
  await executor.close();
  await executor.close();
});

describe('errors on their way', () => {
  test('keep code, message and causes', () => {
    const cause = new DivergedError('fit: the loss became NaN', 1, 2, 0.1, { epochs: [] });
    const sent = toPlainError(new Error('outer', { cause: new SimdenseError('DATA', 'inner', { cause }) }));
    const back = fromPlainError(readPlainError(JSON.parse(JSON.stringify(sent))));
    expect(back.message).toBe('outer');
    expect(back.cause).toMatchObject({
      code: 'DATA',
      message: 'inner',
      cause: { code: 'DIVERGED', message: cause.message },
    });
    expect(toPlainError('text')).toEqual({ message: 'text' });
    const circular = new Error('a');
    circular.cause = circular;
    expect(JSON.stringify(toPlainError(circular)).length).toBeLessThan(300);
  });
});
