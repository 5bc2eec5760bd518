import { formatCsv } from '../data/csv.js';

/** Formats rows of named values as CSV. Values that are neither numbers nor text become JSON. */
export function toCsv(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (value: unknown): string | number => {
    if (value === undefined || value === null) return '';
    return typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value);
  };
  return formatCsv([names, ...rows.map((row) => names.map((name) => cell(row[name])))]);
}
