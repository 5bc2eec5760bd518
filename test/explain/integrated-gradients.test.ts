// Integrated gradients: beside numeric gradients of the oracle, and by what is known of them.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Matrix } from '../../src/data/index.js';
import { type FittedPipeline, fitPipeline } from '../../src/evaluate/index.js';
import { integratedGradients } from '../../src/explain/index.js';
import { differentiable } from '../../src/explain/input-gradients.js';
import {
  type Activation,
  activation,
  batchNormalization,
  dense,
  dropout,
  gaussianNoise,
  kinds,
  type Layer,
  layerNormalization,
  prelu,
  rescaling,
  sequential,
} from '../../src/index.js';
import type { Encoder } from '../../src/table/encoders/encoder.js';
import { readTable } from '../../src/table/index.js';
import { distance, matrix, numbers } from '../helpers/numbers.js';
import { rows } from '../helpers/penguins.js';
import { activate } from '../oracle/activation.js';
import { cases, labelModel, modelOf } from './cases.js';

const penguins = await readTable(rows);
const ensemble = await fitPipeline('tabular', penguins, 'species', { members: 2, seed: 1 });
const sumOf = ({ contributions }: { contributions: readonly { contribution: number }[] }): number =>
  contributions.reduce((sum, { contribution }) => sum + contribution, 0);

describe('gradients by the inputs', () => {
  const activations: Activation[] = [
    ...kinds.activations,
    { type: 'elu', alpha: 0.3 },
    { type: 'leakyRelu', slope: 0.2 },
  ];

  test.each(activations)('%o, beside the oracle and its central differences', (one) => {
    using model = sequential({ inputs: 3, layers: [activation(one)] });
    const network = differentiable(model);
    const next = numbers(5);
    for (const scale of [0.1, 1, 5, 30]) {
      const x = matrix(1, 3, next)[0]!.map((value) => value * scale);
      const { y, pull } = network(Float64Array.from(x));
      expect(distance(y, activate(one, x))).toBeLessThan(1e-12);
      const step = 1e-5;
      for (const output of [0, 1, 2]) {
        const at = (i: number, by: number) =>
          activate(
            one,
            x.map((v, c) => (c === i ? v + by : v)),
          )[output]!;
        const numeric = x.map((_, i) => (at(i, step) - at(i, -step)) / (2 * step));
        const gradient = new Float64Array(3);
        gradient[output] = 1;
        expect(distance(pull(gradient), numeric)).toBeLessThan(1e-8);
      }
    }
  });

  const stacks: Record<string, Layer[]> = {
    normalised: [
      dense({ units: 6, activation: 'silu' }),
      batchNormalization(),
      dropout({ rate: 0.5 }),
      dense({ units: 2 }),
    ],
    layers: [
      rescaling({ scale: 0.5, offset: 1 }),
      dense({ units: 5 }),
      layerNormalization(),
      activation('tanh'),
      dense({ units: 2 }),
    ],
    slopes: [dense({ units: 5 }), prelu(), dense({ units: 4, activation: 'softsign' }), prelu(), dense({ units: 2 })],
    logarithms: [dense({ units: 5, activation: 'tanhShrink' }), dense({ units: 2, activation: 'logSoftmax' })],
    noisy: [
      gaussianNoise({ stddev: 1 }),
      dense({ units: 5, useBias: false, activation: 'gelu' }),
      dense({ units: 2, activation: 'softmax' }),
    ],
  };

  test.each(Object.keys(stacks))('a stack of layers: %s', (name) => {
    const layers = stacks[name] as Layer[];
    using model = sequential({ inputs: 4, layers, seed: 2 });
    const next = numbers(3);
    // Weights and moving averages of their own, other than those of a new network.
    const weights = new Map(model.getWeights());
    for (const [path, { shape, data }] of weights)
      weights.set(path, { shape, data: data.map((value) => Math.abs(value + 0.3 * next()) + 0.1) });
    model.setWeights(weights);
    const network = differentiable(model);
    for (const x of matrix(20, 4, next)) {
      const { y, pull } = network(Float64Array.from(x));
      expect(distance(y, model.predict([x]).data)).toBeLessThan(1e-5);
      const gradient = pull(Float64Array.of(1, 0));
      const step = 1e-5;
      const at = (i: number, by: number) => network(Float64Array.from(x, (v, c) => (c === i ? v + by : v))).y[0]!;
      const numeric = x.map((_, i) => (at(i, step) - at(i, -step)) / (2 * step));
      expect(distance(gradient, numeric)).toBeLessThan(1e-8);
    }
  });
});

