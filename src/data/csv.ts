import { boolean, noMore, oneOf, options, refuse, show } from '../base/checks.js';
import { didYouMean } from '../base/did-you-mean.js';
import { SimdenseError } from '../base/errors.js';
import { listed } from '../base/listed.js';
import { type Column, isNumber, readColumns, type Source } from './csv-columns.js';
import { categoriesOf, cellOf, inOrder, isOfTexts, knownColumns, numbersOf } from './csv-features.js';
import { type Row, rowsOf } from './csv-rows.js';
import type { Label } from './labels.js';
import { Matrix } from './matrix.js';
import Papa from './papa.js';

/** A table as numbers, and the target to predict from them. */
export interface Table {
  /**
   * The names of x's columns; a category's name is 'column=category'. A column name that contains an equals sign is written as JSON:
   * '"a=b"', '"a=b"=category'.
   */
  readonly names: readonly string[];
  /** The numbers, rows × names. */
  readonly x: Matrix;
  /** A label for each row: numbers if all cells are numbers, else strings. */
  readonly target?: readonly Label[];
  /** The name of the target's column. */
  readonly targetName?: string;
  /** The number of rows that were left out because a cell is missing. */
  readonly skipped: number;
  /** In how many of these rows each column's cell is missing, by the column's name in the file. Complete columns are not listed. */
  readonly lacking: Readonly<Record<string, number>>;
}

/** A table with a target. */
export interface TargetTable extends Table {
  readonly target: readonly Label[];
  readonly targetName: string;
}

export interface CsvOptions {
  /** The column to predict: a name, or an index from 0, or from −1 for the last. Default: none. */
  target?: string | number;
  /** The columns to predict from, in this order. Default: all but the target. */
  columns?: readonly (string | number)[];
  /**
   * The `names` of the table that a model was trained on: x gets the same columns in the same order, including the 0/1 columns of
   * categories. Not together with `columns`.
   */
  features?: readonly string[];
  /** Whether the first row names the columns. Default: true if none of its cells is a number. */
  header?: boolean;
  /** The text between two cells. Default: guessed among comma, semicolon, tab and |. */
  delimiter?: string;
  /** What to do about a missing cell (empty, NA, N/A, NaN, null, None or ?): throw an error, or 'skip' its row. Default: 'error'. */
  missing?: 'error' | 'skip';
}

/**
 * Parses comma-separated values into a matrix and a target.
 *
 * The format is RFC 4180; cells may also be separated by semicolons, tabs or |. A column of numbers becomes a column of x. A column
 * that is mostly other text becomes a column of 0 and 1 for each of its categories. Error messages count rows as a spreadsheet does:
 * from 1, including the header.
 *
 * @param text The whole text of the file.
 * @param o Options; see CsvOptions.
 * @returns The table; with `target` set, its target too.
 * @throws SimdenseError 'FORMAT' for broken quotes, rows of different lengths and duplicate column names.
 * @throws SimdenseError 'ARGUMENT' for an unknown option or column.
 * @throws SimdenseError 'DATA' for missing cells, columns that mix numbers and text, and more than 256 categories. With a target also
 * for numbers whose differences float32 cannot hold, such as seconds since 1970, and for target numbers that float64 cannot hold
 * exactly, such as identifiers beyond 2⁵³.
 * @example
 * const text = 'size,colour,price\n1,red,10\n2,blue,20\n3,red,30';
 * const { names, x, target } = parseCsv(text, { target: 'price' });
 * names; // ['size', 'colour=blue', 'colour=red']
 * x.toArrays(); // [[1, 0, 1], [2, 1, 0], [3, 0, 1]]
 * target; // [10, 20, 30]
 */
