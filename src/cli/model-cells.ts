// Reads the cells of a file as a model's columns: what each is follows from the model, not from the file. A cell that cannot be used is replaced, which is said.
import { show } from '../base/checks.js';
import type { EncoderColumn } from '../table/encoders/kinds.js';
import type { ColumnData } from '../table/index.js';
import { numberReader, textReader } from '../table/read-value.js';

/** A column of a file: as it was found to be, and its cells as texts, exactly as they stand there. */
export interface FileColumn {
  readonly found: ColumnData;
  readonly texts: { readonly texts: readonly string[]; readonly codes: Int32Array };
}

/** What was done with cells that could not be used, by row. */
export class Notes {
  readonly #byRow = new Map<number, string[]>();
  readonly #counts = new Map<string, number>();

  /** `group` is the same without the cell's value, for counts. */
  add(row: number, note: string, group = note): void {
    this.#counts.set(group, (this.#counts.get(group) ?? 0) + 1);
    const notes = this.#byRow.get(row);
    if (notes) notes.push(note);
    else this.#byRow.set(row, [note]);
  }

  /** The notes of a row as a text; '' if there are none. */
  of = (row: number): string => this.#byRow.get(row)?.join('; ') ?? '';

  /** How many rows have a note. */
  get rows(): number {
    return this.#byRow.size;
  }

  /** Each group of notes with its number of rows, the most frequent first. */
  get counts(): readonly (readonly [group: string, rows: number])[] {
    return [...this.#counts].sort((a, b) => b[1] - a[1]);
  }
}

/** How the cells of a file are written. */
export interface Reading {
  /** More words that mean a missing cell. */
  readonly missing: readonly string[];
  /** The sign before the decimals, where the file tells. */
  readonly decimal: '.' | ',' | undefined;
}

/** The cells of a file's column as a column of the model has them. */
export function modelColumn(
  data: EncoderColumn,
  column: FileColumn,
  { missing, decimal }: Reading,
  notes: Notes,
): ColumnData {
  const { kind } = data;
  const common = { name: data.name, why: 'as the model has it', ...(data.format && { format: data.format }) };
  const own = { ...data.format, missing: [...(data.format?.missing ?? []), ...missing], ...(decimal && { decimal }) };
  if (kind === 'category' || kind === 'hashedCategory' || kind === 'text') {
    const cells = textCells(column.texts, textReader({ holds: 'text', format: own }));
    if (kind === 'category') noteCategories(data, cells, notes);
    return { ...common, kind: kind === 'text' ? 'text' : 'category', holds: 'text', cells };
  }
  const values = numbersOf(kind, column, own);
  const stands = standIn(data);
  for (const [row, value] of values.entries()) {
    if (!Number.isNaN(value)) continue;
    const code = column.texts.codes[row] as number;
    const text = code < 0 ? null : (column.texts.texts[code] as string);
    const isGap = text === null || textReader({ holds: 'text', format: own })(text) === null;
    if (isGap) notes.add(row, `${data.name} is missing: ${stands}`);
    else
      notes.add(row, `${data.name} is ${show(text)}, no ${kind}: ${stands}`, `${data.name} is no ${kind}: ${stands}`);
  }
  return { ...common, kind, holds: kind, cells: { values } };
}

/** What stands for a cell that is missing. */
function standIn(data: Extract<EncoderColumn, { fill: number }>): string {
  if (data.kind === 'boolean') return `taken as ${(data.format?.words ?? ['false', 'true'])[data.fill]}`;
  if (data.kind === 'date')
    return `taken as ${new Date(Math.round(data.fill) * 86_400_000).toISOString().slice(0, 10)}`;
  return `taken as ${Number(data.fill.toPrecision(6))}`;
}

/** Numbers, booleans as 0 and 1, or dates; NaN where a cell is missing or is none of these. */
function numbersOf(
  holds: 'number' | 'boolean' | 'date',
  { found, texts: { texts, codes } }: FileColumn,
  format: ColumnData['format'],
): Float64Array {
  // The file may have another decimal sign than that of the training.
  if (holds === 'number' && found.holds === 'number' && 'values' in found.cells) return found.cells.values;
  const read = numberReader({ holds, ...(format && { format }) });
  // As an encoder of booleans reads them, whatever their words.
  const plain = numberReader({ holds: 'boolean' });
  const flag = (text: string) => read(text) ?? plain(text === '0' ? 'false' : text === '1' ? 'true' : text);
  const values = texts.map((text) => (holds === 'boolean' ? flag(text) : read(text)) ?? Number.NaN);
  return Float64Array.from(codes, (code) => (code < 0 ? Number.NaN : (values[code] as number)));
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
  const gap = missing ? '' : `${name} is missing: ${stands}`;
  for (const [row, code] of codes.entries()) {
    const note = code < 0 ? gap : (unknown[code] as string);
    if (note) notes.add(row, note, code < 0 ? gap : `${name} ${what}`);
  }
}
