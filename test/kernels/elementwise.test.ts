// Elementwise functions against float64: their stated errors over a sweep of all float32 numbers, at any place and length.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { testKernels } from '../helpers/kernels.js';
import { erf, sigmoid, softplus } from '../oracle/math.js';
import { floats, k, placed } from './helpers.js';

const functions = {
  exp: [Math.exp, 1],
  log: [Math.log, 1],
  tanh: [Math.tanh, 2],
  sigmoid: [sigmoid, 3],
  erf: [erf, 2],
  softplus: [softplus, 4],
  sqrt: [Math.sqrt, 0.5],
  abs: [Math.abs, 0],
  negate: [(x: number) => -x, 0],
  square: [(x: number) => x * x, 0.5],
  relu: [(x: number) => (x > 0 ? x : Number.isNaN(x) ? NaN : 0), 0],
} as const;
type Name = keyof typeof functions;

const ulp = (value: number): number => 2 ** (Math.max(-126, Math.floor(Math.log2(Math.abs(value)))) - 23);
const LARGEST = 3.4028234663852886e38;

function error(actual: number, exact: number): number {
  if (Number.isNaN(exact)) return Number.isNaN(actual) ? 0 : Infinity;
  if (Math.abs(exact) > LARGEST) return Math.abs(actual) >= LARGEST ? 0 : Infinity;
  if (exact === 0) return actual === 0 ? 0 : Infinity;
  return Math.abs(actual - exact) / ulp(exact);
}

