// Search: the known best of a grid, the rounds of halving, points drawn from a space, and failed trials, which are rows of the result.
import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { holdOut, kFold, Matrix } from '../../src/data/index.js';
import { logarithm, powerOfTwo } from '../../src/data/powers.js';
import {
  bagging,
  learningCurve,
  loadEnsemble,
  type Pipeline,
  search,
  validationCurve,
} from '../../src/evaluate/index.js';
import { draws, gridOf } from '../../src/evaluate/search/space.js';
import { adam, dense, sgd } from '../../src/index.js';
import { blobs } from '../helpers/models.js';
import { numbers } from '../helpers/numbers.js';

/** Two rings, which no line separates. */
function rings(rows: number, noise = 0.1, seed = 1) {
  const next = numbers(seed);
  const y = Int32Array.from({ length: rows }, (_, i) => i % 2);
  const data = Float32Array.from({ length: rows * 2 }, (_, i) => {
    const angle = ((i >> 1) * 2.399963) % (2 * Math.PI);
    return ((y[i >> 1] as number) + 1) * (i % 2 ? Math.sin(angle) : Math.cos(angle)) + noise * next();
  });
  return { x: new Matrix(data, 2), y };
}

const { x, y } = rings(120);
const splits = [...kFold(120, { folds: 3, stratify: y })];
type Point = { units: number; learningRate: number };
const pipeline = ({ units, learningRate }: Point): Pipeline => ({
  layers: units > 0 ? [dense({ units, activation: 'tanh' })] : [],
  optimizer: adam({ learningRate }),
  fit: { epochs: 40, batchSize: 16 },
});

