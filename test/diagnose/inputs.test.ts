// Inputs that are all far below 1 are reported as the cause; inputs that are mostly zeros are not.
import { describe, expect, test } from 'vitest';
import { batchNormalization, dense, type Layer, layerNormalization } from '../../src/index.js';
import { codes, run } from './case.js';

const relu = dense({ units: 16, activation: 'relu' });
const two = dense({ units: 2, activation: 'softmax' });
const wave = (i: number, c: number) => Math.sin(i * 12.9898 + c * 78.233);
const table = (size: number) => Array.from({ length: 600 }, (_, i) => [0, 1, 2].map((c) => size * wave(i, c)));

async function found(x: readonly (readonly number[])[], layers: readonly Layer[] = [relu, two]) {
  const y = Int32Array.from(x, ([a = 0, b = 0]) => Number(a > b));
  const { findings, told } = await run({ x, y, inputs: x[0]?.length as number, layers, fit: { epochs: 20 } });
  return { findings, all: codes([...findings, ...told]) };
}

describe('inputs that are too small', () => {
  test.each([1e-3, 1e-4, 1e-6])('of size %f: the cause of all else', async (size) => {
    const { findings } = await found(table(size));
    expect([findings[0]?.code, findings[0]?.because]).toEqual(['unscaled-inputs', undefined]);
    expect(findings[0]?.value).toBeGreaterThan(0.9 * size);
    expect(findings[0]?.value).toBeLessThanOrEqual(size * 1.001);
    expect(findings.slice(1).every(({ because }) => because === 'unscaled-inputs')).toBe(true);
  });

  test.each([0.1, 1, 5])('of size %f: no finding about them', async (size) => {
    expect((await found(table(size))).all).not.toContain('unscaled-inputs');
  });

  test.each([batchNormalization(), layerNormalization()])('a normalization scales them: $type', async (first) => {
    expect((await found(table(1e-4), [first, relu, two])).all).not.toContain('unscaled-inputs');
  });

  test('a constant column is found before a layer normalization, which does not keep it constant', async () => {
    const x = table(1).map((row) => [...row, 3]);
    expect((await found(x, [layerNormalization(), relu, two])).all).toContain('constant-columns');
  });

  test('ones among so many zeros that each column is small in the mean', async () => {
    const x = Array.from({ length: 600 }, (_, i) =>
      Array.from({ length: 400 }, (_, c) => Number(c === (i * 37) % 400)),
    );
    expect((await found(x)).all).not.toContain('unscaled-inputs');
  });

  test('zeros alone are no matter of scale', async () => {
    expect((await found(table(0))).all).not.toContain('unscaled-inputs');
  });
});
