// Checks whether float32 is precise enough for numbers that were given in float64.
import { SimdenseError } from '../base/errors.js';
import { isNumbers } from './numbers.js';
import { type Rows, toGrid } from './rows.js';

/**
 * The largest error that rounding to float32 may make, as a share of the column's range: 2⁻¹⁰. For evenly spread numbers that costs a
 * regression on this column alone at most (2⁻²⁰ / 3) ÷ (1 / 12) ≈ 4·10⁻⁶ of its R². Images of 8 bits are rounded twice as coarsely.
 */
const MOST_MOVED = 2 ** -10;
/** A range below this share of the numbers comes from rounding, unless they are whole: the column is constant. */
const CONSTANT = 2 ** -40;

/** Measures what rounding to float32 does to one column. */
export class Range {
  #least = Number.POSITIVE_INFINITY;
  #most = Number.NEGATIVE_INFINITY;
  /** The largest rounding error. */
  #moved = 0;
  /** Whether all are whole numbers that float64 tells apart. */
  #whole = true;

  /** Adds a number of the column. */
  add(value: number): void {
    if (value < this.#least) this.#least = value;
    if (value > this.#most) this.#most = value;
    const moved = Math.abs(value - Math.fround(value));
    if (moved > this.#moved) this.#moved = moved;
    if (!Number.isSafeInteger(value)) this.#whole = false;
  }

  /** If float32 cannot hold the column's differences: the end of a message that says so and what to do. Otherwise undefined. */
  get lack(): string | undefined {
    const range = this.#most - this.#least;
    const noise = this.#whole ? 0 : CONSTANT * Math.max(-this.#least, this.#most);
    if (this.#moved < Number.POSITIVE_INFINITY && (range <= noise || this.#moved <= MOST_MOVED * range))
      return undefined;
    const ends = `ranges from ${this.#least} to ${this.#most}, and float32`;
    if (this.#moved === Number.POSITIVE_INFINITY)
      return `${ends} holds up to 3.4e38: beside a value that is so far off the others cannot be told apart; check it, or divide the column by a constant`;
    const seen = `${ends} rounds its numbers by up to ${Number(this.#moved.toPrecision(2))}`;
    return `${seen}; subtract a constant first, such as ${this.#least}`;
  }
}

/** Numbers that are read in one slice: about a millisecond. */
const SLICE = 2 ** 17;

/**
 * Throws SimdenseError 'DATA' if float32 cannot hold the differences of a column: every `step`th number from `from` on. NaN is not looked at.
 * In slices; the event loop may turn between them.
 */
export function* checkingColumn(
  what: string,
  numbers: ArrayLike<number>,
  from = 0,
  step = 1,
): Generator<undefined, void> {
  const range = new Range();
  for (let at = from, count = 1; at < numbers.length; at += step, count++) {
    const value = numbers[at] as number;
    if (!Number.isNaN(value)) range.add(value);
    if (count % SLICE === 0) yield;
  }
  if (range.lack) throw new SimdenseError('DATA', `${what} ${range.lack}`);
}

/**
 * Throws SimdenseError 'DATA' for a column whose differences float32 cannot hold, such as seconds since 1970. Checks only numbers that
 * were given in float64; flat numbers are one column. Runs in slices; the event loop may turn between them.
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
