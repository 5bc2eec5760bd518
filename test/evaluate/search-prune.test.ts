// Pruning: what leads nowhere ends early and says why, all else has the bits that it has without. The best point fitted on all rows.
import { describe, expect, test } from 'vitest';
import { holdOut, kFold } from '../../src/data/index.js';
import {
  type Executor,
  fitPipeline,
  inline,
  type Pipeline,
  type SearchOptions,
  search,
} from '../../src/evaluate/index.js';
import { dense, sgd } from '../../src/index.js';
import { blobs } from '../helpers/models.js';

const { x, y } = blobs(90);
const splits = [...kFold(90, { folds: 3, stratify: y })];
type Point = { kind: 'sound' | 'dead' | 'exploding' | 'overflowing' };
/** A layer of relu units whose biases no row overcomes: nothing passes it, and no gradient comes back. */
const dead = dense({ units: 4, activation: 'relu', biasInitializer: { type: 'constant', value: -1000 } });
const pipelines: Record<Point['kind'], Pipeline> = {
  sound: { layers: [dense({ units: 4, activation: 'relu' })], fit: { epochs: 8, batchSize: 8 } },
  dead: { layers: [dead], fit: { epochs: 8, batchSize: 8 } },
  exploding: {
    layers: [],
    loss: 'meanSquaredError',
    optimizer: sgd({ learningRate: 1.3 }),
    fit: { epochs: 8, batchSize: 90 },
  },
  overflowing: { layers: [], optimizer: sgd({ learningRate: 1e30 }), fit: { epochs: 8 } },
};
const numbers = Array.from(y, (label, row) => label + row / 90);
const common: SearchOptions<Point> = {
  space: { kind: ['sound', 'dead', 'exploding', 'overflowing'] },
  pipeline: ({ kind }) => pipelines[kind],
  x,
  y: numbers,
  splits,
  strategy: 'grid',
  monitor: 'loss',
  seed: 4,
};
/** Keeps the jobs. */
function counting(): Executor & { jobs: { prunes?: boolean }[] } {
  const inner = inline();
  return {
    jobs: [],
    concurrency: 1,
    async *run<T, R>(task: string, jobs: readonly T[], o = {}) {
      for (const job of jobs) this.jobs.push(job as { prunes?: boolean });
      yield* inner.run<T, R>(task, jobs, o);
    },
    async close() {},
  };
}
const timeless = <T extends { seconds: number }>(trials: readonly T[]) =>
  trials.map(({ seconds: _, ...trial }) => trial);

describe('search with prune', () => {
  test('dead ends are failed trials that say why, after the first of three folds', async () => {
    const executor = counting();
    const told: [number, number][] = [];
    const { trials, best } = await search<Point>({
      ...common,
      prune: true,
      executor,
      onProgress: (done, total) => told.push([done, total]),
    });
    const [sound, still, exploded, overflowed] = trials;
    expect(sound?.error).toBeUndefined();
    expect(best.parameters).toEqual({ kind: 'sound' });
    expect(still?.error).toBe(
      'pruned after 2 of 8 epochs: the network gives the same output for every row, as where all relu units of a layer are inactive; try a lower learning rate',
    );
    expect(exploded?.error).toMatch(
      /^pruned after \d of 8 epochs: the loss has grown to [\d.e+]+, from [\d.]+ before training; try a lower learning rate$/,
    );
    expect(overflowed?.error).toMatch(/^fit: the loss became (NaN|Infinity)|parameters/);
    // The first fold of four, and two more of the one that learns.
    expect(executor.jobs.length).toBe(6);
    expect(told.at(-1)).toEqual([6, 6]);
    expect(told[0]).toEqual([1, 12]);
  });

  test('changes no bit of what goes on, and without it dead networks have a score', async () => {
    const without = counting();
    const plain = await search<Point>({ ...common, executor: without });
    expect(without.jobs.length).toBe(12);
    expect(without.jobs.some(({ prunes }) => prunes)).toBe(false);
    expect(plain.trials[1]?.score).toBeDefined();
    const pruned = await search<Point>({ ...common, prune: true });
    expect(timeless(pruned.trials)[0]).toEqual(timeless(plain.trials)[0]);
  });

  test.each([Number.POSITIVE_INFINITY, 3, 0.3, Number.NaN])(
    'whatever the executor runs at the same time: %d',
    async (concurrency) => {
      const executor = { ...counting(), concurrency };
      const pruned = await search<Point>({ ...common, prune: true, executor });
      expect(timeless(pruned.trials)).toEqual(timeless((await search<Point>({ ...common, prune: true })).trials));
      expect(pruned.trials[0]?.score?.values.length).toBe(3);
    },
  );

  test('with earlyStopping a network counts as its best epoch', async () => {
    const stopping = { ...pipelines.sound, earlyStopping: { patience: 3 }, fit: { epochs: 8, validationSplit: 0.2 } };
    const one = { ...common, space: { kind: ['sound' as const] }, pipeline: () => stopping };
    expect(timeless((await search<Point>({ ...one, prune: true })).trials)).toEqual(
      timeless((await search<Point>(one)).trials),
    );
  });

  test('where rows are the same, the same output is no dead end', async () => {
    const same = await search({
      space: { units: [2] },
      pipeline: () => ({ layers: [], fit: { epochs: 2 }, scale: 'none' as const }),
      x: Array.from({ length: 40 }, () => [1, 2]),
      y: Array.from({ length: 40 }, (_, i) => i % 2),
      splits: holdOut(40, { seed: 1 }),
      strategy: 'grid',
      prune: true,
    });
    expect(same.trials[0]?.error).toBeUndefined();
  });

  test('is a boolean', async () => {
    await expect(search<Point>({ ...common, prune: 1 as never })).rejects.toThrow(
      'search(prune): expected true or false, got 1',
    );
  });
});

test('refit gives what fitPipeline gives on all rows with the best parameters and the seed', async () => {
  const found = await search({
    space: { units: [2, 6] },
    pipeline: ({ units }) => ({ layers: [dense({ units, activation: 'tanh' })], fit: { epochs: 4 } }),
    x,
    y: Array.from(y, (label) => `c${label}`),
    splits,
    strategy: 'grid',
    seed: 7,
  });
  using fitted = await found.refit();
  using own = await fitPipeline(
    { layers: [dense({ units: found.best.parameters.units, activation: 'tanh' })], fit: { epochs: 4 } },
    x,
    Array.from(y, (label) => `c${label}`),
    { seed: 7 },
  );
  expect(fitted.save()).toEqual(own.save());
  const epochs: number[] = [];
  using watched = await found.refit({ callbacks: [{ onEpochEnd: ({ epoch }) => epochs.push(epoch) }] });
  expect(watched.save()).toEqual(own.save());
  expect(epochs).toEqual([0, 1, 2, 3]);
  await expect(found.refit({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
  await expect(found.refit({ seed: 1 } as never)).rejects.toThrow(
    'refit: unknown option "seed"; known are callbacks, signal',
  );
});
