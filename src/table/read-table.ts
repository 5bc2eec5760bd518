import { noMore, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { inTurns, Pacer } from '../base/pause.js';
import type { ColumnBuilder } from './builder.js';
import type { ColumnData } from './kind.js';
import { decideColumns, decimalOf } from './kinds/columns.js';
import { decideDecimal } from './kinds/decimal.js';
import { missedNote } from './kinds/missed-note.js';
import { numericTexts } from './kinds/numeric.js';
import { linesOf } from './lines.js';
import { checkedOptions, type Format, formatNames, type ReadTableOptions } from './options.js';
import type { ReadOnce, Turns } from './read-once.js';
import { csvSource } from './readers/csv-source.js';
import { formatOfBytes, formatOfText, placeText, readers } from './readers/formats.js';
import { joined } from './readers/joined.js';
import { readJson, readJsonLines } from './readers/json.js';
import { Records, readRecords } from './readers/objects.js';
import { givenBy } from './readers/source.js';
import { type Decoding, decodingOf, headOf, latin, NoUtf8, type TextSource } from './readers/text-parts.js';
import { isBinary, unreadBytes, unreadText } from './readers/unread.js';
import { Columns } from './sheet.js';
import { noColumn, Table } from './table.js';

/** What readTable reads: text, a file's bytes, what fetch and a page's file input give, records, or a stream of bytes, texts or records. */
export type TableSource =
  | string
  | Uint8Array
  | ArrayBuffer
  | Response
  | Blob
  | readonly object[]
  | AsyncIterable<Uint8Array | string | object>
  | ReadableStream<Uint8Array | string | object>;

/**
 * Reads a table, and finds out what each of its columns is: numbers, categories, booleans, dates, free text, or what a model is better off
 * without, such as names and ids.
 *
 * @param source - The text of a file; the bytes of a file, also compressed by gzip; a list of objects; a stream of bytes, texts or
 *   objects; or the Response of fetch, a Blob or a File. The format is found from the content: CSV with comma, semicolon, tab, | or spaces, JSON (a
 *   list of objects or of lists, an object of columns, or one of rows by their names), JSON Lines, xlsx, Parquet, or Arrow (a file or a stream). Parquet is read by
 *   hyparquet (compressed by other than Snappy: and hyparquet-compressors), Arrow by @uwdata/flechette, which are installed beside
 *   simdense. In CSV, the line sep=; of Excel, lines of comments that begin with #, and titles above the header are no rows, and the table's
 *   notes say so; a quote within a quoted cell is written twice, or behind a backslash as R has it. Dates and times in them are instants in UTC, to the millisecond; times of the day are seconds; whole numbers beyond 2⁵³ make
 *   their column one of texts, in JSON too; lists and structs are texts in JSON, and a column of lists is a target of several labels; bytes
 *   are missing cells.
 * @param options - See ReadTableOptions.
 * @returns The table. `table.describe()` says what was found, and why.
 * @throws SimdenseError 'ARGUMENT' for a source or an option that is wrong, 'FORMAT' if the content breaks off or is no table, 'DATA' for
 *   a cell that is not of the kind that is asked for (of numbers: where most are none), and if there are no rows, 'UNSUPPORTED' for a format that this runtime cannot
 *   read, or whose library is not installed; for a compressed file that expands to more than 64 MB and 200 times its size; and for a
 *   file that claims more than 10 million cells and 100 for each of its bytes. A row in a message is counted from 1, with the header.
 * @example
 * const table = await readTable('city;price\nLyon;1,5\nParis;?\n', { kinds: { city: 'text' } });
 * table.columns.map(({ kind }) => kind); // ['text', 'number']
 * table.row(0); // { city: 'Lyon', price: 1.5 }
 */
export async function readTable(source: TableSource, options?: ReadTableOptions): Promise<Table> {
  noMore('readTable', arguments, 2);
  const o = checkedOptions('readTable', options);
  const pacer = new Pacer();
  const turns = <T>(work: Iterator<void, T>): Promise<T> => inTurns(work, pacer, () => pacer.pause());
  const place = typeof source === 'string' && o.header !== false ? placeText(source) : undefined;
  if (place) throw new SimdenseError('ARGUMENT', `readTable: ${show(source)} ${place}`);
  const given = await givenBy('readTable', source);
  const read = 'text' in given ? await readText(given.text, o, turns) : await readObjects(given, o, turns);
  return decided(read, o);
}

async function readText(source: TextSource, o: ReadTableOptions, turns: Turns): Promise<ReadOnce> {
  const format = o.format ?? (typeof source === 'string' ? undefined : formatOfBytes(source[0] ?? new Uint8Array()));
  if (format !== undefined && format !== 'csv' && format !== 'json' && format !== 'jsonl') {
    if (typeof source === 'string')
      throw new SimdenseError('ARGUMENT', `readTable: ${format} is read from the bytes of a file, not from a text`);
    refuseOthers(format, o);
    // People type NA into a sheet as they do into CSV.
    const columns = new Columns(o, o.decimal ?? '.', true, format !== 'xlsx');
    await (await readers[format]())(joined(source), columns, o);
    return { collected: columns.collected(), notes: columns.notes };
  }
  const first = typeof source === 'string' ? undefined : (source[0] ?? new Uint8Array());
  const unread = format === undefined && first ? unreadBytes(first) : undefined;
  if (unread) throw new SimdenseError('UNSUPPORTED', `readTable: ${unread}`);
  const decoding = decodingOf(source);
  if (format === undefined && o.delimiter === undefined && decoding.encoding === 'utf-8' && first && isBinary(first)) {
    const message = 'the file is no text and no format that is read: many of its bytes stand in no text';
    throw new SimdenseError('FORMAT', `readTable: ${message}`);
  }
  try {
    return await readDecoded(source, decoding, format, o, turns);
  } catch (error) {
    if (error instanceof NoUtf8) return readDecoded(source, latin, format, o, turns);
    throw error;
  }
}

async function readDecoded(
  source: TextSource,
  decoding: Decoding,
  format: 'csv' | 'json' | 'jsonl' | undefined,
  o: ReadTableOptions,
  turns: Turns,
): Promise<ReadOnce> {
  const head = headOf(source, decoding);
  const unread = format === undefined ? unreadText(head.text) : undefined;
  if (unread) throw new SimdenseError('FORMAT', `readTable: ${unread}`);
  const found = format ?? formatOfText(head.text);
  refuseOthers(found, o);
  if (found === 'csv') return csvSource(source, decoding, head, o, turns);
  const columns = new Columns(o, o.decimal ?? '.', true, true);
  if (decoding.note) columns.note(decoding.note);
  await turns((found === 'json' ? readJson : readJsonLines)(source, decoding, columns, o.header));
  return { collected: columns.collected(), notes: columns.notes };
}

async function readObjects(
  given: { readonly records: readonly unknown[] } | { readonly stream: AsyncGenerator<unknown> },
  o: ReadTableOptions,
  turns: Turns,
): Promise<ReadOnce> {
  const columns = new Columns(o, o.decimal ?? '.', true, true);
  if ('records' in given) await turns(readRecords(given.records, columns, o.header));
  else {
    const records = new Records(columns, o.header);
    for await (const record of given.stream) records.add(record);
    records.end();
  }
  const collected = { ...columns.collected(), objects: true };
  if (collected.builders.length > 0) refuseOthers('objects', o);
  return { collected, notes: columns.notes };
}

/** Throws SimdenseError 'ARGUMENT' for an option that says nothing about this format. */
function refuseOthers(format: Format | 'objects', { delimiter, sheet }: ReadTableOptions): void {
  const read = format === 'objects' ? 'objects are read' : `this is ${formatNames[format]}`;
  if (delimiter !== undefined && format !== 'csv')
    throw new SimdenseError('ARGUMENT', `readTable: delimiter: is about CSV, and ${read}`);
  if (sheet !== undefined && format !== 'xlsx')
    throw new SimdenseError('ARGUMENT', `readTable: sheet: is about xlsx, and ${read}`);
}

/** The table of what was read. Columns that were read with the wrong decimal sign, or whose exact texts are needed, are read once more. */
async function decided({ collected, notes, again }: ReadOnce, o: ReadTableOptions): Promise<Table> {
  const builders = [...collected.builders];
  refuseUnknown(builders, o);
  const rows = builders[0]?.length ?? 0;
  if (rows === 0) throw new SimdenseError('DATA', 'readTable: there are no rows');
  let decimal = decimalOf(collected, o);
  const wrong = [...builders.keys()].filter((i) => {
    const { taking, plain } = builders[i] as ColumnBuilder;
    return taking.decimal !== decimal.decimal && plain.sure + plain.either > 0;
  });
  if (wrong.length > 0) {
    const readAgain = await again?.(wrong, { texts: false, decimal: decimal.decimal });
    if (readAgain) for (const [i, builder] of readAgain) builders[i] = builder;
    else for (const i of wrong) (builders[i] as ColumnBuilder).writeNumbers();
    const { numeric } = decideDecimal(builders, collected.delimiter, decimal.decimal);
    decimal = { ...decimal, numeric };
  }
  const said = [...notes];
  const note = (sentence: string): void => void said.push(sentence);
  const columns = decideColumns({ ...collected, builders }, decimal, o, note);
  const undecided = [...columns.keys()].filter((i) => columns[i] === undefined);
  if (undecided.length > 0 && again) {
    const texts = await again(undecided, { texts: true, decimal: decimal.decimal });
    for (const [i, builder] of texts) {
      builder.because = builders[i]?.because;
      builders[i] = builder;
    }
    // Other texts than before: the numbers were texts of the column's other cells alone.
    const numeric = decimal.numeric.map((own, i) => {
      const { texts: cells, taking } = builders[i] as ColumnBuilder;
      return texts.has(i) ? numericTexts(cells, decimal.decimal, taking.beside) : own;
    });
    decimal = { ...decimal, numeric };
    const decidedNow = decideColumns({ ...collected, builders }, decimal, o, note, new Set(undecided));
    for (const i of undecided) columns[i] = decidedNow[i];
  }
  const missed = missedNote(builders, columns as ColumnData[], o);
  const all = missed ? [...said, missed] : said;
  const lines = collected.hasLines ? linesOf(rows, (row) => collected.rowOf(row)) : undefined;
  return new Table({
    rows,
    columns: columns as ColumnData[],
    ...(all.length > 0 && { notes: all }),
    ...(lines && { lines }),
  });
}

function refuseUnknown(builders: readonly ColumnBuilder[], { kinds, ignore }: ReadTableOptions): void {
  const names = new Set(builders.map(({ name }) => name));
  for (const name of [...Object.keys(kinds ?? {}), ...(ignore ?? [])])
    if (!names.has(name)) noColumn('readTable', name, builders);
}
