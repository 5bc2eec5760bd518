import { noMore, options } from '../base/checks.js';
import type { Label } from '../data/labels.js';
import type { Matrix } from '../data/matrix.js';
import type { Cell } from '../table/kind.js';
import { checkProbabilities, indicesOf, rankOf } from './check.js';
import type { ConformalOptions } from './conformal-intervals.js';

/** Sets of classes. JSON keeps the threshold. */
export interface ConformalSets {
  readonly coverage: number;
  /** A class is in a row's set if its probability is at least this. */
  readonly threshold: number;
  /** The classes in each row's set, the most probable first. Throws SimdenseError 'ARGUMENT', 'SHAPE' or 'DATA' for what are not probabilities, rows × classes. */
  readonly sets: (probabilities: Matrix) => Label[][];
}

/**
 * Finds sets of classes that hold the true class of a new row with a given probability, whatever the model and the distribution are: one class where the model is sure, several where it
 * is not. By split conformal prediction with the score 1 − p of the true class: the threshold is the ⌈(n + 1)·coverage⌉-th largest of the n probabilities that the true classes had (Sadinle et al. 2019,
 * arXiv 1609.00451). Of all such sets these are the smallest on average; adaptive ones (Romano et al. 2020, arXiv 2006.02544) are larger, and closer to the coverage for each kind of row.
 *
 * That holds on average over all rows if the rows are held out and the new ones are drawn as they were; with `outOfFold` of an Ensemble closely in practice, see conformalIntervals. An empty set
 * says that no class is as likely as the true ones usually are: the row is unlike those that were learnt, or the model is right more often than the coverage asks for, and the least sure rows get no class.
 *
 * @param actual The true label of each row that the model has not learnt from. true and false mean classes such as Yes and No.
 * @param probabilities The predicted probabilities of these rows, rows × classes.
 * @param classes The labels, in the order of the probabilities' columns.
 * @param o Options; see ConformalOptions.
 * @returns The threshold, and a function that gives the set of each row of other probabilities.
 * @throws SimdenseError 'ARGUMENT' for arguments of the wrong type, a class that appears twice, an unknown option, and a coverage that is not between 0 and 1.
 * @throws SimdenseError 'SHAPE' if the probabilities do not have a row for each label and a column for each class.
 * @throws SimdenseError 'DATA' for fewer rows than the coverage needs (9 for 0.9, 19 for 0.95), a label that is not among the classes, and a probability that is not from 0 to 1.
 * @example
 * import { Matrix } from 'simdense/data';
 *
 * const probabilities = Matrix.from([[0.9, 0.1], [0.8, 0.2], [0.4, 0.6], [0.1, 0.9]]);
 * const { threshold, sets } = conformalSets(['no', 'no', 'no', 'yes'], probabilities, ['no', 'yes'], { coverage: 0.8 });
 * threshold; // 0.4
 * sets(Matrix.from([[0.55, 0.45], [0.95, 0.05]])); // [['no', 'yes'], ['no']]
 */
export function conformalSets(
  actual: readonly Cell[],
  probabilities: Matrix,
  classes: readonly Label[],
  o?: ConformalOptions,
): ConformalSets {
  noMore('conformalSets', arguments, 4);
  const { coverage = 0.9 } = options('conformalSets', o, ['coverage']);
  const indices = indicesOf('conformalSets', { actual, probabilities, classes });
  const rank = rankOf('conformalSets', coverage, indices.length);
  const { data, columns } = probabilities;
  const truths = Float64Array.from(indices, (index, row) => data[row * columns + index] as number).sort();
  const threshold = truths[truths.length - rank] as number;
  const labels = [...classes];
  return {
    coverage,
    threshold,
    sets(others) {
      noMore('sets', arguments, 1);
      checkProbabilities('sets(probabilities)', others, columns);
      return Array.from({ length: others.rows }, (_, row) => {
        const each = others.row(row);
        const taken = labels.map((_, c) => c).filter((c) => (each[c] as number) >= threshold);
        return taken.sort((a, b) => (each[b] as number) - (each[a] as number)).map((c) => labels[c] as Label);
      });
    },
  };
}
