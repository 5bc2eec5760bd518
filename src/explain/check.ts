// Checks of what the functions of simdense/explain are given.
import { refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { placeOf } from '../data/cells.js';
import type { Label } from '../data/labels.js';
import type { Matrix } from '../data/matrix.js';
import { isNumbers, type Numbers } from '../data/numbers.js';
import { isMatrix } from '../data/rows.js';
import { placesOf } from '../evaluate/actual.js';
import type { Cell } from '../table/kind.js';

/** Actual labels beside the probabilities that were predicted for them. */
export interface Judged {
  /** The true label of each row. true and false are the classes that mean these. */
  readonly actual: readonly Cell[];
  /** rows × classes. */
  readonly probabilities: Matrix;
  /** The labels, in the order of the probabilities' columns. */
  readonly classes: readonly Label[];
}

/**
 * The place of each row's label among the classes. Throws SimdenseError 'ARGUMENT' for arguments of the wrong type and a class that appears twice, 'SHAPE' for
 * probabilities that do not have a row for each label and a column for each class, 'DATA' for a label that is no class and a probability that is not from 0 to 1.
 */
export function indicesOf(where: string, { actual, probabilities, classes }: Judged): Int32Array {
  for (const [name, list] of Object.entries({ actual, classes }))
    if (!Array.isArray(list)) refuse(`${where}(${name})`, 'an array of labels', list);
  const places = placesOf(classes);
  if (new Set(classes).size < classes.length) {
    const twice = classes.find((label, i) => classes.indexOf(label) < i);
    refuse(`${where}(classes)`, 'each class once', twice, ' twice');
  }
  checkProbabilities(`${where}(probabilities)`, probabilities);
  const { rows, columns } = probabilities;
  if (rows !== actual.length || columns !== classes.length) {
    const message = `${where}: ${rows}×${columns} probabilities for ${actual.length} actual labels and ${classes.length} classes`;
    throw new SimdenseError('SHAPE', message);
  }
  return Int32Array.from(actual, (label, row) => {
    const place = places.get(label);
    if (place !== undefined) return place;
    throw new SimdenseError('DATA', `${where}(actual): ${show(label)} in row ${row} is not among the classes`);
  });
}

/** Throws SimdenseError 'ARGUMENT' for what is not a Matrix, 'SHAPE' for another number of columns, and 'DATA' for a probability that is not from 0 to 1. */
export function checkProbabilities(where: string, probabilities: Matrix, columns?: number): Matrix {
  if (!isMatrix(probabilities)) refuse(where, 'a Matrix', probabilities);
  if (columns !== undefined && probabilities.columns !== columns)
    throw new SimdenseError('SHAPE', `${where}: ${probabilities.columns} columns for ${columns} classes`);
  const off = probabilities.data.findIndex((p: number) => !(p >= 0 && p <= 1));
  if (off < 0) return probabilities;
  const place = placeOf(off, probabilities.columns);
  throw new SimdenseError('DATA', `${where}: ${probabilities.data[off]} in ${place}, expected 0 to 1`);
}

/** The place of the positive class: of two by default the last. Throws SimdenseError 'ARGUMENT' for what is no class, and where more than two need one. */
export function placeOfPositive(where: string, classes: readonly Label[], positive: Label | undefined): number {
  if (positive === undefined && classes.length === 2) return 1;
  const place = classes.indexOf(positive as Label);
  if (place < 0) refuse(`${where}(positive)`, `one of the classes ${classes.map(show).join(', ')}`, positive);
  return place;
}

/** Whether a value is a number above 0 and up to 1. */
export const isShare = (value: unknown): value is number =>
  Number.isFinite(value) && (value as number) > 0 && (value as number) <= 1;

/** Throws SimdenseError 'DATA' if there are none. */
export function checkSome(where: string, rows: number): void {
  if (rows === 0) throw new SimdenseError('DATA', `${where}: there are no rows`);
}

/** A number for each row, as lists, typed arrays, a matrix of one column, or what `predict` of a regression or `values` of a Table return. */
export type RowNumbers = Matrix | Numbers | readonly Cell[];

/** A number for each row, finite. Throws SimdenseError 'ARGUMENT' for other values, 'SHAPE' for a matrix of several columns, and 'DATA' for a number that is not finite. */
export function numbersOf(where: string, given: RowNumbers): ArrayLike<number> {
  if (isMatrix(given) && given.columns !== 1)
    throw new SimdenseError('SHAPE', `${where}: ${given.columns} numbers a row, expected one`);
  const numbers = isMatrix(given) ? given.data : given;
  if (!isNumbers(numbers)) refuse(where, 'a number for each row', given);
  for (let row = 0; row < numbers.length; row++) {
    const value: unknown = numbers[row];
    if (!Number.isFinite(value))
      throw new SimdenseError('DATA', `${where}: ${show(value)} in row ${row}, expected a finite number`);
  }
  return numbers;
}

/**
 * How many of n rows, the most conforming first, a set or interval must take in so that a new row is in it with this probability: ⌈(n + 1)·coverage⌉ (Vovk et al. 2005, Algorithmic Learning
 * in a Random World). Throws SimdenseError 'ARGUMENT' unless the coverage is between 0 and 1, and 'DATA' where n rows are too few.
 */
export function rankOf(where: string, coverage: number, rows: number): number {
  if (!(isShare(coverage) && coverage < 1)) refuse(`${where}(coverage)`, 'a number between 0 and 1', coverage);
  // 100 · 0.07 is a little more than 7.
  const rank = Math.max(1, Math.ceil((rows + 1) * coverage - ROUNDING));
  if (rank <= rows) return rank;
  const least = Math.ceil(coverage / (1 - coverage) - ROUNDING);
  throw new SimdenseError('DATA', `${where}: a coverage of ${coverage} needs at least ${least} rows, got ${rows}`);
}

const ROUNDING = 1e-9;
