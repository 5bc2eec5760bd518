// Whether the texts of a column are numbers, and which.
import { isMissingSign } from './missing.js';
import { numberOf } from './number-text.js';

export interface Numeric {
  /** The number of each text; NaN for one that means a missing cell, or is infinite. */
  readonly values: Float64Array;
  /** The first text that is no number; −1 if all are. What follows it is not read. */
  readonly bad: number;
  /** Texts that can only be read with this decimal sign. */
  readonly sure: number;
  /** Texts that would be other numbers with the other sign. */
  readonly either: number;
  /** The first text that is a code of digits. */
  readonly code: string | undefined;
  /** Currencies and %. */
  readonly units: readonly string[];
  /** Texts without a unit. */
  readonly bare: number;
  /** Texts such as '-' that are taken for missing. */
  readonly signs: readonly string[];
  /** Numbers among the texts. */
  readonly numbers: number;
  /** Whether there are signs between thousands. */
  readonly thousands: boolean;
  /** Whether it is the other decimal sign that stands between them. */
  readonly grouped: boolean;
}

/** Words for what float64 cannot hold, as pandas reads them: missing in a column of numbers. */
const INFINITE = /^[-+]?inf(inity)?$/i;

/** Of a column without texts: one for all, since there may be a million such columns. */
const none: Numeric = {
  values: new Float64Array(),
  bad: -1,
  sure: 0,
  either: 0,
  code: undefined,
  units: [],
  bare: 0,
  signs: [],
  numbers: 0,
  thousands: false,
  grouped: false,
};

/** The texts as numbers. `beside`: words that are missing cells beside numbers. With `lenient`, all texts that are no numbers are. */
export function numericTexts(
  texts: readonly string[],
  decimal: '.' | ',',
  beside: ReadonlySet<string>,
  lenient = false,
): Numeric {
  if (texts.length === 0) return none;
  const values = new Float64Array(texts.length).fill(Number.NaN);
  const units = new Set<string>();
  const signs: string[] = [];
  let [bad, sure, either, numbers, bare] = [-1, 0, 0, 0, 0];
  let code: string | undefined;
  let thousands = false;
  let grouped = false;
  for (let i = 0; i < texts.length; i++) {
    const text = texts[i] as string;
    const read = numberOf(text, decimal);
    if (read && Number.isFinite(read.value)) {
      values[i] = read.value;
      numbers++;
      if (read.unit !== '') units.add(read.unit);
      else bare++;
      if (read.code) code ??= text;
      if (read.sure) sure++;
      if (read.either) either++;
      grouped ||= read.grouped;
      thousands ||= Math.abs(read.value) >= 1000 && /\d[.,'’\s]\d{3}(?!\d)/.test(text);
    } else if (read || isMissingSign(text) || beside.has(text) || INFINITE.test(text)) signs.push(text);
    else if (!lenient) {
      bad = i;
      break;
    }
  }
  return { values, bad, sure, either, code, units: [...units], bare, signs, numbers, thousands, grouped };
}
