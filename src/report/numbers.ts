// Numbers for people, in charts and tables.

/** From here up, and below 0.001, as a power of ten. */
const HUGE = 1e7;
/** From here up thousands are grouped. */
const LARGE = 1e4;

const isPower = (size: number): boolean => size >= HUGE || (size > 0 && size < 1e-3);

/** A number with so many digits, or all of a whole number; thousands are grouped as in 540,000. */
export function withDigits(value: number, digits: number): string {
  const size = Math.abs(value);
  if (!Number.isFinite(value)) return String(value);
  if (isPower(size)) return value.toExponential(Math.max(0, digits - 2));
  const number = Number.isInteger(value) ? value : Number(value.toPrecision(digits));
  // Without the minus of −0.
  if (Math.abs(number) < LARGE) return String(number || 0);
  const [whole = '', part] = String(number).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return part === undefined ? grouped : `${grouped}.${part}`;
}

/** A number for people: three digits, or all of a whole number; thousands are grouped, and below 0.001 and from 10,000,000 up it is a power of ten. */
export const shown = (value: number): string => withDigits(value, 3);

/** Numbers with as many digits as tell them apart, so that each is nearly where it is written. */
export function apart(values: readonly number[]): string[] {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const gap = sorted.reduce(
    (least, value, i) => (i === 0 ? least : Math.min(least, value - (sorted[i - 1] as number))),
    Infinity,
  );
  for (let digits = 3; digits < 17; digits++) {
    const texts = values.map((value) => withDigits(value, digits));
    const near = texts.every(
      (text, i) => Math.abs(Number(text.replaceAll(',', '')) - (values[i] as number)) <= gap / 20,
    );
    if (near) return texts;
  }
  return values.map((value) => withDigits(value, 17));
}
