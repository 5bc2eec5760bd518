// Figures of probabilities, beside scikit-learn's, SciPy's and published ones.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/data/index.js';
import {
  applyTemperature,
  brierScore,
  chooseThreshold,
  reliability,
  type ThresholdOptions,
  temperatureScaling,
} from '../../src/explain/index.js';
import { checkMessages } from '../bad-input/check.js';

interface Case {
  readonly y: number[];
  readonly p: number[][];
  readonly curves: { bins: number; observed: number[]; predicted: number[] }[];
  readonly brier: number | null;
  readonly precision: number[];
  readonly recall: number[];
  readonly thresholds: number[];
  readonly temperature: number;
}
const golden = new URL('../golden/probabilities.json', import.meta.url);
const { classes: cases } = JSON.parse(readFileSync(golden, 'utf8')) as { classes: Case[] };

const judged = ({ y, p }: Case): [number[], Matrix, number[]] => [y, Matrix.from(p), [...(p[0] as number[]).keys()]];

test("the Brier score is scikit-learn's brier_score_loss", () => {
  // The example of its documentation: brier_score_loss([0, 1, 1, 0], [0.1, 0.9, 0.8, 0.3]) is 0.0375.
  const probabilities = Matrix.from([0.1, 0.9, 0.8, 0.3].map((p) => [1 - p, p]));
  expect(brierScore([0, 1, 1, 0], probabilities, [0, 1])).toBeCloseTo(0.0375, 6);
  const with2 = cases.filter(({ brier }) => brier !== null);
  expect(with2.length).toBeGreaterThan(2);
  for (const each of with2) expect(brierScore(...judged(each))).toBeCloseTo(each.brier as number, 6);
});

describe("reliability is scikit-learn's calibration_curve", () => {
  test.each(cases)('case %#', (each) => {
    const [y, p, classes] = judged(each);
    for (const { bins, observed, predicted } of each.curves) {
      const found = reliability(y, p, classes, { bins, positive: classes.length - 1 });
      expect(found).toHaveLength(observed.length);
      for (const [i, bin] of found.entries()) {
        expect(bin.observed).toBeCloseTo(observed[i] as number, 6);
        expect(bin.predicted).toBeCloseTo(predicted[i] as number, 6);
      }
      expect(found.reduce((sum, { rows }) => sum + rows, 0)).toBe(y.length);
    }
  });

  test('of two classes the last is the positive one', () => {
    const p = Matrix.from([
      [0.9, 0.1],
      [0.2, 0.8],
    ]);
    expect(reliability(['a', 'b'], p, ['a', 'b'])).toEqual(reliability(['a', 'b'], p, ['a', 'b'], { positive: 'b' }));
    expect(reliability(['a', 'b'], p, ['a', 'b'], { positive: 'a' }).map(({ observed }) => observed)).toEqual([0, 1]);
  });

  describe('what is refused', () => {
    const p = Matrix.from([[0.2, 0.3, 0.5]]);
    checkMessages([
      [
        () => reliability(['a'], p, ['a', 'b', 'c']),
        'SimdenseError [ARGUMENT]: reliability(positive): expected one of the classes "a", "b", "c", got undefined',
      ],
      [
        () => reliability(['a'], p, ['a', 'b', 'c'], { positive: 'd' }),
        'SimdenseError [ARGUMENT]: reliability(positive): expected one of the classes "a", "b", "c", got "d"',
      ],
      [
        () => reliability(['a'], p, ['a', 'b', 'c'], { bins: 0 }),
        'SimdenseError [ARGUMENT]: reliability(bins): expected a positive integer, got 0',
      ],
      [
        () => reliability([], new Matrix(new Float32Array(0), 2), ['a', 'b']),
        'SimdenseError [DATA]: reliability: there are no rows',
      ],
      [
        () => reliability(['x'], p, ['a', 'b', 'c']),
        'SimdenseError [DATA]: reliability(actual): "x" in row 0 is not among the classes',
      ],
    ]);
  });
});

