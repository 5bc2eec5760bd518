// Parses a CSV text part by part. Rows that are used at once and dropped are cheap to garbage-collect; keeping all of them makes collections slower and slower.

import { SimdenseError } from '../base/errors.js';
import { visible } from '../base/visible.js';
import Papa from './papa.js';

/** A row of the file: its cells, and its number counted from 1, including the header and empty rows. */
export interface Row {
  readonly cells: readonly string[];
  readonly row: number;
}

/** Characters that are parsed at a time, and from which the delimiter is guessed. Doubled as long as no row ends within them. */
const PART = 2 ** 16;

/** What papaparse finds wrong with the quotes of a cell, in the words of readTable. */
const faults: Readonly<Record<string, string>> = {
  MissingQuotes: 'opens with a quote that is never closed',
  InvalidQuotes: 'goes on behind the quote that closes it; within a quoted cell a quote is written twice, ""',
};
/** Characters of a cell that a message shows. */
const SHOWN = 24;

interface Parsed {
  readonly data: string[][];
  readonly errors: readonly {
    readonly type: string;
    readonly code: string;
    readonly row?: number;
    readonly index?: number;
  }[];
  readonly meta: { readonly cursor: number };
}

/** The rows that are not empty. Throws SimdenseError 'FORMAT' for broken quotes. */
export function* rowsOf(text: string, delimiter: string | undefined): Generator<Row> {
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  // If the first row is longer than a part, look at its beginning and its end.
  const end = text.search(/[\r\n]/);
  const parser = parserFor(text.slice(start, PART) + (end < PART ? '' : text.slice(end, end + 2)), delimiter);
  let size = PART;
  let row = 0;
  for (let at = start; at < text.length; ) {
    const last = at + size >= text.length;
    const { data, errors, meta } = parser.parse(text.slice(at, at + size), 0, !last) as Parsed;
    const [first, second] = errors.filter(({ type }) => type === 'Quotes');
    // A single error after the last whole row may be due to the cut.
    if (first && (last || second || (first.row ?? 0) < data.length)) {
      const from = at + (first.index ?? 1) - 1;
      const cell = text.slice(from, from + SHOWN + 1).replace(/[\r\n].*/s, '');
      const shown = visible(cell.length > SHOWN ? `${cell.slice(0, SHOWN)}…` : cell);
      const message = `row ${row + (first.row ?? 0) + 1}: the cell ${shown} ${faults[first.code]}`;
      throw new SimdenseError('FORMAT', `parseCsv: ${message}`);
    }
    for (const cells of data) {
      row++;
      if (cells.some((cell) => cell.trim() !== '')) yield { cells, row };
    }
    if (last) return;
    size = data.length === 0 ? size * 2 : PART;
    at += meta.cursor;
  }
}

function parserFor(head: string, delimiter: string | undefined): Papa.Parser {
  const { meta } = Papa.parse<string[]>(head, {
    preview: 1,
    ...(delimiter === undefined ? { delimitersToGuess: [',', ';', '\t', '|'] } : { delimiter }),
  });
  return new Papa.Parser({ delimiter: meta.delimiter, newline: meta.linebreak as '\n' });
}
