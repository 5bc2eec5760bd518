import { type Meter, meanOver, type Scored, targetAt, weightAt } from './meter.js';

/** Mean of a function of the error over all rows and outputs. */
export function meanOf(of: (error: number) => number): Meter {
  const each = (batch: Scored, row: number, output: number): number =>
    of((batch.predicted[row * batch.outputs + output] as number) - targetAt(batch, row, output));
  return meanOver((batch) => batch.outputs, each);
}

export function rootMeanSquared(): Meter {
  const { add, value } = meanOf((error) => error * error);
  return { add, value: () => Math.sqrt(value()) };
}

/**
 * 1 − Σ(y−ŷ)² / Σ(y−mean)², the mean over outputs; an output whose target never changes counts 1 where it is met exactly and 0
 * else, and fewer than two rows are NaN, as in scikit-learn's r2_score. Deviations are summed by Welford's update, which does not cancel.
 */
export function r2(): Meter {
  let seen = 0;
  let count = 0;
  let residual: number[] = [];
  let mean: number[] = [];
  let deviation: number[] = [];
  return {
    add(batch) {
      const { rows, outputs, predicted } = batch;
      if (residual.length === 0)
        [residual, mean, deviation] = [0, 0, 0].map(() => new Array<number>(outputs).fill(0)) as [
          number[],
          number[],
          number[],
        ];
      for (let row = 0; row < rows; row++) {
        const weight = weightAt(batch, row);
        if (weight === 0) continue;
        seen++;
        count += weight;
        for (let o = 0; o < outputs; o++) {
          const target = targetAt(batch, row, o);
          const error = target - (predicted[row * outputs + o] as number);
          const before = target - (mean[o] as number);
          (residual[o] as number) += weight * error * error;
          (mean[o] as number) += (weight * before) / count;
          (deviation[o] as number) += weight * before * (target - (mean[o] as number));
        }
      }
    },
    value() {
      // Of one row there is no variance, as in scikit-learn.
      if (seen < 2) return Number.NaN;
      const each = residual.map((rest, o) => {
        const all = deviation[o] as number;
        return all > 0 ? 1 - rest / all : Number(rest === 0);
      });
      return each.reduce((a, b) => a + b, 0) / each.length;
    },
  };
}
