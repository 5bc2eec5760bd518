// What a pipeline's outputs say: probabilities and labels.
import { SimdenseError } from '../base/errors.js';
import type { Label } from '../data/labels.js';
import { Matrix } from '../data/matrix.js';

/** Rows × classes: of one sigmoid the complement stands before it. Outputs of a regression as they are. */
export function probabilitiesOf(outputs: Matrix, classes: readonly Label[] | undefined): Matrix {
  if (!classes || outputs.columns > 1) return outputs;
  const data = new Float32Array(outputs.rows * 2);
  for (const [row, p] of outputs.data.entries()) {
    data[row * 2] = 1 - p;
    data[row * 2 + 1] = p;
  }
  return new Matrix(data, 2);
}

/** The likeliest label of each row; for a regression its number. Throws SimdenseError 'STATE' where a row has several, which the method `other` gives. */
export function labelsOf(
  where: string,
  other: string,
  outputs: Matrix,
  classes: readonly Label[] | undefined,
): readonly Label[] {
  if (!classes) {
    if (outputs.columns === 1) return Array.from(outputs.data);
    throw new SimdenseError(
      'STATE',
      `${where}: each row has ${outputs.columns} numbers; ${other} gives them all, rows × outputs`,
    );
  }
  return Array.from(probabilitiesOf(outputs, classes).argmax(), (index) => classes[index] as Label);
}
