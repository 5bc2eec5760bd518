// Reads CSV and its kin part by part. papaparse finds the cells of parts with quotes; the others need no more than a look at each character.

import { SimdenseError } from '../../base/errors.js';
import Papa from '../../data/papa.js';
import type { CsvLayout } from './csv-layout.js';
import { type Cells, CsvRows } from './csv-rows.js';
import { type Decoding, type TextSource, textParts } from './text-parts.js';

interface Parsed {
  readonly data: string[][];
  readonly errors: readonly { readonly type: string; readonly message: string; readonly row?: number }[];
  readonly meta: { readonly cursor: number };
}

/** Gives all cells to their columns. Pauses are possible between the steps. Throws SimdenseError 'FORMAT'. */
export function* readCsv(
  source: TextSource,
  decoding: Decoding,
  { delimiter, newline, header }: CsvLayout,
  columns: readonly Cells[],
): Generator<void, CsvRows> {
  const parser = new Papa.Parser({ delimiter, newline });
  const rows = new CsvRows(columns, header);
  const plainly = newline === '\n' && /^[^\d.+eE-]$/.test(delimiter);
  let rest = '';
  const parts = textParts(source, decoding);
  let next = parts.next();
  while (!next.done || rest !== '') {
    const part = next.done ? '' : next.value;
    if (!next.done) next = parts.next();
    const last = next.done === true;
    const newlineAt = part.indexOf('\n');
    if (plainly && newlineAt >= 0 && !rest.includes('"') && !part.includes('"')) {
      // The row that the cut went through, and then the part itself: a text that is put together is slow to look at.
      if (rest !== '') rows.takePlain(rest + part.slice(0, newlineAt + 1), 0, delimiter.charCodeAt(0), false);
      const from = rest === '' ? 0 : newlineAt + 1;
      rest = part.slice(rows.takePlain(part, from, delimiter.charCodeAt(0), last));
    } else {
      let text = rest + part;
      // A row that is longer than all before it takes twice as much at a time, so that the time stays linear.
      for (const wanted = 2 * rest.length; !next.done && text.length < wanted; next = parts.next()) text += next.value;
      rest = text.slice(takeQuoted(parser, text, rows, next.done === true));
    }
    if (next.done && rest === '') break;
    yield;
  }
  return rows;
}

/** The place up to which the text was read. */
function takeQuoted(parser: Papa.Parser, text: string, rows: CsvRows, last: boolean): number {
  const { data, errors, meta } = parser.parse(text, 0, !last) as Parsed;
  const [first, second] = errors.filter(({ type }) => type === 'Quotes');
  // A single error after the last whole row may only come from the cut.
  if (first && (last || second || (first.row ?? 0) < data.length)) {
    const message = `row ${rows.fileRow + (first.row ?? 0) + 1}: ${first.message.toLowerCase()}`;
    throw new SimdenseError('FORMAT', `readTable: ${message}`);
  }
  for (const row of data) rows.take(row);
  return last ? text.length : meta.cursor;
}
