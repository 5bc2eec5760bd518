// From tables and records to numbers, by what a fitted encoder keeps.
import { isRecord, noMore, refuse, show } from '../../base/checks.js';
import { didYouMean, isIt } from '../../base/did-you-mean.js';
import { SimdenseError } from '../../base/errors.js';
import { refuseNewer } from '../../base/written.js';
import { type Matrix, ownMatrix } from '../../data/matrix.js';
import type { ColumnData, Kind, TableData } from '../kind.js';
import { checkFormat } from './check-format.js';
import { cellsOf, wrongCell } from './column-cells.js';
import { readFormat } from './format.js';
import type { ColumnBase, Writer } from './kind.js';
import { type EncoderColumn, isKind, kindOf, type Prepared } from './kinds.js';

/** The format of EncoderData; a change that older versions would misread must raise it. */
export const FORMAT = 1;

/** A fitted encoder as plain JSON. */
export interface EncoderData {
  readonly version: number;
  /** The columns that it reads, each with what its kind keeps, in the order of the features. */
  readonly columns: readonly EncoderColumn[];
}

/** Turns rows of a table into rows of numbers; encoderOf makes it. */
export interface Encoder {
  /** The features' names; no two are alike. */
  readonly features: readonly string[];
  /** The names of the table's columns that it reads. */
  readonly columns: readonly string[];
  /** What each of these columns is used as: how a table is to be read for it. */
  readonly kinds: Readonly<Record<string, Exclude<Kind, 'ignore'>>>;
  /**
   * Encodes a table, or some of its rows, in slices; the event loop may turn between them. Its columns are found by name; others are not looked at.
   *
   * @param data The table.
   * @param rows Row numbers, from 0; one may appear several times. Default: all rows.
   * @param where The caller, for messages. Default: 'encoding'.
   * @returns A matrix, rows × features.
   * @throws SimdenseError 'DATA' for a table that lacks a column, and for a cell that cannot be of its column's kind.
   */
  encoding(data: TableData, rows?: Int32Array, where?: string): Generator<undefined, Matrix>;
  /**
   * Encodes objects. null, undefined, NaN and '' are missing cells. A key that is not there is one too, if the training rows lacked such
   * cells and no other key is like it; otherwise it is an error. Other keys are not looked at.
   *
   * @param records An object a row, with a value for each of `columns`.
   * @param where The caller, for messages. Default: 'encodeRecords'.
   * @returns A matrix, records × features: the same bits as of a table with these cells.
   * @throws SimdenseError 'ARGUMENT' for what is not a list of objects.
   * @throws SimdenseError 'SHAPE' for no records.
   * @throws SimdenseError 'DATA' for a record that lacks a key, and for a value that cannot be of its column's kind.
   */
  encodeRecords(records: readonly object[], where?: string): Matrix;
  /** The encoder as plain data, which encoderOf reads. */
  toJSON(): EncoderData;
}

/** A column, bound to its place in a row of features. */
interface Bound {
  readonly data: EncoderColumn;
  readonly at: number;
  readonly name: string;
  readonly writer: Writer<Prepared>;
}

/** Features that are written in one slice: a few milliseconds. */
const SLICE = 2 ** 15;

/**
 * Makes an encoder from the data that fittingEncoder returned, or that come from a file.
 *
 * @param json The data, as an object: after JSON.parse.
 * @returns The encoder.
 * @throws SimdenseError 'FORMAT' for anything else, also of a newer version.
 * @example
 * const encoder = encoderOf({
 *   version: 1,
 *   columns: [{ kind: 'category', name: 'port', categories: ['C', 'S'], missing: false, rare: true }],
 * });
 * encoder.features; // ['port=C', 'port=S', 'port=(rare)']
 * encoder.encodeRecords([{ port: 'S' }, { port: 'Q' }]).toArrays(); // [[0, 1, 0], [0, 0, 1]]
 */
export function encoderOf(json: unknown): Encoder {
  noMore('encoderOf', arguments, 1);
  const read = readData(json);
  const bound: Bound[] = [];
  const features: string[] = [];
  for (const data of read.columns) {
    const kind = kindOf(data);
    bound.push({ data, at: features.length, name: data.name, writer: kind.writer(data) });
    for (const feature of kind.features(data)) features.push(feature);
  }
  return Object.freeze({
    features: Object.freeze(features),
    columns: Object.freeze(bound.map(({ name }) => name)),
    kinds: Object.freeze(Object.fromEntries(bound.map(({ data, name }) => [name, usedAs(data)]))),
    encoding: (data: TableData, rows?: Int32Array, where = 'encoding') =>
      encoding(bound, features.length, data, rows, where),
    encodeRecords: (records: readonly object[], where = 'encodeRecords') =>
      encodeRecords(bound, features.length, records, where),
    toJSON: () => readData(read),
  });
}

const usedAs = ({ kind }: EncoderColumn): Exclude<Kind, 'ignore'> => (kind === 'hashedCategory' ? 'category' : kind);

/** A checked copy. */
function readData(json: unknown): EncoderData {
  const wrong = (): never => {
    throw new SimdenseError('FORMAT', 'encoderOf(json): expected what toJSON gave');
  };
  if (!isRecord(json)) wrong();
  const { version, columns } = json as Partial<EncoderData>;
  refuseNewer('encoderOf', version, FORMAT);
  if (version !== FORMAT || !Array.isArray(columns) || columns.length === 0) return wrong();
  const read = Array.from(columns as readonly unknown[], (column) => readColumn(column) ?? wrong());
  if (new Set(read.map(({ name }) => name)).size < read.length) wrong();
  return { version, columns: read };
}

