// The rows of a text of comma-separated values, part by part: rows that are dropped at once cost the garbage collector nothing, all of them kept at once ever more.
import Papa from 'papaparse';
import { SimdenseError } from '../base/errors.js';

/** A row of the file: its cells and its number from 1, the header and empty rows counted. */
export interface Row {
  readonly cells: readonly string[];
  readonly row: number;
}

/** Characters that are parsed at a time, and in which the delimiter is looked for; twice as many where not even one row ends in them. */
const PART = 2 ** 16;

interface Parsed {
  readonly data: string[][];
  readonly errors: readonly { readonly type: string; readonly message: string; readonly row?: number }[];
  readonly meta: { readonly cursor: number };
}

/** Rows with anything in them. Throws SimdenseError 'FORMAT' for broken quotes. */
export function* rowsOf(text: string, delimiter: string | undefined): Generator<Row> {
  const start = text.startsWith('\uFEFF') ? 1 : 0;
  // Of a first row that is longer than a part its beginning and its end.
  const end = text.search(/[\r\n]/);
  const parser = parserFor(text.slice(start, PART) + (end < PART ? '' : text.slice(end, end + 2)), delimiter);
  let size = PART;
  let row = 0;
  for (let at = start; at < text.length; ) {
    const last = at + size >= text.length;
    const { data, errors, meta } = parser.parse(text.slice(at, at + size), 0, !last) as Parsed;
    const [first, second] = errors.filter(({ type }) => type === 'Quotes');
    // The only one behind the last whole row may be one of the cut.
    if (first && (last || second || (first.row ?? 0) < data.length)) {
      const message = `row ${row + (first.row ?? 0) + 1}: ${first.message.toLowerCase()}`;
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
