// Messages about a cell, a row or an array that cannot be used.
import { isRecord, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';

/** The hint about missing values that ends a message; empty for a value that is not missing. */
export function missingHint(value: unknown): string {
  const missing = value === null || value === undefined || value === '' || Number.isNaN(value);
  return missing ? ": a value is missing; fill it in, or leave the row out (parseCsv: missing: 'skip')" : '';
}

/** The hint about texts where numbers are expected; empty for a value that is not a text. */
export function textHint(value: unknown): string {
  if (typeof value !== 'string' || value === '') return '';
  return Number.isNaN(Number(value)) ? '; encodeLabels of simdense/data converts names' : '; Number() converts a text';
}

/** The error for cell number `at`, which is not finite in float32. `columns` is a row's length; without it there is one number a row. */
export function cellError(where: string, value: unknown, at: number, columns?: number): SimdenseError {
  const place = columns === undefined ? `row ${at}` : placeOf(at, columns);
  return new SimdenseError('DATA', `${where} is ${show(value)} in ${place}${why(value)}`);
}

/** The row and column of cell number `at`. */
export const placeOf = (at: number, columns: number): string =>
  `row ${Math.floor(at / columns)}, column ${at % columns}`;

function why(value: unknown): string {
  const missing = missingHint(value);
  if (missing) return missing;
  if (typeof value === 'number')
    return Number.isFinite(value) ? ': float32 holds up to 3.4e38; divide the column by a constant' : '';
  return `, expected a number${typeof value === 'boolean' ? '; use 1 or 0' : textHint(value)}`;
}

/** The error for a row that is not a list of numbers. */
export function rowError(where: string, row: number, value: unknown): SimdenseError {
  // The most common mistake: rows as objects, as a database returns them.
  const names = isRecord(value) ? Object.keys(value).slice(0, 3).join(', ') : '';
  const hint = names === '' ? '' : `; turn objects into arrays: rows.map(({ ${names} }) => [${names}])`;
  return new SimdenseError('ARGUMENT', `${where}: row ${row} is ${show(value)}, expected numbers${hint}`);
}

/** The error for a typed array whose buffer is gone. */
export function goneError(where: string, value: unknown): SimdenseError {
  const message = `expected numbers, got ${show(value)} whose buffer has been transferred, or has shrunk`;
  return new SimdenseError('ARGUMENT', `${where}: ${message}`);
}
