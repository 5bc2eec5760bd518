// Philox4x32-10 in wasm and in JavaScript against Random123's published known answers, and the distributions drawn with it.
import { afterEach, describe, expect, test } from 'vitest';
import { atOnce } from '../../src/base/pause.js';
import { philox, range, shuffled, words } from '../../src/data/random.js';
import { testKernels } from '../helpers/kernels.js';
import { calls, engine, guarded, read, releaseAll } from '../helpers/memory.js';

afterEach(releaseAll);

/** kat_vectors of Random123 1.14 (D. E. Shaw Research): counter, key, output. */
const known = [
  { counter: [0, 0, 0, 0], key: [0, 0], output: [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8] },
  {
    counter: [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
    key: [0xffffffff, 0xffffffff],
    output: [0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd],
  },
  {
    counter: [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
    key: [0xa4093822, 0x299f31d0],
    output: [0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1],
  },
] as const;

describe.each(known)('known answer for counter $counter', ({ counter, key, output }) => {
  test('in wasm', () => {
    const { memory, allocate, philox: draw } = testKernels;
    const block = allocate(64);
    const [index, step, purpose, last] = counter;
    draw(key[0], key[1], index, step, purpose, last, block);
    expect(Array.from(new Uint32Array(memory.buffer, block, 4))).toEqual([...output]);
  });

  test('in JavaScript', () => {
    const block = Uint32Array.from(counter);
    philox(block, key[0], key[1]);
    expect(Array.from(block)).toEqual([...output]);
  });
});

test('both draw the same words for the same seed, purpose and step', () => {
  const next = words(2 ** 40 + 12345, 7, 3);
  const drawn = Array.from({ length: 40 }, next);
  const out = guarded(192);
  calls.fillUniform(40, out, 12345, 256, 7, 3, 0, 0, 1);
  const expected = drawn.map((word) => Math.fround((2 * (word >>> 8) + 1) / 2 ** 24 - 1));
  expect(Array.from(read(out, 40))).toEqual(expected);
});

test('the shuffle of the kernels is that of JavaScript, and a permutation', () => {
  for (const count of [1, 2, 5, 100, 1001]) {
    const block = guarded(count * 4);
    engine.words.set(range(count), block / 4);
    calls.shuffle(count, block, 77, 3, 16, 5);
    const drawn = engine.words.slice(block / 4, block / 4 + count);
    const expected = range(count);
    atOnce(shuffled(expected, words(77 + 3 * 2 ** 32, 16, 5)));
    expect(drawn).toEqual(expected);
    expect(drawn.sort()).toEqual(range(count));
  }
});

const COUNT = 400_000;
function moments(values: Float32Array): { mean: number; deviation: number; skew: number; kurtosis: number } {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const power = (n: number): number => values.reduce((sum, x) => sum + (x - mean) ** n, 0) / values.length;
  const deviation = Math.sqrt(power(2));
  return { mean, deviation, skew: power(3) / deviation ** 3, kurtosis: power(4) / deviation ** 4 };
}

test('uniform numbers: mean, deviation and bounds', () => {
  const out = guarded(COUNT * 4);
  calls.fillUniform(COUNT, out, 1, 0, 1, 0, 0, 2, 3);
  const values = read(out, COUNT);
  const { mean, deviation } = moments(values);
  // Five standard errors.
  expect(Math.abs(mean - 2)).toBeLessThan((5 * 3) / Math.sqrt(3 * COUNT));
  expect(Math.abs(deviation - Math.sqrt(3))).toBeLessThan(0.01);
  expect(values.every((x) => x > -1 && x < 5)).toBe(true);
  expect(Math.max(...values.slice(0, 100_000))).toBeGreaterThan(4.999);
});

test('normal numbers: four moments, and the shares within 1, 2 and 3 deviations', () => {
  const out = guarded(COUNT * 4);
  calls.fillNormal(COUNT, out, 1, 0, 1, 0, 0, -1, 2);
  const values = read(out, COUNT);
  const { mean, deviation, skew, kurtosis } = moments(values);
  expect(Math.abs(mean + 1)).toBeLessThan((5 * 2) / Math.sqrt(COUNT));
  expect(Math.abs(deviation - 2)).toBeLessThan(0.02);
  expect(Math.abs(skew)).toBeLessThan(0.02);
  expect(Math.abs(kurtosis - 3)).toBeLessThan(0.04);
  for (const [width, share] of [
    [1, 0.682689],
    [2, 0.9545],
    [3, 0.9973],
  ] as const) {
    const within = values.reduce((count, x) => count + (Math.abs(x + 1) < 2 * width ? 1 : 0), 0);
    expect(Math.abs(within / COUNT - share)).toBeLessThan(0.004);
  }
});

test('another seed, purpose or step draws other numbers', () => {
  const first = ([seed, purpose, step]: readonly number[]): string => {
    const out = guarded(64);
    calls.fillUniform(16, out, seed!, 0, purpose!, step!, 0, 0, 1);
    return read(out, 16).join();
  };
  expect(
    new Set(
      [
        [1, 1, 0],
        [2, 1, 0],
        [1, 2, 0],
        [1, 1, 1],
      ].map(first),
    ).size,
  ).toBe(4);
});
