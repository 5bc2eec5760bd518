// Which options are recommended for given times.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { optionsCode, recommend, speedupOf } from '../../src/bench/recommendation.js';
import { type Choice, choices, recommended } from '../../src/engine/fastest.js';
import { optionOf, times } from './results.js';

const [plain, relaxed, wide, threads] = [{}, { relaxed: true }, { wide: true }, { threads: 2 }] as const;
const pick = (...list: [Choice, number][]): unknown =>
  recommend(list.map(([choice, share]) => optionOf(choice, share))).fastest?.choice;

describe('recommend', () => {
  test('takes what is 5 % faster, and nothing for less', () => {
    expect(pick([plain, 1], [relaxed, 0.96], [threads, 0.97])).toEqual({});
    expect(pick([plain, 1], [relaxed, 0.94], [threads, 0.97])).toEqual({ relaxed: true });
    expect(pick([plain, 1], [threads, 0.6])).toEqual({ threads: 2 });
  });

  test('prefers fewer options where more gain little, and those that keep the bits', () => {
    const both = { relaxed: true, wide: true } as const;
    expect(pick([plain, 1], [wide, 0.7], [relaxed, 0.68], [both, 0.67])).toEqual({ wide: true });
    expect(pick([plain, 1], [wide, 0.7], [relaxed, 0.6], [both, 0.5])).toEqual(both);
    expect(pick([plain, 1], [relaxed, 0.5], [{ wide: true, threads: 2 }, 0.51])).toEqual({ wide: true, threads: 2 });
  });

  test('tells as well what keeps the bits, where the fastest does not', () => {
    const list = [optionOf(plain, 1), optionOf(relaxed, 0.5), optionOf(threads, 0.8)];
    const { fastest, sameBits } = recommend(list);
    expect(fastest).toEqual({
      choice: { relaxed: true },
      speedup: 2,
      code: 'const engine = await createEngine({ relaxed: true });',
    });
    expect(sameBits?.choice).toEqual({ threads: 2 });
    expect(sameBits?.speedup).toBeCloseTo(1.25, 12);
    expect(recommend([optionOf(plain, 1), optionOf(threads, 0.5)]).sameBits).toBeUndefined();
    expect(recommend([])).toEqual({});
  });

  test('a clock that stands still recommends no option', () => {
    expect(recommended([plain, relaxed, threads].map((choice) => ({ choice, time: 0 }))).choice).toEqual({});
  });

  test('property: within 5 % of the fastest, and 5 % faster than no option or no option', () => {
    const share = fc.double({ min: 0.1, max: 10, noNaN: true });
    fc.assert(
      fc.property(fc.array(share, { minLength: 8, maxLength: 8 }), (shares) => {
        const all: Choice[] = [plain, wide, relaxed, { relaxed: true, wide: true }].flatMap((one) => [
          one,
          { ...one, threads: 2 },
        ]);
        const timed = all.map((choice, i) => ({ choice, time: shares[i] as number }));
        const { choice, time } = recommended(timed);
        expect(time * 0.95).toBeLessThanOrEqual(Math.min(...shares));
        if (choice !== all[0]) expect(time).toBeLessThan(shares[0] as number);
        expect(recommended(timed, { sameBits: true }).choice.relaxed).toBeUndefined();
      }),
    );
  });
});

test('a speed-up is the geometric mean of the ratios', () => {
  const busy = (median: number) => ({ ...times(median), high: median * 2 });
  const ones = { W2: times(1), W3: times(1), 'gemm 512': times(1) };
  const others = { W2: times(1), W3: times(0.5), 'gemm 512': times(0.25) };
  expect(speedupOf(others, ones, {})).toBeCloseTo(2, 12);
  // Other programs double the upper quartile: one thread counts by the lower one.
  const disturbed = { W2: busy(1), W3: busy(0.5), 'gemm 512': busy(0.25) };
  expect(speedupOf(disturbed, ones, { wide: true })).toBeCloseTo(2, 12);
  expect(speedupOf(disturbed, ones, { threads: 2 })).toBeCloseTo(0.98, 12);
});

test('options as code', () => {
  expect(optionsCode({})).toBe('');
  expect(optionsCode({ threads: 4, wide: true, relaxed: true })).toBe('{ relaxed: true, wide: true, threads: 4 }');
});

test('choices: without options first, threads as many as cores, at most 16, none with one core', () => {
  expect(choices(1).every((choice) => choice.threads === undefined)).toBe(true);
  expect(choices(8)[0]).toEqual({});
  expect(new Set(choices(8).map((choice) => choice.threads))).toEqual(new Set([undefined, 8]));
  expect(choices(64).at(-1)?.threads).toBe(16);
  expect(new Set(choices(2).map((choice) => JSON.stringify(choice))).size).toBe(choices(2).length);
});
