// What fitting a kind of column is.
import type { ColumnOf, EncoderColumn } from './kinds.js';
import type { Resolved } from './options.js';
import type { Training } from './training-cells.js';

/** What a fit of a kind of column makes: too many categories are hashed. */
type Made<Kind extends keyof Resolved> = Kind extends 'category'
  ? ColumnOf<'category' | 'hashedCategory'>
  : ColumnOf<Kind>;
type Own<Data> = Data extends EncoderColumn ? Omit<Data, 'name' | 'format'> : never;

/** Fits a column on its training rows, in slices; the event loop may turn between them. undefined where no cell is there: it is left out. */
export type ColumnFit<Kind extends keyof Resolved> = (
  training: Training,
  options: Resolved[Kind],
) => Generator<undefined, Own<Made<Kind>> | undefined>;
