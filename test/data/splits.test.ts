// Properties of the splits.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { atOnce } from '../../src/base/pause.js';
import { bootstrap, holdOut, kFold, type Split } from '../../src/data/index.js';
import { setAside, slicesOf } from '../../src/data/splits.js';

const counts = (rows: Iterable<number>, classes: ArrayLike<number>): Map<number, number> => {
  const found = new Map<number, number>();
  for (const row of rows) found.set(classes[row]!, (found.get(classes[row]!) ?? 0) + 1);
  return found;
};

test('the two parts are every row once, in the asked shares, and the seed decides', () => {
  const rows = fc.integer({ min: 2, max: 300 });
  const share = fc.double({ min: 0.01, max: 0.99, noNaN: true });
  fc.assert(
    fc.property(rows, share, fc.nat(), (n, testSize, seed) => {
      const [split] = holdOut(n, { testSize, seed });
      const { train, test } = split!;
      expect([...train, ...test].sort((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
      expect(test.length).toBe(Math.min(n - 1, Math.max(1, Math.round(n * testSize))));
      expect([...holdOut(n, { testSize, seed })]).toEqual([split]);
    }),
  );
});

test('stratified, each class keeps its share within one row', () => {
  const labels = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 4, maxLength: 300 });
  fc.assert(
    fc.property(labels, fc.double({ min: 0.1, max: 0.9, noNaN: true }), (stratify, testSize) => {
      const [split] = holdOut(stratify.length, { testSize, stratify });
      const { train, test } = split!;
      expect(train.length + test.length).toBe(stratify.length);
      const share = test.length / stratify.length;
      const all = counts(stratify.keys(), stratify);
      const held = counts(test, stratify);
      for (const [label, count] of all) {
        expect(Math.abs((held.get(label) ?? 0) - count * share)).toBeLessThan(1 + 1e-9);
      }
    }),
  );
});

test('repeats draw different splits, and an iterable may be run again', () => {
  const splits = holdOut(50, { repeats: 3, seed: 8 });
  const [a, b, c] = [...splits];
  expect(a).not.toEqual(b);
  expect(b).not.toEqual(c);
  expect([...splits]).toEqual([a, b, c]);
});

test('a known split: the same in every runtime and version', () => {
  const [split] = holdOut(10, { seed: 42 });
  expect({ train: Array.from(split!.train), test: Array.from(split!.test) }).toMatchInlineSnapshot(`
    {
      "test": [
        3,
        6,
        5,
      ],
      "train": [
        1,
        4,
        2,
        7,
        8,
        9,
        0,
      ],
    }
  `);
});

const all = (n: number) => Array.from({ length: n }, (_, i) => i);
const sorted = (rows: Iterable<number>) => [...rows].sort((a, b) => a - b);
/** A number of rows, and a number of folds that they can be divided into. */
const dealt = fc
  .integer({ min: 2, max: 200 })
  .chain((rows) => fc.tuple(fc.constant(rows), fc.integer({ min: 2, max: Math.min(rows, 20) })));

describe('kFold', () => {
  test('each row is tested once a repeat, by the others; folds differ by one row at most', () => {
    fc.assert(
      fc.property(
        dealt,
        fc.boolean(),
        fc.integer({ min: 1, max: 3 }),
        fc.nat(),
        ([rows, folds], shuffle, repeats, seed) => {
          const splits = [...kFold(rows, { folds, shuffle, repeats, seed })];
          expect(splits.length).toBe(folds * repeats);
          for (let r = 0; r < repeats; r++) {
            const own = splits.slice(r * folds, (r + 1) * folds);
            expect(sorted(own.flatMap(({ test }) => [...test]))).toEqual(all(rows));
            const sizes = own.map(({ test }) => test.length);
            expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          }
          for (const { train, test } of splits) expect(sorted([...train, ...test])).toEqual(all(rows));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test('stratified, each fold has its share of each class within one row', () => {
    const classes = fc
      .array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 5, max: 60 })), { minLength: 1, maxLength: 5 })
      .map((groups) => groups.flatMap(([label, count]) => new Array<number>(count).fill(label)));
    fc.assert(
      fc.property(classes, fc.integer({ min: 2, max: 5 }), fc.nat(), fc.boolean(), (stratify, folds, seed, shuffle) => {
        const whole = counts(stratify.keys(), stratify);
        const splits = [...kFold(stratify.length, { folds, stratify, seed, shuffle })];
        expect(sorted(splits.flatMap(({ test }) => [...test]))).toEqual(all(stratify.length));
        for (const { test } of splits) {
          const held = counts(test, stratify);
          for (const [label, count] of whole) expect(Math.abs((held.get(label) ?? 0) - count / folds)).toBeLessThan(1);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('ten folds where nothing is said; unshuffled ones are runs of rows', () => {
    expect([...kFold(30)].length).toBe(10);
    const [first, second] = [...kFold(6, { folds: 3, shuffle: false })];
    expect([...first!.test, ...second!.test]).toEqual([0, 1, 2, 3]);
    expect([...second!.train]).toEqual([0, 1, 4, 5]);
  });

  test.each([
    [() => kFold(5), 'kFold(folds): 5 rows cannot be split into 10 folds; use at most 5'],
    [() => kFold(5, { folds: 1 }), 'kFold(folds): expected 2 or more, got 1'],
    [
      () => kFold(6, { folds: 3, stratify: [0, 0, 0, 0, 7, 7] }),
      'kFold(stratify): class 7 has 2 rows, fewer than the 3 folds; use fewer folds, or leave stratify out',
    ],
    [() => kFold(6, { folds: 3, stratify: [0] }), 'kFold(stratify) has 1 classes for 6 rows'],
    [() => bootstrap(1), 'bootstrap(rows): needs 2 rows or more, got 1'],
    [() => bootstrap(5, { repeats: 0 }), 'bootstrap(repeats): expected a positive integer, got 0'],
  ])('bad input %#', (call, message) => {
    expect(call).toThrow(message);
  });
});

describe('bootstrap', () => {
  test('as many rows as there are, tested with those that were not drawn', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 100 }), fc.nat(), (rows, seed) => {
        const splits = [...bootstrap(rows, { repeats: 3, seed })];
        for (const { train, test } of splits) {
          expect(train.length).toBe(rows);
          expect(test.length).toBeGreaterThan(0);
          const drawn = new Set(train);
          expect(sorted([...drawn, ...test])).toEqual(all(rows));
        }
        expect([...bootstrap(rows, { repeats: 3, seed })]).toEqual(splits);
      }),
      { numRuns: 1000 },
    );
  });

  test('leaves 1/e of the rows out on average', () => {
    const shares = [...bootstrap(200, { repeats: 500 })].map(({ test }) => test.length / 200);
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    // (1 − 1/200)^200 = 0.367; the mean of 500 samples strays by 0.0012.
    expect(Math.abs(mean - 0.367)).toBeLessThan(0.005);
  });
});

describe('in slices, between which the event loop may turn', () => {
  const rows = 140_000;
  const textOf = ({ train, test }: Split): string => `${train} ${test}`;
  const stratify = Int32Array.from({ length: rows }, (_, i) => i % 3);
  for (const [name, splits] of [
    ['kFold', kFold(rows, { folds: 3 })],
    ['holdOut', holdOut(rows, { repeats: 2, stratify })],
    ['bootstrap', bootstrap(rows, { repeats: 2 })],
  ] as const) {
    test(`${name} draws the same splits, and pauses before the first`, () => {
      const slices = [...(slicesOf(splits) ?? [])];
      expect(slices.findIndex(Boolean)).toBeGreaterThanOrEqual(2);
      const texts = [...splits].map(textOf);
      expect(slices.flatMap((split) => (split ? textOf(split) : []))).toEqual(texts);
    });
  }

  test('what is set aside for validation is what holdOut holds out, in the order of the set', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 300 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        fc.nat(),
        fc.boolean(),
        (count, testSize, seed, byClass) => {
          const classes = byClass ? stratify.subarray(0, count) : undefined;
          const [split] = holdOut(count, { testSize, seed, ...(classes && { stratify: classes }) });
          const { train, test } = atOnce(setAside(count, testSize, seed, classes));
          expect([train, test]).toEqual([split?.train.slice().sort(), split?.test.slice().sort()]);
        },
      ),
    );
  });
});
