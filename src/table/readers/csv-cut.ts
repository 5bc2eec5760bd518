// Cuts the text of a CSV file into rows of cells.
import Papa from '../../data/papa.js';
import type { Dialect, ParsedRows } from './csv-dialect.js';
import { looseRows } from './csv-loose.js';

/** Cuts a text into rows of cells. Without `last`, the last row may go on behind the text, and is left out. */
export function rowsIn(text: string, dialect: Dialect, last: boolean, most = 0): ParsedRows {
  const { delimiter, newline, spaces, escapedBy } = dialect;
  if (spaces || escapedBy === '\\') return looseRows(text, dialect, last, most);
  const parser = new Papa.Parser({ delimiter, newline, preview: most });
  const { data, errors, meta } = parser.parse(text, 0, !last) as Papa.ParseResult<string[]>;
  const faults = errors
    .filter(({ type }) => type === 'Quotes')
    .map(({ code, row = 0, index = 0 }) => ({ row, open: code === 'MissingQuotes', at: index - 1 }));
  return { data, faults, cursor: meta.cursor };
}
