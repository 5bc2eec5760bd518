import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Memory } from '../../src/classifier/memory.js';
import { words } from '../../src/data/random.js';

const COLUMNS = 1;
const rowOf = (value: number) => Float32Array.of(value);

test('keeps as many rows as it may, of each class as even a share as there are rows, and only what has come', () => {
  const coming = fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(coming, fc.integer({ min: 1, max: 40 }), fc.nat(), (classes, keep, seed) => {
      const memory = new Memory(keep, [0, 0, 0, 0]);
      const next = words(seed, 1, 1);
      for (const [i, index] of classes.entries()) memory.add(rowOf(index + 10 * i), index, next);
      const { data, counts } = memory.keptRows(COLUMNS);
      const came = [0, 1, 2, 3].map((index) => classes.filter((each) => each === index).length);
      expect(memory.seen).toEqual(came);
      expect(data.length).toBe(Math.min(keep, classes.length));
      expect(new Set(data).size).toBe(data.length);
      expect(Array.from(data, (value) => value % 10)).toEqual(
        counts.flatMap((count, index) => Array<number>(count).fill(index)),
      );
      // A class that has lost or been refused a row has at most one row less than the largest.
      for (const [index, count] of counts.entries())
        if (count < (came[index] as number)) expect(count).toBeGreaterThanOrEqual(Math.max(...counts) - 1);
    }),
  );
});

test('each row of a class is kept with the same chance', () => {
  const kept = new Float64Array(20);
  for (let seed = 0; seed < 4_000; seed++) {
    const memory = new Memory(5, [0]);
    const next = words(seed, 1, 1);
    for (let i = 0; i < kept.length; i++) memory.add(rowOf(i), 0, next);
    for (const value of memory.keptRows(COLUMNS).data) kept[value] = (kept[value] as number) + 1;
  }
  // A quarter of 4,000; the standard deviation is 27.
  for (const count of kept) expect(Math.abs(count - 1_000)).toBeLessThan(140);
});

test('draws classes in proportion to all their rows, and any of their kept rows', () => {
  const memory = Memory.of(4, [30, 0, 10], { data: Float32Array.of(0, 1, 2, 3), counts: [2, 0, 2] }, COLUMNS);
  const next = words(1, 1, 1);
  const drawn = [0, 0, 0, 0];
  for (let i = 0; i < 8_000; i++) {
    const { row, index } = memory.draw(next) as { row: Float32Array; index: number };
    expect(index).toBe((row[0] as number) < 2 ? 0 : 2);
    drawn[row[0] as number] = (drawn[row[0] as number] as number) + 1;
  }
  for (const [i, expected] of [3_000, 3_000, 1_000, 1_000].entries())
    expect(Math.abs((drawn[i] as number) - expected)).toBeLessThan(200);
  expect(new Memory(3, [0, 0]).draw(next)).toBeUndefined();
});
