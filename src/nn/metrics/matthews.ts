import { eachDecision, isBinary, type Meter, weightAt } from './meter.js';

/** For one class, sums of the rows' weights: rows of the class, rows predicted as it, and rows that are both. */
interface Sums {
  actual: number;
  predicted: number;
  hits: number;
}

/**
 * Matthews's correlation of targets and predictions: 1 if all rows are right, 0 if guessing does as well, −1 if every row is wrong and there are two classes
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
    for (const { actual, predicted, hits } of classes) {
      // Equals hits · total − actual · predicted, but does not cancel if the class has little weight.
      both += hits * (total - predicted) - predicted * (actual - hits);
      targets += actual * (total - actual);
      predictions += predicted * (total - predicted);
    }
    return both / Math.sqrt(targets * predictions) || 0;
  };
  return {
    add(batch) {
      binary = isBinary(batch);
      for (let row = 0; row < batch.rows; row++) total += weightAt(batch, row);
      eachDecision(batch, (label, truth, taken, weight) => {
        sums[label] ??= { actual: 0, predicted: 0, hits: 0 };
        const sum = sums[label] as Sums;
        if (truth) sum.actual += weight;
        if (taken) sum.predicted += weight;
        if (truth && taken) sum.hits += weight;
      });
    },
    value() {
      const classes = Object.values(sums);
      return binary ? classes.reduce((sum, one) => sum + correlation([one]), 0) / classes.length : correlation(classes);
    },
  };
}
