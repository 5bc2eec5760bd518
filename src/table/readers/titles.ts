// Titles above the header of a table: one rule for CSV and xlsx.
import { largest } from '../../base/extremes.js';
import { numberOf } from '../kinds/number-text.js';

/** Rows that are looked at. */
export const LOOKED = 16;

/** How many rows stand above the table: those of one text, or of nothing, where others have three cells or more. `rows` are the cells that are not empty. */
export function titleRows(rows: readonly (readonly unknown[])[]): number {
  const width = largest(rows.map(({ length }) => length));
  if (width < 3) return 0;
  const isAbove = (cells: readonly unknown[] = []): boolean =>
    cells.length === 0 || (cells.length === 1 && typeof cells[0] === 'string' && !numberOf(cells[0].trim(), '.'));
  let above = 0;
  while (above < rows.length - 1 && isAbove(rows[above])) above++;
  return above;
}
