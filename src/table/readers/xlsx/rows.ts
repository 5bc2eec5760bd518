// The rows of a sheet, given to columns: titles above the table are left out, and a header may have merged cells, in two rows or more.
import { show } from '../../../base/checks.js';
import { largest, smallest } from '../../../base/extremes.js';
import type { ColumnBuilder } from '../../builder.js';
import { countUpTo } from '../../lines.js';
import type { Sheet } from '../reader.js';
import { LOOKED, titleRows } from '../titles.js';

/** A cell of a row: its column from 0, and its value. */
export type Cells = readonly (readonly [column: number, value: unknown])[];

/** A rectangle of cells that are one: rows from 1, columns from 0. */
export interface Merge {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

interface Row {
  readonly number: number;
  readonly cells: Cells;
}

interface Head {
  readonly number: number;
  readonly cells: ReadonlyMap<number, unknown>;
}

export class XlsxRows {
  readonly #sheet: Sheet;
  readonly #merges: readonly Merge[];
  readonly #header: boolean | undefined;
  readonly #columns = new Map<number, ColumnBuilder>();
  #first: Row[] | undefined = [];
  #rows = 0;
  /** The number of the row that comes next, if it is not blank. */
  #next = 0;
  /** For each blank row: how many rows of the table are before it. */
  readonly #blank: number[] = [];

  constructor(sheet: Sheet, merges: readonly Merge[], header: boolean | undefined) {
    this.#sheet = sheet;
    this.#merges = merges;
    this.#header = header;
  }

  /** Takes a row by its number from 1. Rows without cells, or with none but blanks, are no rows of the table. */
  take(number: number, cells: Cells): void {
    if (cells.every(([, value]) => typeof value === 'string' && value.trim() === '')) return;
    if (!this.#first) this.#add({ number, cells });
    else if (this.#first.push({ number, cells }) === LOOKED) this.#begin();
  }

  end(): void {
    this.#begin();
    for (const builder of this.#columns.values()) builder.pad(this.#rows);
    const { before } = this.#sheet;
    const blank = this.#blank.length;
    if (blank > 0)
      this.#sheet.note(
        `${blank} blank row${blank === 1 ? '' : 's'} of the sheet ${blank === 1 ? 'is' : 'are'} left out.`,
      );
    this.#sheet.rowOf = (row) => before + row + 1 + countUpTo(this.#blank, row);
  }

  #begin(): void {
    if (!this.#first) return;
    const rows = this.#first;
    this.#first = undefined;
    const titles = titleRows(rows.map(({ cells }) => cells.map(([, value]) => value)));
    for (const { number, cells } of rows.splice(0, titles))
      this.#sheet.note(`Row ${number} of the sheet is taken for a title: ${show(cells[0]?.[1])}.`);
    const [top] = rows;
    if (!top) return;
    const header = this.#header ?? isHeader(top.cells);
    const heads = header ? rows.splice(0, this.#headRows(rows)) : [];
    const places = [...heads, ...rows].flatMap(({ cells }) => cells.map(([column]) => column));
    const [from, to] = [smallest(places), largest(places)];
    const named = heads.map(({ number, cells }) => ({ number, cells: new Map(cells) }));
    for (let column = from; column <= to; column++) this.#addColumn(column, this.#nameOf(named, column));
    if (!header) {
      const note = 'The sheet has no header: its columns are named by their places.';
      this.#sheet.note(`${note} header: true takes the first row for names.`);
    }
    this.#sheet.before = (rows[0]?.number ?? 1) - 1;
    this.#next = this.#sheet.before + 1;
    for (const row of rows) this.#add(row);
  }

  /** How many rows name the columns: cells that are merged across columns have other names below them. */
  #headRows(rows: readonly Row[]): number {
    const [top, second] = rows as [Row, Row | undefined];
    const merges = this.#merges.filter((merge) => merge.top === top.number);
    const across = merges.some(({ left, right }) => right > left) && second && isHeader(second.cells);
    const least = across ? (second?.number ?? top.number) : top.number;
    const bottom = largest(
      merges.map((merge) => merge.bottom),
      least,
    );
    const end = rows.findIndex(({ number, cells }, i) => i > 0 && (number > bottom || !isHeader(cells)));
    return end < 0 ? rows.length : end;
  }

  #nameOf(heads: readonly Head[], column: number): string {
    const words = heads.map(({ number, cells }) => {
      const merge = this.#merges.find(
        ({ top, bottom, left, right }) => top <= number && number <= bottom && left <= column && column <= right,
      );
      // Only what is merged across columns is written for each.
      const place = merge?.top === number ? merge.left : column;
      return nameFrom(cells.get(place));
    });
    return words.filter((word, i) => word !== '' && word !== words[i - 1]).join(' ');
  }

  #addColumn(column: number, name: string): ColumnBuilder {
    const builder = this.#sheet.addColumn(name);
    // Excel keeps 15 digits.
    builder.rounded = true;
    this.#columns.set(column, builder);
    return builder;
  }

  #add({ number, cells }: Row): void {
    for (const [column, value] of cells) {
      const builder = this.#columns.get(column) ?? this.#addColumn(column, '');
      builder.pad(this.#rows);
      builder.value(value);
    }
    for (; this.#next < number; this.#next++) this.#blank.push(this.#rows);
    this.#next++;
    this.#rows++;
  }
}

const isHeader = (cells: Cells): boolean => cells.length > 0 && cells.every(([, value]) => typeof value === 'string');

function nameFrom(value: unknown): string {
  if (value === null || value === undefined) return '';
  return value instanceof Date ? value.toISOString().replace(/T00:00:00\.000Z$/, '') : String(value).trim();
}
