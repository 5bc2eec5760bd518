import { bytesOf } from '../base/typed-arrays.js';
import { Chunks } from './chunks.js';
import { endOfCell } from './end-of-cell.js';
import { jsonOf } from './json-of.js';
import { EMPTY } from './kind.js';
import { isMissing } from './kinds/missing.js';
import { PlainNumbers } from './kinds/plain-number.js';
import { detached } from './readers/detached.js';

const RETURN = 13;
const none: ReadonlySet<number> = new Set();

/** How the cells of a column are taken down. */
export interface Taking {
  /** The sign before the decimals, as far as it is known: numbers written so are kept as numbers, others as texts at first. */
  readonly decimal: '.' | ',';
  /** The words that are missing cells. */
  readonly missing: ReadonlySet<string>;
  /** The words that are missing cells only in a column whose other cells are numbers or dates. */
  readonly beside: ReadonlySet<string>;
  /** Whether the exact text of a number is to be kept, unless it is how JavaScript writes the number. */
  readonly exact: boolean;
  /** Whether every text is kept as a text, also of numbers. */
  readonly texts: boolean;
  /** Whether the source has a null of its own: an empty text is told from it. Otherwise it is told from words for missing cells. */
  readonly nulls: boolean;
}

const SECONDS = Symbol.for('simdense.seconds');

/** A time of the day, or a span of time, of a file whose cells have types. */
export class Seconds {
  readonly seconds: number;
  /** What tells it: the readers are bundled apart, each with a class of its own. */
  readonly [SECONDS] = true;
  constructor(seconds: number) {
    this.seconds = seconds;
  }
  static is(cell: unknown): cell is Seconds {
    return typeof cell === 'object' && cell !== null && SECONDS in cell;
  }
  toString(): string {
    return String(this.seconds);
  }
}

/**
 * Collects the cells of one column. Numbers are kept as float64, other texts once each; what the column is, is decided when all cells are
 * there.
 */
export class ColumnBuilder {
  readonly name: string;
  readonly taking: Taking;
  readonly cells = new Chunks();
  /** The distinct texts. Those of numbers are not among them, if they are kept as numbers. */
  readonly texts: string[] = [];
  /** What was read as plain numbers. */
  readonly plain: PlainNumbers;
  /** Whether all cells that are kept as numbers are instants in milliseconds: dates by their type. */
  instants = false;
  /** Whether a cell is a number by its type. */
  typed = false;
  /** Whether a cell is bytes, such as an image: these are taken for missing. */
  bytes = false;
  /** Whether the file or its library has rounded whole numbers beyond 2⁵³: xlsx, and decimals of Parquet and Arrow. */
  rounded = false;
  /** Whether a number is a time, in seconds. */
  times = false;
  /** Cells that are lists, and other objects. */
  lists = 0;
  objects = 0;
  /** Cells that cannot be written as JSON, such as objects that contain themselves: these are taken for missing. */
  unwritable = 0;
  /** The words that were taken for missing cells, with the number of cells. Undefined while there are none. */
  missed: Map<string, number> | undefined;
  /** The numbers that were taken for missing cells. */
  dropped: ReadonlySet<number> = none;
  /** Why its numbers are taken for texts, where that may surprise: found when it is read first. */
  because: string | undefined;
  /** The codes of the texts. Undefined while there are none, since a hostile file may have a million columns. */
  #codes: Map<string, number> | undefined;

  constructor(name: string, taking: Taking) {
    this.name = name;
    this.taking = taking;
    this.plain = new PlainNumbers(taking.decimal);
  }

  /** The number of cells. */
  get length(): number {
    return this.cells.length;
  }

  /** Adds a cell that was written as text, such as that of a CSV file: it may be a number, a date, or mean a missing cell. */
  text(cell: string): void {
    this.textBetween(cell, 0, cell.length);
  }

  /** As text(), of the part of a text from a place on to a delimiter, a line break or `end`. Returns the place of what ended it. */
  textUpTo(text: string, from: number, end: number, delimiter: number): number {
    const { plain, taking } = this;
    if (!taking.texts && !this.instants && delimiter !== taking.decimal.charCodeAt(0)) {
      const value = plain.read(text, from, end, taking.exact, delimiter);
      if (!Number.isNaN(value)) {
        this.cells.addNumber(value);
        return plain.end;
      }
    }
    const to = endOfCell(text, from, end, delimiter);
    this.textBetween(text, from, to > from && text.charCodeAt(to - 1) === RETURN ? to - 1 : to);
    return to;
  }

