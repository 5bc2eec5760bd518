import { noMore, options, positiveUpTo } from '../base/checks.js';
import type { Label } from '../data/labels.js';
import type { Matrix } from '../data/matrix.js';
import type { Cell } from '../table/kind.js';
import { checkSome, indicesOf, placeOfPositive } from './check.js';

/** More bins than a plot has pixels. */
const MOST_BINS = 100_000;

export interface ReliabilityOptions {
  /** The number of bins of equal width from 0 to 1. Default: 10. */
  bins?: number;
  /** The class whose probability is looked at. Default: of two classes the last; of more it must be given. */
  positive?: Label;
}

/** The rows whose probability of the positive class falls into one bin. */
export interface ReliabilityBin {
  /** The number of these rows. */
  readonly rows: number;
  /** The mean of their predicted probabilities. */
  readonly predicted: number;
  /** The share of them that are of the positive class. */
  readonly observed: number;
}

/**
 * Computes the reliability curve: how often a class comes where it was predicted with a probability of about 10 %, 20 % and so on. Of probabilities that mean
 * what they say, `observed` is about `predicted` in each bin (Murphy and Winkler 1977, Applied Statistics 26:41). The figures are those of scikit-learn's calibration_curve.
 *
 * @param actual The true label of each row, at least one. true and false mean classes such as Yes and No.
 * @param probabilities The predicted probabilities, rows × classes.
 * @param classes The labels, in the order of the probabilities' columns.
 * @param o Options; see ReliabilityOptions.
 * @returns The bins that are not empty, by rising probability. A probability on the border of two bins is in the lower one.
 * @throws SimdenseError 'ARGUMENT' for arguments of the wrong type, a class that appears twice, an unknown option and a positive that is no class.
 * @throws SimdenseError 'SHAPE' if the probabilities do not have a row for each label and a column for each class.
 * @throws SimdenseError 'DATA' for no rows, a label that is not among the classes, and a probability that is not from 0 to 1.
 * @example
 * import { Matrix } from 'simdense/data';
 *
 * const probabilities = Matrix.from([[0.75, 0.25], [0.75, 0.25], [0.25, 0.75]]);
 * reliability(['no', 'yes', 'yes'], probabilities, ['no', 'yes'], { bins: 2 }); // [{ rows: 2, predicted: 0.25, observed: 0.5 }, { rows: 1, predicted: 0.75, observed: 1 }]
 */
export function reliability(
  actual: readonly Cell[],
  probabilities: Matrix,
  classes: readonly Label[],
  o?: ReliabilityOptions,
): ReliabilityBin[] {
  noMore('reliability', arguments, 4);
  const { bins = 10, positive } = options('reliability', o, ['bins', 'positive']);
  positiveUpTo('reliability(bins)', MOST_BINS, bins);
  const indices = indicesOf('reliability', { actual, probabilities, classes });
  checkSome('reliability', indices.length);
  const column = placeOfPositive('reliability', classes, positive);
  const [rows, sums, hits] = [new Int32Array(bins), new Float64Array(bins), new Int32Array(bins)];
  const width = 1 / bins;
  for (const [row, index] of indices.entries()) {
    const p = probabilities.data[row * probabilities.columns + column] as number;
    let bin = Math.min(bins - 1, Math.floor(p * bins));
    // The borders are those of numpy.linspace, which belong to the bin below.
    while (bin > 0 && p <= bin * width) bin--;
    while (bin < bins - 1 && p > (bin + 1) * width) bin++;
    (rows[bin] as number) += 1;
    (sums[bin] as number) += p;
    (hits[bin] as number) += Number(index === column);
  }
  const filled = Array.from(rows.keys()).filter((bin) => rows[bin] !== 0);
  return filled.map((bin) => {
    const count = rows[bin] as number;
    return { rows: count, predicted: (sums[bin] as number) / count, observed: (hits[bin] as number) / count };
  });
}
