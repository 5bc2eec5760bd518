// The no-skill loss equals the least loss that `evaluate` gives for any constant prediction, so findings that depend on it work for every loss.
import { describe, expect, test } from 'vitest';
import { leastLogCosh } from '../../src/diagnose/no-skill.js';
import { TargetColumns } from '../../src/diagnose/targets.js';
import { adam, dense, sequential, sgd } from '../../src/index.js';
import type { LossName } from '../../src/nn/losses.js';
import { codes, run } from './case.js';

let state = 5;
const draw = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 32;
};
const rows = 101;
const x = Array.from({ length: rows }, () => [0]);
/** Numbers with a long tail on one side, so that mean, median and Huber's centre differ. */
const skewed = (outputs: number) =>
  Array.from({ length: rows }, () => Array.from({ length: outputs }, (_, o) => (o + 1) * (draw() ** 4 * 8 - 1)));
const shares = (outputs: number) =>
  Array.from({ length: rows }, () => {
    const one = Math.floor(draw() ** 2 * outputs);
    return Array.from({ length: outputs }, (_, o) => Number(o === one));
  });
const weights = Float32Array.from({ length: rows }, () => (draw() < 0.2 ? 0 : draw() * 3));

const tasks: readonly (readonly [LossName, number, number[][], 'linear' | 'sigmoid' | 'softmax'])[] = [
  ['meanSquaredError', 1, skewed(1), 'linear'],
  ['halfMeanSquaredError', 2, skewed(2), 'linear'],
  ['meanAbsoluteError', 1, skewed(1), 'linear'],
  ['meanAbsoluteError', 2, skewed(2), 'linear'],
  ['huber', 1, skewed(1), 'linear'],
  ['huber', 2, skewed(2), 'linear'],
  ['logCosh', 1, skewed(1), 'linear'],
  ['logCosh', 2, skewed(2), 'linear'],
  ['binaryCrossentropy', 1, shares(2).map(([a = 0]) => [a]), 'sigmoid'],
  ['binaryCrossentropy', 3, shares(3), 'sigmoid'],
  ['categoricalCrossentropy', 3, shares(3), 'softmax'],
];

describe.each(tasks)('%s, %i output(s)', (loss, outputs, y, activation) => {
  test.each([undefined, weights])('weights: %#', async (sampleWeight) => {
    // Inputs of zero: only the biases count, so that a prediction is a constant.
    using model = sequential({ inputs: 1, layers: [dense({ units: outputs, activation })], seed: 1 });
    model.compile({ loss, optimizer: adam({ learningRate: 0.05 }) });
    const columns = new TargetColumns(outputs, loss);
    const given = sampleWeight && { sampleWeight };
    await model.fit(x, y, { batchSize: 25, ...given, callbacks: [{ onBatchEnd: (t) => columns.add(t.model.bound) }] });
    // The least loss of a constant, as training finds it: with ever smaller steps.
    const learningRate = { type: 'exponential', initial: 0.05, decay: 0.998 } as const;
    model.compile({ loss, optimizer: adam({ learningRate }) });
    await model.fit(x, y, { epochs: 4000, batchSize: 'full', ...given });
    const least = model.evaluate(x, y, given)['loss'] as number;
    expect(Math.abs(columns.noSkill() / least - 1)).toBeLessThan(1e-3);
    // No constant is better.
    expect(columns.noSkill()).toBeLessThan(least * (1 + 1e-5));
  });
});

const noise = Array.from({ length: 640 }, () => Array.from({ length: 8 }, () => draw() * 2 - 1));
const unrelated = Float32Array.from({ length: 640 }, () => draw() * 2 - 1);
const bent = Float32Array.from(noise, ([a = 0]) => Math.abs(a) * 2);

describe.each([
  ['meanAbsoluteError', undefined],
  ['huber', undefined],
  ['logCosh', undefined],
  ['meanSquaredError', Float32Array.from({ length: 640 }, (_, i) => 1 + (i % 3))],
] as const)('%s, weights %#', (loss, sampleWeight) => {
  const given = { x: noise, inputs: 8 };
  const fit = { epochs: 40, ...(sampleWeight && { sampleWeight }) };

  test('labels of other rows teach nothing', async () => {
    const { findings } = await run({
      ...given,
      y: unrelated,
      layers: [dense({ units: 2, activation: 'tanh' }), dense({ units: 1 })],
      compile: { loss, optimizer: sgd({ learningRate: 0.01 }) },
      fit,
    });
    expect(findings[0]?.message).toContain('the best constant prediction');
  });

  test('a line through a bend under-fits', async () => {
    const { findings } = await run({
      ...given,
      y: bent,
      layers: [dense({ units: 1 })],
      compile: { loss, optimizer: adam({ learningRate: 0.01 }) },
      fit,
    });
    expect(codes(findings)[0]).toBe('under-fitting');
  });

  test('a bend that is learnt is no finding', async () => {
    const { findings, told } = await run({
      ...given,
      y: bent,
      layers: [dense({ units: 32, activation: 'relu' }), dense({ units: 1 })],
      compile: { loss, optimizer: adam({ learningRate: 0.003 }) },
      fit: { ...fit, epochs: 80 },
    });
    expect([...findings, ...told]).toEqual([]);
  });
});

test('the best constant of logCosh may be far from the median: in the middle between two equal groups', () => {
  const values = Float64Array.from([-100, -100, 100, 100]);
  const weights = new Float64Array(4).fill(1);
  // The median is one of the groups, which leaves 2 errors of 200.
  expect(leastLogCosh({ values, weights })).toBeCloseTo(4 * (100 - Math.LN2), 9);
  expect(leastLogCosh({ values: values.fill(7), weights })).toBe(0);
});
