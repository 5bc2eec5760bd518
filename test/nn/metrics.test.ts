// Metrics against the values in scikit-learn's documentation, and in batches against all rows at once.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { atOnce } from '../../src/base/pause.js';
import { dense, sequential } from '../../src/index.js';
import { type Meter, type Metric, type MetricName, meter } from '../../src/nn/metrics/index.js';
import { numbers } from '../helpers/numbers.js';
import { metricsOracle } from '../oracle/metrics.js';

const metricNames = Object.keys(metricsOracle) as MetricName[];

function measure(
  metric: Metric,
  targets: number[][] | number[],
  predicted: number[][],
  separate = false,
  batch = 1000,
  weights?: number[],
) {
  const m: Meter = meter(metric);
  const outputs = predicted[0]!.length;
  for (let from = 0; from < predicted.length; from += batch) {
    const p = predicted.slice(from, from + batch);
    const t = targets.slice(from, from + batch);
    const classes = typeof t[0] === 'number' ? Int32Array.from(t as number[]) : undefined;
    m.add({
      rows: p.length,
      outputs,
      predicted: Float32Array.from(p.flat()),
      classes,
      targets: classes ? undefined : Float32Array.from((t as number[][]).flat()),
      separate,
      weights: weights && Float32Array.from(weights.slice(from, from + batch)),
    });
  }
  const value = m.value();
  return typeof value === 'number' ? value : atOnce(value);
}

const column = (values: number[]): number[][] => values.map((v) => [v]);

test("regression: the examples of scikit-learn's r2_score, mean_squared_error and mean_absolute_error", () => {
  const [y, p] = [column([3, -0.5, 2, 7]), column([2.5, 0, 2, 8])];
  expect(measure('r2', y, p)).toBeCloseTo(0.9486081370449679, 12);
  expect(measure('meanSquaredError', y, p)).toBe(0.375);
  expect(measure('rootMeanSquaredError', y, p)).toBeCloseTo(0.6123724356957945, 12);
  expect(measure('meanAbsoluteError', y, p)).toBe(0.5);
  const several = [
    [0.5, 1],
    [-1, 1],
    [7, -6],
  ];
  const guesses = [
    [0, 2],
    [-1, 2],
    [8, -5],
  ];
  expect(measure('meanSquaredError', several, guesses)).toBeCloseTo(0.7083333333333334, 12);
  expect(measure('meanAbsoluteError', several, guesses)).toBe(0.75);
  expect(measure('r2', several, guesses)).toBeCloseTo(0.9368005266622779, 12);
});

test('r2 of a target that never changes is 1 where met and 0 else', () => {
  expect(measure('r2', column([2, 2, 2]), column([2, 2, 2]))).toBe(1);
  expect(measure('r2', column([2, 2, 2]), column([2, 2, 3]))).toBe(0);
});

test('accuracy of classes, of one-hot targets, of one output and of separate outputs', () => {
  const predicted = [
    [0.1, 0.9, 0],
    [0.5, 0.5, 0],
    [0.2, 0.3, 0.5],
    [1, 0, 0],
  ];
  expect(measure('accuracy', [1, 0, 1, 0], predicted)).toBe(0.75);
  expect(measure('accuracy', [1, 1, 1, 0], predicted)).toBe(0.5);
  const oneHot = [
    [0, 1, 0],
    [1, 0, 0],
    [0, 1, 0],
    [1, 0, 0],
  ];
  expect(measure('accuracy', oneHot, predicted)).toBe(0.75);
  expect(measure('accuracy', column([1, 0, 1, 0]), column([0.7, 0.5, 0.4, 0.1]))).toBe(0.75);
  expect(measure('accuracy', oneHot, predicted, true)).toBeCloseTo(10 / 12, 12);
});

test.each(['accuracy', 'meanSquaredError', 'meanAbsoluteError', 'rootMeanSquaredError', 'r2'] as const)(
  '%s over batches is that over all rows',
  (metric) => {
    const value = fc.float({ min: -5, max: 5, noNaN: true });
    const row = fc.tuple(value, value, value, value);
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 40 }), fc.integer({ min: 1, max: 7 }), (rows, batch) => {
        const [y, p] = [rows.map(([a, b]) => [a, b]), rows.map(([, , c, d]) => [c, d])];
        const [streamed, whole] = [measure(metric, y, p, false, batch), measure(metric, y, p)];
        expect(Math.abs(streamed - whole)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(whole)));
      }),
    );
  },
);

interface Case {
  name: string;
  task: 'multi' | 'binary' | 'labels' | 'real';
  y: number[] | number[][];
  p: number[][];
  w?: number[];
  expected: Record<string, number>;
}
const { cases } = JSON.parse(readFileSync(new URL('../golden/metrics.json', import.meta.url), 'utf8')) as {
  cases: Case[];
};

