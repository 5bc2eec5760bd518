// Numbers as people write them.

/** Unambiguous, so matching never backtracks: a cell of a million digits and an x takes linear time. */
const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
/** The signs between thousands; the other sign of decimals is one too. */
const GROUPS = /[ ,.'’\u00a0\u202f]/g;
const GROUPED = {
  '.': /^[+-]?\d{1,3}(?:[ ,'’\u00a0\u202f]\d{3})+(?:\.\d*)?$/,
  ',': /^[+-]?\d{1,3}(?:[ .'’\u00a0\u202f]\d{3})+(?:,\d*)?$/,
} as const;
/** A currency before or after, a percent sign after. */
const UNIT = /^([+-]?)\p{Sc}[ \u00a0]?|[ \u00a0]?[%\p{Sc}]$/gu;

/** The number that a text says: with an exponent, a true minus, thousands, a currency or a percent sign, whose number stays as it is. NaN for anything else. */
export function numberOf(text: string, decimal: '.' | ',' = '.'): number {
  if (decimal === '.' && NUMBER.test(text)) return Number(text);
  // A long text is no number with a unit.
  if (text.length > 1000) return Number.NaN;
  let plain = text.trim().replace('\u2212', '-').replace(UNIT, '$1');
  if (GROUPED[decimal].test(plain)) {
    const [whole, part = ''] = plain.split(decimal) as [string, string?];
    plain = `${whole.replace(GROUPS, '')}.${part}`;
  } else if (decimal === ',') {
    if (plain.includes('.')) return Number.NaN;
    plain = plain.replace(',', '.');
  }
  return NUMBER.test(plain) ? Number(plain) : Number.NaN;
}