describe.each(Object.keys(functions) as Name[])('%s', (name) => {
  const [exact, bound] = functions[name];

  test(`is within ${bound} ULP, subnormal results within one more`, () => {
    const bits = Uint32Array.from({ length: 500_003 }, (_, i) => i * 8590 + 7);
    const x = new Float32Array(bits.buffer);
    const y = k[name](x);
    let worst = { error: 0, x: 0 };
    for (const [i, value] of x.entries()) {
      const expected = exact(value);
      const e = error(y[i]!, expected) - (Math.abs(expected) < 2 ** -126 ? 1 : 0);
      if (!(e <= worst.error)) worst = { error: e, x: value };
    }
    k.free(y);
    expect(worst.error, `at ${worst.x}`).toBeLessThanOrEqual(bound);
  });

  test('of any length and place, into another array or itself, gives the same bits', () => {
    fc.assert(
      fc.property(floats(0, 40), fc.nat(2), fc.nat(2), (values, from, to) => {
        using _ = k.scope();
        const expected = Float32Array.from(values, (x) => k[name](Float32Array.of(x))[0]!);
        expect(k[name](placed(values.slice(), from), placed(new Float32Array(values.length), to))).toEqual(expected);
        const itself = placed(values.slice(), from);
        expect(k[name](itself, itself)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  });
});

test.each([
  ['exp', 0],
  ['tanh', 3],
  ['sigmoid', 4],
  ['softplus', 5],
  ['erf', 6],
] as const)('%s has the bits of the kernels of training, whose constants are literal', (name, number) => {
  const { memory, allocate, release, mapMath } = testKernels;
  const bits = Uint32Array.from({ length: 100_000 }, (_, i) => i * 42_949 + 3);
  const x = new Float32Array(bits.buffer);
  const at = allocate(2 * x.byteLength);
  new Float32Array(memory.buffer, at, x.length).set(x);
  mapMath(number, x.length, at, at + x.byteLength);
  const expected = new Float32Array(memory.buffer, at + x.byteLength, x.length).slice();
  release(at);
  const y = k[name](x);
  // All NaN are one.
  expect(y.every((value, i) => Object.is(value, expected[i]))).toBe(true);
  k.free(y);
});

const two = {
  add: (x: number, y: number) => x + y,
  subtract: (x: number, y: number) => x - y,
  multiply: (x: number, y: number) => x * y,
  divide: (x: number, y: number) => x / y,
  minimum: (x: number, y: number) => Math.min(x, y),
  maximum: (x: number, y: number) => Math.max(x, y),
} as const;

test.each(Object.keys(two) as (keyof typeof two)[])('%s of arrays, of a row for each row, and of a number', (name) => {
  const exact = two[name];
  fc.assert(
    fc.property(floats(0, 60), floats(1, 9), fc.nat(2), fc.nat(2), (all, row, from, to) => {
      using _ = k.scope();
      const x = all.subarray(0, all.length - (all.length % row.length));
      const out = () => placed(new Float32Array(x.length), to);
      const reversed = x.slice().reverse();
      const round = Math.fround;
      expect(k[name](placed(x, from), placed(reversed, to), out())).toEqual(
        x.map((v, i) => round(exact(v, reversed[i]!))),
      );
      expect(k[name](placed(x, from), row, out())).toEqual(x.map((v, i) => round(exact(v, row[i % row.length]!))));
      expect(k[name](placed(x, from), row[0]!, out())).toEqual(x.map((v) => round(exact(v, row[0]!))));
    }),
    { numRuns: 60 },
  );
});

describe('the derivatives are those of difference quotients', () => {
  const saved = {
    sigmoid: 'y',
    tanh: 'y',
    relu: 'y',
    leakyRelu: 'y',
    elu: 'y',
    softplus: 'x',
    silu: 'x',
    gelu: 'x',
    mish: 'x',
  } as const;
  test.each(Object.keys(saved) as (keyof typeof saved)[])('%s', (name) => {
    const x = Float32Array.from({ length: 61 }, (_, i) => (i - 30) / 7 + 0.01);
    const h = 2 ** -7;
    const [above, below] = [k[name](x.map((v) => v + h)), k[name](x.map((v) => v - h))];
    const slopes = k.activationGradient(name, saved[name] === 'x' ? x : k[name](x), new Float32Array(61).fill(2));
    for (const [i, value] of x.entries())
      if (Math.abs(value) > 2 * h) expect(slopes[i], `at ${value}`).toBeCloseTo((above[i]! - below[i]!) / h, 3);
  });
});

test('affine, and alphas', () => {
  expect(k.affine(Float32Array.of(1, 2, 3), 2, -1)).toEqual(Float32Array.of(1, 3, 5));
  expect(k.leakyRelu(Float32Array.of(-2, 2), undefined, 0.5)).toEqual(Float32Array.of(-1, 2));
  expect(k.elu(Float32Array.of(-50, 2), undefined, 3)).toEqual(Float32Array.of(-3, 2));
});

test('log1p of infinity, zeros, NaN and huge numbers', () => {
  const x = Float32Array.of(Infinity, -0, 0, NaN, 3e38, 1, -Infinity, -2);
  const y = k.log1p(x);
  expect(Array.from(y.subarray(0, 4))).toEqual([Infinity, -0, 0, NaN]);
  expect(y[4]).toBeCloseTo(Math.log(3e38), 5);
  expect(y[5]).toBeCloseTo(Math.LN2, 6);
  expect(Array.from(y.subarray(6))).toEqual([NaN, NaN]);
});

test('log1p is within 3 ULP from 0 up', () => {
  const x = Float32Array.from({ length: 20_000 }, (_, i) => 1e-30 * 1.0075 ** i).filter((value) => value < 3e38);
  const y = k.log1p(x);
  expect(Math.max(...x.map((value, i) => error(y[i]!, Math.log1p(value))))).toBeLessThanOrEqual(3);
});

test('a negative slope, by whose outputs no derivative can be told, is refused', () => {
  const x = Float32Array.of(-1, 2);
  const refused = expect.objectContaining({ code: 'ARGUMENT' });
  expect(() => k.leakyRelu(x, undefined, -0.5)).toThrow(refused);
  expect(() => k.elu(x, undefined, -2)).toThrow(refused);
  for (const name of ['leakyRelu', 'elu'] as const)
    expect(() => k.activationGradient(name, x, x, undefined, -0.5)).toThrow(refused);
  expect([...k.leakyRelu(x, undefined, 0)]).toEqual([-0, 2]);
});

describe('silu, gelu and mish', () => {
  const exact = {
    silu: (x: number) => x * sigmoid(x),
    gelu: (x: number) => (x / 2) * (1 + erf(x * Math.SQRT1_2)),
    mish: (x: number) => x * Math.tanh(softplus(x)),
  } as const;
  const bounds = { silu: [-87, 4], gelu: [-1, 3], mish: [-87, 4] } as const;
  test.each(Object.keys(exact) as (keyof typeof exact)[])('%s has the stated error', (name) => {
    const [from, most] = bounds[name];
    const x = Float32Array.from({ length: 200_000 }, (_, i) => -110 + i / 1000);
    const y = k[name](x);
    let [worst, far] = [0, 0];
    for (const [i, value] of x.entries()) {
      if (value >= from) worst = Math.max(worst, error(y[i]!, exact[name](value)));
      else far = Math.max(far, Math.abs(y[i]! - exact[name](value)));
    }
    expect(worst).toBeLessThanOrEqual(most);
    expect(far).toBeLessThanOrEqual(name === 'gelu' ? 1e-7 : 1e-42);
    expect(k[name](Float32Array.of(-Infinity, Infinity))).toEqual(Float32Array.of(NaN, Infinity));
    const slopes = k.activationGradient(name, Float32Array.of(-Infinity, Infinity), Float32Array.of(1, 1));
    expect(slopes).toEqual(Float32Array.of(NaN, NaN));
  });
});

test('wrong types and lengths are refused', () => {
  const coded = (code: string) => expect.objectContaining({ code });
  expect(() => k.exp([1, 2] as never)).toThrow(coded('ARGUMENT'));
  expect(() => k.exp(new Float64Array(2) as never)).toThrow(coded('ARGUMENT'));
  expect(() => k.exp(new Float32Array(2), new Float32Array(3))).toThrow(coded('SHAPE'));
  expect(() => k.add(new Float32Array(4), new Float32Array(3))).toThrow(coded('SHAPE'));
  expect(() => k.add(new Float32Array(4), new Float32Array(0))).toThrow(coded('SHAPE'));
  expect(() => k.activationGradient('swish' as never, new Float32Array(1), new Float32Array(1))).toThrow(
    coded('ARGUMENT'),
  );
  const gone = new Float32Array(4);
  structuredClone(gone.buffer, { transfer: [gone.buffer] });
  expect(() => k.exp(gone)).toThrow(coded('ARGUMENT'));
});
