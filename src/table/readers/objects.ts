// Reads records: objects whose properties are cells, or lists of cells.
import { isRecord, show } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import type { ColumnBuilder } from '../builder.js';
import type { Columns } from '../sheet.js';
import { placeName } from './place-name.js';

/** Takes records one by one. Their columns are all names that any of them has, in the order in which they come. */
export class Records {
  readonly #columns: Columns;
  readonly #byName = new Map<string, ColumnBuilder>();
  readonly #header: boolean | undefined;
  /** Records so far, with a header. */
  #seen = 0;
  #rows = 0;
  /** The names of the columns, if the records are lists. */
  #names: string[] | undefined;

  constructor(columns: Columns, header: boolean | undefined) {
    this.#columns = columns;
    this.#header = header;
    columns.before = 0;
  }

  add(record: unknown): void {
    this.#seen++;
    if (Array.isArray(record)) this.#addList(record);
    else if (this.#names === undefined && isRecord(record)) {
      for (const name of Object.keys(record)) this.#put(name, record[name]);
      this.#rows++;
    } else this.#refuse(record);
  }

  /** Ends the last row: columns that it lacks have a missing cell. */
  end(): void {
    for (const builder of this.#columns.builders) builder.pad(this.#rows);
  }

  #addList(cells: readonly unknown[]): void {
    if (this.#names === undefined) {
      if (this.#byName.size > 0) this.#refuse(cells);
      const header =
        this.#header ?? (cells.length > 0 && cells.every((cell) => typeof cell === 'string' && cell !== ''));
      this.#names = cells.map((cell, i) => {
        const name = header ? String(cell ?? '') : placeName(i);
        this.#byName.set(String(i), this.#columns.addColumn(name));
        return String(i);
      });
      if (header) {
        this.#columns.before = 1;
        return;
      }
    }
    if (cells.length !== this.#names.length) {
      const message = `row ${this.#seen} has ${cells.length} cell${cells.length === 1 ? '' : 's'}, the first row ${this.#names.length}`;
      throw new SimdenseError('FORMAT', `readTable: ${message}`);
    }
    for (const [i, cell] of cells.entries()) this.#put(String(i), cell);
    this.#rows++;
  }

  #put(name: string, cell: unknown): void {
    let builder = this.#byName.get(name);
    if (builder === undefined) {
      builder = this.#columns.addColumn(name);
      this.#byName.set(name, builder);
    }
    builder.pad(this.#rows);
    builder.value(cell);
  }

  #refuse(record: unknown): never {
    const expected = this.#names || this.#byName.size === 0 ? 'a list of cells or an object' : 'an object';
    throw new SimdenseError('FORMAT', `readTable: row ${this.#seen} is ${show(record)}, expected ${expected}`);
  }
}

/** Takes all records. Pauses are possible between the steps. */
export function* readRecords(
  records: Iterable<unknown>,
  columns: Columns,
  header: boolean | undefined,
): Generator<void, void> {
  const taken = new Records(columns, header);
  let count = 0;
  for (const record of records) {
    taken.add(record);
    if (++count % 512 === 0) yield;
  }
  taken.end();
}
