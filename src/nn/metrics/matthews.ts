import { eachDecision, isBinary, type Meter, weightAt } from './meter.js';

/** Rows, or their weights: those that are of a class, those that are taken for it, and those that are both. */
interface Sums {
  there: number;
  taken: number;
  hits: number;
}

/**
 * Matthews's correlation of targets and predictions: 1 if all rows are right, 0 if chance does as well, −1 if every row is wrong and there are two classes
 * (Matthews 1975). Several classes: Gorodkin's R_K (2004). Several binary outputs: the mean over all outputs. It is 0 if the targets or the predictions have only one
 * class, as in scikit-learn's matthews_corrcoef.
 */
export function matthewsCorrelation(): Meter {
  const sums: Sums[] = [];
  let total = 0;
  let binary = false;
  /** cov(targets, predictions) / √(cov(targets, targets) · cov(predictions, predictions)), where each covariance is a sum over classes. */
  const correlation = (classes: readonly Sums[]): number => {
    let [both, targets, predictions] = [0, 0, 0];
    for (const { there, taken, hits } of classes) {
      // Equals hits · total − there · taken, but does not cancel if the class has little weight.
      both += hits * (total - taken) - taken * (there - hits);
      targets += there * (total - there);
      predictions += taken * (total - taken);
    }
    return both / Math.sqrt(targets * predictions) || 0;
  };
  return {
    add(batch) {
      binary = isBinary(batch);
      for (let row = 0; row < batch.rows; row++) total += weightAt(batch, row);
      eachDecision(batch, (label, truth, taken, weight) => {
        sums[label] ??= { there: 0, taken: 0, hits: 0 };
        const sum = sums[label] as Sums;
        if (truth) sum.there += weight;
        if (taken) sum.taken += weight;
        if (truth && taken) sum.hits += weight;
      });
    },
    value() {
      const classes = Object.values(sums);
      return binary ? classes.reduce((sum, one) => sum + correlation([one]), 0) / classes.length : correlation(classes);
    },
  };
}
