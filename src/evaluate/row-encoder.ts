// From rows as they are given to the rows that a network takes: numbers are scaled, the columns of a table are encoded.
import { refuse } from '../base/checks.js';
import { atOnce } from '../base/pause.js';
import type { Rows } from '../data/rows.js';
import { type Scaler, scaledRows } from '../data/scalers/index.js';
import type { Encoder } from '../table/encoders/encoder.js';
import { type HasTable, tableOf } from './table-of.js';

/**
 * An object for each row, with a value for each column of the table that a pipeline was fitted on. null is a missing cell. Not a Record: an
 * interface has no index signature.
 */
export type Records = readonly object[];

/** Rows as callers give them: numbers, a table, or objects. */
export type AnyRows = Rows | HasTable | Records;

/** Turns rows into those that the network takes. */
export interface RowEncoder {
  /** What the network's inputs are; undefined if any number of columns is taken. */
  readonly width: number | undefined;
  /** Rows of a caller. Throws SimdenseError 'DATA' and 'SHAPE' for rows that do not fit. */
  encode(where: string, x: AnyRows): Rows;
}

const isRecords = (x: unknown): x is Records => {
  const first = Array.isArray(x) ? x[0] : undefined;
  return typeof first === 'object' && first !== null && !Array.isArray(first) && !ArrayBuffer.isView(first);
};

/** For pipelines that were fitted on numbers. */
const ofNumbers = (scaler: Scaler): RowEncoder => ({
  width: scaler.columns || undefined,
  encode(where, x) {
    if (tableOf(x) || isRecords(x))
      refuse(`${where}: x`, 'rows of numbers, since the pipeline was fitted on them and not on a table', x);
    return scaledRows(scaler, x as Rows, where);
  },
});

/** For pipelines that were fitted on a table. */
const ofTable = (encoder: Encoder): RowEncoder => ({
  width: encoder.features.length,
  encode(where, x) {
    const table = tableOf(x);
    if (table) return atOnce(encoder.encoding(table, undefined, where));
    if (isRecords(x)) return encoder.encodeRecords(x, where);
    const [first] = encoder.columns;
    return refuse(`${where}: x`, `a Table, or an array of objects such as { ${JSON.stringify(first)}: … }`, x);
  },
});

/** The scaler or the encoder of a pipeline. */
export interface Encoding {
  readonly scaler: Scaler;
  readonly encoder?: Encoder | undefined;
}

export const rowEncoderOf = ({ scaler, encoder }: Encoding): RowEncoder =>
  encoder ? ofTable(encoder) : ofNumbers(scaler);
