// What tune says beside its bar, in 80 and in 40 columns.
import { expect, test } from 'vitest';
import { searchNote } from '../../src/cli/search-note.js';

const at = (mean: number | undefined, left: number | undefined, columns: number, monitor = 'accuracy'): string => {
  const score = mean === undefined ? undefined : { mean, stddev: 0, values: [mean] };
  const best = score && { parameters: {}, score, epochs: 5, seconds: 1 };
  return searchNote({ best, trials: { done: 1, total: 9 }, seconds: { spent: 2, left } }, monitor, columns);
};

test('the best and the time left, shorter where there is less room', () => {
  expect(at(0.95238, 130, 50)).toBe('best accuracy 0.952, about 2 min left');
  expect(at(0.95238, 130, 25)).toBe('best 0.952, 2 min left');
  expect(at(0.95238, 130, 15)).toBe('0.952, 2 min');
  expect(at(0.95238, 130, 8)).toBe('0.952');
  expect(at(-0.5, 3.2, 50, 'r2')).toBe('best R² -0.5, about 4 s left');
  expect(at(undefined, 8000, 50)).toBe('about 2 h left');
  expect(at(0.7, 0, 50, 'loss')).toBe('best loss 0.7');
  expect(at(0.7, undefined, 50, 'loss')).toBe('best loss 0.7');
  expect(at(undefined, undefined, 50)).toBe('');
});
