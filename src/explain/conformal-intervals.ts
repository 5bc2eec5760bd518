import { noMore, options } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { numbersOf, type RowNumbers, rankOf } from './check.js';

export interface ConformalOptions {
  /** The share of new rows that are to be covered, between 0 and 1. Default: 0.9. */
  coverage?: number;
}

/** Intervals around predictions. JSON keeps the radius. */
export interface ConformalIntervals {
  readonly coverage: number;
  /** Half the width of each interval, in the target's own units. */
  readonly radius: number;
  /** The interval of each prediction: its lower and its upper end. Throws SimdenseError 'ARGUMENT', 'SHAPE' or 'DATA' for what is not a finite number for each row. */
  readonly intervals: (predicted: RowNumbers) => (readonly [low: number, high: number])[];
}

/**
 * Finds how far from a prediction the truth may lie: intervals that hold the true number of a new row with a given probability, whatever the model and the distribution are. By split
 * conformal prediction: the radius is the ⌈(n + 1)·coverage⌉-th smallest of n absolute errors (Vovk et al. 2005, Algorithmic Learning in a Random World; Lei et al. 2018, arXiv 1604.04173).
 *
 * That holds on average over all rows, not for each kind of row, if the rows are held out and the new ones are drawn as they were. With `outOfFold` of an Ensemble instead (cross-conformal
 * prediction, Vovk 2015, arXiv 1208.0806) coverage is close to what is wanted in practice, since the mean of the members errs about as much as each; proven is less (Barber et al. 2021, arXiv 1905.02928).
 *
 * @param actual The true number of each row that the model has not learnt from.
 * @param predicted The prediction for each of these rows.
 * @param o Options; see ConformalOptions.
 * @returns The radius, and a function that gives the intervals of predictions.
 * @throws SimdenseError 'ARGUMENT' for arguments of the wrong type, an unknown option, and a coverage that is not between 0 and 1.
 * @throws SimdenseError 'SHAPE' if there are not as many predictions as true numbers, or several a row.
 * @throws SimdenseError 'DATA' for fewer rows than the coverage needs (9 for 0.9, 19 for 0.95), and for numbers that are not finite.
 * @example
 * const actual = [1, 2, 3, 4, 5, 6, 7, 8, 9];
 * const predicted = [1.5, 2, 2, 4, 5, 7, 7, 8, 9.5];
 * const { radius, intervals } = conformalIntervals(actual, predicted, { coverage: 0.8 });
 * radius; // 1
 * intervals([10, 20]); // [[9, 11], [19, 21]]
 */
export function conformalIntervals(
  actual: RowNumbers,
  predicted: RowNumbers,
  o?: ConformalOptions,
): ConformalIntervals {
  noMore('conformalIntervals', arguments, 3);
  const { coverage = 0.9 } = options('conformalIntervals', o, ['coverage']);
  const truths = numbersOf('conformalIntervals(actual)', actual);
  const guesses = numbersOf('conformalIntervals(predicted)', predicted);
  const { length } = truths;
  if (guesses.length !== length)
    throw new SimdenseError('SHAPE', `conformalIntervals: ${guesses.length} predictions for ${length} actual numbers`);
  const rank = rankOf('conformalIntervals', coverage, length);
  const errors = Float64Array.from({ length }, (_, row) =>
    Math.abs((truths[row] as number) - (guesses[row] as number)),
  );
  const radius = errors.sort()[rank - 1] as number;
  return {
    coverage,
    radius,
    intervals(others) {
      noMore('intervals', arguments, 1);
      return Array.from(
        numbersOf('intervals(predicted)', others),
        (value) => [value - radius, value + radius] as const,
      );
    },
  };
}
