// Reads CSV and its kin part by part. papaparse finds the cells of parts with quotes; the others need no more than a look at each character.

import { SimdenseError } from '../../base/errors.js';
import { visible } from '../../base/visible.js';
import { rowsIn } from './csv-cut.js';
import type { CsvLayout } from './csv-layout.js';
import { type Cells, CsvRows } from './csv-rows.js';
import { type Decoding, type TextSource, textParts } from './text-parts.js';

/** Gives all cells to their columns. Pauses are possible between the steps. Throws SimdenseError 'FORMAT'. */
export function* readCsv(
  source: TextSource,
  decoding: Decoding,
  layout: CsvLayout,
  columns: readonly Cells[],
): Generator<void, CsvRows> {
  const { delimiter, newline, spaces, header, skip, above } = layout;
  const rows = new CsvRows(columns, header, above);
  const plainly = newline === '\n' && !spaces && /^[^\d.+eE-]$/.test(delimiter);
  let rest = '';
  const parts = behind(textParts(source, decoding), skip);
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
      rest = text.slice(takeQuoted(layout, text, rows, next.done === true, columns.length));
    }
    if (next.done && rest === '') break;
    yield;
  }
  return rows;
}

/** The parts of a text without its first characters. */
function* behind(parts: Iterable<string>, skip: number): Generator<string> {
  let left = skip;
  for (const part of parts) {
    if (left < part.length) yield left > 0 ? part.slice(left) : part;
    left = Math.max(0, left - part.length);
  }
}

/** Characters of a cell that a message shows. */
const SHOWN = 24;

/** The place up to which the text was read. */
function takeQuoted(layout: CsvLayout, text: string, rows: CsvRows, last: boolean, columns: number): number {
  const { data, faults, cursor } = rowsIn(text, layout, last);
  const [first, second] = faults;
  // A single fault after the last whole row may only come from the cut.
  if (first && (last || second || first.row < data.length)) {
    const cell = text.slice(first.at, first.at + SHOWN + 1).replace(/[\r\n].*/s, '');
    const shown = visible(cell.length > SHOWN ? `${cell.slice(0, SHOWN)}…` : cell);
    const what = first.open
      ? 'opens with a quote that is never closed'
      : 'goes on behind the quote that closes it; within a quoted cell a quote is written twice, ""';
    const message = `row ${rows.fileRow + first.row + 1}: the cell ${shown} ${what}`;
    throw new SimdenseError('FORMAT', `readTable: ${message}`);
  }
  for (const row of data) rows.take(row);
  // As pandas writes a missing cell.
  const [, behind] = (last && columns === 1 && /(?:^|\n)""(\s*)$/.exec(text)) || [];
  if (behind !== undefined) rows.takeBlank(behind.split('\n').length - 1);
  return last ? text.length : cursor;
}
