import { atLeastZero, isRecord, noMore, options, refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Label } from '../data/labels.js';
import type { Matrix } from '../data/matrix.js';
import type { Cell } from '../table/kind.js';
import { indicesOf, isShare, placeOfPositive } from './check.js';
import { pointsOf, type Threshold } from './operating-points.js';

/** What errors cost, in any unit. */
export interface ErrorCosts {
  /** Of a row that is called positive and is not; at least 0. */
  falsePositive: number;
  /** Of a positive row that is not called so; at least 0. */
  falseNegative: number;
}

/** Exactly one of `precision`, `recall` and `cost` says what is wanted. */
export interface ThresholdOptions {
  /** The labels, in the order of the probabilities' columns. */
  classes: readonly Label[];
  /** The class that is to be found. Default: of two classes the last; of more it must be given. */
  positive?: Label;
  /** The least precision, above 0 and at most 1; the threshold with the greatest recall is chosen. */
  precision?: number;
  /** The least recall, above 0 and at most 1; the threshold with the greatest precision is chosen. */
  recall?: number;
  /** What errors cost; the threshold of the least cost is chosen. */
  cost?: ErrorCosts;
}

/**
 * Chooses from which probability on a row is called positive, by what is wanted: a precision, a recall, or the least cost of errors. Every distinct probability is tried, as in
 * scikit-learn's precision_recall_curve.
 *
 * Choose it on rows that the model has not learnt from, such as `outOfFold` of an Ensemble. On other rows precision and recall will differ by chance, the more the fewer rows there are.
 *
 * @param actual The true label of each row. true and false mean classes such as Yes and No.
 * @param probabilities The predicted probabilities, rows × classes.
 * @param o What is wanted; see ThresholdOptions.
 * @returns The threshold, and what comes of it on these rows. Of thresholds that are equally good the highest.
 * @throws SimdenseError 'ARGUMENT' for arguments of the wrong type, an unknown option, none or several of `precision`, `recall` and `cost`, and a positive that is no class.
 * @throws SimdenseError 'SHAPE' if the probabilities do not have a row for each label and a column for each class.
 * @throws SimdenseError 'DATA' if no threshold reaches the precision (the message says which is reached), if no row is positive, for a label that is not among the classes, and for a
 * probability that is not from 0 to 1.
 * @example
 * import { Matrix } from 'simdense/data';
 *
 * const probabilities = Matrix.from([[0.9, 0.1], [0.6, 0.4], [0.65, 0.35], [0.2, 0.8]]);
 * const { threshold, precision, recall } = chooseThreshold(['no', 'no', 'yes', 'yes'], probabilities, {
 *   classes: ['no', 'yes'],
 *   recall: 1,
 * });
 * [threshold, precision, recall]; // [0.35, 0.6667, 1]
 */
export function chooseThreshold(actual: readonly Cell[], probabilities: Matrix, o: ThresholdOptions): Threshold {
  const where = 'chooseThreshold';
  noMore(where, arguments, 3);
  const { classes, positive, precision, recall, cost } = options(where, o, [
    'classes',
    'positive',
    'precision',
    'recall',
    'cost',
  ]);
  const wishes = Object.entries({ precision, recall, cost }).filter(([, value]) => value !== undefined);
  if (wishes.length !== 1)
    refuse(where, 'one of precision, recall and cost', wishes.map(([name]) => name).join(' and ') || undefined);
  for (const [name, share] of Object.entries({ precision, recall }))
    if (share !== undefined && !isShare(share)) refuse(`${where}(${name})`, 'a number above 0 and up to 1', share);
  if (cost !== undefined && !isRecord(cost)) refuse(`${where}(cost)`, '{ falsePositive, falseNegative }', cost);
  const costs = cost && options(`${where}(cost)`, cost, ['falsePositive', 'falseNegative']);
  if (costs)
    for (const name of ['falsePositive', 'falseNegative'] as const) atLeastZero(`${where}(cost.${name})`, costs[name]);
  const indices = indicesOf(where, { actual, probabilities, classes });
  const column = placeOfPositive(where, classes, positive);
  const points = pointsOf(probabilities, column, indices);
  if (points[0]?.falseNegative === 0 || points.length === 1)
    throw new SimdenseError('DATA', `${where}: no row is ${show(classes[column])}`);
  if (costs) {
    const priced = points.map((point) => ({
      ...point,
      cost: point.falsePositive * costs.falsePositive + point.falseNegative * costs.falseNegative,
    }));
    return best(priced, (a, b) => b.cost - a.cost);
  }
  // Precision and recall of no rows are no aim.
  const some = points.slice(1);
  if (recall !== undefined)
    return best(
      some.filter((point) => point.recall >= recall),
      (a, b) => a.precision - b.precision || a.recall - b.recall,
    );
  const enough = some.filter((point) => point.precision >= (precision as number));
  if (enough.length > 0) return best(enough, (a, b) => a.recall - b.recall || a.precision - b.precision);
  const most = best(some, (a, b) => a.precision - b.precision || a.recall - b.recall);
  const reached = `the best is ${short(most.precision)}, at a threshold of ${short(most.threshold)} with a recall of ${short(most.recall)}`;
  throw new SimdenseError('DATA', `${where}: no threshold reaches a precision of ${precision}; ${reached}`);
}

const short = (value: number): number => Number(value.toPrecision(4));

/** The first of the greatest. */
const best = <T>(points: readonly T[], compare: (a: T, b: T) => number): T =>
  points.reduce((most, point) => (compare(point, most) > 0 ? point : most));
