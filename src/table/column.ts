// What is said of a column: its missing cells, its distinct values, an example.

import type { Cell, ColumnData, Kind } from './kind.js';
import { isFrequent, madeBy } from './made.js';

/** A column of a table, in figures. */
export interface Column {
  readonly name: string;
  readonly kind: Kind;
  /** The number of missing cells. */
  readonly missing: number;
  /** The number of distinct cells that are not missing. */
  readonly distinct: number;
  /** The first cell that is not missing; null if all are. */
  readonly example: Cell;
  /** Why it is of this kind. */
  readonly why: string;
  /** What the default encoder makes of it, such as '3 features' of 0 and 1, or 'median, flag' of numbers some of which are missing. */
  readonly made: string;
}

/** Cell number `row` of a column. */
export function cellOf({ cells, holds }: ColumnData, row: number): Cell {
  if ('codes' in cells) return cells.texts[cells.codes[row] as number] ?? null;
  const value = cells.values[row] as number;
  if (Number.isNaN(value)) return null;
  return holds === 'boolean' ? value === 1 : holds === 'date' ? new Date(value) : value;
}

/** The figures of a column. Counted when asked for first, since a table of millions of rows takes a while. */
export function figuresOf(column: ColumnData): Column {
  const { name, kind, why, asked } = column;
  let known: ReturnType<typeof counted> | undefined;
  const counts = () => {
    known ??= counted(column);
    return known;
  };
  const figures: Column = {
    name,
    kind,
    get missing() {
      return counts().missing;
    },
    get distinct() {
      return counts().distinct;
    },
    get example() {
      const { first } = counts();
      return first < 0 ? null : cellOf(column, first);
    },
    why,
    get made() {
      const made = madeBy(kind, counts());
      return kind === 'text' && asked && counts().distinct > 1 ? 'hashed words' : made;
    },
  };
  // console.log would print getters as such.
  Object.defineProperty(figures, Symbol.for('nodejs.util.inspect.custom'), { value: () => ({ ...figures }) });
  return Object.freeze(figures);
}

function counted({ cells }: ColumnData) {
  const list = 'codes' in cells ? cells.codes : cells.values;
  const isMissing = 'codes' in cells ? (cell: number) => cell < 0 : Number.isNaN;
  const distinct = new Map<number, number>();
  let missing = 0;
  let first = -1;
  for (let row = 0; row < list.length; row++) {
    const cell = list[row] as number;
    if (isMissing(cell)) missing++;
    else {
      if (first < 0) first = row;
      distinct.set(cell, (distinct.get(cell) ?? 0) + 1);
    }
  }
  let frequent = 0;
  if ('codes' in cells) for (const count of distinct.values()) frequent += Number(isFrequent(count));
  return { missing, distinct: distinct.size, frequent, first };
}
