import { type Meter, meanOver, type Scored, targetAt, weightAt } from './meter.js';

/** The mean of a function of the error, over all rows and outputs. */
export function meanOf(of: (error: number) => number): Meter {
  const each = (batch: Scored, row: number, output: number): number =>
    of((batch.predicted[row * batch.outputs + output] as number) - targetAt(batch, row, output));
  return meanOver((batch) => batch.outputs, each);
}

export function rootMeanSquared(): Meter {
  const { add, value } = meanOf((error) => error * error);
  return { add, value: () => Math.sqrt(value() as number) };
}

/**
 * R², 1 − Σ(y − ŷ)² / Σ(y − mean)², as a mean over the outputs. As in scikit-learn's r2_score, an output with a constant target counts as 1 if it is
 * predicted exactly and as 0 otherwise, and fewer than two rows give NaN. Welford's update sums the deviations without cancellation.
 */
export function r2(): Meter {
  let seen = 0;
  let count = 0;
  /** The sums of each output. */
  const sums: { residual: number; mean: number; deviation: number }[] = [];
  return {
    add(batch) {
      const { rows, outputs, predicted } = batch;
      for (let row = 0; row < rows; row++) {
        const weight = weightAt(batch, row);
        if (weight === 0) continue;
        seen++;
        count += weight;
        for (let o = 0; o < outputs; o++) {
          sums[o] ??= { residual: 0, mean: 0, deviation: 0 };
          const sum = sums[o] as (typeof sums)[number];
          const target = targetAt(batch, row, o);
          const error = target - (predicted[row * outputs + o] as number);
          const before = target - sum.mean;
          sum.residual += weight * error * error;
          sum.mean += (weight * before) / count;
          sum.deviation += weight * before * (target - sum.mean);
        }
      }
    },
    value() {
      // One row has no variance; scikit-learn also returns NaN.
      if (seen < 2) return Number.NaN;
      const each = sums.map(({ residual, deviation }) =>
        deviation > 0 ? 1 - residual / deviation : Number(residual === 0),
      );
      return each.reduce((a, b) => a + b, 0) / each.length;
    },
  };
}
