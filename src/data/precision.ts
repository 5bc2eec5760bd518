// Whether float32 is enough for what was given in float64.
import { SimdenseError } from '../base/errors.js';
import { isNumbers } from './numbers.js';
import { type Rows, toGrid } from './rows.js';

/**
 * Most that rounding to float32 may move a number, over the range of its column: 2⁻¹⁰. It costs a regression that depends on the column alone at most
 * (2⁻²⁰ / 3) ÷ (1 / 12) ≈ 4·10⁻⁶ of its R², for numbers that are spread evenly; images of eight bits are rounded twice as coarsely.
 */
const MOST_MOVED = 2 ** -10;
/** Ranges below this share of the numbers are those of a constant that was computed. */
const CONSTANT = 2 ** -40;

/** What float32 does to the numbers of one column. */
export class Range {
  #least = Number.POSITIVE_INFINITY;
  #most = Number.NEGATIVE_INFINITY;
  /** By how much a number is moved. */
  #moved = 0;

  add(value: number): void {
    if (value < this.#least) this.#least = value;
    if (value > this.#most) this.#most = value;
    const moved = Math.abs(value - Math.fround(value));
    if (moved > this.#moved) this.#moved = moved;
  }

  /** What to say of the column, and to do, where float32 does not hold its differences. */
  get lack(): string | undefined {
    const range = this.#most - this.#least;
    if (range <= CONSTANT * Math.max(-this.#least, this.#most) || this.#moved <= MOST_MOVED * range) return undefined;
    const seen = `goes from ${this.#least} to ${this.#most}, and float32 moves its numbers by up to ${Number(this.#moved.toPrecision(2))}`;
    return `${seen}: subtract a constant first, such as ${this.#least}`;
  }
}

/** Numbers that are looked at in one slice: a millisecond or so. */
const SLICE = 2 ** 17;

/**
 * Throws SimdenseError 'DATA' for a column, such as of seconds since 1970, whose differences float32 does not hold. Only what was given in float64 is looked at; flat
 * numbers are one column. In slices, between which the event loop may turn.
 */
export function* checkingPrecision(where: string, rows: Rows): Generator<undefined, void> {
  const { data, columns } = toGrid(where, rows, Float64Array, isNumbers(rows) ? 1 : undefined);
  if (!(data instanceof Float64Array)) return;
  yield;
  const ranges = Array.from({ length: columns }, () => new Range());
  for (let at = 0, end = 0; at < data.length; yield) {
    end = Math.min(end + SLICE, data.length);
    while (at < end) for (const range of ranges) range.add(data[at++] as number);
  }
  for (const [c, { lack }] of ranges.entries())
    if (lack) throw new SimdenseError('DATA', `${where}: column ${c} ${lack}`);
}
