// A file as a model reads it, with each column's cells as they stand there.
import { show } from '../base/checks.js';
import { isIt } from '../base/did-you-mean.js';
import { SimdenseError } from '../base/errors.js';
import { listed } from '../base/listed.js';
import { mayLack } from '../table/encoders/encoder.js';
import type { EncoderColumn } from '../table/encoders/kinds.js';
import type { ReadTableOptions, Table } from '../table/index.js';
import { formatOfBytes } from '../table/readers/formats.js';
import { type ExactCells, exactCsv, unpackedParts } from './csv-file.js';
import type { OwnColumn } from './csv-text.js';
import type { FileColumn } from './model-cells.js';
import type { Values } from './options.js';
import { openTable, readingOf, type TableFile } from './read-file.js';

/** A file, with each column's cells as they stand there. */
export interface ModelFile {
  readonly path: string;
  /** The table as it was found to be. */
  readonly found: Table;
  /** The file's own columns, to be written again. */
  readonly own: readonly OwnColumn[];
  /** What stands between two cells of a CSV file; undefined of others, and of a single column. */
  readonly delimiter: string | undefined;
  /** What ends its lines; '\n' of a file without lines. */
  readonly lineEnd: '\n' | '\r\n';
  /** The sign before the decimals of its numbers; undefined if none tells. */
  readonly decimal: '.' | ',' | undefined;
  /** Whether it is JSON, whose objects may lack a key. */
  readonly keyed: boolean;
  column(name: string): FileColumn;
}

/** Reads a file for a model. */
export async function readModelFile(path: string, values: Values): Promise<ModelFile> {
  const file = await openTable(path, values);
  const o = readingOf(values);
  const found = await file.read(o);
  const { delimiter, lineEnd, columns, keyed } = await exactColumns(file, found, o);
  return {
    path,
    found,
    own: columns.map(({ name, texts, codes }) => ({ name, of: (row) => texts[codes[row] as number] ?? '' })),
    delimiter,
    lineEnd,
    keyed,
    decimal: o.decimal ?? decimalOf(found),
    column(name) {
      checkNames(path, found, [name]);
      const at = found.columns.findIndex((column) => column.name === name);
      const { texts, codes } = columns[at] as ExactColumn;
      return { found: found.column(name), texts: { texts: texts.map((text) => text.trim()), codes } };
    },
  };
}

/** Throws SimdenseError 'ARGUMENT' unless there are columns of all these names. It says which are most like the others. */
function checkNames(path: string, { columns }: Table, wanted: readonly string[], keyed = false): void {
  const names = columns.map(({ name }) => name);
  const absent = wanted.filter((name) => !names.includes(name));
  const [first] = absent;
  if (first === undefined) return;
  const hints = absent.map((name) => `${show(name)}${isIt(name, names).replace(/^; /, ' (')}`);
  const which =
    absent.length === 1
      ? `there is no column ${show(first)} among ${listed(names)}${isIt(first, names)}`
      : `there are no columns ${hints.map((hint) => (hint.includes(' (is it') ? `${hint})` : hint)).join(', ')} among ${listed(names)}`;
  const known = keyed && absent.length === 1 && isIt(first, names) === '' ? '; null says that it is not known' : '';
  throw new SimdenseError('ARGUMENT', `${path}: ${which}${known}`);
}

/**
 * Throws SimdenseError 'ARGUMENT' unless a file has each of these columns once. Of several columns of one name, all but the first have got another, such as
 * 'a.1': a model that was trained on such a table has these too.
 */
export function checkWanted({ path, found, own, keyed }: ModelFile, columns: readonly EncoderColumn[]): void {
  const wanted = columns.map(({ name }) => name);
  checkNames(path, found, wanted, keyed);
  const names = found.columns.map(({ name }) => name);
  for (const { name, format } of columns) {
    if (format?.twice) continue;
    const again = names.find((other, i) => other !== name && own[i]?.name.trim() === name);
    if (again === undefined || wanted.includes(again)) continue;
    const message = `there are two columns ${show(name)}, and the model reads one; rename the other`;
    throw new SimdenseError('ARGUMENT', `${path}: ${message}`);
  }
}

/** Whether a column of a model is in none of a file's objects, and may be. */
export function isAbsent({ keyed, found }: ModelFile, data: EncoderColumn, wanted: readonly string[]): boolean {
  const names = found.columns.map(({ name }) => name);
  if (!keyed || names.includes(data.name)) return false;
  const others = names.filter((name) => !wanted.includes(name));
  return mayLack(data, others) === true;
}

/** A column whose cells are all missing. */
export function emptyColumn(name: string, { found: { rows } }: ModelFile): FileColumn {
  const cells = { texts: [], codes: new Int32Array(rows).fill(-1) };
  return { found: { name, kind: 'ignore', why: 'no row has it', holds: 'text', cells }, texts: cells };
}

interface ExactColumn extends ExactCells {
  readonly name: string;
}

/** The columns with all their cells as texts. */
async function exactColumns(
  file: TableFile,
  found: Table,
  o: ReadTableOptions,
): Promise<
  { readonly columns: readonly ExactColumn[] } & Pick<Partial<ModelFile>, 'delimiter'> &
    Pick<ModelFile, 'lineEnd' | 'keyed'>
> {
  const parts = await unpackedParts(file.bytes());
  const csv = exactCsv(parts, o);
  if (csv && csv.names.length === found.columns.length && csv.columns[0]?.codes.length === found.rows) {
    const columns = csv.columns.map((cells, i) => ({ ...cells, name: csv.names[i] as string }));
    return { delimiter: csv.delimiter, lineEnd: lineEndOf(parts), columns, keyed: false };
  }
  const kinds = Object.fromEntries(found.columns.map(({ name }) => [name, 'text' as const]));
  const { data } = await file.read({ ...o, kinds, missing: { only: [] } });
  const typed = formatOfBytes(parts[0] ?? new Uint8Array()) !== undefined;
  const columns = data.columns.map(({ name, cells }, i) => {
    const { texts, codes } = cells as ExactCells;
    const days = typed && found.data.columns[i]?.holds === 'date' && texts.every((text) => text.endsWith(MIDNIGHT));
    return { name, codes, texts: days ? texts.map((text) => text.slice(0, -MIDNIGHT.length)) : texts };
  });
  return { lineEnd: '\n', columns, keyed: csv === undefined && !typed };
}

/** What ends the lines at the beginning of a text, in UTF-16 too. */
const lineEndOf = ([first = new Uint8Array()]: readonly Uint8Array[]): '\n' | '\r\n' =>
  /\r\0?\n/.test(Buffer.from(first.subarray(0, 2 ** 16)).toString('latin1')) ? '\r\n' : '\n';

/** What follows the day in a date that has no time. */
const MIDNIGHT = 'T00:00:00.000Z';

/** The sign before the decimals, by a column of the file that has some. */
function decimalOf({ data: { columns } }: Table): '.' | ',' | undefined {
  const settling = columns.find(
    ({ holds, format, cells }) =>
      holds === 'number' &&
      !format?.guessed &&
      'values' in cells &&
      cells.values.some((value) => value % 1 !== 0 && !Number.isNaN(value)),
  );
  return settling && (settling.format?.decimal ?? '.');
}
