import Papa from 'papaparse';
import { boolean, oneOf, options, refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { type Column, isNumber, readColumns, type Source } from './csv-columns.js';
import { type Row, rowsOf } from './csv-rows.js';
import type { Label } from './labels.js';
import { encodeLabels } from './labels.js';
import { Matrix } from './matrix.js';

/** Columns of numbers, and what is to be predicted from them. */
export interface Table {
  /** Names of x's columns; a category's is 'column=category'. */
  readonly names: readonly string[];
  readonly x: Matrix;
  /** Numbers where all of them are, else strings. */
  readonly target?: readonly Label[];
  /** What its column is called. */
  readonly targetName?: string;
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
  /** What is done about a missing cell (empty, NA, N/A, NaN, null or ?): 'error', or 'skip' to leave its row out. */
  missing?: 'error' | 'skip';
}

/** Most categories of a column: more are names or identifiers, from which nothing is learnt. */
const MOST_CATEGORIES = 256;

/**
 * Reads comma-separated values (RFC 4180; also semicolons or tabs). A column of numbers is a column of x; one that is mostly other text has a column of 0 and 1
 * for each category. Rows in errors count from 1, the header with them, as in a spreadsheet. Throws SimdenseError 'FORMAT' for broken quotes or rows of
 * another length, 'ARGUMENT' for a column that is not there, 'DATA' for missing cells, mixed columns, and more than 256 categories.
 */
export function parseCsv(text: string, o?: CsvOptions): Table {
  if (typeof text !== 'string') refuse('parseCsv(text)', 'a string', text);
  const given = options('parseCsv', o, ['target', 'columns', 'features', 'header', 'delimiter', 'missing']);
  const missing = oneOf('parseCsv(missing)', given.missing ?? 'error', ['error', 'skip']);
  const { names, named } = readHead(text, given);
  const numbers = new Map(names.map((name, c) => [name, c]));
  const find = (where: string, key: string | number): number => {
    const index = typeof key !== 'number' ? numbers.get(key) : key < 0 ? names.length + key : key;
    if (typeof key === 'string' || typeof key === 'number')
      if (index !== undefined && names[index] !== undefined) return index;
    throw new SimdenseError('ARGUMENT', `${where}: no column ${show(key)} among ${listed(names)}`);
  };
  const target = given.target === undefined ? undefined : find('parseCsv(target)', given.target);
  if (given.columns !== undefined && !Array.isArray(given.columns))
    refuse('parseCsv(columns)', 'an array', given.columns);
  const known = given.features === undefined ? undefined : knownColumns(given.features, given.columns, numbers);
  const chosen: readonly KnownColumn[] =
    known ??
    (given.columns?.map((key) => find('parseCsv(columns)', key)) ?? [...names.keys()].filter((c) => c !== target)).map(
      (column) => ({ column, categories: undefined }),
    );
  if (chosen.length === 0) throw new SimdenseError('DATA', 'parseCsv: there is no column to predict from');
  const used = [...new Set([...chosen.map(({ column }) => column), ...(target === undefined ? [] : [target])])];
  const source: Source = { text, delimiter: given.delimiter, names, named, missing };
  const { columns, place } = readColumns(source, used);
  const column = (c: number): Column => columns.get(c) as Column;
  // Where a column is of texts, also what looks like a number counts as it stands in the file, which is read again for those few.
  const ofTexts = new Set([
    ...chosen.filter((like) => isOfTexts(column(like.column), like.categories)).map((like) => like.column),
    ...(target !== undefined && column(target).numeric < column(target).length ? [target] : []),
  ]);
  const mixed = new Set([...ofTexts].filter((c) => column(c).numeric > 0));
  const again = mixed.size > 0 ? readColumns({ ...source, missing: 'skip' }, used, mixed).columns : undefined;
  const texts = (c: number): Column => again?.get(c) ?? column(c);

  const made = chosen.flatMap((like) => {
    const own = column(like.column);
    return isOfTexts(own, like.categories)
      ? categoriesOf(texts(like.column), like.categories, place)
      : [numbersOf(own, place)];
  });
  const features = known ? inOrder(made, given.features as readonly string[]) : made;
  const { length } = column(used[0] as number);
  const data = new Float32Array(length * features.length);
  for (const [f, { values }] of features.entries()) {
    for (let row = 0; row < length; row++) data[row * features.length + f] = values(row);
  }
  return {
    names: features.map(({ name }) => name),
    x: new Matrix(data, features.length),
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
): { names: string[]; named: boolean } {
  if (delimiter !== undefined && typeof delimiter !== 'string') refuse('parseCsv(delimiter)', 'a string', delimiter);
  const head = rowsOf(text, delimiter).next().value as Row | undefined;
  if (!head) throw new SimdenseError('DATA', 'parseCsv: the text holds no rows');
  const byName = [target, ...(Array.isArray(columns) ? columns : [])].some((key) => typeof key === 'string');
  const named =
    header === undefined
      ? byName || head.cells.every((cell) => !isNumber(cell.trim()))
      : boolean('parseCsv(header)', header);
  const names = head.cells.map((cell, c) => (named && cell.trim()) || `column ${c}`);
  const seen = new Set<string>();
  for (const name of names) {
    if (seen.has(name)) throw new SimdenseError('FORMAT', `parseCsv: two columns are called ${show(name)}`);
    seen.add(name);
  }
  return { names, named };
}

/** Whether a column is one of categories: where another table's were, or, where nobody says, most of its cells are texts. */
function isOfTexts({ numeric, length }: Column, categories: readonly string[] | undefined): boolean {
  return categories ? categories.length > 0 : numeric * 2 < length;
}

/** Numbers where all of them are, else texts. */
function labelsOf(column: Column, texts: Column): Label[] {
  const { length, numeric } = column;
  return Array.from({ length }, (_, row) => (numeric === length ? column.number(row) : texts.text(row)));
}

interface Feature {
  readonly name: string;
  readonly values: (row: number) => number;
}

/** A column of 0 and 1 for each category: those that are known, which must be all, or those that there are. */
function categoriesOf(column: Column, known: readonly string[] | undefined, place: (row: number) => number): Feature[] {
  const { name, texts, length } = column;
  if (!known) {
    if (texts.length > MOST_CATEGORIES) {
      const message = `column ${show(name)} has ${texts.length} different texts, at most ${MOST_CATEGORIES} make categories; leave it out by columns`;
      throw new SimdenseError('DATA', `parseCsv: ${message}`);
    }
    return encodeLabels(texts).classes.map((category) => isCategory(column, category as string));
  }
  const wanted = new Set(known);
  for (let row = 0; row < length; row++) {
    if (wanted.has(column.text(row))) continue;
    const message = `row ${place(row)}, column ${show(name)} is ${show(column.text(row))}, which is not among ${listed(known)}`;
    throw new SimdenseError('DATA', `parseCsv: ${message}`);
  }
  return known.map((category) => isCategory(column, category));
}

/** 1 where a column has this text. */
function isCategory(column: Column, category: string): Feature {
  const code = column.find(category);
  return { name: `${column.name}=${category}`, values: (row) => Number(column.code(row) === code) };
}

function numbersOf(column: Column, place: (row: number) => number): Feature {
  const { name, length } = column;
  for (let row = 0; row < length; row++) {
    const value = column.number(row);
    // Not a number, or too large for float32.
    if (Number.isFinite(Math.fround(value))) continue;
    const message = `row ${place(row)}, column ${show(name)} is ${show(column.text(row))}, where a number is expected`;
    throw new SimdenseError('DATA', `parseCsv: ${message}`);
  }
  return { name, values: (row) => column.number(row) };
}

/** A column of the file, and the categories that it had: none for numbers, undefined where nobody knows. */
interface KnownColumn {
  readonly column: number;
  readonly categories: readonly string[] | undefined;
}

/** The columns behind features, each once. Throws SimdenseError 'ARGUMENT' for one that is not there. */
function knownColumns(features: unknown, columns: unknown, numbers: ReadonlyMap<string, number>): KnownColumn[] {
  if (!Array.isArray(features) || !features.every((name) => typeof name === 'string'))
    refuse('parseCsv(features)', 'an array of names', features);
  if (columns !== undefined) throw new SimdenseError('ARGUMENT', 'parseCsv: columns or features, not both');
  const found = new Map<number, string[]>();
  for (const feature of features as string[]) {
    const name = columnOf(feature, numbers);
    if (name === undefined) {
      const message = `no column for ${show(feature)} among ${listed([...numbers.keys()])}`;
      throw new SimdenseError('ARGUMENT', `parseCsv(features): ${message}`);
    }
    const column = numbers.get(name) as number;
    const categories = found.get(column) ?? [];
    if (name !== feature) categories.push(feature.slice(name.length + 1));
    found.set(column, categories);
  }
  return Array.from(found, ([column, categories]) => ({ column, categories }));
}

/** The column that a feature is, or is a category of. A name may hold an equals sign of its own: the longest that is a column counts. */
function columnOf(feature: string, numbers: ReadonlyMap<string, number>): string | undefined {
  for (let name = feature; ; name = name.slice(0, name.lastIndexOf('='))) {
    if (numbers.has(name)) return name;
    if (!name.includes('=')) return undefined;
  }
}

/** The features as they were asked for, which may mix the categories of columns. */
function inOrder(features: readonly Feature[], names: readonly string[]): Feature[] {
  const byName = new Map(features.map((feature) => [feature.name, feature]));
  return names.map((name) => byName.get(name) as Feature);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).map(show).join(', ');
  return names.length > 12 ? `${shown} and ${names.length - 12} more` : shown;
}

/** Rows of cells as comma-separated values (RFC 4180). A text that a spreadsheet would take for a formula gets a quote in front. */
export function formatCsv(rows: readonly (readonly (string | number)[])[]): string {
  return Papa.unparse(rows as (string | number)[][], { escapeFormulae: true });
}