test('a linear model: weight times distance, exactly (Sundararajan et al. 2017, linearity)', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.double({ min: -9, max: 9, noNaN: true }), { minLength: 6, maxLength: 6 }),
      async (drawn) => {
        using fitted = await fitPipeline(
          { layers: [], scale: 'none', targetScale: 'none', fit: { epochs: 1 } },
          [
            [0, 1, 2],
            [1, 1, 0],
          ],
          [0.5, 1.25],
        );
        const weights = [1.5, -2, 0.25];
        fitted.model.setWeights(
          new Map([
            ['dense/kernel', { shape: [3, 1], data: Float32Array.from(weights) }],
            ['dense/bias', { shape: [1], data: Float32Array.of(3) }],
          ]),
        );
        const [row, baseline] = [drawn.slice(0, 3), drawn.slice(3)].map((list) => list.map(Math.fround));
        const { contributions } = await integratedGradients(fitted, row!, { baseline: baseline! });
        for (const { column, contribution } of contributions) {
          const c = Number(column);
          expect(contribution).toBeCloseTo(weights[c]! * (row![c]! - baseline![c]!), 10);
        }
      },
    ),
    { numRuns: 30 },
  );
});

describe('contributions add up to the difference of the predictions', () => {
  const check = async (
    model: FittedPipeline | typeof ensemble,
    row: object,
    baseline: object | undefined,
    output?: never,
  ) => {
    const found = await integratedGradients(model, row, {
      ...(baseline && { baseline }),
      ...(output !== undefined && { output }),
    });
    expect(Math.abs(sumOf(found) - (found.prediction - found.baseline))).toBeLessThan(1e-3);
    return found;
  };

  test('of an ensemble, as its own predictions have it, for each class', async () => {
    const classes = ensemble.classes as readonly string[];
    for (const row of [0, 13, 34, 51]) {
      const p = ensemble.predictProbabilities([rows[row]!, rows[row + 1]!]).toArrays();
      for (const [c, output] of classes.entries()) {
        const found = await check(ensemble, rows[row]!, rows[row + 1]!, output as never);
        expect(found.prediction).toBeCloseTo(p[0]![c]!, 5);
        expect(found.baseline).toBeCloseTo(p[1]![c]!, 5);
      }
      const top = await integratedGradients(ensemble, rows[row]!);
      expect(top.output).toBe(ensemble.predict([rows[row]!])[0]);
      expect(top.contributions.map(({ column }) => column).sort()).toEqual([
        'bill',
        'island',
        'male',
        'mass',
        'ringed',
      ]);
    }
  });

  test('compared with the average row of a table', async () => {
    const found = await check(ensemble, rows[3]!, penguins);
    expect(found.baseline).toBeGreaterThan(0);
    // One row as a table is the row.
    expect(await integratedGradients(ensemble, penguins.select([3]), { baseline: penguins })).toEqual(found);
  });

  test('of ReLU, whose gradient jumps', async () => {
    const layers = [dense({ units: 64, activation: 'relu' }), dense({ units: 64, activation: 'relu' })];
    using fitted = await fitPipeline({ layers, fit: { epochs: 20 } }, penguins.known('mass'), 'mass', { seed: 4 });
    const { scale } = fitted.targetScaler.toJSON();
    for (const row of rows.slice(0, 10)) {
      const found = await integratedGradients(fitted, row, { baseline: penguins });
      expect(Math.abs(sumOf(found) - (found.prediction - found.baseline))).toBeLessThan(1e-3 * scale[0]!);
      expect(found.prediction).toBeCloseTo(fitted.predict([row])[0] as number, 1);
      expect(found.output).toBe('mass');
    }
  });

  test('of one sigmoid, where the first class has what the second lacks', async () => {
    const table = await readTable(
      rows.map(({ species, ...row }) => ({ ...row, big: species === 'Gentoo' ? 'yes' : 'no' })),
    );
    using fitted = await fitPipeline(
      { layers: [dense({ units: 4, activation: 'tanh' })], fit: { epochs: 20 } },
      table,
      'big',
    );
    expect(fitted.model.outputs).toBe(1);
    const [no, yes] = await Promise.all(
      ['no', 'yes'].map((output) => integratedGradients(fitted, rows[0]!, { output })),
    );
    expect(yes!.prediction).toBeCloseTo(1 - no!.prediction, 12);
    for (const { column, contribution } of yes!.contributions)
      expect(contribution).toBeCloseTo(-no!.contributions.find((each) => each.column === column)!.contribution, 12);
  });
});

