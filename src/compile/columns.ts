// The columns of a table in compiled modules: what writes their features, their types, and a cell to be tried.
import { type ColumnOf, type EncoderColumn, type EncoderKind, kindOf } from '../table/encoders/kinds.js';
import type { places } from './generated/carried.js';
import { json } from './text.js';

/** A cell of a row: a number, or what a table has. */
export type Cell = number | boolean | string | null;

/** The name of a function that compiled files carry. */
export type Carried = keyof typeof places;

interface Written<Column> {
  /** The type of a cell, in the types of a module. */
  readonly type: string;
  /** A cell that is tried; `null` is one that is missing. */
  cell(column: Column): Cell;
}

const kinds: { readonly [Kind in EncoderKind]: Written<ColumnOf<Kind>> } = {
  number: {
    type: 'number | string',
    cell: ({ fill }) => fill,
  },
  boolean: { type: 'boolean | number | string', cell: ({ fill }) => fill === 1 },
  category: {
    type: 'string | number | boolean',
    cell: ({ categories }) => categories[0] ?? null,
  },
  hashedCategory: { type: 'string | number | boolean', cell: () => 'größer' },
  date: {
    type: 'Date | string | number',
    cell: ({ fill }) => textOf(fill),
  },
  text: { type: 'string', cell: () => 'two words, größer than two' },
};

const of = (column: EncoderColumn): Written<EncoderColumn> => kinds[column.kind] as Written<EncoderColumn>;

/** Days since 1970 as ISO 8601; null for a year that has other than four digits. */
function textOf(days: number): string | null {
  const time = Math.round(days * 86_400_000);
  return time >= Date.UTC(1000) && time < Date.UTC(10_000, 0) ? new Date(time).toISOString() : null;
}

/** A cell of the row that is tried: what stands for missing cells, or the first category. */
export function cellOf(column: EncoderColumn): Cell {
  const cell = of(column).cell(column);
  return kindOf(column).writer(column).read(cell) === undefined ? null : cell;
}

/** The features of a column. */
export const featuresOf = (column: EncoderColumn): number => kindOf(column).features(column).length;

/** What a module carries to write a column's features. */
export const carriedFor = ({ kind }: EncoderColumn): Carried => `${kind}Kind`;

/** The columns of a program as JavaScript: each with its name, its first feature, what it expects, and its writer. */
export function fieldsOf(table: readonly EncoderColumn[]): string {
  let at = 0;
  const lines = table.map((column) => {
    const { kind: _, name, ...kept } = column;
    const line = `  [${json(name)}, ${at}, ${json(kindOf(column).expects)}, ${carriedFor(column)}.writer(${json(kept)})],\n`;
    at += featuresOf(column);
    return line;
  });
  return `[\n${lines.join('')}]`;
}

/** The type of a table's row; null is a missing cell. */
export function rowType(table: readonly EncoderColumn[]): string {
  const lines = table.map((column) => `  readonly ${json(column.name)}: ${of(column).type} | null;`);
  return `/** A row; null is a missing cell. */\nexport interface Row {\n${lines.join('\n')}\n}`;
}