function readColumn(given: unknown): EncoderColumn | undefined {
  if (!isRecord(given)) return undefined;
  const { kind, name, format } = given as Partial<ColumnBase>;
  if (!isKind(kind) || typeof name !== 'string') return undefined;
  const own = kindOf({ kind }).check(given);
  const written = format === undefined ? {} : readFormat(format);
  return own && written && ({ kind, name, ...(format && { format: written }), ...own } as EncoderColumn);
}

/** Finds a table's columns by names that a model gives, or a caller, to whom `hint` is didYouMean. What it returns throws SimdenseError 'DATA' for one that is not there. */
export function columnsOf(where: string, { columns }: TableData, hint = isIt): (name: string) => ColumnData {
  const byName = new Map(columns.map((column) => [column.name, column]));
  return (name) => {
    const found = byName.get(name);
    if (found) return found;
    throw new SimdenseError('DATA', `${where}: the table has no column ${show(name)}${hint(name, [...byName.keys()])}`);
  };
}

/** Throws SimdenseError 'ARGUMENT' for a row that the table does not have. */
export function checkRows(where: string, { rows: count }: TableData, rows: Int32Array | undefined): void {
  const bad = rows?.find((row) => row < 0 || row >= count);
  if (bad !== undefined) refuse(`${where}(rows)`, `rows from 0 to ${count - 1}`, bad);
}

/** 8 GiB of float32: every current runtime can hold that in one array. */
const MOST_NUMBERS = 2 ** 31 - 1;

function room(where: string, rows: number, width: number): Float32Array {
  if (rows * width <= MOST_NUMBERS) return new Float32Array(rows * width);
  throw new SimdenseError('DATA', `${where}: ${rows} rows of ${width} features are too many`);
}

function* encoding(
  bound: readonly Bound[],
  width: number,
  data: TableData,
  rows: Int32Array | undefined,
  where: string,
): Generator<undefined, Matrix> {
  checkRows(where, data, rows);
  const named = columnsOf(where, data);
  const columns = bound.map(({ data: own, at, name, writer }) => {
    const { expects, takes } = kindOf(own);
    const column = named(name);
    checkFormat(where, own, column);
    const asTheyAre = own.format?.missing && !column.format?.unit ? undefined : takes;
    return { at, writer, cell: cellsOf(where, data, column, { expects, takes: asTheyAre, read: writer.read }) };
  });
  const count = rows?.length ?? data.rows;
  const out = room(where, count, width);
  const slice = Math.ceil(SLICE / width);
  for (let from = 0; from < count; from += slice) {
    const end = Math.min(from + slice, count);
    for (const { at, writer, cell } of columns) {
      for (let i = from; i < end; i++) writer.write(cell(rows ? (rows[i] as number) : i), out, i * width + at);
    }
    yield;
  }
  return ownMatrix(out, width);
}

function encodeRecords(bound: readonly Bound[], width: number, records: readonly object[], where: string): Matrix {
  if (!Array.isArray(records)) refuse(where, 'an array of objects', records);
  if (records.length === 0) throw new SimdenseError('SHAPE', `${where}: expected at least one record`);
  // Before anything is taken: a sparse array can claim far more rows than it holds.
  for (let row = 0; row < records.length; row++)
    if (typeof records[row] !== 'object' || records[row] === null || Array.isArray(records[row]))
      refuse(`${where}: row ${row}`, 'an object', records[row]);
  const out = room(where, records.length, width);
  for (let row = 0, start = 0; row < records.length; row++, start += width) {
    const record = records[row] as Readonly<Record<string, unknown>>;
    for (const { data, at, name, writer } of bound) {
      const cell = has(record, name)
        ? writer.read(record[name])
        : mayLack(data, othersIn(record, bound))
          ? writer.read(null)
          : undefined;
      if (cell === undefined) refuseCell(where, row, record, data);
      else writer.write(cell, out, start + at);
    }
  }
  return ownMatrix(out, width);
}

/** Whether a record has a key. What every object inherits, such as constructor, is not the record's. */
export const has = (record: object, name: string): boolean =>
  name in {} ? Object.hasOwn(record, name) : name in record;

/** Whether a record may lack a column's key, where it has `others` that the model does not read: training rows lacked such cells too, and no other key looks like it. */
export function mayLack(data: EncoderColumn, others: readonly string[]): boolean | undefined {
  const { flag, missing, rare } = data as { flag?: boolean; missing?: boolean; rare?: boolean };
  return (flag || missing || rare || data.kind === 'text') && !didYouMean(data.name, others);
}

/** The keys of a record that the model does not read. */
const othersIn = (record: object, bound: readonly Bound[]): string[] =>
  Object.keys(record).filter((key) => !bound.some(({ name }) => name === key));

function refuseCell(where: string, row: number, record: Readonly<Record<string, unknown>>, data: EncoderColumn): never {
  const { name } = data;
  if (!has(record, name)) {
    const hint = isIt(name, Object.keys(record)) || '; null says that it is not known';
    throw new SimdenseError('DATA', `${where}: row ${row} has no ${show(name)}${hint}`);
  }
  wrongCell(where, row, name, record[name], `${kindOf(data).expects} as in training`);
}
