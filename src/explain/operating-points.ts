import { noMore, options } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Label } from '../data/labels.js';
import type { Matrix } from '../data/matrix.js';
import type { Cell } from '../table/kind.js';
import { indicesOf, placeOfPositive } from './check.js';

/** A threshold, and how the rows that it was chosen on fare with it. */
export interface Threshold {
  /** A row is called positive if its probability of the positive class is at least this. A little above 1 where it costs least to call none so. */
  readonly threshold: number;
  /** The share of the rows called positive that are positive; 1 if none is called so. */
  readonly precision: number;
  /** The share of the positive rows that are called so. */
  readonly recall: number;
  /** What all errors cost together, if costs were given. */
  readonly cost?: number;
  /** The number of rows called positive. */
  readonly predictedPositive: number;
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly falseNegative: number;
}

/** No probability is as large. */
const ABOVE_ALL = 1 + 2 ** -23;

/**
 * Lists what comes of every threshold: the points of the ROC curve, recall over falsePositive ÷ rows that are not positive, and of the precision-recall curve.
 *
 * @param actual The true label of each row. true and false mean classes such as Yes and No.
 * @param probabilities The predicted probabilities, rows × classes.
 * @param o The classes, in the order of the probabilities' columns, and the positive one: of two classes by default the last.
 * @returns From the threshold that no row reaches down to the least probability: one for each distinct probability.
 * @throws SimdenseError 'ARGUMENT' for arguments of the wrong type, an unknown option, and a positive that is no class.
 * @throws SimdenseError 'SHAPE' if the probabilities do not have a row for each label and a column for each class.
 * @throws SimdenseError 'DATA' for no rows, a label that is not among the classes, and a probability that is not from 0 to 1.
 * @example
 * import { Matrix } from 'simdense/data';
 *
 * const probabilities = Matrix.from([[0.9, 0.1], [0.6, 0.4], [0.65, 0.35], [0.2, 0.8]]);
 * const points = operatingPoints(['no', 'no', 'yes', 'yes'], probabilities, { classes: ['no', 'yes'] });
 * points.map(({ recall }) => recall); // [0, 0.5, 0.5, 1, 1]
 */
export function operatingPoints(
  actual: readonly Cell[],
  probabilities: Matrix,
  o: { classes: readonly Label[]; positive?: Label },
): Threshold[] {
  const where = 'operatingPoints';
  noMore(where, arguments, 3);
  const { classes, positive } = options(where, o, ['classes', 'positive']);
  const indices = indicesOf(where, { actual, probabilities, classes });
  if (indices.length === 0) throw new SimdenseError('DATA', `${where}: there are no rows`);
  return pointsOf(probabilities, placeOfPositive(where, classes, positive), indices);
}

/** What comes of each threshold, from the one that no row reaches down to the least probability. */
export function pointsOf({ data, columns }: Matrix, column: number, indices: Int32Array): Threshold[] {
  const scoreOf = (row: number): number => data[row * columns + column] as number;
  const order = indices.map((_, row) => row).sort((a, b) => scoreOf(b) - scoreOf(a));
  const positives = indices.reduce((sum, index) => sum + Number(index === column), 0);
  const point = (threshold: number, predictedPositive: number, truePositive: number): Threshold => ({
    threshold,
    precision: predictedPositive === 0 ? 1 : truePositive / predictedPositive,
    recall: positives === 0 ? 0 : truePositive / positives,
    predictedPositive,
    truePositive,
    falsePositive: predictedPositive - truePositive,
    falseNegative: positives - truePositive,
  });
  const points = [point(ABOVE_ALL, 0, 0)];
  let hits = 0;
  for (const [place, row] of order.entries()) {
    hits += Number(indices[row] === column);
    const next = order[place + 1];
    if (next === undefined || scoreOf(next) < scoreOf(row)) points.push(point(scoreOf(row), place + 1, hits));
  }
  return points;
}
