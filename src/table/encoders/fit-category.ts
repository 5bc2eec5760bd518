import { type CategoryColumn, categoryKind } from './category.js';
import type { ColumnFit } from './fit.js';
import type { HashedCategoryColumn } from './hashed-category.js';
import type { CategoryOptions } from './options.js';
import { textReader } from './read-cell.js';
import { readingCells } from './training-cells.js';

/** Counts the categories, missing cells among them: rare ones are together, and too many are hashed. */
export const fitCategory: ColumnFit<'category'> = function* (training, options) {
  const counts = new Map<string | null, number>();
  const read = textReader(training.column.format);
  yield* readingCells(training, { ...categoryKind, read }, (cell) => counts.set(cell, (counts.get(cell) ?? 0) + 1));
  return categoryOf(counts, training.count, options);
};

/** A column of categories by their numbers of rows, null for missing cells, of `count` rows; undefined if all are missing. */
export function categoryOf(
  counts: ReadonlyMap<string | null, number>,
  count: number,
  { order, minFrequency, maxCategories, buckets }: Required<CategoryOptions>,
): Omit<CategoryColumn, 'name'> | Omit<HashedCategoryColumn, 'name'> | undefined {
  if (counts.size === (counts.has(null) ? 1 : 0)) return undefined;
  const least = minFrequency < 1 ? minFrequency * count : minFrequency;
  const frequent = [...counts].filter(([, rows]) => rows >= least);
  const missing = frequent.some(([cell]) => cell === null);
  const known = frequent.filter((each): each is [string, number] => each[0] !== null);
  if (known.length > maxCategories) return { kind: 'hashedCategory', buckets, missing };
  known.sort(([a, m], [b, n]) => (order === 'frequency' && m !== n ? n - m : a < b ? -1 : 1));
  const categories = known.map(([category]) => category);
  return { kind: 'category', categories, missing, rare: frequent.length < counts.size };
}
