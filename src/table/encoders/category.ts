import type { ColumnBase, ColumnKind } from './kind.js';
import { categoryName, groupName } from './names.js';
import { textReader } from './read-cell.js';

/** A column of categories, one-hot. Rare ones of the training rows share one feature, which is also that of unseen ones; without it unseen ones are all zeros. */
export interface CategoryColumn extends ColumnBase<'category'> {
  /** The categories that have a feature, in the order of the features. */
  readonly categories: readonly string[];
  /** Whether missing cells are a category, after the others. Otherwise they are treated as unseen. */
  readonly missing: boolean;
  /** Whether rare and unseen ones have a feature, the last. */
  readonly rare: boolean;
}

/** The most categories that have a feature each. */
export const MOST_CATEGORIES = 2 ** 16;

export const categoryKind: ColumnKind<CategoryColumn, number> = {
  expects: 'a text',
  takes: 'text',
  check({ categories, missing, rare }) {
    const sound =
      Array.isArray(categories) &&
      categories.length <= MOST_CATEGORIES &&
      [...categories].every((text) => typeof text === 'string') &&
      new Set(categories).size === categories.length &&
      typeof missing === 'boolean' &&
      typeof rare === 'boolean' &&
      (categories.length > 0 || missing || rare);
    return sound ? { categories: [...categories], missing, rare } : undefined;
  },
  features: ({ name, categories, missing, rare }) => [
    ...categories.map((category) => categoryName(name, category)),
    ...(missing ? [groupName(name, 'missing')] : []),
    ...(rare ? [groupName(name, 'rare')] : []),
  ],
  writer({ categories, missing, rare, format }) {
    const places = new Map<string | null, number>(categories.map((category, place) => [category, place]));
    if (missing) places.set(null, categories.length);
    // −1: all zeros.
    const other = rare ? places.size : -1;
    const text = textReader(format);
    return {
      read(value) {
        const cell = text(value);
        return cell === undefined ? undefined : (places.get(cell) ?? other);
      },
      write(place, out, at) {
        if (place >= 0) out[at + place] = 1;
      },
    };
  },
};
