import { formatCsv } from '../data/csv.js';

/** A value as a cell: neither a number nor text becomes JSON. */
export function cellOf(value: unknown): string | number {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number' || typeof value === 'string') return value;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // A BigInt, or an object that holds itself.
    return String(value);
  }
}

/** Formats rows of named values as CSV. Values that are neither numbers nor text become JSON. */
export function toCsv(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return formatCsv([names, ...rows.map((row) => names.map((name) => cellOf(row[name])))]);
}
