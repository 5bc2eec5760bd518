// What a table's columns become: numbers, or 0 and 1 for each category, as they come or as another table had them.
import { refuse, show } from '../base/checks.js';
import { didYouMean } from '../base/did-you-mean.js';
import { SimdenseError } from '../base/errors.js';
import { listed } from '../base/listed.js';
import type { Column } from './csv-columns.js';
import { encodeLabels } from './labels.js';
import { Range } from './precision.js';

/** The code that no cell has. */
const NOWHERE = -2;
/** Most categories of a column: more are names or identifiers, from which nothing is learnt. */
const MOST_CATEGORIES = 256;

/** A column of x. */
export interface Feature {
  readonly name: string;
  readonly column: Column;
  /** Of the category for which it is 1; undefined for the numbers as they are. */
  readonly code: number | undefined;
}

export function cellOf({ column, code }: Feature, row: number): number {
  return code === undefined ? column.number(row) : Number(column.code(row) === code);
}

/** A column of 0 and 1 for each category: those that are known, which must be all, or those that there are. */
export function categoriesOf(
  column: Column,
  known: readonly string[] | undefined,
  place: (row: number) => number,
): Feature[] {
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
  return { name: featureName(column.name, category), column, code: column.find(category) ?? NOWHERE };
}

/** The numbers of a column; those to be trained on must be precise enough in float32. */
export function numbersOf(column: Column, place: (row: number) => number, training: boolean): Feature {
  const { name, length } = column;
  const range = new Range();
  for (let row = 0; row < length; row++) {
    const value = column.number(row);
    // Not a number, or too large for float32.
    if (Number.isFinite(Math.fround(value))) {
      range.add(value);
      continue;
    }
    const message = `row ${place(row)}, column ${show(name)} is ${show(column.text(row))}, where a number is expected`;
    throw new SimdenseError('DATA', `parseCsv: ${message}`);
  }
  if (training && range.lack) {
    const message = `column ${show(name)} ${range.lack}, or leave it out by columns`;
    throw new SimdenseError('DATA', `parseCsv: ${message}`);
  }
  return { name: featureName(name), column, code: undefined };
}

/** The columns behind features, each once, with the categories that it had, none for numbers; and the names that the features have here. Throws SimdenseError 'ARGUMENT' for one that is not there. */
export function knownColumns(
  features: unknown,
  columns: unknown,
  numbers: ReadonlyMap<string, number>,
): { categories: Map<number, string[]>; names: string[] } {
  if (!Array.isArray(features) || !features.every((name) => typeof name === 'string'))
    refuse('parseCsv(features)', 'an array of names', features);
  if (columns !== undefined) throw new SimdenseError('ARGUMENT', 'parseCsv: columns or features, not both');
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
 * What a feature is called: its column, and after an equals sign the category. The name of a column that has an equals sign of its own is written as JSON, so that no two
 * features are called alike: a number in a column called a=x is "a=x", the category x of a column a is a=x.
 */
function featureName(column: string, category?: string): string {
  const name = /^"|=/.test(column) ? JSON.stringify(column) : column;
  return category === undefined ? name : `${name}=${category}`;
}

/** The column, and the category, of a feature. 0.1.0 wrote all columns as they are: of several that can be meant the longest counts then. */
function readName(
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

/** The features in the order, and by the names, that they were asked for in, which may mix the categories of columns. */
export function inOrder(features: readonly Feature[], names: readonly string[], asked: readonly string[]): Feature[] {
  const byName = new Map(features.map((feature) => [feature.name, feature]));
  return names.map((name, i) => ({ ...(byName.get(name) as Feature), name: asked[i] as string }));
}

/** Whether a column is one of categories: where another table's were, or, where nobody says, most of its cells are texts. */
export function isOfTexts({ numeric, length }: Column, categories: readonly string[] | undefined): boolean {
  return categories ? categories.length > 0 : numeric * 2 < length;
}
