// Turns a pipeline's outputs into probabilities and labels.
import { SimdenseError } from '../base/errors.js';
import type { Label } from '../data/labels.js';
import { type Matrix, ownMatrix } from '../data/matrix.js';

/** The probabilities, rows × classes; one sigmoid p becomes the columns 1 − p and p. Outputs of a regression are returned as they are. */
export function probabilitiesOf(outputs: Matrix, classes: readonly Label[] | undefined): Matrix {
  if (!classes || outputs.columns > 1) return outputs;
  const data = new Float32Array(outputs.rows * 2);
  for (const [row, p] of outputs.data.entries()) {
    data[row * 2] = 1 - p;
    data[row * 2 + 1] = p;
  }
  return ownMatrix(data, 2);
}

/** The most probable label of each row; for a regression its number. Throws SimdenseError 'STATE' if a row has several numbers, which the method `other` returns. */
export function labelsOf(
  where: string,
  other: string,
  outputs: Matrix,
  classes: readonly Label[] | undefined,
): readonly Label[] {
  if (!classes) {
    if (outputs.columns === 1) return Array.from(outputs.data);
    throw new SimdenseError('STATE', `${where}: a row has several labels or targets; use ${other}`);
  }
  return Array.from(probabilitiesOf(outputs, classes).argmax(), (index) => classes[index] as Label);
}
