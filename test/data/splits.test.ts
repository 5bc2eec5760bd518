// Properties of the splits.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { atOnce } from '../../src/base/pause.js';
import { bootstrap, holdOut, kFold, type Split } from '../../src/data/index.js';
import { setAside } from '../../src/data/set-aside.js';
import { slicesOf } from '../../src/data/splits.js';

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
    [() => kFold(6, { folds: 3, stratify: [0] }), 'kFold(stratify) has 1 labels for 6 rows'],
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

describe('groups, which are never divided', () => {
  const cases = fc.tuple(
    fc.integer({ min: 2, max: 60 }),
    fc.integer({ min: 2, max: 12 }),
    fc.integer({ min: 0, max: 99 }),
  );
  const labelsOf = (rows: number, kinds: number): string[] =>
    Array.from({ length: rows }, (_, i) => `g${(i * 7) % kinds}`);

  test('holdOut', () => {
    fc.assert(
      fc.property(cases, fc.double({ min: 0.05, max: 0.95, noNaN: true }), ([rows, kinds, seed], testSize) => {
        const groups = labelsOf(rows, kinds);
        if (new Set(groups).size < 2) return;
        const [{ train, test: tested }] = [...holdOut(rows, { groups, testSize, seed })] as [Split];
        expect(
          Array.from(train, (row) => row)
            .concat(...tested)
            .sort((a, b) => a - b),
        ).toEqual([...Array(rows).keys()]);
        const trained = new Set(Array.from(train, (row) => groups[row]));
        expect(Array.from(tested).some((row) => trained.has(groups[row]))).toBe(false);
        // As near to the share as one group more or less would be.
        const largest = Math.max(...[...new Set(groups)].map((g) => groups.filter((other) => other === g).length));
        expect(Math.abs(tested.length - rows * testSize)).toBeLessThanOrEqual(largest + 1);
      }),
    );
  });

  test('kFold: each row is tested once, each group in one fold, folds as equal as scikit-learn makes them', () => {
    fc.assert(
      fc.property(cases, fc.boolean(), ([rows, kinds, seed], shuffle) => {
        const groups = labelsOf(rows, kinds);
        const folds = new Set(groups).size;
        if (folds < 2) return;
        const splits = [...kFold(rows, { groups, folds: Math.min(folds, 3), seed, shuffle })];
        expect(splits.flatMap(({ test: tested }) => [...tested]).sort((a, b) => a - b)).toEqual([
          ...Array(rows).keys(),
        ]);
        for (const { train, test: tested } of splits) {
          const trained = new Set(Array.from(train, (row) => groups[row]));
          expect(Array.from(tested).some((row) => trained.has(groups[row]))).toBe(false);
        }
      }),
    );
    // scikit-learn 1.2.1: GroupKFold(3).split of groups of 4, 3, 2, 2 and 1 rows.
    const groups = [...'aaaabbbccdde'];
    const sizes = [...kFold(12, { groups, folds: 3, shuffle: false })].map(({ test: tested }) => tested.length);
    expect(sizes).toEqual([4, 4, 4]);
  });

  test('are refused where there are too few, and together with classes', () => {
    expect(() => holdOut(3, { groups: ['a', 'a', 'a'] })).toThrow('holdOut(groups): one group, expected 2 or more');
    expect(() => kFold(4, { groups: [1, 1, 2, 2], folds: 3 })).toThrow('kFold(groups): 2 groups, expected 3 or more');
    expect(() => holdOut(4, { groups: [1, 1, 2, 2], stratify: [0, 1, 0, 1] })).toThrow(
      'give stratify or groups, not both',
    );
    expect(() => holdOut(4, { groups: [1, 2] })).toThrow('holdOut(groups) has 2 labels for 4 rows');
  });
});

describe('time', () => {
  test('holdOut tests the latest rows, all of one moment together', () => {
    const time = [2003, 2001, 2002, 2003, 2000, 2002];
    const [split] = holdOut(6, { time, testSize: 0.5 });
    expect([...(split as Split).train]).toEqual([4, 1, 2, 5]);
    expect([...(split as Split).test]).toEqual([0, 3]);
    const dates = time.map((year) => new Date(Date.UTC(year, 0)));
    expect([...holdOut(6, { time: dates, testSize: 0.5 })]).toEqual([split]);
  });

  // scikit-learn 1.2.1: TimeSeriesSplit(n_splits=3).split(range(11)).
  test('kFold tests each part after those before it', () => {
    const time = Array.from({ length: 11 }, (_, i) => i);
    expect([...kFold(11, { time, folds: 3 })].map(({ train, test: tested }) => [train.length, ...tested])).toEqual([
      [5, 5, 6],
      [7, 7, 8],
      [9, 9, 10],
    ]);
  });

  test('in any order, training is always before testing', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 20, maxLength: 60 }), (time) => {
        if (new Set(time).size < 15) return;
        for (const { train, test: tested } of kFold(time.length, { time, folds: 3 })) {
          const latest = Math.max(...Array.from(train, (row) => time[row] as number));
          expect(Math.min(...Array.from(tested, (row) => time[row] as number))).toBeGreaterThan(latest);
        }
      }),
    );
  });

  test('is refused where it cannot be kept', () => {
    expect(() => holdOut(3, { time: [1, 1, 1] })).toThrow('holdOut(time): all rows are of one moment');
    expect(() => holdOut(3, { time: [1, 2, 3], repeats: 2 })).toThrow('holdOut(repeats): expected one split by time');
    expect(() => kFold(6, { time: [1, 1, 1, 2, 2, 2], folds: 3 })).toThrow('too few different moments for 3 folds');
    expect(() => kFold(6, { time: [1, 2, 3, 4, 5, 6], folds: 2, shuffle: true })).toThrow('never shuffled');
    expect(() => kFold(3, { time: ['a', 2, 3] as never, folds: 2 })).toThrow(
      '"a" in row 0, expected a number or a Date',
    );
  });
});

test('classes may be texts', () => {
  const stratify = [...'aabbaabb'];
  for (const { test: tested } of kFold(8, { folds: 4, stratify }))
    expect(Array.from(tested, (row) => stratify[row]).sort()).toEqual(['a', 'b']);
  expect([...kFold(8, { folds: 4, stratify })]).toEqual([
    ...kFold(8, { folds: 4, stratify: [0, 0, 1, 1, 0, 0, 1, 1] }),
  ]);
});