describe('temperature scaling', () => {
  test.each(cases)("has the least log loss, by SciPy's minimize_scalar: case %#", (each) => {
    const { temperature, apply } = temperatureScaling(...judged(each));
    expect(temperature / each.temperature).toBeCloseTo(1, 3);
    const [, p] = judged(each);
    expect(apply(p).data).toEqual(applyTemperature(p, temperature).data);
    expect(apply(p).argmax()).toEqual(p.argmax());
  });

  test('finds the temperature that made the probabilities', () => {
    const p = Matrix.from(Array.from({ length: 1000 }, (_, i) => [1 - ((i % 10) + 1) / 20, ((i % 10) + 1) / 20]));
    // Of each hundred rows with the probability p, 100 p are of the class.
    const y = Array.from({ length: 1000 }, (_, i) => Number(Math.floor(i / 10) < ((i % 10) + 1) * 5));
    expect(temperatureScaling(y, p, [0, 1]).temperature).toBeCloseTo(1, 3);
    expect(temperatureScaling(y, applyTemperature(p, 1 / 2.5), [0, 1]).temperature).toBeCloseTo(2.5, 2);
  });

  test('of rows that are all right or all wrong stays within 0.05 to 20', () => {
    const p = Matrix.from([
      [0.7, 0.3],
      [0.8, 0.2],
    ]);
    expect(temperatureScaling([0, 0], p, [0, 1]).temperature).toBe(1 / 20);
    expect(temperatureScaling([1, 1], p, [0, 1]).temperature).toBe(20);
    expect(
      temperatureScaling(
        [0, 1],
        Matrix.from([
          [0.5, 0.5],
          [0.5, 0.5],
        ]),
        [0, 1],
      ).temperature,
    ).toBe(1);
  });

  test('is its temperature as JSON', () => {
    const scaling = temperatureScaling(...judged(cases[0] as Case));
    expect(JSON.parse(JSON.stringify(scaling))).toEqual({ temperature: scaling.temperature });
  });

  describe('what is refused', () => {
    const p = Matrix.from([[0.3, 0.7]]);
    const { apply } = temperatureScaling([1], p, [0, 1]);
    checkMessages([
      [() => apply(Matrix.from([[1, 0, 0]])), 'SimdenseError [SHAPE]: apply(probabilities): 3 columns for 2 classes'],
      [
        () => apply([[0.5, 0.5]] as never),
        'SimdenseError [ARGUMENT]: apply(probabilities): expected a Matrix, got an array of 1',
      ],
      [
        () => applyTemperature(p, 0),
        'SimdenseError [ARGUMENT]: applyTemperature(temperature): expected a positive number, got 0',
      ],
      [
        () => applyTemperature(Matrix.from([[2, 0]]), 1),
        'SimdenseError [DATA]: applyTemperature(probabilities): 2 in row 0, column 0, expected 0 to 1',
      ],
      [
        () => temperatureScaling([], new Matrix(new Float32Array(0), 2), [0, 1]),
        'SimdenseError [DATA]: temperatureScaling: there are no rows',
      ],
    ]);
  });
});

