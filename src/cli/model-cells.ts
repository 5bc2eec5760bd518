// Reads the cells of a file as a model's columns: what each is follows from the model, not from the file. A cell that cannot be used is replaced, which is said.
import { show } from '../base/checks.js';
import type { EncoderColumn } from '../table/encoders/kinds.js';
import type { ColumnData } from '../table/index.js';
import type { CellFormat } from '../table/kind.js';
import { isMissingSign } from '../table/kinds/missing.js';
import { missingNumbers } from '../table/kinds/missing-numbers.js';
import { numberOf } from '../table/kinds/number-text.js';
import { numberWithUnit } from '../table/kinds/units.js';
import { isUnclear, numberReader, textReader } from '../table/read-value.js';
import type { Notes } from './notes.js';

/** A column of a file: as it was found to be, and its cells as texts, exactly as they stand there. */
export interface FileColumn {
  readonly found: ColumnData;
  readonly texts: { readonly texts: readonly string[]; readonly codes: Int32Array };
}

/** How the cells of a file are written. */
export interface Reading {
  /** More words that mean a missing cell. */
  readonly missing: readonly string[];
  /** The sign before the decimals, where the file tells. */
  readonly decimal: '.' | ',' | undefined;
}

/** Whether a cell of a file's column is missing, as the file was read. */
export function gapsIn({ cells }: ColumnData): (row: number) => boolean {
  return 'codes' in cells
    ? (row) => (cells.codes[row] as number) < 0
    : (row) => Number.isNaN(cells.values[row] as number);
}

/** Whether a text such as '-' is a missing cell, since the column holds numbers or dates. */
export const isMissingNumber = (holds: ColumnData['holds'], text: string): boolean =>
  (holds === 'number' || holds === 'date') && isMissingSign(text);

/** The cells of a file's column as a column of the model has them. */
export function modelColumn(
  data: EncoderColumn,
  column: FileColumn,
  { missing, decimal }: Reading,
  notes: Notes,
): ColumnData {
  const { kind } = data;
  const common = { name: data.name, why: 'as the model has it', ...(data.format && { format: data.format }) };
  const { holds, format } = column.found;
  const own = {
    ...data.format,
    missing: [...(data.format?.missing ?? []), ...missing],
    // A file that tells its sign tells its thousands too.
    ...(decimal && { decimal, grouped: true as const }),
    // What the file's own dates settle.
    ...(holds === 'date' && format?.order && !format.guessed && { order: format.order }),
  };
  if (kind === 'category' || kind === 'hashedCategory' || kind === 'text') {
    const cells = textCells(column.texts, textReader({ holds: 'text', format: own }));
    if (kind === 'category') noteCategories(data, cells, notes);
    if (kind === 'hashedCategory' && data.missing) noteLearnt(data.name, cells.codes, (code) => code < 0, notes);
    return { ...common, kind: kind === 'text' ? 'text' : 'category', holds: 'text', cells };
  }
  const values = numbersOf(kind, column, own);
  noteNumbers(data, values, column, own, notes);
  return { ...common, kind, holds: kind, cells: { values } };
}

/** Notes the cells that are no number, boolean or date. */
function noteNumbers(
  data: Extract<EncoderColumn, { fill: number }>,
  values: Float64Array,
  { found, texts: { texts, codes } }: FileColumn,
  format: ColumnData['format'],
  notes: Notes,
): void {
  const { kind, name, flag } = data;
  const stands = standIn(data);
  const read = textReader({ holds: 'text', ...(format && { format }) });
  const gone = missingNumbers(format?.missing, format?.decimal);
  const means = texts.map(
    (text) =>
      read(text) === null ||
      isMissingNumber(kind, text) ||
      gone.has(numberOf(text.trim(), format?.decimal ?? '.')?.value ?? Number.NaN),
  );
  const missing = new Uint8Array(values.length);
  for (const [row, value] of values.entries()) {
    if (!Number.isNaN(value)) continue;
    const code = codes[row] as number;
    if (code < 0 || means[code]) {
      missing[row] = 1;
      if (!flag) notes.add(row, `${name} is missing: ${stands}`);
    } else {
      const unclear = kind === 'number' && whyUnclear(texts[code] as string, format, found);
      const none = unclear ? `unclear, ${unclear}` : `no ${kind}`;
      const what = `${none}: ${flag ? 'taken as a missing cell' : stands}`;
      notes.add(row, `${name} is ${show(texts[code])}, ${what}`, `${name} is ${what}`);
    }
  }
  if (flag) noteLearnt(name, missing, Boolean, notes);
}

/** Why a number is not read: what it may be of two things. undefined for another cell. */
function whyUnclear(text: string, format: CellFormat = {}, found: ColumnData): string | undefined {
  const { decimal = '.' } = format;
  const read = numberOf(text.trim(), decimal) ?? numberWithUnit(text.trim(), decimal);
  if (isEither(text, format, found)) return 'thousands or decimals';
  if (!isUnclear(format, read)) return undefined;
  return read?.grouped ? 'thousands or decimals' : 'a share or %';
}

