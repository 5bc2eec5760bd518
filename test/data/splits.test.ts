// Properties of the hold-out split.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { holdOut } from '../../src/data/index.js';

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
