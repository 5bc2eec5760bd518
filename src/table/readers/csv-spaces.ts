// Whether a file without another delimiter is separated by spaces, as R's write.table writes it. One column of texts has spaces too, so all rows must agree,
// and something must tell that it is a table: quotes, or columns of numbers.
import { dateOf } from '../kinds/date-text.js';
import { isMissingSign, missingWords } from '../kinds/missing.js';
import { numberOf } from '../kinds/number-text.js';
import { timeOf } from '../kinds/time-text.js';
import { numberWithUnit } from '../kinds/units.js';

const isNumber = (cell: string): boolean => (numberOf(cell, '.') ?? numberOf(cell, ',')) !== undefined;
const isMissing = (cell: string): boolean => missingWords.includes(cell) || isMissingSign(cell);

/** Whether `rows` are those of a table. `lines` are the same rows as they stand in the file. */
export function isTableOfSpaces(rows: readonly (readonly string[])[], lines: readonly string[]): boolean {
  const [head = [], ...others] = rows;
  const width = others[0]?.length ?? 0;
  const named = head.length === width - 1;
  if (width < 2 || !(named || head.length === width) || others.some((row) => row.length !== width)) return false;
  if (areCells(lines.slice(1))) return false;
  const columns = Array.from({ length: width }, (_, i) => others.map((row) => row[i] as string));
  const isNumbers = columns.map((cells) => cells.every((cell) => isNumber(cell) || isMissing(cell)));
  const numbers = isNumbers.filter(Boolean).length;
  const [first = []] = columns;
  if (new Set(first).size < first.length && named) return false;
  // Only programs quote each name of a header.
  if (/^\s*"[^"]*"(\s+"[^"]*")*\s*$/.test(lines[0] ?? '')) return true;
  if (named) return numbers - Number(isNumbers[0]) >= 2 || (numbers > 1 && head.length > 1 && countsRows(first));
  // A word that stands in all rows belongs to a text: "flat 1", "flat 2".
  const repeated = columns.some((cells, i) => !isNumbers[i] && others.length > 1 && new Set(cells).size === 1);
  if (repeated && width === 2) return false;
  return numbers === width || (numbers > 0 && (width > 2 || others.length >= 5));
}

/** Whether all lines are numbers with one unit, dates or times that have spaces in them. Digits alone may be two numbers: 58 115. */
function areCells(lines: readonly string[]): boolean {
  const units = new Set<string | undefined>();
  const all = lines.every((line) => {
    const text = line.trim();
    if (dateOf(text) !== undefined || timeOf(text) !== undefined) return true;
    if (isNumber(text)) return !/^\d+(\s+\d+)+$/.test(text);
    const read = numberWithUnit(text, '.') ?? numberWithUnit(text, ',');
    units.add(read?.unit);
    return read !== undefined;
  });
  return all && units.size < 2;
}

const countsRows = (cells: readonly string[]): boolean =>
  cells.every((cell, i) => Number(cell) === i + Number(cells[0]));
