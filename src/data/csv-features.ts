// Turns a table's columns into features: numbers, or a 0/1 column for each category, either found in the table or given by an earlier one.
import { refuse, show } from '../base/checks.js';
import { didYouMean } from '../base/did-you-mean.js';
import { SimdenseError } from '../base/errors.js';
import { listed } from '../base/listed.js';
import type { Column } from './csv-columns.js';
import { encodeLabels } from './labels.js';
import { Range } from './precision.js';

/** A code that no cell has. */
const NOWHERE = -2;
/** The most categories of a column. More than that are names or identifiers, which teach a model nothing. */
const MOST_CATEGORIES = 256;

/** A column of x. */
export interface Feature {
  readonly name: string;
  readonly column: Column;
  /** The code of the category for which the feature is 1 (see Column); undefined for a column of numbers. */
  readonly code: number | undefined;
}

/** The feature's number in a row. */
export function cellOf({ column, code }: Feature, row: number): number {
  return code === undefined ? column.number(row) : Number(column.code(row) === code);
}

/** A 0/1 feature for each category: the known ones, among which every cell must be, or else those found in the column. */
export function categoriesOf(
  column: Column,
  known: readonly string[] | undefined,
  place: (row: number) => number,
): Feature[] {
  const { name, texts, length } = column;
  if (!known) {
    if (texts.length > MOST_CATEGORIES) {
      const message = `column ${show(name)} has ${texts.length} different texts, at most ${MOST_CATEGORIES} categories are allowed; leave the column out with the columns option`;
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

/** The feature that is 1 where the column has this text. */
function isCategory(column: Column, category: string): Feature {
  return { name: featureName(column.name, category), column, code: column.find(category) ?? NOWHERE };
}

/** The feature of a column of numbers. For training they must be precise enough in float32. */
export function numbersOf(column: Column, place: (row: number) => number, training: boolean): Feature {
  const { name, length } = column;
  const range = new Range();
  for (let row = 0; row < length; row++) {
    const value = column.number(row);
    if (Number.isFinite(Math.fround(value))) {
      range.add(value);
      continue;
    }
    const message = `row ${place(row)}, column ${show(name)} is ${show(column.text(row))}, expected a number`;
    throw new SimdenseError('DATA', `parseCsv: ${message}`);
  }
  if (training && range.lack) {
    const message = `column ${show(name)} ${range.lack}, or leave the column out with the columns option`;
    throw new SimdenseError('DATA', `parseCsv: ${message}`);
  }
  return { name: featureName(name), column, code: undefined };
}

/**
 * The distinct columns behind the given features, each with its known categories (none for a column of numbers), and the features'
 * names. Throws SimdenseError 'ARGUMENT' for a feature whose column is not in the table.
 */
export function knownColumns(
  features: unknown,
  columns: unknown,
  numbers: ReadonlyMap<string, number>,
): { categories: Map<number, string[]>; names: string[] } {
  if (!Array.isArray(features) || !features.every((name) => typeof name === 'string'))
    refuse('parseCsv(features)', 'an array of names', features);
  if (columns !== undefined) throw new SimdenseError('ARGUMENT', 'parseCsv: give columns or features, not both');
  const longest = Array.from(numbers.keys()).reduce((most, { length }) => Math.max(most, length), 0);
  const found = new Map<number, string[]>();
  const names = (features as string[]).map((feature) => {
    const [name, category] = readName(feature, numbers, longest) ?? [];
    if (name === undefined) {
      const message = `no column for ${show(feature)} among ${listed([...numbers.keys()])}${didYouMean(feature, [...numbers.keys()])}`;
      throw new SimdenseError('ARGUMENT', `parseCsv(features): ${message}`);
    }
    const column = numbers.get(name) as number;
    const categories = found.get(column) ?? [];
    if (category !== undefined) categories.push(category);
    found.set(column, categories);
    return featureName(name, category);
  });
  return { categories: found, names };
}

/**
 * A feature's name: its column, or column=category. A column name that contains an equals sign is written as JSON, so that names are
 * unique: the numbers of a column called a=x are "a=x", and the category x of a column called a is a=x.
 */
function featureName(column: string, category?: string): string {
  const name = /^"|=/.test(column) ? JSON.stringify(column) : column;
  return category === undefined ? name : `${name}=${category}`;
}

/** The column and the category that a feature's name stands for. Version 0.1.0 did not use JSON; for its names, the longest of several possible column names is used. */
export function readName(
  feature: string,
  numbers: ReadonlyMap<string, number>,
  longest: number,
): [name: string, category?: string] | undefined {
  const [, quoted, category] = /^("(?:[^"\\]|\\.)*")(?:=(.*))?$/s.exec(feature) ?? [];
  const name = quoted === undefined ? undefined : unquoted(quoted);
  if (name !== undefined && numbers.has(name)) return category === undefined ? [name] : [name, category];
  const split = (at: number): [string, string] => [feature.slice(0, at), feature.slice(at + 1)];
  const first = split(feature.indexOf('='));
  if (feature.includes('=') && numbers.has(first[0])) return first;
  if (numbers.has(feature)) return [feature];
  for (let at = feature.lastIndexOf('=', longest); at > 0; at = feature.lastIndexOf('=', at - 1)) {
    const parts = split(at);
    if (numbers.has(parts[0])) return parts;
  }
  return undefined;
}

function unquoted(text: string): string | undefined {
  try {
    return JSON.parse(text) as string;
  } catch {
    return undefined;
  }
}

/** The features in the order in which they were asked for, and under those names. Categories of several columns may be mixed. */
export function inOrder(features: readonly Feature[], names: readonly string[], asked: readonly string[]): Feature[] {
  const byName = new Map(features.map((feature) => [feature.name, feature]));
  return names.map((name, i) => ({ ...(byName.get(name) as Feature), name: asked[i] as string }));
}

/** Whether a column holds categories: if it did in the earlier table, or, without one, if most of its cells are texts. */
export function isOfTexts({ numeric, length }: Column, categories: readonly string[] | undefined): boolean {
  return categories ? categories.length > 0 : numeric * 2 < length;
}