describe("chooseThreshold takes a point of scikit-learn's precision_recall_curve", () => {
  const choose = (each: Case, o: Partial<ThresholdOptions>) => {
    const [y, p, classes] = judged(each);
    return chooseThreshold(y, p, { classes, positive: classes.length - 1, ...o } as ThresholdOptions);
  };
  /** The curve's points that have a threshold; scikit-learn 1.2 has all of them. */
  const points = (each: Case) =>
    each.thresholds.map((threshold, i) => ({
      threshold,
      precision: each.precision[i] as number,
      recall: each.recall[i] as number,
    }));
  const near = (a: number, b: number) => a >= b - 1e-8;

  test.each(cases)('case %#', (each) => {
    for (const wanted of [0.2, 0.5, 0.7, 0.9]) {
      const enough = points(each).filter(({ precision }) => near(precision, wanted));
      if (enough.length === 0) {
        const most = Math.max(...points(each).map(({ precision }) => precision));
        expect(() => choose(each, { precision: wanted })).toThrow(`the best is ${Number(most.toPrecision(4))}, at`);
      } else {
        const found = choose(each, { precision: wanted });
        const recall = Math.max(...enough.map((point) => point.recall));
        expect(found.recall).toBeCloseTo(recall, 8);
        const precision = Math.max(...enough.filter((p) => near(p.recall, recall)).map((p) => p.precision));
        expect(found.precision).toBeCloseTo(precision, 8);
        expect(each.thresholds).toContain(found.threshold);
      }
      const found = choose(each, { recall: wanted });
      const reached = points(each).filter(({ recall }) => near(recall, wanted));
      expect(found.precision).toBeCloseTo(Math.max(...reached.map(({ precision }) => precision)), 8);
      expect(found.recall).toBeGreaterThanOrEqual(wanted);
    }
  });

  test.each(cases)('and of the least cost, counted by hand: case %#', (each) => {
    const [y, p, classes] = judged(each);
    const positive = classes.length - 1;
    for (const [falsePositive, falseNegative] of [
      [1, 1],
      [1, 10],
      [5, 1],
      [1, 0],
    ] as const) {
      const costOf = (threshold: number) =>
        y.reduce((sum, label, row) => {
          const called = (p.row(row)[positive] as number) >= threshold;
          return (
            sum + (called && label !== positive ? falsePositive : !called && label === positive ? falseNegative : 0)
          );
        }, 0);
      const found = choose(each, { cost: { falsePositive, falseNegative } });
      expect(found.cost).toBe(Math.min(costOf(2), ...each.thresholds.map(costOf)));
      expect(costOf(found.threshold)).toBe(found.cost);
    }
  });

  test('its counts are those of its threshold', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), fc.float({ min: 0, max: 1, noNaN: true })), { minLength: 1, maxLength: 40 }),
        fc.double({ min: 0.01, max: 1, noNaN: true }),
        (rows, recall) => {
          fc.pre(rows.some(([is]) => is));
          const p = new Matrix(Float32Array.from(rows.flatMap(([, p]) => [1 - p, p])), 2);
          const actual = rows.map(([is]) => Number(is));
          const found = chooseThreshold(actual, p, { classes: [0, 1], recall });
          const called = actual.filter((_, row) => (p.row(row)[1] as number) >= found.threshold);
          expect(found.predictedPositive).toBe(called.length);
          expect(found.truePositive).toBe(called.filter((label) => label === 1).length);
          expect(found.falsePositive + found.truePositive).toBe(found.predictedPositive);
          expect(found.falseNegative + found.truePositive).toBe(actual.filter((label) => label === 1).length);
        },
      ),
    );
  });

  test('above all probabilities where calling no row positive costs least', () => {
    const p = Matrix.from([
      [0, 1],
      [0.1, 0.9],
    ]);
    const found = chooseThreshold(['no', 'yes'], p, {
      classes: ['no', 'yes'],
      cost: { falsePositive: 9, falseNegative: 1 },
    });
    expect(found).toMatchObject({ cost: 1, predictedPositive: 0, recall: 0 });
    expect(found.threshold).toBeGreaterThan(1);
  });

  describe('what is refused', () => {
    const p = Matrix.from([
      [0.2, 0.8],
      [0.4, 0.6],
    ]);
    const refused = (actual: string[], o: object) => () =>
      chooseThreshold(actual, p, { classes: ['no', 'yes'], ...o } as ThresholdOptions);
    const yes = ['no', 'yes'];
    checkMessages([
      [
        refused(yes, {}),
        'SimdenseError [ARGUMENT]: chooseThreshold: expected one of precision, recall and cost, got undefined',
      ],
      [
        refused(yes, { precision: 0.5, recall: 0.5 }),
        'SimdenseError [ARGUMENT]: chooseThreshold: expected one of precision, recall and cost, got "precision and recall"',
      ],
      [
        refused(yes, { precision: 0 }),
        'SimdenseError [ARGUMENT]: chooseThreshold(precision): expected a number above 0 and up to 1, got 0',
      ],
      [
        refused(yes, { recall: 1.5 }),
        'SimdenseError [ARGUMENT]: chooseThreshold(recall): expected a number above 0 and up to 1, got 1.5',
      ],
      [
        refused(yes, { cost: { falsePositive: 1 } }),
        'SimdenseError [ARGUMENT]: chooseThreshold(cost.falseNegative): expected a number from 0 up, got undefined',
      ],
      [
        refused(yes, { precision: 0.9 }),
        'SimdenseError [DATA]: chooseThreshold: no threshold reaches a precision of 0.9; the best is 0.5, at a threshold of 0.6 with a recall of 1',
      ],
      [refused(['no', 'no'], { recall: 0.9 }), 'SimdenseError [DATA]: chooseThreshold: no row is "yes"'],
      [
        refused(yes, { recall: 0.9, positive: 'maybe' }),
        'SimdenseError [ARGUMENT]: chooseThreshold(positive): expected one of the classes "no", "yes", got "maybe"',
      ],
    ]);
  });
});
