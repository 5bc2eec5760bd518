import Papa from 'papaparse';
import { boolean, noMore, oneOf, options, refuse, show } from '../base/checks.js';
import { didYouMean } from '../base/did-you-mean.js';
import { SimdenseError } from '../base/errors.js';
import { listed } from '../base/listed.js';
import { type Column, isNumber, readColumns, type Source } from './csv-columns.js';
import { categoriesOf, cellOf, inOrder, isOfTexts, knownColumns, numbersOf } from './csv-features.js';
import { type Row, rowsOf } from './csv-rows.js';
import type { Label } from './labels.js';
import { Matrix } from './matrix.js';

/** Columns of numbers, and what is to be predicted from them. */
export interface Table {
  /** Names of x's columns; a category's is 'column=category'. A column that has an equals sign in its name stands there as JSON: '"a=b"', '"a=b"=category'. */
  readonly names: readonly string[];
  readonly x: Matrix;
  /** Numbers where all of them are, else strings. */
  readonly target?: readonly Label[];
  /** What its column is called. */
  readonly targetName?: string;
  /** Rows that were left out for missing cells. */
  readonly skipped: number;
  /** In how many of them a column lacks its cell, by the column's name in the file; only columns that lack some. */
  readonly lacking: Readonly<Record<string, number>>;
}

/** A table that was read with a target. */
export interface TargetTable extends Table {
  readonly target: readonly Label[];
  readonly targetName: string;
}

export interface CsvOptions {
  /** The column to predict, by name, or by number from 0, from −1 backwards; none. */
  target?: string | number;
  /** The columns to predict from, in this order; all but the target. */
  columns?: readonly (string | number)[];
  /**
   * Names of x's columns as another table has had them, 'column=category' included: the same come out, in that order, for a model that was trained on it. Not with
   * `columns`.
   */
  features?: readonly string[];
  /** Whether the first row names the columns; where it is left out: whether none of its cells is a number. */
  header?: boolean;
  /** What separates the cells; found out where it is left out. */
  delimiter?: string;
  /** What is done about a missing cell (empty, NA, N/A, NaN, null, None or ?): 'error', or 'skip' to leave its row out; `skipped` says how many were. */
  missing?: 'error' | 'skip';
}

/**
 * Reads comma-separated values (RFC 4180; also semicolons or tabs). A column of numbers is a column of x; one that is mostly other text has a column of 0 and 1
 * for each category. Rows in errors count from 1, the header with them, as in a spreadsheet. Throws SimdenseError 'FORMAT' for broken quotes or rows of
 * another length, 'ARGUMENT' for a column that is not there, 'DATA' for missing cells, mixed columns, more than 256 categories, and, with a target, numbers whose
 * differences float32 does not hold, such as seconds since 1970, and a target's whole numbers that float64 does not hold, such as identifiers beyond 2⁵³.
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
  // Where a column is of texts, also what looks like a number counts as it stands in the file, which is read again for those few.
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

  // What is to be trained on; a table for a model that is there may be of narrower ranges.
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

/** What a column is called, and whether the first row says so. */
function readHead(
  text: string,
  { header, delimiter, target, columns }: CsvOptions,
): { names: string[]; numbers: Map<string, number>; named: boolean } {
  if (delimiter !== undefined && (typeof delimiter !== 'string' || !/^[^"\r\n\ufeff]+$/.test(delimiter)))
    refuse('parseCsv(delimiter)', "text between two cells, such as ';', without quotes and line ends", delimiter);
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

/** Numbers where all of them are, else texts. */
function labelsOf(column: Column, texts: Column): Label[] {
  const { length, numeric } = column;
  return Array.from({ length }, (_, row) => (numeric === length ? column.number(row) : texts.text(row)));
}

/** Whether some number is so large that float64 does not hold every whole number of its size. */
function hasLarge(column: Column): boolean {
  for (let row = 0; row < column.length; row++) if (Math.abs(column.number(row)) > Number.MAX_SAFE_INTEGER) return true;
  return false;
}

/** Throws SimdenseError 'DATA' for a whole number that float64 would round: identifiers beyond 2⁵³ would become one class. */
function checkWhole(column: Column, written: Column, place: (row: number) => number): void {
  for (let row = 0; row < column.length; row++) {
    const [value, text] = [column.number(row), written.text(row)];
    if (!Number.isFinite(value) || !/^[+-]?\d+$/.test(text) || BigInt(text) === BigInt(value)) continue;
    const message = `row ${place(row)}, column ${show(column.name)} is ${show(text)}, which is a number too long for float64: it becomes ${BigInt(value)}`;
    const instead = 'For classes begin each label with a letter; for a regression divide the column by a constant';
    throw new SimdenseError('DATA', `parseCsv: ${message}. ${instead}`);
  }
}

/** Rows of cells as comma-separated values (RFC 4180). A text that a spreadsheet would take for a formula gets a quote in front. */
export function formatCsv(rows: readonly (readonly (string | number)[])[]): string {
  return Papa.unparse(rows as (string | number)[][], { escapeFormulae: true });
}
