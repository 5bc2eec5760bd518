// What is said of a cell, a row or an array that cannot be learnt from.
import { isRecord, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';

/** What a message about a value ends in where the value is missing: nothing for others. */
export function missingHint(value: unknown): string {
  const missing = value === null || value === undefined || value === '' || Number.isNaN(value);
  return missing ? ": a value is missing; fill it in, or leave the row out (parseCsv: missing: 'skip')" : '';
}

/** The error for cell `at`, which is no finite number of float32: `columns` a row, or one number a row. */
export function cellError(where: string, value: unknown, at: number, columns?: number): SimdenseError {
  const place = columns === undefined ? `row ${at}` : placeOf(at, columns);
  return new SimdenseError('DATA', `${where} is ${show(value)} in ${place}${why(value)}`);
}

/** Where cell `at` stands. */
export const placeOf = (at: number, columns: number): string =>
  `row ${Math.floor(at / columns)}, column ${at % columns}`;

function why(value: unknown): string {
  const missing = missingHint(value);
  if (missing) return missing;
  if (typeof value === 'number')
    return Number.isFinite(value) ? ': float32 holds up to 3.4e38; divide the column by a constant' : '';
  if (typeof value === 'string') return ', where a number is expected: Number() makes numbers of texts';
  return `, where a number is expected${typeof value === 'boolean' ? ': 1 or 0' : ''}`;
}

export function rowError(where: string, row: number, value: unknown): SimdenseError {
  // The commonest: rows as a table or a database gives them.
  const names = isRecord(value) ? Object.keys(value).slice(0, 3).join(', ') : '';
  const hint = names === '' ? '' : `; of objects take the values: rows.map(({ ${names} }) => [${names}])`;
  return new SimdenseError('ARGUMENT', `${where}: row ${row} is ${show(value)}, expected numbers${hint}`);
}

/** For a typed array of whose buffer nothing is left. */
export function goneError(where: string, value: unknown): SimdenseError {
  const message = `expected numbers, got ${show(value)} whose buffer has been transferred, or has shrunk`;
  return new SimdenseError('ARGUMENT', `${where}: ${message}`);
}
