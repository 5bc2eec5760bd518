// The quick way of reading numbers: digits with at most one decimal sign, as nearly all cells of a large file are. Everything else,
// such as thousands, currencies and percents, is read from the column's distinct texts, by number-text.ts.

const ZERO = 48;
const MINUS = 45;
const PLUS = 43;
const POINT = 46;
const SMALL_E = 101;
const NEWLINE = 10;
const RETURN = 13;
/** Digits that float64 holds exactly, however they are combined. */
const EXACT = 15;
const TENS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
const LONG = /^[-+]?\d*(?:[.,]\d*)?(?:e[-+]?\d+)?$/i;
const LARGE = /e/i;

/** Reads the plain numbers of one column, and counts what decides about the file's decimal sign. */
export class PlainNumbers {
  /** Numbers read. */
  count = 0;
  /** Numbers whose decimal sign cannot be one of thousands, such as 3.14. */
  sure = 0;
  /** Numbers such as 1.234, whose decimal sign may be one of thousands. */
  either = 0;
  /** Whether a number was written in another way than JavaScript writes it: its text is lost. */
  lossy = false;
  /** Where the last number that was read ends: at the delimiter or the line break. */
  end = 0;
  readonly #sign: number;

  constructor(decimal: '.' | ',') {
    this.#sign = decimal.charCodeAt(0);
  }

  /**
   * The number that stands in a text between two places; NaN if there is no plain number. Those with leading zeros, or more digits than
   * float64 holds, are none. With `exact`, neither are those that JavaScript would write differently. With a delimiter, the number ends
   * before it or before a line break, at `end` of this object, and long ones are left to another call.
   */
  read(text: string, start: number, end: number, exact: boolean, delimiter = -1): number {
    if (start === end) return Number.NaN;
    let at = start;
    let code = text.charCodeAt(at);
    const negative = code === MINUS;
    // Whether it is how JavaScript writes it.
    let own = true;
    if (negative || code === PLUS) {
      own = negative;
      code = ++at < end ? text.charCodeAt(at) : 0;
    }
    const from = at;
    let value = 0;
    let digit = code - ZERO;
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      digit = ++at < end ? text.charCodeAt(at) - ZERO : -1;
    }
    const whole = at - from;
    // A leading zero.
    if (whole > 1 && value < TENS[whole - 1]!) return Number.NaN;
    let decimals = 0;
    const signed = at < end && digit + ZERO === this.#sign;
    if (signed) {
      const first = ++at;
      digit = at < end ? text.charCodeAt(at) - ZERO : -1;
      while (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        digit = ++at < end ? text.charCodeAt(at) - ZERO : -1;
      }
      decimals = at - first;
    }
    const digits = whole + decimals;
    const lastDigit = at - 1;
    const stop = at < end ? text.charCodeAt(at) : -1;
    const cut = delimiter >= 0 && (stop === delimiter || stop === NEWLINE || stop === RETURN);
    if ((at < end && !cut) || digits > EXACT || digits === 0) {
      if (delimiter >= 0) return Number.NaN;
      const exponent = at < end && (stop | 32) === SMALL_E;
      return digits > 0 && (at === end || exponent)
        ? this.#long(text.slice(start, end), whole, digits, signed, exact)
        : Number.NaN;
    }
    if (stop === RETURN && ++at < end && text.charCodeAt(at) !== NEWLINE) return Number.NaN;
    this.end = at;
    if (decimals > 0) value /= TENS[decimals]!;
    if (signed) own &&= whole > 0 && decimals > 0 && text.charCodeAt(lastDigit) !== ZERO && value >= 1e-6;
    if (negative) {
      own &&= value !== 0;
      value = -value;
    }
    if (!own || (signed && this.#sign !== POINT)) {
      if (exact) return Number.NaN;
      this.lossy = true;
    }
    if (signed) {
      if (decimals === 3 && whole > 0 && whole <= 3 && text.charCodeAt(from) !== ZERO) this.either++;
      else this.sure++;
    }
    this.count++;
    return value;
  }

  /** A number with an exponent, or with more digits than are exact. */
  #long(text: string, whole: number, digits: number, signed: boolean, exact: boolean): number {
    if (!LONG.test(text)) return Number.NaN;
    const value = Number(this.#sign === POINT ? text : text.replace(',', '.'));
    const own = String(value) === text;
    // Digits that are not kept are those of a code, not of a number.
    const isCode = !own && whole === digits && digits > EXACT && !LARGE.test(text);
    if (!Number.isFinite(value) || isCode) return Number.NaN;
    if (!own) {
      if (exact) return Number.NaN;
      this.lossy = true;
    }
    if (signed) this.sure++;
    this.count++;
    return value;
  }

  /** The numbers so far are texts now. */
  forget(): void {
    this.count = 0;
    this.sure = 0;
    this.either = 0;
  }
}