/** Whether a cell such as 1.234 may be thousands or decimals: no cell of the file tells, and the model has learnt from whole numbers without a sign. */
const isEither = (text: string, { whole, decimal = '.' }: CellFormat, found: ColumnData): boolean =>
  whole === true && found.format?.guessed === true && numberOf(text.trim(), decimal)?.either === true;

/** What stands for a cell that is missing, where the model has not learnt what a missing one means. */
function standIn(data: Extract<EncoderColumn, { fill: number }>): string {
  if (data.kind === 'boolean') return `taken as ${(data.format?.words ?? ['false', 'true'])[data.fill]}`;
  if (data.kind === 'date')
    return `taken as ${new Date(Math.round(data.fill) * 86_400_000).toISOString().slice(0, 10)}`;
  return `taken as ${withDigits(data.fill)}, the median`;
}

/** Six digits, and all of a whole number. */
function withDigits(value: number): string {
  const whole = Math.abs(Math.trunc(value)).toString().length;
  return String(Number(value.toPrecision(Math.min(15, Math.max(6, whole + 1)))));
}

/** In a column with a larger share of missing cells, one more is nothing to note: a number that is there would be. */
const NEARLY_ALL = 0.9;

/** Notes cells that are missing as some were in training: the model has learnt what that means. */
function noteLearnt(
  name: string,
  cells: Int32Array | Uint8Array,
  isMissing: (cell: number) => boolean,
  notes: Notes,
): void {
  const rows: number[] = [];
  for (const [row, cell] of cells.entries()) if (isMissing(cell)) rows.push(row);
  if (rows.length > NEARLY_ALL * cells.length && cells.length > 10) return;
  for (const row of rows) notes.learnt(row, name);
}

/** Numbers, booleans as 0 and 1, or dates; NaN where a cell is missing or is none of these. */
function numbersOf(
  holds: 'number' | 'boolean' | 'date',
  { found, texts: { texts, codes } }: FileColumn,
  format: ColumnData['format'],
): Float64Array {
  // The file may have another decimal sign than that of the training. Where none of its cells settles it, that of the training counts.
  const settled = found.holds === 'number' && !found.format?.guessed;
  if (holds === 'number' && settled && 'values' in found.cells && isAlike(found.format, format))
    return withoutWords(found.cells.values, format);
  const sign = holds === 'number' && settled ? { decimal: found.format?.decimal ?? '.', grouped: true as const } : {};
  const read = numberReader({ holds, format: { ...format, ...sign } });
  // As an encoder of booleans reads them, whatever their words.
  const plain = numberReader({ holds: 'boolean' });
  const flag = (text: string) => read(text) ?? plain(text === '0' ? 'false' : text === '1' ? 'true' : text);
  const values = texts.map((text) => {
    if (holds === 'number' && isEither(text, format ?? {}, found)) return Number.NaN;
    return (holds === 'boolean' ? flag(text) : read(text)) ?? Number.NaN;
  });
  return Float64Array.from(codes, (code) => (code < 0 ? Number.NaN : (values[code] as number)));
}

/** Whether the numbers of a file have the unit of the model's, or none, and are no times where these are none. */
const isAlike = ({ unit, time }: CellFormat = {}, { unit: own, time: ownTime, beyondOne }: CellFormat = {}): boolean =>
  (unit ? unit === own : !beyondOne) && (!time || ownTime === true);

/** Numbers without those that are words for missing cells. */
function withoutWords(values: Float64Array, { missing, decimal }: CellFormat = {}): Float64Array {
  const gone = missingNumbers(missing, decimal);
  return gone.size === 0 ? values : values.map((value) => (gone.has(value) ? Number.NaN : value));
}

function textCells({ texts, codes }: FileColumn['texts'], read: (text: string) => string | null | undefined) {
  const own = texts.map(read);
  const gone = own.map((text) => text === null);
  return {
    texts: texts.map((text, i) => own[i] ?? text),
    codes: gone.includes(true) ? codes.map((code) => (gone[code] ? -1 : code)) : codes,
  };
}

function noteCategories(
  { name, categories, missing, rare }: Extract<EncoderColumn, { kind: 'category' }>,
  { texts, codes }: FileColumn['texts'],
  notes: Notes,
): void {
  const known = new Set(categories);
  const stands = rare ? 'taken as one of the rare ones' : 'taken as none of the known ones';
  // The encoder has not kept which ones were rare.
  const what = `${rare ? 'is rare or not known' : 'is not known'}: ${stands}`;
  const unknown = texts.map((text) => (known.has(text) ? '' : `${name} ${show(text)} ${what}`));
  for (const [row, code] of codes.entries()) {
    if (code >= 0) {
      if (unknown[code]) notes.add(row, unknown[code], `${name} ${what}`);
    } else if (!missing) notes.add(row, `${name} is missing: ${stands}`);
  }
  if (missing) noteLearnt(name, codes, (code) => code < 0, notes);
}