describe.each(cases)('scikit-learn: $name', ({ task, y, p, w, expected }) => {
  test.each(Object.entries(expected))('%s', (name, value) => {
    const targets = task === 'binary' ? (y as number[]).map((v) => [v]) : y;
    for (const batch of [1000, 7]) {
      expect(measure(name as Metric, targets, p, task === 'labels', batch, w)).toBeCloseTo(value, 6);
    }
  });
});

describe('auc', () => {
  /** The share of pairs that are in order, by its definition. */
  const pairs = (y: number[], p: number[], w: number[]): number => {
    let [right, all] = [0, 0];
    for (const [i, a] of p.entries())
      for (const [j, b] of p.entries()) {
        if (y[i] !== 1 || y[j] !== 0) continue;
        all += w[i]! * w[j]!;
        right += w[i]! * w[j]! * (a > b ? 1 : a === b ? 0.5 : 0);
      }
    return right / all;
  };

  test('of any scores is the share of pairs in order', () => {
    const score = fc.oneof(fc.float({ noNaN: true }), fc.constantFrom(0, -0, 1, -1, 0.5));
    const row = fc.tuple(score, fc.integer({ min: 0, max: 1 }), fc.integer({ min: 0, max: 3 }));
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 60 }), fc.integer({ min: 1, max: 9 }), (rows, batch) => {
        const [p, y, w] = [0, 1, 2].map((c) => rows.map((cells) => cells[c]!)) as [number[], number[], number[]];
        const found = measure('auc', column(y), column(p), true, batch, w);
        const expected = pairs(y, p, w);
        if (Number.isNaN(expected)) expect(found).toBeNaN();
        else expect(found).toBeCloseTo(expected, 12);
      }),
    );
  });

  test('of many rows is found in slices', () => {
    const m = meter('auc');
    const predicted = Float32Array.from({ length: 3000 }, (_, i) => Math.sin(i));
    const classes = Int32Array.from({ length: 1000 }, (_, i) => i % 3);
    m.add({ rows: 1000, outputs: 3, predicted, classes, targets: undefined, separate: false });
    const slices = m.value() as Generator<void, number>;
    let count = 0;
    while (!slices.next().done) count++;
    expect(count).toBe(12);
  });
});

test('auc without rows on both sides is NaN', () => {
  expect(measure('auc', column([1, 1]), column([0.2, 0.8]))).toBeNaN();
});

describe('first-contact row 14: a prediction that is NaN', () => {
  test.each(metricNames)('%s ends, and is NaN', (metric) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 9 }), fc.nat(), (outputs, batch, at) => {
        const next = numbers(outputs * 10 + batch);
        const predicted = Array.from({ length: 9 }, () => Array.from({ length: outputs }, next));
        const targets = predicted.map((row, i) => row.map((_, c) => Number(c === i % outputs)));
        const place = at % (9 * outputs);
        predicted[Math.floor(place / outputs)]![place % outputs] = Number.NaN;
        expect(measure(metric, targets, predicted, false, batch)).toBeNaN();
        expect(measure(metric, targets, predicted, true, batch)).toBeNaN();
        if (outputs > 1)
          expect(
            measure(
              metric,
              targets.map((row) => row.indexOf(1)),
              predicted,
              false,
              batch,
            ),
          ).toBeNaN();
      }),
      { numRuns: 50 },
    );
  });

  test('infinite scores are numbers to auc', () => {
    const scores = [Number.NEGATIVE_INFINITY, 0.5, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
    expect(measure('auc', column([0, 0, 1, 1]), column(scores))).toBe(1);
  });
});

test('class indices under a binary crossentropy are one class a row: nine of ten outputs that say no are no accuracy of .9', () => {
  const low = Array.from({ length: 4 }, () => [0.1, 0.1, 0.1, 0.2]);
  expect(measure('accuracy', [0, 1, 2, 3], low, true)).toBe(0.25);
  expect(
    measure(
      'accuracy',
      [0, 1, 2, 3].map((label) => low[0]!.map((_, c) => Number(c === label))),
      low,
      true,
    ),
  ).toBe(0.75);
});

test('each metric has a name of its own in the logs', () => {
  const named = (name: string) => ({ name, compute: () => 0 });
  const build = (metrics: readonly unknown[]) => () =>
    sequential({ inputs: 2, layers: [dense({ units: 1 })] })
      .compile({ loss: 'huber', metrics } as never)
      .dispose();
  build(['r2', named('mine'), named('validity')])();
  for (const name of ['loss', 'learningRate', 'valLoss', 'r2', '__proto__'])
    expect(build(['r2', named(name)])).toThrow('compile(metrics[1]): expected a name that the logs do not use yet');
});
