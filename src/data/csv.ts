import Papa from 'papaparse';
import { boolean, oneOf, options, refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
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

const MISSING = /^(|na|n\/a|nan|null|none|\?)$/i;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** Most categories of a column: more are names or identifiers, from which nothing is learnt. */
const MOST_CATEGORIES = 256;

/** Cells of one column, and what it is called. */
interface Column {
  readonly name: string;
  readonly cells: readonly string[];
}

/**
 * Reads comma-separated values (RFC 4180; also semicolons or tabs). A column of numbers is a column of x; one that is mostly other text has a column of 0 and 1
 * for each category. Rows in errors count from 1, the header with them, as in a spreadsheet. Throws SimdenseError 'FORMAT' for broken quotes or rows of
 * another length, 'ARGUMENT' for a column that is not there, 'DATA' for missing cells, mixed columns, and more than 256 categories.
 */
export function parseCsv(text: string, o?: CsvOptions): Table {
  if (typeof text !== 'string') refuse('parseCsv(text)', 'a string', text);
  const given = options('parseCsv', o, ['target', 'columns', 'features', 'header', 'delimiter', 'missing']);
  const missing = oneOf('parseCsv(missing)', given.missing ?? 'error', ['error', 'skip']);
  const { rows, names, first } = readRows(text, given);
  const find = (where: string, key: string | number): number => {
    const index = typeof key !== 'number' ? names.indexOf(key) : key < 0 ? names.length + key : key;
    if (typeof key === 'string' || typeof key === 'number')
      if (Number.isInteger(index) && names[index] !== undefined) return index;
    throw new SimdenseError('ARGUMENT', `${where}: no column ${show(key)} among ${listed(names)}`);
  };
  const target = given.target === undefined ? undefined : find('parseCsv(target)', given.target);
  if (given.columns !== undefined && !Array.isArray(given.columns))
    refuse('parseCsv(columns)', 'an array', given.columns);
  const known = given.features === undefined ? undefined : knownColumns(given.features, given.columns, names);
  const chosen =
    known?.map(({ column }) => column) ??
    given.columns?.map((key) => find('parseCsv(columns)', key)) ??
    [...names.keys()].filter((c) => c !== target);
  if (chosen.length === 0) throw new SimdenseError('DATA', 'parseCsv: there is no column to predict from');
  const used = target === undefined ? chosen : [...chosen, target];
  const kept = complete(rows, used, names, first, missing);
  const column = (c: number): Column => ({
    name: names[c] as string,
    cells: kept.map(({ cells }) => (cells[c] as string).trim()),
  });
  const place = (row: number): number => (kept[row] as Row).row;
  const features = known
    ? inOrder(
        known.flatMap((like) => toKnownFeatures(column(like.column), like, place)),
        given.features as readonly string[],
      )
    : chosen.flatMap((c) => toFeatures(column(c), place));
  const data = new Float32Array(kept.length * features.length);
  for (const [f, { values }] of features.entries()) {
    for (let row = 0; row < kept.length; row++) data[row * features.length + f] = values(row);
  }
  const labels = target === undefined ? undefined : column(target).cells;
  return {
    names: features.map(({ name }) => name),
    x: new Matrix(data, features.length),
    ...(labels && {
      target: labels.every((cell) => NUMBER.test(cell)) ? labels.map(Number) : labels,
      targetName: names[target as number] as string,
    }),
  };
}

/** A row of the file: its cells and its number. */
interface Row {
  readonly cells: readonly string[];
  readonly row: number;
}

function readRows(
  text: string,
  { header, delimiter, target, columns }: CsvOptions,
): { rows: Row[]; names: string[]; first: number } {
  if (delimiter !== undefined && typeof delimiter !== 'string') refuse('parseCsv(delimiter)', 'a string', delimiter);
  const { data, errors } = Papa.parse<string[]>(text.replace(/^\uFEFF/, ''), {
    ...(delimiter === undefined ? { delimitersToGuess: [',', ';', '\t', '|'] } : { delimiter }),
  });
  const broken = errors.find(({ type }) => type === 'Quotes');
  if (broken)
    throw new SimdenseError('FORMAT', `parseCsv: row ${(broken.row ?? 0) + 1}: ${broken.message.toLowerCase()}`);
  const rows = data
    .map((cells, i) => ({ cells, row: i + 1 }))
    .filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  const [head] = rows;
  if (!head) throw new SimdenseError('DATA', 'parseCsv: the text holds no rows');
  for (const { cells, row } of rows) {
    if (cells.length === head.cells.length) continue;
    const message = `row ${row} has ${cells.length} cells, row ${head.row} has ${head.cells.length}`;
    throw new SimdenseError('FORMAT', `parseCsv: ${message}`);
  }
  const byName = [target, ...(Array.isArray(columns) ? columns : [])].some((key) => typeof key === 'string');
  const named =
    header === undefined
      ? byName || head.cells.every((cell) => !NUMBER.test(cell.trim()))
      : boolean('parseCsv(header)', header);
  const names = head.cells.map((cell, c) => (named && cell.trim()) || `column ${c}`);
  const twice = names.find((name, c) => names.indexOf(name) !== c);
  if (twice !== undefined) throw new SimdenseError('FORMAT', `parseCsv: two columns are called ${show(twice)}`);
  const body = named ? rows.slice(1) : rows;
  if (body.length === 0) throw new SimdenseError('DATA', 'parseCsv: there is no row below the header');
  return { rows: body, names, first: (body[0] as Row).row };
}

/** The rows whose used cells are all there. */
function complete(
  rows: readonly Row[],
  used: readonly number[],
  names: readonly string[],
  first: number,
  missing: 'error' | 'skip',
): readonly Row[] {
  const isMissing = ({ cells }: Row, c: number): boolean => MISSING.test((cells[c] as string).trim());
  const kept = rows.filter((row) => !used.some((c) => isMissing(row, c)));
  if (kept.length < rows.length && missing === 'error') {
    const row = rows.find((candidate) => used.some((c) => isMissing(candidate, c))) as Row;
    const name = names[used.find((c) => isMissing(row, c)) as number];
    const more = rows.length - kept.length - 1;
    const others = more > 0 ? `, and ${more} more rows have missing cells` : '';
    throw new SimdenseError(
      'DATA',
      `parseCsv: row ${row.row}, column ${show(name)} is missing${others}. missing: 'skip' leaves such rows out`,
    );
  }
  if (kept.length === 0) throw new SimdenseError('DATA', `parseCsv: every row from row ${first} on has a missing cell`);
  return kept;
}

interface Feature {
  readonly name: string;
  readonly values: (row: number) => number;
}

/** A column of numbers as it is, one of categories as a column for each. */
function toFeatures({ name, cells }: Column, place: (row: number) => number): Feature[] {
  const numeric = cells.reduce((count, cell) => count + Number(NUMBER.test(cell)), 0);
  if (numeric * 2 < cells.length) {
    const { classes, indices } = encodeLabels(cells);
    if (classes.length > MOST_CATEGORIES) {
      const message = `column ${show(name)} has ${classes.length} different texts, at most ${MOST_CATEGORIES} make categories; leave it out by columns`;
      throw new SimdenseError('DATA', `parseCsv: ${message}`);
    }
    return classes.map((category, i) => ({ name: `${name}=${category}`, values: (row) => Number(indices[row] === i) }));
  }
  return [numbersOf({ name, cells }, place)];
}

function numbersOf({ name, cells }: Column, place: (row: number) => number): Feature {
  const at = cells.findIndex((cell) => !NUMBER.test(cell) || !Number.isFinite(Math.fround(Number(cell))));
  if (at >= 0) {
    const message = `row ${place(at)}, column ${show(name)} is ${show(cells[at])}, where a number is expected`;
    throw new SimdenseError('DATA', `parseCsv: ${message}`);
  }
  return { name, values: (row) => Number(cells[row]) };
}

/** A column of the file, and the categories that it had; none for numbers. */
interface KnownColumn {
  readonly column: number;
  readonly categories: readonly string[];
}

/** The columns behind features, each once. Throws SimdenseError 'ARGUMENT' for one that is not there. */
function knownColumns(features: unknown, columns: unknown, names: readonly string[]): KnownColumn[] {
  if (!Array.isArray(features) || !features.every((name) => typeof name === 'string'))
    refuse('parseCsv(features)', 'an array of names', features);
  if (columns !== undefined) throw new SimdenseError('ARGUMENT', 'parseCsv: columns or features, not both');
  const found = new Map<number, string[]>();
  for (const feature of features as string[]) {
    // A name may hold an equals sign of its own: the longest that is a column counts.
    const whole = names.indexOf(feature);
    const column = whole >= 0 ? whole : longestStart(names, feature);
    if (column < 0)
      throw new SimdenseError('ARGUMENT', `parseCsv(features): no column for ${show(feature)} among ${listed(names)}`);
    const categories = found.get(column) ?? [];
    if (whole < 0) categories.push(feature.slice((names[column] as string).length + 1));
    found.set(column, categories);
  }
  return Array.from(found, ([column, categories]) => ({ column, categories }));
}

/** The longest name before an equals sign. */
function longestStart(names: readonly string[], feature: string): number {
  const fits = names.filter((name) => feature.startsWith(`${name}=`));
  return names.indexOf(fits.reduce((longest, name) => (name.length > longest.length ? name : longest), ''));
}

/** The features as they were asked for, which may mix the categories of columns. */
function inOrder(features: readonly Feature[], names: readonly string[]): Feature[] {
  const byName = new Map(features.map((feature) => [feature.name, feature]));
  return names.map((name) => byName.get(name) as Feature);
}

function toKnownFeatures(column: Column, { categories }: KnownColumn, place: (row: number) => number): Feature[] {
  if (categories.length === 0) return [numbersOf(column, place)];
  const { name, cells } = column;
  const at = cells.findIndex((cell) => !categories.includes(cell));
  if (at >= 0) {
    const message = `row ${place(at)}, column ${show(name)} is ${show(cells[at])}, which is not among ${listed(categories)}`;
    throw new SimdenseError('DATA', `parseCsv: ${message}`);
  }
  return categories.map((category) => ({
    name: `${name}=${category}`,
    values: (row) => Number(cells[row] === category),
  }));
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).map(show).join(', ');
  return names.length > 12 ? `${shown} and ${names.length - 12} more` : shown;
}

/** Rows of cells as comma-separated values (RFC 4180). A text that a spreadsheet would take for a formula gets a quote in front. */
export function formatCsv(rows: readonly (readonly (string | number)[])[]): string {
  return Papa.unparse(rows as (string | number)[][], { escapeFormulae: true });
}
