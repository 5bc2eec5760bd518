// What a table's columns become: numbers, or 0 and 1 for each category, as they come or as another table had them.
import { refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Column } from './csv-columns.js';
import { encodeLabels } from './labels.js';

/** Most categories of a column: more are names or identifiers, from which nothing is learnt. */
const MOST_CATEGORIES = 256;

export interface Feature {
  readonly name: string;
  readonly values: (row: number) => number;
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
  const code = column.find(category);
  return { name: `${column.name}=${category}`, values: (row) => Number(column.code(row) === code) };
}

export function numbersOf(column: Column, place: (row: number) => number): Feature {
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
export interface KnownColumn {
  readonly column: number;
  readonly categories: readonly string[] | undefined;
}

/** The columns behind features, each once. Throws SimdenseError 'ARGUMENT' for one that is not there. */
export function knownColumns(features: unknown, columns: unknown, numbers: ReadonlyMap<string, number>): KnownColumn[] {
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
export function inOrder(features: readonly Feature[], names: readonly string[]): Feature[] {
  const byName = new Map(features.map((feature) => [feature.name, feature]));
  return names.map((name) => byName.get(name) as Feature);
}

export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).map(show).join(', ');
  return names.length > 12 ? `${shown} and ${names.length - 12} more` : shown;
}

/** Whether a column is one of categories: where another table's were, or, where nobody says, most of its cells are texts. */
export function isOfTexts({ numeric, length }: Column, categories: readonly string[] | undefined): boolean {
  return categories ? categories.length > 0 : numeric * 2 < length;
}
