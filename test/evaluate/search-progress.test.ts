// What a search tells while it runs.
import { expect, test } from 'vitest';
import { holdOut } from '../../src/data/index.js';
import { type SearchProgress, search } from '../../src/evaluate/index.js';
import { NOTHING, Progress } from '../../src/evaluate/search/progress.js';
import { dense } from '../../src/index.js';
import { blobs } from '../helpers/models.js';

const { x, y } = blobs(60);
interface Point {
  readonly units: number;
}
const common = {
  space: { units: [1, 2, 3, 4, 5, 6] },
  pipeline: ({ units }: Point) => ({ layers: [dense({ units, activation: 'tanh' as const })], fit: { epochs: 2 } }),
  x,
  y,
  splits: [...holdOut(60, { seed: 1 }), ...holdOut(60, { seed: 2 })],
};

test.each(['random', 'grid', 'halving', 'bayes'] as const)(
  '%s: the best so far, trials and seconds',
  async (strategy) => {
    const told: SearchProgress<Point>[] = [];
    const bests: unknown[] = [undefined];
    const { trials, best } = await search<Point>({
      ...common,
      strategy,
      ...(strategy !== 'grid' && { trials: 9 }),
      onTrial: (_, soFar) => void bests.push(soFar),
      onProgress: (_done, _total, progress) => {
        told.push(progress);
        expect(progress.best).toBe(bests.at(-1));
      },
    });
    expect(told.map(({ trials }) => trials.done)).toEqual(trials.flatMap((_, i) => [i, i + 1]));
    for (const { trials: each } of told) expect(each.total).toBe(trials.length);
    const last = told.at(-1) as SearchProgress<Point>;
    expect(last.best?.parameters).toEqual(best.parameters);
    expect(last.seconds.left).toBe(0);
    expect(last.seconds.spent).toBeGreaterThan(0);
  },
);

test('the best is told without an onTrial too', async () => {
  const told: SearchProgress<Point>[] = [];
  const { best } = await search<Point>({
    ...common,
    trials: 4,
    onProgress: (_done, _total, progress) => void told.push(progress),
  });
  expect(told.at(-1)?.best?.score).toEqual(best.score);
});

test('where only the time is limited there is no number of trials, and the time that is left is that of the limit', async () => {
  const told: SearchProgress<Point>[] = [];
  let [done, total] = [0, 0];
  await search<Point>({
    ...common,
    seconds: 1e-6,
    onProgress(...now) {
      [done, total] = now;
      told.push(now[2]);
    },
  });
  expect([done, total]).toEqual([16, 16]);
  for (const { trials, seconds } of told) expect([trials.total, seconds.left]).toEqual([undefined, 0]);
});

test('the time is estimated by epochs, not by the number of training runs', () => {
  const told: SearchProgress<Point>[] = [];
  const progress = new Progress<Point>({
    onProgress: (_done, _total, each) => told.push(each),
    best: () => undefined,
    seconds: undefined,
    splits: 2,
    begun: performance.now() - 1000,
  });
  // Four trials for half of their epochs; after them come two whole ones.
  progress.begin([0.5, 0.5, 0.5, 0.5], { trials: 2, work: 2 });
  progress.tell();
  for (let i = 0; i < 8; i++) progress.trained(0.5);
  progress.tell();
  progress.begin([1, 1], NOTHING);
  // One of them fails in its first split.
  progress.spare(1, 1);
  progress.tell();
  const [none, half, fewer] = told as [SearchProgress<Point>, SearchProgress<Point>, SearchProgress<Point>];
  expect(none.seconds.left).toBeUndefined();
  expect((half.seconds.left as number) / half.seconds.spent).toBeCloseTo(1, 6);
  expect((fewer.seconds.left as number) / fewer.seconds.spent).toBeCloseTo(3 / 4, 6);
});
