import type { ColumnBase, ColumnKind } from './kind.js';
import { numberNames } from './names.js';
import { numberReader } from './read-cell.js';
import { checkScale, type Scale, scaling } from './scale.js';

/** A column of numbers: scaled; a missing one is the median of the training rows. */
export interface NumberColumn extends ColumnBase<'number'>, Scale {
  /** Whether a second feature is 1 where the number is missing: if training rows lack some. */
  readonly flag: boolean;
}

export const numberKind: ColumnKind<NumberColumn, number> = {
  expects: 'a number',
  takes: 'number',
  check(given) {
    const scale = checkScale(given);
    return scale && typeof given.flag === 'boolean' ? { ...scale, flag: given.flag } : undefined;
  },
  features: ({ name, flag }) => numberNames(name, flag),
  writer(data) {
    const scaled = scaling(data);
    const filled = scaled(data.fill);
    return {
      read: numberReader(data.format),
      write(value, out, at) {
        const missing = Number.isNaN(value);
        out[at] = missing ? filled : scaled(value);
        if (missing && data.flag) out[at + 1] = 1;
      },
    };
  },
};
