import { noMore, positiveUpTo, refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { atOnce } from '../base/pause.js';
import { missingHint } from './cells.js';
import { Matrix } from './matrix.js';
import { isNumbers, type Numbers } from './numbers.js';

/** 8 GiB of float32, which every runtime of today can hold in one array. */
const MOST_NUMBERS = 2 ** 31 - 1;

/** What a class is called. */
export type Label = string | number;

/**
 * Rows of zeros with 1 at the label: labels × classes. `classes` is one more than the largest label where it is left out. Throws SimdenseError
 * 'ARGUMENT', or 'DATA' for a label that is no whole number below `classes`.
 */
export function oneHot(labels: Numbers, classes?: number): Matrix {
  noMore('oneHot', arguments, 2);
  if (!isNumbers(labels)) refuse('oneHot(labels)', 'class indices', labels);
  if (labels.length === 0) throw new SimdenseError('DATA', 'oneHot(labels): there are none');
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
    const size = `${labels.length} rows of ${columns} classes are more than the ${MOST_NUMBERS} numbers that a matrix holds`;
    throw new SimdenseError('DATA', `oneHot(labels): ${size}; number the classes with encodeLabels first`);
  }
  const data = new Float32Array(labels.length * columns);
  for (let row = 0; row < labels.length; row++) data[row * columns + (labels[row] as number)] = 1;
  return new Matrix(data, columns);
}

/**
 * Classes in their order, numbers by size and then strings by their code units, and each label's index among them. Throws SimdenseError 'DATA' for
 * what is neither a string nor a finite number, for a number that is there as a string as well, or where there are none.
 */
export function encodeLabels(labels: readonly Label[] | Numbers): {
  classes: readonly Label[];
  indices: Int32Array;
} {
  noMore('encodeLabels', arguments, 1);
  return atOnce(encodingLabels(labels));
}

/** Labels that are looked at in one slice: a millisecond or so. */
const SLICE = 2 ** 14;

/** The same in slices, between which the event loop may turn. */
export function* encodingLabels(
  labels: readonly Label[] | Numbers,
): Generator<undefined, { classes: readonly Label[]; indices: Int32Array }> {
  if (!Array.isArray(labels) && !isNumbers(labels)) refuse('encodeLabels(labels)', 'labels', labels);
  if (labels.length === 0) throw new SimdenseError('DATA', 'encodeLabels(labels): there are none');
  /** The number of each label, first as they come. */
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
    const message = `${twice} is there as a number and as a string: make all labels one or the other`;
    throw new SimdenseError('DATA', `encodeLabels(labels): ${message}`);
  }
  const classes = found.slice().sort(inOrder);
  for (const [index, label] of classes.entries()) numbers.set(label, index);
  const places = Int32Array.from(found, (label) => numbers.get(label) as number);
  for (let row = 0; row < indices.length; row++) indices[row] = places[indices[row] as number] as number;
  return { classes, indices };
}

/** Throws SimdenseError 'DATA' for what is neither a string nor a finite number. `where` is followed by the label: 'fit: y is'. */
export function checkLabel(where: string, label: unknown, row: number): Label {
  if (typeof label === 'string' || (typeof label === 'number' && Number.isFinite(label))) return label;
  const hint = typeof label === 'boolean' ? '; map booleans to 0 and 1, or to texts' : missingHint(label);
  throw new SimdenseError('DATA', `${where} ${show(label)} in row ${row}, expected a string or a number${hint}`);
}

/** The same in every runtime and language. */
function inOrder(a: Label, b: Label): number {
  if (typeof a !== typeof b) return typeof a === 'number' ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
