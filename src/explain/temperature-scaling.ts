import { noMore, positiveNumber } from '../base/checks.js';
import { atOnce } from '../base/pause.js';
import type { Label } from '../data/labels.js';
import type { Matrix } from '../data/matrix.js';
import { fittingTemperature, tempered } from '../evaluate/temperature.js';
import type { Cell } from '../table/kind.js';
import { checkProbabilities, checkSome, indicesOf } from './check.js';

/** Probabilities made as sure as they are right. JSON keeps the temperature; applyTemperature takes it. */
export interface TemperatureScaling {
  /** Above 1 the probabilities were too sure, below 1 not sure enough. From 0.05 to 20. */
  readonly temperature: number;
  /** Applies it to other probabilities of the same model, rows × classes. Throws what applyTemperature throws. */
  readonly apply: (probabilities: Matrix) => Matrix;
}

/**
 * Fits a temperature T that makes probabilities as sure as they are right: p^(1/T), divided by the sum over the classes. T minimises the log loss, by Newton's method (Guo et al.
 * 2017, arXiv 1706.04599). The largest probability of a row stays the largest, so no predicted class changes.
 *
 * Fit it on rows that the model has not learnt from, such as `outOfFold` of an Ensemble: on the rows that it has learnt from, a network seems surer with good reason. fitPipeline('tabular') does this by itself.
 *
 * @param actual The true label of each row, at least one. true and false mean classes such as Yes and No.
 * @param probabilities The predicted probabilities, rows × classes. Less than 1e-7 counts as 1e-7.
 * @param classes The labels, in the order of the probabilities' columns.
 * @returns The temperature, and a function that applies it; the same bits in every runtime.
 * @throws SimdenseError 'ARGUMENT' for arguments of the wrong type and for a class that appears twice.
 * @throws SimdenseError 'SHAPE' if the probabilities do not have a row for each label and a column for each class.
 * @throws SimdenseError 'DATA' for no rows, a label that is not among the classes, and a probability that is not from 0 to 1.
 * @example
 * import { Matrix } from 'simdense/data';
 *
 * // 90 % sure, and right in three of four rows.
 * const probabilities = Matrix.from([[0.9, 0.1], [0.9, 0.1], [0.9, 0.1], [0.9, 0.1]]);
 * const { temperature, apply } = temperatureScaling(['no', 'no', 'no', 'yes'], probabilities, ['no', 'yes']);
 * temperature.toFixed(3); // '2.000'
 * apply(probabilities).row(0); // [0.75, 0.25]
 */
export function temperatureScaling(
  actual: readonly Cell[],
  probabilities: Matrix,
  classes: readonly Label[],
): TemperatureScaling {
  noMore('temperatureScaling', arguments, 3);
  const indices = indicesOf('temperatureScaling', { actual, probabilities, classes });
  checkSome('temperatureScaling', indices.length);
  const temperature = atOnce(fittingTemperature(probabilities, indices));
  const { length } = classes;
  return {
    temperature,
    apply(others) {
      noMore('apply', arguments, 1);
      return tempered(checkProbabilities('apply(probabilities)', others, length), temperature);
    },
  };
}

/**
 * Applies a temperature T to probabilities: p^(1/T), divided by the sum over the classes. The largest of a row stays the largest.
 *
 * @param probabilities Probabilities, rows × classes. Less than 1e-7 counts as 1e-7.
 * @param temperature The temperature, such as temperatureScaling has fitted: above 1 makes them less sure, below 1 more.
 * @returns The new probabilities; the same bits in every runtime.
 * @throws SimdenseError 'ARGUMENT' for what is not a Matrix, and for a temperature that is not positive.
 * @throws SimdenseError 'DATA' for a probability that is not from 0 to 1.
 * @example
 * import { Matrix } from 'simdense/data';
 *
 * applyTemperature(Matrix.from([[0.9, 0.1]]), 2).row(0); // [0.75, 0.25]
 */
export function applyTemperature(probabilities: Matrix, temperature: number): Matrix {
  noMore('applyTemperature', arguments, 2);
  positiveNumber('applyTemperature(temperature)', temperature);
  return tempered(checkProbabilities('applyTemperature(probabilities)', probabilities), temperature);
}
