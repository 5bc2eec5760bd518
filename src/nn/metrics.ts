import { oneOf } from '../base/checks.js';

const names = ['accuracy', 'meanSquaredError', 'meanAbsoluteError', 'rootMeanSquaredError', 'r2'] as const;
export type Metric = (typeof names)[number];

/** Rows of a batch as metrics see them, row-major. Targets are class indices (one a row) or numbers (rows × outputs). */
export interface Scored {
  readonly rows: number;
  readonly outputs: number;
  readonly predicted: Float32Array;
  readonly classes: Int32Array | undefined;
  readonly targets: Float32Array | undefined;
  /** Whether each output is a yes or no of its own (a binary crossentropy) and not one of several classes. */
  readonly separate: boolean;
}

/** A metric over the batches of one pass: what it is over all rows together. */
export interface Meter {
  add(batch: Scored): void;
  value(): number;
}

/** Throws SimdenseError 'ARGUMENT' for an unknown metric. */
export function checkMetric(where: string, metric: unknown): Metric {
  return oneOf(where, metric, names);
}

export function meter(metric: Metric): Meter {
  switch (metric) {
    case 'accuracy':
      return accuracy();
    case 'meanSquaredError':
      return meanOf((error) => error * error);
    case 'rootMeanSquaredError': {
      const squares = meanOf((error) => error * error);
      return { add: squares.add, value: () => Math.sqrt(squares.value()) };
    }
    case 'meanAbsoluteError':
      return meanOf(Math.abs);
    case 'r2':
      return r2();
  }
}

/** The target of one output; class indices count as one-hot. */
function targetAt({ classes, targets, outputs }: Scored, row: number, output: number): number {
  if (targets) return targets[row * outputs + output] as number;
  return (classes as Int32Array)[row] === output ? 1 : 0;
}

/** Column of the largest of `outputs` numbers from `from`, the first of equals. */
export function argmax(values: ArrayLike<number>, from: number, outputs: number): number {
  let best = 0;
  for (let i = 1; i < outputs; i++) {
    if ((values[from + i] as number) > (values[from + best] as number)) best = i;
  }
  return best;
}

/** Share of rows whose largest output is the class; of outputs on the right side of ½ where each is a yes or no. */
function accuracy(): Meter {
  let right = 0;
  let total = 0;
  return {
    add(batch) {
      const { rows, outputs, predicted, classes, targets, separate } = batch;
      if (outputs === 1 || separate) {
        for (let row = 0; row < rows; row++) {
          for (let o = 0; o < outputs; o++) {
            if ((predicted[row * outputs + o] as number) > 0.5 === targetAt(batch, row, o) > 0.5) right++;
          }
        }
        total += rows * outputs;
        return;
      }
      for (let row = 0; row < rows; row++) {
        const label = classes ? classes[row] : argmax(targets as Float32Array, row * outputs, outputs);
        if (argmax(predicted, row * outputs, outputs) === label) right++;
      }
      total += rows;
    },
    value: () => right / total,
  };
}

/** Mean of a function of the error over all rows and outputs. */
function meanOf(of: (error: number) => number): Meter {
  let sum = 0;
  let total = 0;
  return {
    add(batch) {
      const { rows, outputs, predicted } = batch;
      for (let row = 0; row < rows; row++) {
        for (let o = 0; o < outputs; o++) sum += of((predicted[row * outputs + o] as number) - targetAt(batch, row, o));
      }
      total += rows * outputs;
    },
    value: () => sum / total,
  };
}

/**
 * 1 − Σ(y−ŷ)² / Σ(y−mean)², the mean over outputs; an output whose target never changes counts 1 where it is met exactly and 0
 * else, as in scikit-learn's r2_score. Deviations are summed by Welford's update, which does not cancel.
 */
function r2(): Meter {
  let count = 0;
  let residual = new Float64Array(0);
  let mean = new Float64Array(0);
  let deviation = new Float64Array(0);
  return {
    add(batch) {
      const { rows, outputs, predicted } = batch;
      if (count === 0)
        [residual, mean, deviation] = [new Float64Array(outputs), new Float64Array(outputs), new Float64Array(outputs)];
      for (let row = 0; row < rows; row++) {
        count++;
        for (let o = 0; o < outputs; o++) {
          const target = targetAt(batch, row, o);
          const error = target - (predicted[row * outputs + o] as number);
          const before = target - (mean[o] as number);
          residual[o] = (residual[o] as number) + error * error;
          mean[o] = (mean[o] as number) + before / count;
          deviation[o] = (deviation[o] as number) + before * (target - (mean[o] as number));
        }
      }
    },
    value() {
      let sum = 0;
      for (const [o, rest] of residual.entries()) {
        const all = deviation[o] as number;
        if (all > 0) sum += 1 - rest / all;
        else sum += rest === 0 ? 1 : 0;
      }
      return sum / residual.length;
    },
  };
}
