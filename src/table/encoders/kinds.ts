// The kinds of column encoders that can be applied: a new one is a line here and one in fits.ts; the compiler names the other tables that must know it.
import { type BooleanColumn, booleanKind } from './boolean.js';
import { type CategoryColumn, categoryKind } from './category.js';
import { type DateColumn, dateKind } from './date.js';
import { type HashedCategoryColumn, hashedCategoryKind } from './hashed-category.js';
import type { ColumnBase, ColumnKind } from './kind.js';
import { type NumberColumn, numberKind } from './number.js';
import { type TextColumn, textKind } from './text.js';

/** A fitted column, in plain JSON. */
export type EncoderColumn =
  | NumberColumn
  | BooleanColumn
  | CategoryColumn
  | HashedCategoryColumn
  | DateColumn
  | TextColumn;
export type EncoderKind = EncoderColumn['kind'];
export type ColumnOf<Kind extends EncoderKind> = Extract<EncoderColumn, { readonly kind: Kind }>;

const kinds = {
  number: numberKind,
  boolean: booleanKind,
  category: categoryKind,
  hashedCategory: hashedCategoryKind,
  date: dateKind,
  text: textKind,
} satisfies { readonly [Kind in EncoderKind]: ColumnKind<ColumnOf<Kind>, unknown> };

/** What a kind's `read` makes of a cell: each kind has its own. */
export type Prepared = unknown;

export const kindOf = ({ kind }: Pick<EncoderColumn, 'kind'>) =>
  kinds[kind] as unknown as ColumnKind<ColumnBase, Prepared>;

export const isKind = (kind: unknown): kind is EncoderKind => typeof kind === 'string' && Object.hasOwn(kinds, kind);
