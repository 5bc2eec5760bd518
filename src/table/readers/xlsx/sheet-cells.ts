// The cells of a sheet.
import { Seconds } from '../../builder.js';
import type { Cells, Merge } from './rows.js';
import { type Style, unescapedText } from './workbook.js';
import type { XmlHandler } from './xml.js';

/** Excel's limits. */
const MOST_ROWS = 2 ** 20;
const MOST_COLUMNS = 2 ** 14;
const MILLIS_A_DAY = 86_400_000;
const SECONDS_A_DAY = 86_400;
/** Days from the beginning of 1900 and of 1904 to 1970. */
const [FROM_1900, FROM_1904] = [25_569, 24_107];
/** Excel takes 1900 for a leap year: this day never was. */
const NO_DAY = 60;

export interface Known {
  readonly texts: readonly string[];
  readonly styles: readonly Style[];
  readonly from1904: boolean;
}

/** Gives each row to `take` when it ends. */
export class SheetCells implements XmlHandler {
  readonly #known: Known;
  readonly #take: (number: number, cells: Cells) => void;
  #row = 0;
  #column = -1;
  #cells: [column: number, value: unknown][] = [];
  #type = 'n';
  #style = 0;
  #text = '';
  /** Whether the text of a value, or of a part of a text, is read. */
  #within = false;
  #above = 0;
  #place = '';
  #formula = false;
  /** Whether the cell has a value, which may be an empty text. */
  #saved = false;
  /** Cells whose formula failed, and those whose formula has no saved value: how many, and the place of the first. */
  readonly failed = { count: 0, first: '' };
  readonly unsaved = { count: 0, first: '' };

  constructor(known: Known, take: (number: number, cells: Cells) => void) {
    this.#known = known;
    this.#take = take;
  }

  open(name: string, attribute: (name: string) => string | undefined): void {
    if (name === 'row') {
      const number = attribute('r');
      this.#row = within(number === undefined ? this.#row + 1 : Number(number), this.#row + 1, MOST_ROWS);
      this.#cells = [];
      this.#column = -1;
    } else if (name === 'c') {
      const place = attribute('r');
      this.#place = place ?? `row ${this.#row}`;
      this.#formula = false;
      this.#saved = false;
      const column = place === undefined ? this.#column + 1 : columnOf(place);
      this.#column = within(column, this.#column + 1, MOST_COLUMNS - 1);
      this.#type = attribute('t') ?? 'n';
      this.#style = Number(attribute('s') ?? 0);
      this.#text = '';
    } else if (name === 'v' || name === 't') this.#within = this.#saved = true;
    else if (name === 'rPh') this.#above++;
    else if (name === 'f') this.#formula = true;
  }

  close(name: string): void {
    if (name === 'v' || name === 't') this.#within = false;
    else if (name === 'rPh') this.#above--;
    else if (name === 'c') {
      const value = this.#value();
      if (value !== null) this.#cells.push([this.#column, value]);
      else if (this.#type === 'e') this.#count(this.failed);
      else if (this.#formula && this.#text === '' && !(this.#saved && this.#type === 'str')) this.#count(this.unsaved);
    } else if (name === 'row') this.#take(this.#row, this.#cells);
  }

  #count(lost: { count: number; first: string }): void {
    if (lost.count++ === 0) lost.first = this.#place;
  }

  text(text: string): void {
    if (this.#within && this.#above === 0) this.#text += text;
  }

  #value(): unknown {
    const text = this.#text;
    const { texts, styles, from1904 } = this.#known;
    switch (this.#type) {
      case 's': {
        if (text === '') return null;
        const shared = texts[Number(text)];
        if (shared === undefined) throw new RangeError(`text number ${text} of ${texts.length}`);
        return shared === '' ? null : shared;
      }
      case 'str':
      case 'inlineStr':
      case 'd':
        return text === '' ? null : unescapedText(text);
      case 'b':
        return text === '' ? null : text === '1' || text === 'true';
      // Of a formula that failed.
      case 'e':
        return null;
    }
    if (text.trim() === '') return null;
    const number = Number(text);
    if (!Number.isFinite(number)) throw new RangeError(`${text} for a number`);
    const style = styles[this.#style];
    if (style === 'time') return new Seconds(Math.round(number * SECONDS_A_DAY * 1000) / 1000);
    return style === 'date' ? dateOf(number, from1904) : number;
  }
}

function dateOf(days: number, from1904: boolean): Date {
  const since = from1904 ? days - FROM_1904 : days - FROM_1900 + (days < NO_DAY ? 1 : 0);
  const date = new Date(Math.round(since * MILLIS_A_DAY));
  if (Number.isNaN(date.getTime())) throw new RangeError(`day ${days}`);
  return date;
}

function within(value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`a row or a column at ${value}, expected ${least} to ${most}`);
}

/** The column of a place such as B7, from 0. */
function columnOf(place: string): number {
  let column = 0;
  for (let i = 0; i < place.length && place.charCodeAt(i) >= 65; i++) column = 26 * column + place.charCodeAt(i) - 64;
  return column - 1;
}

/** The merged cells of a sheet: they stand behind all rows. */
export class Merges implements XmlHandler {
  readonly merges: Merge[] = [];
  open(name: string, attribute: (name: string) => string | undefined): void {
    if (name !== 'mergeCell') return;
    const places = /^([A-Z]+)(\d+):([A-Z]+)(\d+)$/.exec(attribute('ref') ?? '');
    if (!places) return;
    const [, left = '', top, right = '', bottom] = places;
    this.merges.push({ top: Number(top), bottom: Number(bottom), left: columnOf(left), right: columnOf(right) });
  }
  close(): void {}
  text(): void {}
}
