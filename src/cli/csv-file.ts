// A CSV file as it stands: its delimiter, the names in its header, and its cells, with the spaces around them.
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { SimdenseError } from '../base/errors.js';
import { Chunks } from '../table/chunks.js';
import { endOfCell } from '../table/end-of-cell.js';
import type { ReadTableOptions } from '../table/index.js';
import { readCsv } from '../table/readers/csv.js';
import { type CsvLayout, csvLayout } from '../table/readers/csv-layout.js';
import { detached } from '../table/readers/detached.js';
import { formatOfBytes, formatOfText, isGzip } from '../table/readers/formats.js';
import { type Decoding, decodingOf, headOf, latin, NoUtf8, type TextSource } from '../table/readers/text-parts.js';
import { unreadBytes } from '../table/readers/unread.js';
import type { Bytes } from './files.js';

/** Cells, each as its place among the different texts of its column; −1 is an empty cell. */
export interface ExactCells {
  readonly texts: readonly string[];
  readonly codes: Int32Array;
}

export interface CsvFile {
  /** What stands between two cells; undefined where there is one column. */
  readonly delimiter: string | undefined;
  /** The names of the columns as the header has them: '' where it has none. */
  readonly names: readonly string[];
  readonly columns: readonly ExactCells[];
}

/** The parts of a file, unpacked if it is a gzip file, which has been read once without an error. */
export async function unpackedParts(bytes: Bytes): Promise<readonly Uint8Array[]> {
  const parts = await partsOf(bytes);
  return isGzip(parts[0] ?? new Uint8Array()) ? partsOf(Readable.from(parts).pipe(createGunzip())) : parts;
}

async function partsOf(bytes: Bytes): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return parts;
}

/** The content of a file as CSV; undefined if it has another format. */
export function exactCsv(source: readonly Uint8Array[], o: ReadTableOptions): CsvFile | undefined {
  const first = source[0] ?? new Uint8Array();
  if (formatOfBytes(first) !== undefined || unreadBytes(first) !== undefined) return undefined;
  try {
    return decoded(source, decodingOf(source), o);
  } catch (error) {
    if (error instanceof NoUtf8) return decoded(source, latin, o);
    throw error;
  }
}

/** Characters by which a layout is found. */
const HEAD = 2 ** 16;

function decoded(source: TextSource, decoding: Decoding, o: ReadTableOptions): CsvFile | undefined {
  let head = headOf(source, decoding);
  if (formatOfText(head.text) !== 'csv') return undefined;
  const hasRow = (text: string): boolean => /[\r\n][^\r\n]+[\r\n]/.test(text);
  while (!head.whole && !hasRow(head.text)) head = headOf(source, decoding, 4 * head.text.length);
  const start = head.text.slice(0, HEAD);
  const layout =
    start.length < head.text.length && hasRow(start) ? csvLayout(start, false, o) : csvLayout(head.text, head.whole, o);
  if (!layout) return undefined;
  const { names, delimiter } = layout;
  let columns = cellsOf(source, decoding, layout);
  // readTable has read it: then quotes stand behind backslashes further down.
  columns ??= cellsOf(source, decoding, { ...layout, escapedBy: '\\' });
  if (!columns) return undefined;
  return {
    delimiter: names.length > 1 ? delimiter : o.delimiter,
    names,
    columns: columns.map((column) => column.cells()),
  };
}

/** All cells; undefined where the layout does not read them. */
function cellsOf(source: TextSource, decoding: Decoding, layout: CsvLayout): ExactColumn[] | undefined {
  const columns = layout.names.map(() => new ExactColumn());
  const work = readCsv(source, decoding, layout, columns);
  try {
    while (!work.next().done);
  } catch (error) {
    if (error instanceof SimdenseError && error.code === 'FORMAT') return undefined;
    throw error;
  }
  return columns;
}

const RETURN = 13;

/** Takes down the cells of a column, each different text once. */
class ExactColumn {
  readonly #texts: string[] = [];
  readonly #known = new Map<string, number>();
  readonly #cells = new Chunks();

  text(cell: string): void {
    if (cell === '') {
      this.#cells.addMissing(1);
      return;
    }
    let code = this.#known.get(cell);
    if (code === undefined) {
      const own = detached(cell);
      code = this.#texts.push(own) - 1;
      this.#known.set(own, code);
    }
    this.#cells.addCode(code);
  }

  textUpTo(text: string, from: number, end: number, delimiter: number): number {
    const to = endOfCell(text, from, end, delimiter);
    this.text(text.slice(from, to > from && text.charCodeAt(to - 1) === RETURN ? to - 1 : to));
    return to;
  }

  cells(): ExactCells {
    return {
      texts: this.#texts,
      codes: this.#cells.takeCodes(
        () => -1,
        (code) => code,
      ),
    };
  }
}
