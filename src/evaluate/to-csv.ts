import { formatCsv } from '../data/csv.js';

/** Rows of named values as comma-separated values; what is no number or text is JSON. */
export function toCsv(rows: readonly Readonly<Record<string, unknown>>[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (value: unknown): string | number => {
    if (value === undefined || value === null) return '';
    return typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value);
  };
  return formatCsv([names, ...rows.map((row) => names.map((name) => cell(row[name])))]);
}
