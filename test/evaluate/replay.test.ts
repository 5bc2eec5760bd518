// Evaluations of many small networks replay their steps: scores, models and errors are those of networks that make each step by itself.
import { afterEach, describe, expect, test, vi } from 'vitest';
import { kFold } from '../../src/data/index.js';
import { bagging, crossValidate, fitPipeline, type Pipeline, search } from '../../src/evaluate/index.js';
import { adam, dense, dropout, sgd } from '../../src/index.js';
import { readTable } from '../../src/table/index.js';
import { Replay } from '../../src/train/replay.js';
import { blobs } from '../helpers/models.js';

const { x, y } = blobs(240);
const labels = [...y].map((label) => ['a', 'b', 'c'][label] as string);
const numbers = Array.from({ length: x.rows }, (_, i) => (x.data[2 * i] as number) * 3 + 7);
const pipeline: Pipeline = {
  layers: [dense({ units: 9, activation: 'relu' }), dropout({ rate: 0.1 })],
  optimizer: adam({ learningRate: 0.01 }),
  fit: { epochs: 20, batchSize: 8 },
};
const table = await readTable(labels.map((label, i) => ({ a: x.data[2 * i], b: x.data[2 * i + 1], label })));
const folds = [...kFold(x.rows, { folds: 4, seed: 2 })];
const { train } = Replay.prototype;

afterEach(() => {
  vi.restoreAllMocks();
});

/** What a run gives, and the same with each step by itself. */
async function bothWays<T>(run: () => Promise<T>): Promise<[T, T]> {
  let count = 0;
  const spy = vi.spyOn(Replay.prototype, 'train').mockImplementation(function (this: Replay, ...given) {
    const done = train.apply(this, given);
    count += done;
    return done;
  });
  const replayed = await run();
  expect(count).toBeGreaterThan(300);
  spy.mockReturnValue(0);
  const alone = await run();
  return [replayed, alone];
}

describe('the same bits', () => {
  test.each<[string, Pipeline, readonly (string | number)[]]>([
    ['classes', pipeline, labels],
    ['numbers', pipeline, numbers],
    ['no metrics', { ...pipeline, metrics: [] }, labels],
    [
      'early stopping',
      { ...pipeline, earlyStopping: { patience: 2 }, fit: { ...pipeline.fit, epochs: 60, validationSplit: 0.2 } },
      labels,
    ],
  ])('crossValidate: %s', async (_, p, targets) => {
    const [replayed, alone] = await bothWays(() => crossValidate(p, x, targets, folds, { seed: 3 }));
    expect(replayed).toEqual(alone);
  });

  test('bagging', async () => {
    const [replayed, alone] = await bothWays(async () => {
      const ensemble = await bagging(pipeline, x, labels, { members: 3 });
      const bytes = ensemble.save();
      const { outOfBag } = ensemble;
      ensemble.dispose();
      return { outOfBag, bytes };
    });
    expect(replayed).toEqual(alone);
  });

  test('the networks of tabular', async () => {
    const [replayed, alone] = await bothWays(async () => {
      using fitted = await fitPipeline('tabular', table, 'label');
      return fitted.save();
    });
    expect(replayed).toEqual(alone);
  });

  test('search', async () => {
    const run = async () => {
      const { best } = await search({
        space: { rate: [0.01, 0.001] },
        pipeline: ({ rate }) => ({ ...pipeline, optimizer: adam({ learningRate: rate }) }),
        x,
        y: labels,
        strategy: 'grid',
      });
      return best;
    };
    const [replayed, alone] = await bothWays(run);
    expect(JSON.stringify({ ...replayed, seconds: 0 })).toBe(JSON.stringify({ ...alone, seconds: 0 }));
  });
});

test('one network that diverges has its own error, and the others their figures', async () => {
  const run = async () => {
    const done: number[] = [];
    const { trials } = await search({
      space: { rate: [0.01, 1e30, 0.001] },
      pipeline: ({ rate }) => ({ ...pipeline, optimizer: sgd({ learningRate: rate, momentum: 0.9 }) }),
      x,
      y: numbers,
      strategy: 'grid',
      onProgress: (count) => void done.push(count),
    });
    return { done, trials: trials.map(({ score, error }) => [score, error]) };
  };
  const [replayed, alone] = await bothWays(run);
  expect(replayed).toEqual(alone);
  expect(replayed.trials.filter(([, error]) => error !== undefined)).toHaveLength(1);
});

test('an abort ends a cross-validation with its reason', async () => {
  const controller = new AbortController();
  const running = crossValidate({ ...pipeline, fit: { epochs: 100_000, batchSize: 8 } }, x, labels, folds, {
    signal: controller.signal,
  });
  setTimeout(() => controller.abort(new Error('enough')), 100);
  await expect(running).rejects.toThrow('enough');
});
