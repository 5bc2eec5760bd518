// What is said of a column: its missing cells, its distinct values, an example.

import type { Cell, ColumnData, Kind } from './kind.js';
import { madeBy } from './made.js';

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
export class Figures implements Column {
  readonly #column: ColumnData;
  #counts: { readonly missing: number; readonly distinct: number; readonly first: number } | undefined;

  constructor(column: ColumnData) {
    this.#column = column;
  }

  get name(): string {
    return this.#column.name;
  }

  get kind(): Kind {
    return this.#column.kind;
  }

  get why(): string {
    return this.#column.why;
  }

  get made(): string {
    return madeBy(this.kind, this.distinct, this.missing);
  }

  get missing(): number {
    return this.#counted().missing;
  }

  get distinct(): number {
    return this.#counted().distinct;
  }

  get example(): Cell {
    const { first } = this.#counted();
    return first < 0 ? null : cellOf(this.#column, first);
  }

  #counted() {
    this.#counts ??= counted(this.#column);
    return this.#counts;
  }
}

function counted({ cells }: ColumnData) {
  const list = 'codes' in cells ? cells.codes : cells.values;
  const isMissing = 'codes' in cells ? (cell: number) => cell < 0 : Number.isNaN;
  const distinct = new Set<number>();
  let missing = 0;
  let first = -1;
  for (let row = 0; row < list.length; row++) {
    const cell = list[row] as number;
    if (isMissing(cell)) missing++;
    else {
      if (first < 0) first = row;
      distinct.add(cell);
    }
  }
  return { missing, distinct: distinct.size, first };
}
