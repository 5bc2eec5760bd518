// The quick way of reading numbers: digits with at most one decimal sign, as nearly all cells of a large file are. Everything else,
// such as thousands, currencies and percents, is read from the column's distinct texts, by number-text.ts.

const ZERO = 48;
const MINUS = 45;
const PLUS = 43;
/** Digits that float64 holds exactly, however they are combined. */
const EXACT = 15;
const TENS = Float64Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));
const REST = /^\d*(?:[.,]\d*)?(?:[eE][+-]?\d+)?$/;

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
  readonly #sign: number;

  constructor(decimal: '.' | ',') {
    this.#sign = decimal.charCodeAt(0);
  }

  /**
   * A text's number; NaN if it is no plain number. Texts with leading zeros, or more digits than float64 holds, are none. With
   * `exact`, neither are texts that JavaScript would write differently.
   */
  read(text: string, exact: boolean): number {
    const length = text.length;
    let at = 0;
    let code = length > 0 ? text.charCodeAt(0) : 0;
    const negative = code === MINUS;
    // How JavaScript writes it.
    let own = true;
    if (negative || code === PLUS) {
      own = negative;
      code = length > 1 ? text.charCodeAt(1) : 0;
      at = 1;
    }
    const from = at;
    let value = 0;
    let digit = code - ZERO;
    while (digit >= 0 && digit <= 9) {
      value = value * 10 + digit;
      digit = ++at < length ? text.charCodeAt(at) - ZERO : -1;
    }
    const whole = at - from;
    // A leading zero.
    if (whole > 1 && value < TENS[whole - 1]!) return Number.NaN;
    let decimals = 0;
    const signed = at < length && text.charCodeAt(at) === this.#sign;
    if (signed) {
      const start = ++at;
      digit = at < length ? text.charCodeAt(at) - ZERO : -1;
      while (digit >= 0 && digit <= 9) {
        value = value * 10 + digit;
        digit = ++at < length ? text.charCodeAt(at) - ZERO : -1;
      }
      decimals = at - start;
    }
    const digits = whole + decimals;
    if (at < length || digits > EXACT) {
      // No number at all, for most.
      if (digits === 0 || (at < length && (text.charCodeAt(at) | 32) !== 101)) return Number.NaN;
      return this.#long(text, from, whole, digits, signed, exact);
    }
    if (digits === 0) return Number.NaN;
    if (decimals > 0) value /= TENS[decimals]!;
    if (signed || negative || !own) {
      if (signed) own &&= whole > 0 && decimals > 0 && text.charCodeAt(length - 1) !== ZERO && value >= 1e-6;
      if (negative) {
        own &&= value !== 0;
        value = -value;
      }
    }
    if (!own || (signed && this.#sign !== 46)) {
      if (exact) return Number.NaN;
      this.lossy = true;
    }
    if (signed) this.#tally(whole, decimals, text.charCodeAt(from) === ZERO);
    this.count++;
    return value;
  }

  /** The numbers so far are texts now. */
  forget(): void {
    this.count = 0;
    this.sure = 0;
    this.either = 0;
  }

  #long(text: string, from: number, whole: number, digits: number, signed: boolean, exact: boolean): number {
    if (!REST.test(from > 0 ? text.slice(from) : text)) return Number.NaN;
    const value = Number(this.#sign === 46 ? text : text.replace(',', '.'));
    // A code of digits, not a number.
    if (!Number.isFinite(value) || (whole === digits && digits > EXACT && !Number.isSafeInteger(value)))
      return Number.NaN;
    if (String(value) !== text) {
      if (exact) return Number.NaN;
      this.lossy = true;
    }
    if (signed) this.sure++;
    this.count++;
    return value;
  }

  #tally(whole: number, decimals: number, zero: boolean): void {
    if (decimals === 3 && whole > 0 && whole <= 3 && !zero) this.either++;
    else this.sure++;
  }
}
