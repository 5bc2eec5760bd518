// Rows of numbers as a caller gives them, before they are scaled.
import type { Matrix } from '../data/matrix.js';
import { type Rows, toMatrix } from '../data/rows.js';
import type { AnyRows } from '../evaluate/row-encoder.js';

/** The rows as a matrix. Throws SimdenseError 'ARGUMENT', 'DATA' and 'SHAPE'. */
export const rowsAsGiven = (where: string, x: AnyRows, columns: number): Matrix =>
  toMatrix(`${where}: x`, x as Rows, columns, 'the pipeline was fitted on');