describe('search', () => {
  test('finds the known best of a small grid: hidden units and a rate that learns', async () => {
    const space = { units: [0, 12], learningRate: [1e-5, 0.03] };
    const told: number[] = [];
    const { best, trials, toCsv } = await search({
      space,
      pipeline,
      x,
      y,
      strategy: 'grid',
      splits,
      onProgress: (done, total) => told.push(done / total),
    });
    expect(best.parameters).toEqual({ units: 12, learningRate: 0.03 });
    expect(best.score.mean).toBeGreaterThan(0.95);
    expect(trials.map(({ parameters }) => parameters)).toEqual([...gridOf(space)]);
    expect(told.at(-1)).toBe(1);
    expect(told.length).toBe(12);
    const lines = toCsv().split('\r\n');
    expect(lines[0]).toBe('units,learningRate,accuracy,accuracy stddev,error,epochs,seconds');
    expect(lines.length).toBe(5);
  });

  test('halving gives the best more epochs, and compares those that had all', async () => {
    const { best, trials } = await search({
      space: { units: { min: 1, max: 16, integer: true }, learningRate: { min: 1e-4, max: 0.1, scale: 'log' } },
      pipeline,
      x,
      y,
      strategy: 'halving',
      trials: 9,
      splits,
      seed: 3,
    });
    expect(trials.map(({ epochs }) => epochs)).toEqual([...new Array(9).fill(4), ...new Array(3).fill(13), 40]);
    expect(best.parameters).toEqual(trials.at(-1)?.parameters);
  });

  test('halving tells how many trials there are, also where some cannot run', async () => {
    const told: [number, number][] = [];
    const { trials } = await search({
      space: { units: [1, 2, 3, 4, 5, -1, -2, -3, -4] },
      strategy: 'halving',
      pipeline: ({ units }) => ({ layers: [dense({ units, activation: 'relu' })], fit: { epochs: 9 } }),
      x,
      y,
      trials: 9,
      splits: splits.slice(0, 1),
      onProgress: (done, total) => told.push([done, total]),
    });
    const ran = trials.filter(({ score }) => score).length;
    expect(trials.some(({ error }) => error)).toBe(true);
    expect(told.at(-1)).toEqual([ran, ran]);
    for (const [done, total] of told) expect(done).toBeLessThanOrEqual(total);
  });

  test('hidden layers, units, activation, rate and penalty are all parameters', async () => {
    const space = {
      layers: { min: 0, max: 2, integer: true },
      units: [4, 8],
      activation: ['relu', 'tanh'] as const,
      rate: { min: 0.005, max: 0.05, scale: 'log' as const },
      l2: [0, 1e-4],
    };
    type Settings = { layers: number; units: number; activation: 'relu' | 'tanh'; rate: number; l2: number };
    const { trials } = await search<Settings>({
      space,
      pipeline: ({ layers, units, activation, rate, l2 }) => ({
        layers: Array.from({ length: layers }, () => dense({ units, activation, kernelRegularizer: { l2 } })),
        optimizer: adam({ learningRate: rate }),
        fit: { epochs: 2 },
      }),
      x,
      y,
      trials: 12,
      splits: splits.slice(0, 1),
      seed: 4,
    });
    expect(trials.every(({ score }) => score !== undefined)).toBe(true);
    for (const name of ['layers', 'units', 'activation', 'l2'] as const)
      expect(new Set(trials.map(({ parameters }) => parameters[name])).size).toBeGreaterThan(1);
  });

  test('a trial that fails is a row with its error', async () => {
    const { trials, best } = await search({
      space: { units: [4, -1, 5], learningRate: [0.03] },
      pipeline: (p) => {
        if (p.units === 5) throw new Error('not five');
        return pipeline({ ...p, units: Math.abs(p.units) });
      },
      x,
      y,
      strategy: 'grid',
      splits: holdOut(120, { seed: 1 }),
      monitor: 'loss',
    });
    expect(trials.map(({ error }) => error)).toEqual([undefined, undefined, 'not five']);
    expect(best.score.mean).toBe(Math.min(...trials.flatMap(({ score }) => score?.mean ?? [])));
  });

  test('where every trial fails it says why', async () => {
    const failing = () =>
      search({ space: { units: [1] }, pipeline: () => ({ layers: [], scale: 'x' as never }), x, y });
    await expect(failing).rejects.toThrow(
      'search: every trial failed; the first one: search(pipeline)(scale): expected one of',
    );
  });

  test('where every trial fails, what was thrown is the cause', async () => {
    const thrown = new TypeError('my own bug');
    const failing = search({
      space: { units: [1, 2] },
      pipeline: () => {
        throw thrown;
      },
      x,
      y,
    });
    await expect(failing).rejects.toMatchObject({ cause: thrown });
    const diverging = search({
      space: { units: [1] },
      pipeline: () => ({ layers: [], optimizer: sgd({ learningRate: 1e30 }), fit: { epochs: 9 } }),
      x,
      y: Array.from({ length: 120 }, (_, i) => x.data[2 * i] as number),
    });
    await expect(diverging).rejects.toMatchObject({ cause: { code: 'DIVERGED' } });
  });

  test('a monitor that no pipeline has is refused before anything runs', async () => {
    const told = vi.fn();
    const run = (monitor: string, labels: ArrayLike<number> = y) =>
      search({
        space: { units: [2, 3] },
        pipeline: ({ units }) => ({ layers: [dense({ units, activation: 'relu' })] }),
        x,
        y: Array.from(labels),
        monitor,
        onTrial: told,
        onProgress: told,
      });
    const first = Array.from({ length: 120 }, (_, i) => x.data[2 * i] as number);
    const begin = "search(monitor): expected one of the pipeline's figures loss,";
    for (const [start, message] of [
      [() => run('accurracy'), `${begin} accuracy, got "accurracy"; did you mean accuracy?`],
      [() => run('auc'), `${begin} accuracy, got "auc"; give the pipeline metrics: ['auc']`],
      [() => run('nonsense'), `${begin} accuracy, got "nonsense"`],
      [
        () => run('valR2', first),
        `${begin} meanAbsoluteError, r2, got "valR2"; did you mean r2? A search measures it on test rows`,
      ],
      [() => run('R2', first), `${begin} meanAbsoluteError, r2, got "R2"; did you mean r2?`],
      [() => run('mae', first), `${begin} meanAbsoluteError, r2, got "mae"; did you mean meanAbsoluteError?`],
      [
        () => run('rmse', first),
        `${begin} meanAbsoluteError, r2, got "rmse"; give the pipeline metrics: ['rootMeanSquaredError']`,
      ],
    ] as const)
      await expect(start()).rejects.toThrow(expect.objectContaining({ code: 'ARGUMENT', message }));
    expect(told).not.toHaveBeenCalled();
  });

  test('a pipeline without the monitored figure is a failed trial, and is not trained', async () => {
    const { trials, best } = await search({
      space: { metric: ['accuracy', 'auc'] as const },
      pipeline: ({ metric }) => ({ layers: [], metrics: [metric], fit: { epochs: 1 } }),
      x,
      y,
      strategy: 'grid',
    });
    expect(best.parameters.metric).toBe('accuracy');
    expect(trials[1]).toMatchObject({ seconds: 0, error: expect.stringContaining('search(monitor): expected one of') });
  });

  test('a figure that is not a number is a failed trial', async () => {
    const running = search({
      space: { units: [2, 3] },
      pipeline: ({ units }) => ({ layers: [dense({ units, activation: 'relu' })], fit: { epochs: 1 } }),
      x: [[1], [2], [3], [4], [5], [6]],
      y: [1.5, 2, 3, 4, 5, 6],
      splits: kFold(6, { folds: 6 }),
    });
    await expect(running).rejects.toThrow(
      'search: every trial failed; the first one: r2 is not a number in split 0, which tests with 1 row',
    );
  });

  test('the same seed gives the same trials', async () => {
    const run = async (seed: number) => {
      const space = {
        units: { min: 1, max: 8, integer: true },
        learningRate: { min: 0.001, max: 0.1, scale: 'log' as const },
      };
      const result = await search({ space, pipeline, x, y, trials: 3, splits: splits.slice(0, 1), seed });
      return result.trials.map(({ seconds: _, ...trial }) => trial);
    };
    expect(await run(1)).toEqual(await run(1));
    expect(await run(2)).not.toEqual(await run(1));
  });

  test.each([
    [{}, 'search(space): expected at least one parameter'],
    [{ a: [] }, 'search(space)(a): expected at least one choice'],
    [{ a: { min: 2, max: 1 } }, 'search(space)(a): 2 to 1 has no points'],
    [{ a: { min: 0, max: 1, scale: 'log' } }, 'search(space)(a): a log scale needs min above 0, got 0'],
    [{ a: { min: 0.2, max: 0.8, integer: true } }, 'search(space)(a): there is no whole number from 0.2 to 0.8'],
    [{ a: 7 }, 'search(space)(a): expected an array of choices, { choices, when }, or { min, max }, got 7'],
  ])('a space without points: %j', async (space, message) => {
    await expect(search({ space: space as never, pipeline: pipeline as never, x, y })).rejects.toThrow(message);
  });
});

