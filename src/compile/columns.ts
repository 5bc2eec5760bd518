// The columns of a table as compiled programs read them: what an encoder keeps, in the fewest words.
import { SimdenseError } from '../base/errors.js';
import type { LinearData } from '../data/scalers/linear.js';
import type { BooleanColumn } from '../table/encoders/boolean.js';
import type { CategoryColumn } from '../table/encoders/category.js';
import type { EncoderColumn } from '../table/encoders/kinds.js';
import type { NumberColumn } from '../table/encoders/number.js';
import { textReader } from '../table/encoders/read-cell.js';
import { scaling } from '../table/encoders/scale.js';
import { missingWords } from '../table/kinds/missing.js';

/** A number: (unit · x − center) / scale, bent below `clip`; `filled` is the feature of a missing one. */
export interface NumberProgram {
  readonly kind: 'number';
  readonly name: string;
  readonly unit: number;
  readonly center: number;
  readonly scale: number;
  /** 0 for none. */
  readonly clip: number;
  /** What stands for a missing number, before it is scaled. */
  readonly fill: number;
  readonly filled: number;
  readonly flag: boolean;
  /** The edges of its pieces; none for no pieces. */
  readonly edges: readonly number[];
}

export interface BooleanProgram {
  readonly kind: 'boolean';
  readonly name: string;
  readonly fill: 0 | 1;
  readonly flag: boolean;
}

export interface CategoryProgram {
  readonly kind: 'category';
  readonly name: string;
  readonly categories: readonly string[];
  /** The place of missing cells, and of unknown ones; −1 for none. */
  readonly missing: number;
  readonly other: number;
  /** Texts that mean a missing cell. */
  readonly words: readonly string[];
}

export type ColumnProgram = NumberProgram | BooleanProgram | CategoryProgram;

/** The features of a column. */
export function featuresOf(column: ColumnProgram): number {
  if (column.kind === 'category') return Math.max(column.categories.length, column.missing + 1, column.other + 1);
  const flag = column.flag ? 1 : 0;
  return 1 + flag + (column.kind === 'number' && column.edges.length > 0 ? column.edges.length - 1 : 0);
}

function numberOf(where: string, column: NumberColumn): NumberProgram {
  const { name, unit = 1, scaler, clip = 0, fill, flag, edges = [] } = column;
  if (scaler.type === 'quantile') {
    const message = `the column "${name}" is scaled by 'quantile', which cannot be compiled; train with another scale, such as 'robust'`;
    throw new SimdenseError('UNSUPPORTED', `${where}: ${message}`);
  }
  const { center, scale } = scaler as LinearData;
  const [middle = 0, size = 1] = [center[0], scale[0]];
  return {
    kind: 'number',
    name,
    unit,
    center: middle,
    scale: size,
    clip,
    fill,
    filled: scaling(column)(fill),
    flag,
    edges,
  };
}

/** The texts that the encoder of a column takes for missing. */
function wordsOf({ format }: CategoryColumn): string[] {
  const read = textReader(format);
  return [...new Set([...missingWords, ...(format?.missing ?? [])])].filter(
    (word) => word !== '' && read(word) === null,
  );
}

function categoryOf(column: CategoryColumn): CategoryProgram {
  const { name, categories, missing, rare } = column;
  const count = categories.length + (missing ? 1 : 0);
  const other = rare ? count : -1;
  return {
    kind: 'category',
    name,
    categories,
    missing: missing ? categories.length : other,
    other,
    words: wordsOf(column),
  };
}

const booleanOf = ({ name, fill, flag }: BooleanColumn): BooleanProgram => ({ kind: 'boolean', name, fill, flag });

/** The columns of an encoder. Throws SimdenseError 'UNSUPPORTED', by name, for dates, texts, and categories by hash. */
export function columnsOf(where: string, columns: readonly EncoderColumn[]): ColumnProgram[] {
  return columns.map((column) => {
    if (column.kind === 'number') return numberOf(where, column);
    if (column.kind === 'category') return categoryOf(column);
    if (column.kind === 'boolean') return booleanOf(column);
    const words = { date: 'dates', text: 'free text', hashedCategory: 'categories by hash' }[column.kind];
    const message = `the column "${column.name}" has ${words}, which cannot be compiled; leave it out, or predict by simdense/predict`;
    throw new SimdenseError('UNSUPPORTED', `${where}: ${message}`);
  });
}

/** A cell of a row that is tried: what stands for missing cells, or the first category. */
export function cellOf(column: ColumnProgram): number | boolean | string | null {
  if (column.kind === 'category') return column.categories[0] ?? null;
  return column.kind === 'boolean' ? column.fill === 1 : column.fill;
}
