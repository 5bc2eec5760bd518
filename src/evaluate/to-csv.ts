import { formatCsv } from '../data/csv.js';

/** A value as a cell: neither a number nor text becomes JSON. */
export function cellOf(value: unknown): string | number {
  if (value === undefined || value === null) return '';
  return typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value);
}

/** Formats rows of named values as CSV. Values that are neither numbers nor text become JSON. */
export function toCsv(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return formatCsv([names, ...rows.map((row) => names.map((name) => cellOf(row[name])))]);
}