export function parseCsv(text: string, o: CsvOptions & { target: string | number }): TargetTable;
export function parseCsv(text: string, o?: CsvOptions): Table;
export function parseCsv(text: string, o?: CsvOptions): Table {
  noMore('parseCsv', arguments, 2);
  if (typeof text !== 'string') refuse('parseCsv(text)', 'a string', text);
  const given = options('parseCsv', o, ['target', 'columns', 'features', 'header', 'delimiter', 'missing']);
  const missing = oneOf('parseCsv(missing)', given.missing ?? 'error', ['error', 'skip']);
  const { names, numbers, named } = readHead(text, given);
  const find = (where: string, key: string | number): number => {
    const index = typeof key !== 'number' ? numbers.get(key) : key < 0 ? names.length + key : key;
    if (typeof key === 'string' || typeof key === 'number')
      if (index !== undefined && names[index] !== undefined) return index;
    throw new SimdenseError(
      'ARGUMENT',
      `${where}: no column ${show(key)} among ${listed(names)}${didYouMean(key, names)}`,
    );
  };
  const target = given.target === undefined ? undefined : find('parseCsv(target)', given.target);
  if (given.columns !== undefined && !Array.isArray(given.columns))
    refuse('parseCsv(columns)', 'an array', given.columns);
  const asked = given.features === undefined ? undefined : knownColumns(given.features, given.columns, numbers);
  const chosen: readonly number[] =
    (asked && [...asked.categories.keys()]) ??
    given.columns?.map((key) => find('parseCsv(columns)', key)) ??
    [...names.keys()].filter((c) => c !== target);
  if (chosen.length === 0) throw new SimdenseError('DATA', 'parseCsv: there is no column to predict from');
  if (target !== undefined && chosen.includes(target)) {
    const message = `${show(names[target])} is the target: it cannot be predicted from itself`;
    throw new SimdenseError('ARGUMENT', `parseCsv(${asked ? 'features' : 'columns'}): ${message}`);
  }
  const used = [...new Set(target === undefined ? chosen : [...chosen, target])];
  const source: Source = { text, delimiter: given.delimiter, names, named, missing };
  const { columns, place, skipped, lacking } = readColumns(source, used);
  const column = (c: number): Column => columns[c] as Column;
  const categories = (c: number): readonly string[] | undefined => asked?.categories.get(c);
  // In a text column, cells that look like numbers are texts too, exactly as the file has them: read those columns again.
  const ofTexts = new Set([
    ...chosen.filter((c) => isOfTexts(column(c), categories(c))),
    ...(target !== undefined && column(target).numeric < column(target).length ? [target] : []),
  ]);
  const mixed = new Set([...ofTexts].filter((c) => column(c).numeric > 0));
  const again = mixed.size > 0 ? readColumns({ ...source, missing: 'skip' }, used, mixed).columns : undefined;
  const texts = (c: number): Column => again?.[c] ?? column(c);
  if (target !== undefined && !ofTexts.has(target) && hasLarge(column(target))) {
    const written = readColumns({ ...source, missing: 'skip' }, used, new Set([target])).columns[target] as Column;
    checkWhole(column(target), written, place);
  }

  // Check precision for training only: a table for an existing model may have narrower ranges.
  const training = target !== undefined && !asked;
  const made = chosen.flatMap((c) =>
    isOfTexts(column(c), categories(c))
      ? categoriesOf(texts(c), categories(c), place)
      : numbersOf(column(c), place, training),
  );
  const features = asked ? inOrder(made, asked.names, given.features as readonly string[]) : made;
  const { length } = column(used[0] as number);
  const data = new Float32Array(length * features.length);
  for (let row = 0, at = 0; row < length; row++) for (const feature of features) data[at++] = cellOf(feature, row);
  return {
    names: features.map(({ name }) => name),
    x: new Matrix(data, features.length),
    skipped,
    lacking,
    ...(target !== undefined && {
      target: labelsOf(column(target), texts(target)),
      targetName: names[target] as string,
    }),
  };
}

/** The names of the columns, the index of each name, and whether the first row is the header. */
function readHead(
  text: string,
  { header, delimiter, target, columns }: CsvOptions,
): { names: string[]; numbers: Map<string, number>; named: boolean } {
  if (delimiter !== undefined && (typeof delimiter !== 'string' || !/^[^"\r\n\ufeff]+$/.test(delimiter)))
    refuse('parseCsv(delimiter)', "the text between two cells, such as ';', without quotes or line ends", delimiter);
  const head = rowsOf(text, delimiter).next().value as Row | undefined;
  if (!head) throw new SimdenseError('DATA', 'parseCsv: the text holds no rows');
  const byName = [target, ...(Array.isArray(columns) ? columns : [])].some((key) => typeof key === 'string');
  const named =
    header === undefined
      ? byName || head.cells.every((cell) => !isNumber(cell.trim()))
      : boolean('parseCsv(header)', header);
  const names = head.cells.map((cell, c) => (named && cell.trim()) || `column ${c}`);
  const numbers = new Map<string, number>();
  for (const [c, name] of names.entries()) {
    if (numbers.has(name)) throw new SimdenseError('FORMAT', `parseCsv: two columns are called ${show(name)}`);
    numbers.set(name, c);
  }
  return { names, numbers, named };
}

/** Numbers if all cells are numbers, else texts. */
function labelsOf(column: Column, texts: Column): Label[] {
  const { length, numeric } = column;
  return Array.from({ length }, (_, row) => (numeric === length ? column.number(row) : texts.text(row)));
}

/** Whether some number is beyond 2⁵³, where float64 cannot hold every whole number. */
function hasLarge(column: Column): boolean {
  for (let row = 0; row < column.length; row++) if (Math.abs(column.number(row)) > Number.MAX_SAFE_INTEGER) return true;
  return false;
}

/** Throws SimdenseError 'DATA' for a whole number that float64 rounds: different identifiers beyond 2⁵³ would become one class. */
function checkWhole(column: Column, written: Column, place: (row: number) => number): void {
  for (let row = 0; row < column.length; row++) {
    const [value, text] = [column.number(row), written.text(row)];
    if (!Number.isFinite(value) || !/^[+-]?\d+$/.test(text) || BigInt(text) === BigInt(value)) continue;
    const message = `row ${place(row)}, column ${show(column.name)} is ${show(text)}, which float64 cannot hold: it becomes ${BigInt(value)}`;
    const instead =
      'For classification, begin each label with a letter; for regression, divide the column by a constant';
    throw new SimdenseError('DATA', `parseCsv: ${message}. ${instead}`);
  }
}

/** Formats rows of cells as comma-separated values (RFC 4180). A text that a spreadsheet would run as a formula gets a quote in front. */
export function formatCsv(rows: readonly (readonly (string | number)[])[]): string {
  return Papa.unparse(rows as (string | number)[][], { escapeFormulae: true });
}
