// Converting labels to indices and to one-hot rows.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeLabels, oneHot } from '../../src/data/index.js';

test('classes are in order: numbers by size, then strings', () => {
  expect(encodeLabels(['b', 'a', 'b', 'Z'])).toEqual({ classes: ['Z', 'a', 'b'], indices: Int32Array.of(2, 1, 2, 0) });
  expect(encodeLabels([10, 9, -1, 10]).classes).toEqual([-1, 9, 10]);
  expect(encodeLabels(['1', 3, 2, '10']).classes).toEqual([2, 3, '1', '10']);
});

test('each label is the class of its index', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.string(), fc.integer()), { minLength: 1 }), (drawn) => {
      // No number whose text is a label too.
      const labels = drawn.filter((label) => typeof label === 'string' || !drawn.includes(String(label)));
      fc.pre(labels.length > 0);
      const { classes, indices } = encodeLabels(labels);
      expect(Array.from(indices, (index) => classes[index])).toEqual(labels);
      expect(classes.length).toBe(new Set(labels).size);
    }),
  );
});

test('oneHot has a 1 at the label', () => {
  expect(oneHot([2, 0]).toArrays()).toEqual([
    [0, 0, 1],
    [1, 0, 0],
  ]);
  expect(oneHot(Int32Array.of(0), 3).toArrays()).toEqual([[1, 0, 0]]);
});

test.each([
  [() => oneHot([]), 'oneHot(labels): expected at least one label'],
  [() => oneHot([0, 3], 3), 'oneHot(labels): 3 in row 1, expected a class index from 0 to 2'],
  [() => oneHot([-1]), 'oneHot(labels): -1 in row 0, expected a class index from 0'],
  [() => oneHot([0], 0), 'oneHot(classes): expected a positive integer, got 0'],
  [() => encodeLabels([]), 'encodeLabels(labels): expected at least one label'],
  [() => encodeLabels(['a', Number.NaN]), 'encodeLabels(labels): NaN in row 1, expected a string or a finite number'],
  [() => encodeLabels([null] as never), 'encodeLabels(labels): null in row 0'],
])('bad input %#', (call, message) => {
  expect(call).toThrow(message);
});
