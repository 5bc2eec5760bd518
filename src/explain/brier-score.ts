import { noMore } from '../base/checks.js';
import type { Label } from '../data/labels.js';
import type { Matrix } from '../data/matrix.js';
import type { Cell } from '../table/kind.js';
import { checkSome, indicesOf } from './check.js';

/**
 * Computes the Brier score: the mean over the rows of the squared distance between the predicted probabilities and what happened, 1 for the actual class
 * and 0 for the others, halved (Brier 1950, Monthly Weather Review 78:1). 0 is perfect, 1 the worst. For two classes it is scikit-learn's
 * brier_score_loss.
 *
 * @param actual The true label of each row, at least one. true and false mean classes such as Yes and No.
 * @param probabilities The predicted probabilities, rows × classes.
 * @param classes The labels, in the order of the probabilities' columns.
 * @returns The score, from 0 to 1.
 * @throws SimdenseError 'ARGUMENT' for arguments of the wrong type and for a class that appears twice.
 * @throws SimdenseError 'SHAPE' if the probabilities do not have a row for each label and a column for each class.
 * @throws SimdenseError 'DATA' for no rows, a label that is not among the classes, and a probability that is not from 0 to 1.
 * @example
 * import { Matrix } from 'simdense/data';
 *
 * const probabilities = Matrix.from([[0.8, 0.2], [0.4, 0.6]]);
 * brierScore(['cat', 'dog'], probabilities, ['cat', 'dog']); // 0.1
 */
export function brierScore(actual: readonly Cell[], probabilities: Matrix, classes: readonly Label[]): number {
  noMore('brierScore', arguments, 3);
  const indices = indicesOf('brierScore', { actual, probabilities, classes });
  checkSome('brierScore', indices.length);
  const { data, columns } = probabilities;
  let sum = 0;
  for (const [row, index] of indices.entries())
    for (let c = 0; c < columns; c++) sum += ((data[row * columns + c] as number) - Number(c === index)) ** 2;
  return sum / 2 / indices.length;
}