describe('spaces', () => {
  test('drawn points lie within their ranges, on log scales as often in each decade', () => {
    const points = [
      ...draws<{ rate: number; n: number; kind: string }>(
        { rate: { min: 1e-4, max: 1, scale: 'log' }, n: { min: 2, max: 5, integer: true }, kind: ['a', 'b'] },
        4000,
        1,
      ),
    ];
    expect(points.every(({ rate, n }) => rate >= 1e-4 && rate <= 1 && Number.isInteger(n) && n >= 2 && n <= 5)).toBe(
      true,
    );
    for (let decade = -4; decade < 0; decade++) {
      const share =
        points.filter(({ rate }) => rate >= 10 ** decade && rate < 10 ** (decade + 1)).length / points.length;
      expect(Math.abs(share - 0.25)).toBeLessThan(0.03);
    }
    for (const n of [2, 3, 4, 5]) {
      expect(Math.abs(points.filter((p) => p.n === n).length / points.length - 0.25)).toBeLessThan(0.03);
    }
  });

  test('a grid has five points of a range, its ends among them', () => {
    expect([...gridOf({ a: { min: 0, max: 1 } })].map(({ a }) => a)).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect([...gridOf({ a: { min: 1, max: 3, integer: true } })].map(({ a }) => a)).toEqual([1, 2, 3]);
    const rates = [...gridOf({ a: { min: 1e-4, max: 1, scale: 'log' } })].map(({ a }) => a as number);
    for (const [i, rate] of rates.entries()) expect(rate / 10 ** (i - 4)).toBeCloseTo(1, 12);
  });

  test('powers and logarithms of two are those of Math within a float64 or two', () => {
    fc.assert(
      fc.property(fc.double({ min: -300, max: 300, noNaN: true }), (value) => {
        expect(powerOfTwo(value) / 2 ** value).toBeCloseTo(1, 13);
      }),
    );
    fc.assert(
      fc.property(fc.double({ min: 1e-300, max: 1e300, noNaN: true }), (value) => {
        expect(Math.abs(logarithm(value) - Math.log2(value))).toBeLessThan(
          1e-12 * Math.max(1, Math.abs(Math.log2(value))),
        );
      }),
    );
  });
});

