import { bucketOf, hash, isBuckets } from './hash.js';
import type { ColumnBase, ColumnKind } from './kind.js';
import { bucketNames, groupName } from './names.js';
import { textReader } from './read-cell.js';

/** A column of more categories than have a feature each: each category's hash is one of `buckets` features, which it shares with others. So do unseen ones. */
export interface HashedCategoryColumn extends ColumnBase<'hashedCategory'> {
  readonly buckets: number;
  /** Whether missing cells have a feature, the last; otherwise they are all zeros. */
  readonly missing: boolean;
}

export const hashedCategoryKind: ColumnKind<HashedCategoryColumn, number> = {
  expects: 'a text',
  takes: 'text',
  check: ({ buckets, missing }) =>
    isBuckets(buckets) && typeof missing === 'boolean' ? { buckets, missing } : undefined,
  features: ({ name, buckets, missing }) => [
    ...bucketNames(name, buckets),
    ...(missing ? [groupName(name, 'missing')] : []),
  ],
  writer({ buckets, missing, format }) {
    const text = textReader(format);
    return {
      read(value) {
        const cell = text(value);
        if (cell === undefined) return undefined;
        if (cell === null) return missing ? buckets : -1;
        return bucketOf(hash(cell), buckets);
      },
      write(place, out, at) {
        if (place >= 0) out[at + place] = 1;
      },
    };
  },
};
