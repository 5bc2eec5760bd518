import type { ColumnBuilder } from './builder.js';
import type { Collected } from './kinds/columns.js';

/** A source whose cells have all been read once. */
export interface ReadOnce {
  readonly collected: Collected;
  readonly notes: readonly string[];
  /** Reads some columns once more: as texts, or with another decimal sign. Undefined if that is never needed. */
  again?(
    columns: readonly number[],
    how: { readonly texts: boolean; readonly decimal: '.' | ',' },
  ): Promise<ReadonlyMap<number, ColumnBuilder>>;
}

/** Runs long work, and lets the event loop turn between its steps. */
export type Turns = <T>(work: Iterator<void, T>) => Promise<T>;
