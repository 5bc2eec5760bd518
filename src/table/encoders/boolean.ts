import type { ColumnBase, ColumnKind } from './kind.js';
import { numberNames } from './names.js';
import { booleanReader } from './read-cell.js';

/** A column of booleans: 0 or 1; a missing one is the more frequent of them in the training rows. */
export interface BooleanColumn extends ColumnBase<'boolean'> {
  readonly fill: 0 | 1;
  /** Whether a second feature is 1 where the cell is missing: if training rows lack some. */
  readonly flag: boolean;
}

export const booleanKind: ColumnKind<BooleanColumn, number> = {
  expects: 'true or false',
  takes: 'boolean',
  check: ({ fill, flag }) => ((fill === 0 || fill === 1) && typeof flag === 'boolean' ? { fill, flag } : undefined),
  features: ({ name, flag }) => numberNames(name, flag),
  writer: ({ fill, flag, format }) => ({
    read: booleanReader(format),
    write(value, out, at) {
      const missing = Number.isNaN(value);
      out[at] = missing ? fill : value;
      if (missing && flag) out[at + 1] = 1;
    },
  }),
};
