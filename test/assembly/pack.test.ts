// Packing into panels and unpacking, at all widths around that of a panel, between guard bytes.
import { afterEach, expect, test } from 'vitest';
import {
  calls,
  engine,
  guarded,
  odd,
  place,
  placePanels,
  read,
  readPadding,
  readPanels,
  releaseAll,
  roomForPanels,
} from '../helpers/memory.js';
import { matrix, numbers } from '../helpers/numbers.js';
import { sizes } from '../helpers/sizes.js';

afterEach(releaseAll);

test('packFloats and unpackFloats', () => {
  for (const [rows, columns] of sizes) {
    const values = matrix(rows, columns, numbers(columns)).flat();
    const panels = roomForPanels(odd(rows), columns);
    calls.packFloats(rows, columns, place(values), 0, panels, odd(rows));
    expect(readPanels(panels, odd(rows), rows, columns)).toEqual(values);
    expect(readPadding(panels, odd(rows), rows, columns).every((v) => v === 0)).toBe(true);
    const back = guarded(rows * columns * 4);
    calls.unpackFloats(rows, columns, panels, odd(rows), back);
    expect(Array.from(read(back, rows * columns))).toEqual(values);
    releaseAll();
  }
});

test('packBytes', () => {
  for (const [rows, columns] of sizes) {
    const values = Array.from({ length: rows * columns }, (_, i) => (i * 37) % 256);
    // The last panel may read a whole line of bytes past the rows, never write there.
    const source = guarded(rows * columns);
    engine.bytes.set(values, source);
    const panels = roomForPanels(odd(rows), columns);
    calls.packBytes(rows, columns, source, 0, panels, odd(rows));
    expect(readPanels(panels, odd(rows), rows, columns)).toEqual(values);
    expect(readPadding(panels, odd(rows), rows, columns).every((v) => v === 0)).toBe(true);
    releaseAll();
  }
});

test('packClasses is one-hot', () => {
  for (const classes of [2, 3, 16, 17, 40]) {
    const labels = Int32Array.from({ length: 7 }, (_, i) => (i * 5) % classes);
    const source = guarded(28);
    engine.words.set(labels, source / 4);
    const panels = roomForPanels(7, classes);
    calls.packClasses(7, classes, source, 0, panels, 7);
    const expected = Array.from(labels, (label) => Array.from({ length: classes }, (_, c) => (c === label ? 1 : 0)));
    expect(readPanels(panels, 7, 7, classes)).toEqual(expected.flat());
  }
});

test('the panels of the helpers are those of the kernels', () => {
  const rows = matrix(3, 20, numbers(1));
  const back = guarded(240);
  calls.unpackFloats(3, 20, placePanels(rows, 3), 3, back);
  expect(Array.from(read(back, 60))).toEqual(rows.flat());
});

test('an order picks the rows', () => {
  const rows = matrix(5, 20, numbers(2));
  const bytes = Array.from({ length: 100 }, (_, i) => i);
  const order = guarded(12);
  engine.words.set([4, 0, 4], order / 4);
  const panels = roomForPanels(3, 20);
  calls.packFloats(3, 20, place(rows.flat()), order, panels, 3);
  expect(readPanels(panels, 3, 3, 20)).toEqual([4, 0, 4].flatMap((i) => rows[i]!));
  const source = guarded(100);
  engine.bytes.set(bytes, source);
  calls.packBytes(3, 20, source, order, panels, 3);
  expect(readPanels(panels, 3, 3, 20)).toEqual([4, 0, 4].flatMap((i) => bytes.slice(i * 20, i * 20 + 20)));
  const labels = guarded(20);
  engine.words.set([1, 0, 0, 0, 2], labels / 4);
  const oneHot = roomForPanels(3, 3);
  calls.packClasses(3, 3, labels, order, oneHot, 3);
  expect(readPanels(oneHot, 3, 3, 3)).toEqual([0, 0, 1, 0, 1, 0, 0, 0, 1]);
});