  /** As text(), of the part of a text between two places. */
  textBetween(text: string, from: number, to: number): void {
    const { plain, taking, cells } = this;
    if (!taking.texts) {
      const value = plain.read(text, from, to, taking.exact);
      if (!Number.isNaN(value)) {
        if (this.instants) this.writeInstants();
        cells.addNumber(value);
        return;
      }
    }
    if (from === to) {
      if (taking.nulls) cells.addOtherwiseMissing();
      else cells.addMissing(1);
      return;
    }
    const cell = text.slice(from, to);
    const code = this.#codes?.get(cell);
    if (code !== undefined) cells.addCode(code);
    else this.#otherText(cell);
  }

  /** Adds a cell that has a type already, such as that of a JSON file. A string is as text() takes it; lists and objects are kept as JSON, and bytes are missing. */
  value(cell: unknown): void {
    if (typeof cell === 'string') this.text(cell);
    else if (Seconds.is(cell)) {
      this.times = true;
      this.value(cell.seconds);
    } else if (typeof cell === 'number' && !this.taking.texts) {
      if (this.instants) this.writeInstants();
      this.typed = true;
      this.cells.addNumber(cell);
    } else if (cell === null || cell === undefined || Number.isNaN(cell)) this.cells.addMissing(1);
    else if (typeof cell === 'number' || typeof cell === 'boolean') this.#otherText(String(cell));
    else if (typeof cell === 'bigint') {
      const number = Number(cell);
      if (BigInt(number) === cell && Number.isSafeInteger(number)) this.value(number);
      else this.#otherText(String(cell));
    } else if (Object.prototype.toString.call(cell) === '[object Date]') this.#instant(cell as Date);
    else if (bytesOf(cell)) {
      this.bytes = true;
      this.cells.addMissing(1);
    } else {
      const json = jsonOf(cell);
      if (json === undefined) {
        this.unwritable++;
        this.cells.addMissing(1);
        return;
      }
      if (json.startsWith('[')) this.lists++;
      else this.objects++;
      this.#otherText(json);
    }
  }

  /** Adds missing cells, up to a number of cells. */
  pad(length: number): void {
    if (length > this.length) this.cells.addMissing(length - this.length);
  }

  #instant(date: Date): void {
    const time = date.getTime();
    if (Number.isNaN(time)) this.cells.addMissing(1);
    else if (
      !this.taking.texts &&
      (this.instants || (this.texts.length === 0 && !this.typed && this.plain.count === 0))
    ) {
      this.instants = true;
      this.cells.addNumber(time);
    } else this.#otherText(date.toISOString());
  }

  /** Takes these numbers for missing cells. What is left decides what the column is. */
  dropNumbers(gone: ReadonlySet<number>): void {
    if (this.instants || gone.size === 0) return;
    const { dropped, left } = this.cells.dropNumbers(gone, !this.taking.nulls);
    if (dropped.size === 0) return;
    this.dropped = dropped;
    if (left) return;
    this.typed = false;
    this.plain.forget();
  }

  /** Another kind of cell has come: the instants so far become texts. */
  writeInstants(): void {
    this.instants = false;
    this.cells.numbersToCodes((time) => this.#codeOf(new Date(time).toISOString()));
  }

  /** The codes of its missing cells, for takeCodes: an empty text is told from others. */
  get missingCodes(): { readonly missing: number; readonly otherwise: number } {
    return this.taking.nulls ? { missing: -1, otherwise: EMPTY } : { missing: EMPTY, otherwise: -1 };
  }

  /** Turns all numbers into texts, as JavaScript writes them. */
  writeNumbers(): void {
    this.cells.numbersToCodes((value) => this.#codeOf(String(value)));
    this.plain.forget();
  }

  /** A text that is not among the texts so far, unless white space is left out. */
  #otherText(cell: string): void {
    const trimmed = cell.trim();
    if (isMissing(trimmed, this.taking.missing)) {
      if (trimmed !== '') this.#miss(trimmed);
      if ((trimmed === '') === this.taking.nulls) this.cells.addOtherwiseMissing();
      else this.cells.addMissing(1);
    } else if (trimmed !== cell && !this.taking.texts) this.text(trimmed);
    else {
      if (this.instants) this.writeInstants();
      this.cells.addCode(this.#codeOf(trimmed));
    }
  }

  #miss(word: string): void {
    this.missed ??= new Map();
    this.missed.set(word, (this.missed.get(word) ?? 0) + 1);
  }

  #codeOf(text: string): number {
    const next = this.texts.length;
    this.#codes ??= new Map();
    const known = this.#codes.get(text);
    if (known !== undefined) return known;
    // A part of a longer text would keep all of it in memory.
    const own = detached(text);
    this.#codes.set(own, next);
    this.texts.push(own);
    return next;
  }
}
