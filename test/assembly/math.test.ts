// exp, log, … against float64: the largest error in units in the last place (ULP), over a dense sweep of all float32 numbers.
import { describe, expect, test } from 'vitest';
import { testKernels } from '../helpers/kernels.js';
import { erf, sigmoid, softplus } from '../oracle/math.js';

const functions = ['exp', 'log', 'log1p', 'tanh', 'sigmoid', 'softplus', 'erf'] as const;
type Name = (typeof functions)[number];
const oracle: Record<Name, (x: number) => number> = {
  exp: Math.exp,
  log: Math.log,
  log1p: Math.log1p,
  tanh: Math.tanh,
  sigmoid,
  softplus,
  erf,
};
/** The errors stated in the comments of assembly/math.ts. */
const bounds: Record<Name, number> = { exp: 1, log: 1, log1p: 3, tanh: 2, sigmoid: 3, softplus: 4, erf: 2 };
/** The range in which the kernels use the function. */
const domain: Partial<Record<Name, (x: number) => boolean>> = {
  log: (x) => x >= 0,
  log1p: (x) => x >= 0 && x < Infinity,
};

const { memory, allocate, release, mapMath } = testKernels;

function map(name: Name, values: Float32Array): Float32Array {
  const bytes = values.length * 4;
  const x = allocate(2 * bytes);
  const floats = new Float32Array(memory.buffer, x, 2 * values.length);
  floats.set(values);
  mapMath(functions.indexOf(name), values.length, x, x + bytes);
  const results = floats.slice(values.length);
  release(x);
  return results;
}

/** The distance between neighbours of float32 at this number; 2⁻¹⁴⁹ among the subnormal ones. */
function ulp(value: number): number {
  const exponent = Math.max(-126, Math.floor(Math.log2(Math.abs(value))));
  return 2 ** (exponent - 23);
}

const LARGEST = 3.4028234663852886e38;

/** Error in ULP of the exact result; overflow counts from the largest float32 on. */
function error(actual: number, exact: number): number {
  if (Number.isNaN(exact)) return Number.isNaN(actual) ? 0 : Number.POSITIVE_INFINITY;
  if (Math.abs(exact) > LARGEST)
    return actual === Math.sign(exact) * Number.POSITIVE_INFINITY
      ? 0
      : Math.abs(actual) === LARGEST
        ? 1
        : Number.POSITIVE_INFINITY;
  if (exact === 0) return actual === 0 ? 0 : Number.POSITIVE_INFINITY;
  return Math.abs(actual - exact) / ulp(exact);
}

/** Every `stride`-th of all 2³² bit patterns, from a start. */
function sweep(stride: number, start: number): Float32Array {
  const count = Math.floor(2 ** 32 / stride / 4) * 4;
  const bits = new Uint32Array(count);
  for (let i = 0; i < count; i++) bits[i] = start + i * stride;
  return new Float32Array(bits.buffer);
}

describe.each(functions)('%s', (name) => {
  const inDomain = domain[name] ?? (() => true);

  test(`is within ${bounds[name]} ULP over a sweep of 2.1 million numbers`, () => {
    const values = sweep(2039, 1).map((x) => (inDomain(x) ? x : 1));
    const results = map(name, values);
    let worst = { error: 0, x: 0 };
    for (const [i, x] of values.entries()) {
      const e = error(results[i]!, oracle[name](x));
      if (!(e <= worst.error)) worst = { error: e, x };
    }
    expect(worst.error, `at ${worst.x}`).toBeLessThanOrEqual(bounds[name]);
  });

  test('is right for special values', () => {
    const tiny = 2 ** -149;
    const specials = [0, -0, 1, -1, tiny, -tiny, 2 ** -126, LARGEST, -LARGEST, Infinity, -Infinity, Number.NaN];
    const turns = [
      0.5,
      0.625,
      Math.SQRT1_2,
      1,
      Math.SQRT2,
      3.95,
      88.72283905206835,
      89,
      -87.3365447505531,
      -103.97,
      -105,
    ];
    const values = Float32Array.from([...specials, ...turns, 0].map((x) => (inDomain(x) || Number.isNaN(x) ? x : 0)));
    for (const [i, result] of map(name, values).entries()) {
      const x = values[i]!;
      const exact = Math.fround(oracle[name](x));
      if (!Number.isFinite(exact)) expect(result, `${name}(${x})`).toBe(exact);
      else expect(error(result, oracle[name](x)), `${name}(${x}) = ${result}`).toBeLessThanOrEqual(bounds[name]);
    }
  });
});

test('the signs of zero and the domains', () => {
  expect(Array.from(map('log', Float32Array.of(-1, -Infinity, -0, 0)))).toEqual([NaN, NaN, -Infinity, -Infinity]);
  expect(Array.from(map('tanh', Float32Array.of(-0, 0, -20, 20)))).toEqual([-0, 0, -1, 1]);
  expect(Array.from(map('erf', Float32Array.of(-0, 0, -9, 9)))).toEqual([-0, 0, -1, 1]);
  expect(Array.from(map('sigmoid', Float32Array.of(0, -0, -200, 200)))).toEqual([0.5, 0.5, 0, 1]);
});

test('the sweep would notice an error of one more unit', () => {
  expect(error(1 + 2 ** -22, 1)).toBe(2);
});
