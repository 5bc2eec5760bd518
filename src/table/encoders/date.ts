import { type Cycle, cosineOfTurns, cycleNames, cycles, daysOf, sineOfTurns } from './cycle.js';
import type { ColumnBase, ColumnKind } from './kind.js';
import { columnName, numberNames } from './names.js';
import { dateReader } from './read-cell.js';
import { checkScale, type Scale, scaling } from './scale.js';

/** A column of dates: the days since 1970, scaled as a number is, and its place in each cycle. A missing one is the median of the training rows, in the middle of each circle. */
export interface DateColumn extends ColumnBase<'date'>, Scale {
  /** Whether a second feature is 1 where the date is missing: if training rows lack some. */
  readonly flag: boolean;
  /** Each has two features, the sine and the cosine. */
  readonly cycles: readonly Cycle[];
}

export const dateKind: ColumnKind<DateColumn, number> = {
  expects: "a Date or a text such as '2024-12-31'",
  takes: 'date',
  check(given) {
    const scale = checkScale(given);
    const { flag, cycles: names } = given;
    const sound =
      scale &&
      typeof flag === 'boolean' &&
      Array.isArray(names) &&
      names.every((name) => cycleNames.includes(name)) &&
      new Set(names).size === names.length;
    return sound ? { ...scale, flag, cycles: [...names] } : undefined;
  },
  features: ({ name, flag, cycles: names }) => [
    ...numberNames(name, flag),
    ...names.flatMap((cycle) => ['sin', 'cos'].map((part) => `${columnName(name)} ${cycle} ${part}`)),
  ],
  writer(data) {
    const scaled = scaling(data);
    const filled = scaled(data.fill);
    const { flag } = data;
    const first = flag ? 2 : 1;
    const parts = data.cycles.map((name) => cycles[name]);
    return {
      read: dateReader(data.format),
      write(value, out, at) {
        if (Number.isNaN(value)) {
          out[at] = filled;
          if (flag) out[at + 1] = 1;
          return;
        }
        const days = daysOf(value);
        out[at] = scaled(days);
        let to = at + first;
        for (const part of parts) {
          const turns = part(days);
          // NaN beyond the 100,000,000 days that JavaScript's dates have.
          if (!Number.isNaN(turns)) {
            out[to] = sineOfTurns(turns);
            out[to + 1] = cosineOfTurns(turns);
          }
          to += 2;
        }
      },
    };
  },
};
