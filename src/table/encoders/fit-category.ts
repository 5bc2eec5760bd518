import { categoryKind } from './category.js';
import type { ColumnFit } from './fit.js';
import { textReader } from './read-cell.js';
import { readingCells } from './training-cells.js';

/** Counts the categories, missing cells among them: rare ones are together, and too many are hashed. */
export const fitCategory: ColumnFit<'category'> = function* (training, options) {
  const { order, minFrequency, maxCategories, buckets } = options;
  const counts = new Map<string | null, number>();
  const read = textReader(training.column.format);
  yield* readingCells(training, { ...categoryKind, read }, (cell) => counts.set(cell, (counts.get(cell) ?? 0) + 1));
  if (counts.size === (counts.has(null) ? 1 : 0)) return undefined;
  const least = minFrequency < 1 ? minFrequency * training.count : minFrequency;
  const frequent = [...counts].filter(([, count]) => count >= least);
  const missing = frequent.some(([cell]) => cell === null);
  const known = frequent.filter((each): each is [string, number] => each[0] !== null);
  if (known.length > maxCategories) return { kind: 'hashedCategory', buckets, missing };
  known.sort(([a, m], [b, n]) => (order === 'frequency' && m !== n ? n - m : a < b ? -1 : 1));
  const categories = known.map(([category]) => category);
  return { kind: 'category', categories, missing, rare: frequent.length < counts.size };
};
