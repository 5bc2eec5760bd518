// Whole numbers in JSON that float64 does not hold: they become texts, as they are in Parquet and SQLite, instead of other numbers.

/** Whether there may be one: digits that no point, exponent or other digit goes with. Each run of digits is looked at once. */
const MAY_BE = /(?:^|[^\d.])\d{16,}(?![\d.eE])/;
const EACH = /(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;
const BACKSLASH = 92;

/** The JSON with such numbers in quotes. In linear time. */
export function withLongDigits(json: string): string {
  if (!MAY_BE.test(json)) return json;
  const parts: string[] = [];
  let taken = 0;
  let within = false;
  let quote = json.indexOf('"');
  for (const match of json.matchAll(EACH)) {
    for (; quote >= 0 && quote < match.index; quote = json.indexOf('"', quote + 1))
      if (!within || !isEscaped(json, quote)) within = !within;
    const [digits] = match;
    if (within || Number.isSafeInteger(Number(digits))) continue;
    parts.push(json.slice(taken, match.index), '"', digits, '"');
    taken = match.index + digits.length;
  }
  return parts.length === 0 ? json : parts.join('') + json.slice(taken);
}

/** Whether an odd number of backslashes stands before a place. */
function isEscaped(json: string, at: number): boolean {
  let from = at;
  while (from > 0 && json.charCodeAt(from - 1) === BACKSLASH) from--;
  return (at - from) % 2 === 1;
}
