// Checks of what the functions of simdense/explain are given.
import { refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { placeOf } from '../data/cells.js';
import type { Label } from '../data/labels.js';
import type { Matrix } from '../data/matrix.js';
import { isMatrix } from '../data/rows.js';

/** Actual labels beside the probabilities that were predicted for them. */
export interface Judged {
  /** The true label of each row. */
  readonly actual: readonly Label[];
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
  const places = new Map<Label, number>();
  for (const [place, label] of classes.entries()) {
    if (places.has(label)) refuse(`${where}(classes)`, 'each class once', label, ' twice');
    places.set(label, place);
  }
  if (!isMatrix(probabilities)) refuse(`${where}(probabilities)`, 'a Matrix', probabilities);
  const { rows, columns, data } = probabilities;
  if (rows !== actual.length || columns !== classes.length) {
    const message = `${where}: ${rows}×${columns} probabilities for ${actual.length} actual labels and ${classes.length} classes`;
    throw new SimdenseError('SHAPE', message);
  }
  const off = data.findIndex((p: number) => !(p >= 0 && p <= 1));
  if (off >= 0) {
    const message = `${where}(probabilities): ${data[off]} in ${placeOf(off, columns)}, expected 0 to 1`;
    throw new SimdenseError('DATA', message);
  }
  return Int32Array.from(actual, (label, row) => {
    const place = places.get(label);
    if (place !== undefined) return place;
    throw new SimdenseError('DATA', `${where}(actual): ${show(label)} in row ${row} is not among the classes`);
  });
}