test('by default a row is compared with the middle of the training rows: medians, the more frequent boolean, an even mix of the categories', async () => {
  // 1 to 40 and an outlier: the median is 21. The median day is the third of January.
  const cells = Array.from({ length: 41 }, (_, i) => ({
    size: i === 40 ? 1e6 : i + 1,
    day: new Date(Date.UTC(2024, 0, 1 + (i % 5))),
    red: i % 3 > 0,
    port: i % 2 === 0 ? 'C' : 'S',
    y: i + (i % 2),
  }));
  for (const number of [{}, { pieces: 4 }]) {
    using fitted = await fitPipeline(
      {
        layers: [dense({ units: 4, activation: 'tanh' })],
        fit: { epochs: 20 },
        encode: { number, date: { cycles: [] } },
        targetScale: 'none',
      },
      await readTable(cells),
      'y',
    );
    const middle = { size: 21, day: new Date(Date.UTC(2024, 0, 3)), red: true };
    const ports = ['C', 'S'].map((port) => ({ ...middle, port }));
    const both = (fitted.encoder as Encoder).encodeRecords(ports, 'test');
    const mixed = Float32Array.from(both.row(0), (value, i) => (value + (both.row(1)[i] as number)) / 2);
    const found = await integratedGradients(fitted, cells[0]!);
    expect(found.baseline).toBeCloseTo(fitted.model.predict(new Matrix(mixed, mixed.length)).data[0] as number, 4);
    const sum = found.contributions.reduce((total, { contribution }) => total + contribution, 0);
    expect(sum).toBeCloseTo(found.prediction - found.baseline, 3);
    // An even mix is as far from one port as from the other.
    const [one, two] = await Promise.all(ports.map((row) => integratedGradients(fitted, row)));
    const of = (attribution: typeof found) =>
      attribution.contributions.find(({ column }) => column === 'port')?.contribution as number;
    expect(Math.sign(of(one as typeof found))).toBe(-Math.sign(of(two as typeof found)));
  }
});

test('a column that is as in the baseline contributes nothing', async () => {
  const same = { ...rows[0]!, mass: rows[50]!.mass, bill: rows[50]!.bill };
  const { contributions } = await integratedGradients(ensemble, rows[0]!, { baseline: same });
  for (const { column, contribution } of contributions)
    if (column !== 'mass' && column !== 'bill') expect(contribution).toBe(0);
});

test('beside a sum of very many steps of a numpy network in the same way', async () => {
  const each = cases[0]!;
  using model = await modelOf(each);
  const [kernel, bias, last] = each.weights;
  const [x, base] = [each.x[0]!, each.x[1]!];
  const sums = x.map(() => 0);
  const steps = 20_000;
  for (let s = 0; s < steps; s++) {
    const point = x.map((v, c) => base[c]! + ((s + 0.5) / steps) * (v - base[c]!));
    const hidden = bias.map((b, j) => Math.tanh(point.reduce((sum, v, i) => sum + v * kernel[i]![j]!, b)));
    for (const i of sums.keys())
      sums[i]! += hidden.reduce((sum, h, j) => sum + kernel[i]![j]! * (1 - h * h) * last[j]![0]!, 0) / steps;
  }
  const { contributions } = await integratedGradients(model, x, { baseline: base });
  for (const { column, contribution } of contributions) {
    const c = Number(column);
    expect(contribution).toBeCloseTo(sums[c]! * (x[c]! - base[c]!), 3);
  }
});

test('what is refused', async () => {
  const refused = (row: unknown, o: object, message: string, model: unknown = ensemble) =>
    expect(integratedGradients(model as typeof ensemble, row as object, o)).rejects.toThrow(message);
  await refused(
    rows[0],
    { output: 'Adelle' },
    'integratedGradients(output): expected one of "Adelie", "Chinstrap", "Gentoo", got "Adelle"; did you mean Adelie?',
  );
  await refused(
    rows[0],
    { steps: 5, baseline: rows[1] },
    'integratedGradients(steps): with 5 steps the contributions miss the difference by up to',
  );
  await refused(penguins, {}, 'integratedGradients(row): expected one row, got 90');
  await refused(7, {}, 'integratedGradients(row): expected an object, a Table of one row, or numbers, got 7');
  await refused({}, {}, 'integratedGradients: row 0 has no');
  await refused(rows[0], { base: 1 }, 'unknown option "base"');
  const { model } = await labelModel();
  await refused([0, 1, 2], {}, 'expected one of 0, 1, since a row may have several labels', model);
  model.dispose();
  await expect(integratedGradients(model, [0, 1, 2], { output: 1 })).rejects.toThrow('disposed');
});
