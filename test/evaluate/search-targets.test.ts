// What the points of a search may not differ in, and what of theirs nobody changes.
import { expect, test } from 'vitest';
import { holdOut } from '../../src/data/index.js';
import { type Pipeline, search } from '../../src/evaluate/index.js';
import { dense } from '../../src/index.js';
import { blobs } from '../helpers/models.js';

const { x, y } = blobs(60);
const common = { x, y, splits: [...holdOut(60, { seed: 1 })], strategy: 'grid' as const };
const pipeline: Pipeline = { layers: [dense({ units: 2, activation: 'relu' })], fit: { epochs: 2 } };

test('all points learn the same targets: one that says something else fails, and says so', async () => {
  const { trials } = await search({
    ...common,
    space: { task: ['classification', 'regression', undefined] as const },
    pipeline: ({ task }) => ({ ...pipeline, ...(task && { task }) }),
  });
  expect(trials[0]?.error).toBeUndefined();
  expect(trials[1]?.error).toBe(
    'search(pipeline): task is "regression" here and "classification" at another point; all points of a search learn the same targets',
  );
  expect(trials[2]?.error).toContain('task is undefined here and "classification" at another point');
});

test('a pipeline function that changes its argument changes no trial and no first point', async () => {
  const first = [{ units: 2 }];
  const { trials } = await search<{ units: number }>({
    ...common,
    strategy: 'random',
    trials: 2,
    first,
    space: { units: [2, 3] },
    pipeline(parameters) {
      const made = { ...pipeline, layers: [dense({ units: parameters.units, activation: 'relu' })] };
      (parameters as { units: number }).units = 5;
      return made;
    },
  });
  expect(first).toEqual([{ units: 2 }]);
  expect(trials[0]?.parameters).toEqual({ units: 2 });
});

test.each([
  [{ min: 1, max: 9, step: 2 }, 'search(space)(units): expected min, max, scale, integer, when, got "step"'],
  [{ min: 1, max: 9, interger: true }, 'did you mean integer?'],
  [{ min: 1, max: 9, integer: 'yes' }, 'search(space)(units.integer): expected true or false, got "yes"'],
  [{ choices: [2], wen: {} }, 'got "wen"'],
  [{ choices: [2], min: 1 }, 'expected choices, when, got "min"'],
])('a space that says what no search knows is refused: %j', async (units, message) => {
  await expect(search({ ...common, space: { units } as never, pipeline: () => pipeline })).rejects.toThrow(message);
});