describe('bagging', () => {
  const noisy = rings(160, 0.9, 5);
  const clean = rings(400, 0.9, 99);
  const member: Pipeline = {
    layers: [dense({ units: 24, activation: 'tanh' })],
    optimizer: adam({ learningRate: 0.05 }),
    fit: { epochs: 60, batchSize: 8 },
  };

  test('beats its mean member on a noisy set, by probabilities and by votes', async () => {
    using ensemble = await bagging(member, noisy.x, noisy.y, { members: 12, seed: 1 });
    const right = (labels: readonly unknown[]) =>
      labels.filter((label, i) => label === clean.y[i]).length / clean.y.length;
    const each = ensemble.members.map((one) => right(one.predict(clean.x)));
    const mean = each.reduce((sum, value) => sum + value) / each.length;
    expect(right(ensemble.predict(clean.x))).toBeGreaterThan(mean);
    expect(right(ensemble.predict(clean.x, { by: 'votes' }))).toBeGreaterThan(mean);
    // Out of the bag it is nearly as good as on new rows.
    expect(Math.abs((ensemble.outOfBag['accuracy'] as number) - right(ensemble.predict(clean.x)))).toBeLessThan(0.08);
  });

  test('is saved and loaded whole', async () => {
    const short = { ...member, fit: { epochs: 2 } };
    using ensemble = await bagging(short, noisy.x, noisy.y, { members: 3 });
    using loaded = loadEnsemble(ensemble.save());
    expect(loaded.predict(clean.x)).toEqual(ensemble.predict(clean.x));
    expect(loaded.outOfBag).toEqual(ensemble.outOfBag);
    expect(loaded.save()).toEqual(ensemble.save());
    const bytes = ensemble.save();
    for (const broken of [
      bytes.subarray(0, 10),
      bytes.subarray(0, 200),
      bytes.subarray(0, bytes.length - 1),
      new Uint8Array(40),
    ]) {
      expect(() => loadEnsemble(broken)).toThrow(expect.objectContaining({ code: 'FORMAT' }));
    }
  });

  test('a regression has the mean of its members', async () => {
    const targets = clean.x.toArrays().map(([a = 0, b = 0]) => a - b + 0.01);
    const { x: rows } = clean;
    using ensemble = await bagging(
      { layers: [], fit: { epochs: 20 }, optimizer: adam({ learningRate: 0.05 }) },
      rows,
      targets,
      { members: 4 },
    );
    const [first] = ensemble.predict(rows);
    const each = ensemble.members.map((one) => one.predict(rows)[0] as number);
    expect(first).toBeCloseTo(each.reduce((sum, value) => sum + value) / 4, 5);
    expect(ensemble.outOfBag['r2']).toBeGreaterThan(0.9);
  });

  test('the r2 of several targets is the mean of each, as the metric has it', async () => {
    const { x: rows } = clean;
    const noise = numbers(5);
    const targets = rows.toArrays().map(([first = 0]) => [1000 * first, noise()]);
    const linear: Pipeline = { layers: [], fit: { epochs: 20 }, optimizer: adam({ learningRate: 0.05 }) };
    using ensemble = await bagging(linear, rows, targets, { members: 4 });
    // The first target is learnt. The second is noise a thousandth as large, which one sum over both would hide.
    expect(ensemble.outOfBag['r2']).toBeGreaterThan(0.3);
    expect(ensemble.outOfBag['r2']).toBeLessThan(0.6);
  });
});

test('a learning curve grows, and a validation curve has a point for each value', async () => {
  const data = blobs(150);
  const p: Pipeline = { layers: [dense({ units: 8, activation: 'tanh' })], fit: { epochs: 10, batchSize: 8 } };
  const folds = [...kFold(150, { folds: 3, stratify: data.y })];
  const curve = await learningCurve(p, data.x, data.y, folds, { sizes: [0.05, 1] });
  expect(curve.map(({ at }) => at)).toEqual([5, 100]);
  expect(curve[1]?.test['accuracy']?.mean as number).toBeGreaterThan(curve[0]?.test['accuracy']?.mean as number);
  const byUnits = await validationCurve(
    [1, 8],
    (units) => ({ ...p, layers: [dense({ units, activation: 'tanh' })] }),
    data.x,
    data.y,
    folds,
  );
  expect(byUnits.map(({ at }) => at)).toEqual([1, 8]);
  expect(byUnits[1]?.train['accuracy']?.mean as number).toBeGreaterThan(0.9);
});

test.each(['random', 'halving'] as const)(
  '%s: onTrial tells the best so far, by less loss for numbers, and last the one that is returned',
  async (strategy) => {
    const { x, y } = blobs(45);
    const numbers = Float32Array.from(y, (label, row) => label + row / 45);
    const seen: [number | undefined, number | undefined][] = [];
    const { best, trials } = await search<{ units: number; rate: number }>({
      space: { units: [1, 2, 4, 8], rate: { min: 1e-5, max: 0.1, scale: 'log' } },
      pipeline: ({ units, rate }) => ({
        layers: [dense({ units, activation: 'tanh' })],
        optimizer: adam({ learningRate: rate }),
        fit: { epochs: 9 },
      }),
      x,
      y: numbers,
      strategy,
      trials: 9,
      monitor: 'loss',
      onTrial: (trial, bestSoFar) => seen.push([trial.score?.mean, bestSoFar?.score?.mean]),
    });
    expect(seen.length).toBe(trials.length);
    expect(seen.at(-1)?.[1]).toBe(best.score.mean);
    if (strategy === 'halving') return;
    for (const [i, [, least]] of seen.entries())
      expect(least).toBe(Math.min(...seen.slice(0, i + 1).map(([mean]) => mean as number)));
  },
);
