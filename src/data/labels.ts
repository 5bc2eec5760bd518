import { noMore, positiveUpTo, refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { atOnce } from '../base/pause.js';
import { missingHint } from './cells.js';
import { Matrix } from './matrix.js';
import { isNumbers, type Numbers } from './numbers.js';

/** The most numbers of a matrix: 8 GiB of float32, which every current runtime can hold in one array. */
const MOST_NUMBERS = 2 ** 31 - 1;

/** The name of a class. */
export type Label = string | number;

/**
 * Turns class indices into one-hot rows: zeros with a 1 in the label's column.
 *
 * @param labels A class index for each row: a whole number from 0.
 * @param classes The number of columns. Default: one more than the largest label.
 * @returns A matrix, labels × classes.
 * @throws SimdenseError 'ARGUMENT' for labels that are not numbers, and for a `classes` that is not a positive integer.
 * @throws SimdenseError 'DATA' for a label that is not a whole number from 0 to classes − 1, and for no labels at all.
 * @example
 * oneHot([0, 2, 1]).toArrays(); // [[1, 0, 0], [0, 0, 1], [0, 1, 0]]
 */
export function oneHot(labels: Numbers, classes?: number): Matrix {
  noMore('oneHot', arguments, 2);
  if (!isNumbers(labels)) refuse('oneHot(labels)', 'class indices', labels);
  if (labels.length === 0) throw new SimdenseError('DATA', 'oneHot(labels): expected at least one label');
  const most = classes === undefined ? Number.MAX_SAFE_INTEGER : positiveUpTo('oneHot(classes)', MOST_NUMBERS, classes);
  let largest = 0;
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row] as number;
    if (!Number.isInteger(label) || label < 0 || label >= most) {
      const expected = classes === undefined ? 'a class index from 0' : `a class index from 0 to ${classes - 1}`;
      throw new SimdenseError(
        'DATA',
        `oneHot(labels): ${show(label)} in row ${row}, expected ${expected}${missingHint(label)}`,
      );
    }
    if (label > largest) largest = label;
  }
  const columns = classes ?? largest + 1;
  if (labels.length * columns > MOST_NUMBERS) {
    const size = `${labels.length} rows of ${columns} classes are more than the ${MOST_NUMBERS} numbers that a matrix can hold`;
    throw new SimdenseError('DATA', `oneHot(labels): ${size}; number the classes with encodeLabels first`);
  }
  const data = new Float32Array(labels.length * columns);
  for (let row = 0; row < labels.length; row++) data[row * columns + (labels[row] as number)] = 1;
  return new Matrix(data, columns);
}

/**
 * Numbers the classes of labels.
 *
 * @param labels A label for each row: a string or a finite number.
 * @returns The distinct labels as `classes`, numbers in ascending order and then strings in the order of their UTF-16 code units; and as
 * `indices` each row's index in `classes`.
 * @throws SimdenseError 'DATA' for a label that is neither a string nor a finite number, for a label that appears both as a number and
 * as a string, and for no labels at all.
 * @throws SimdenseError 'ARGUMENT' for what is not an array.
 * @example
 * const { classes, indices } = encodeLabels(['cat', 'dog', 'ant', 'cat']);
 * classes; // ['ant', 'cat', 'dog']
 * indices; // [1, 2, 0, 1]
 */
export function encodeLabels(labels: readonly Label[] | Numbers): {
  classes: readonly Label[];
  indices: Int32Array;
} {
  noMore('encodeLabels', arguments, 1);
  return atOnce(encodingLabels(labels));
}

/** Labels that are read in one slice: about a millisecond. */
const SLICE = 2 ** 14;

/** encodeLabels in slices; the event loop may turn between them. */
export function* encodingLabels(
  labels: readonly Label[] | Numbers,
): Generator<undefined, { classes: readonly Label[]; indices: Int32Array }> {
  if (!Array.isArray(labels) && !isNumbers(labels)) refuse('encodeLabels(labels)', 'labels', labels);
  if (labels.length === 0) throw new SimdenseError('DATA', 'encodeLabels(labels): expected at least one label');
  /** The number of each label, at first in order of appearance. */
  const numbers = new Map<Label, number>();
  const indices = new Int32Array(labels.length);
  for (let row = 0; row < labels.length; row++) {
    const label = checkLabel('encodeLabels(labels):', labels[row], row);
    let number = numbers.get(label);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(label, number);
    }
    indices[row] = number;
    if (row % SLICE === 0) yield;
  }
  const found = [...numbers.keys()];
  const twice = found.find((label) => typeof label === 'number' && numbers.has(String(label)));
  if (twice !== undefined) {
    const message = `${twice} appears as a number and as a string; make all labels numbers or all strings`;
    throw new SimdenseError('DATA', `encodeLabels(labels): ${message}`);
  }
  const classes = found.slice().sort(inOrder);
  for (const [index, label] of classes.entries()) numbers.set(label, index);
  const places = Int32Array.from(found, (label) => numbers.get(label) as number);
  for (let row = 0; row < indices.length; row++) indices[row] = places[indices[row] as number] as number;
  return { classes, indices };
}

/** The label, if it is a string or a finite number; otherwise throws SimdenseError 'DATA'. `where` stands before the label in the message: 'fit: y is'. */
export function checkLabel(where: string, label: unknown, row: number): Label {
  if (typeof label === 'string' || (typeof label === 'number' && Number.isFinite(label))) return label;
  const hint = typeof label === 'boolean' ? '; convert booleans to 0 and 1, or to strings' : missingHint(label);
  throw new SimdenseError('DATA', `${where} ${show(label)} in row ${row}, expected a string or a finite number${hint}`);
}

/** Compares labels without the locale, so that the order is the same everywhere. */
function inOrder(a: Label, b: Label): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
