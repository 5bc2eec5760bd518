import { logarithm, powerOfTwo } from '../data/powers.js';
import type { Loss, LossName } from '../nn/losses.js';
import type { Units } from '../train/trainer.js';

/** The losses of regressions, whose targets may be scaled. Each needs a line in `degrees` and in `losses`. */
type RegressionLoss = Exclude<LossName, `${string}Crossentropy`>;

/** The power of the targets' unit in which a loss is measured. */
const degrees: Readonly<Record<RegressionLoss, 1 | 2>> = {
  meanSquaredError: 2,
  halfMeanSquaredError: 2,
  huber: 2,
  logCosh: 2,
  meanAbsoluteError: 1,
};

/** The loss of one output's error, in scaled units. */
const losses: Readonly<Record<RegressionLoss, (error: number) => number>> = {
  meanSquaredError: (error) => error * error,
  halfMeanSquaredError: (error) => (error * error) / 2,
  huber: (error) => (Math.abs(error) <= 1 ? (error * error) / 2 : Math.abs(error) - 0.5),
  logCosh,
  meanAbsoluteError: Math.abs,
};

/**
 * log cosh e, computed with + − × ÷ only: early stopping may watch this figure, so its bits must be the same in every runtime. Near 0 it is the
 * Taylor series, since |e| + log(1 + e^−2|e|) − log 2 would cancel.
 */
function logCosh(error: number): number {
  const size = Math.abs(error);
  const square = error * error;
  if (size < 1e-3) return square / 2 - (square * square) / 12;
  return size + (logarithm(1 + powerOfTwo((-2 * size) / Math.LN2)) - 1) * Math.LN2;
}

/**
 * Converts losses and metrics from scaled targets, (y − center) / scale for each output, to the targets' own units. A squared loss is in
 * squared units; huber's δ, which is 1 in scaled units, becomes the scale, and logCosh is scale² · log cosh((ŷ − y) / scale).
 */
export class TargetUnits implements Units {
  readonly #center: readonly number[];
  readonly #scale: readonly number[];

  constructor(center: readonly number[], scale: readonly number[]) {
    this.#center = center;
    this.#scale = scale;
  }

  restored(scaled: Float32Array): Float32Array {
    const outputs = this.#scale.length;
    const out = new Float32Array(scaled.length);
    for (let i = 0, o = 0; i < out.length; i++) {
      out[i] = (scaled[i] as number) * (this.#scale[o] as number) + (this.#center[o] as number);
      if (++o === outputs) o = 0;
    }
    return out;
  }

  factor(loss: Loss): number {
    const degree = (degrees as Partial<typeof degrees>)[loss as RegressionLoss] ?? 0;
    return this.#scale.reduce((sum, scale) => sum + scale ** degree, 0) / this.#scale.length;
  }

  get single(): boolean {
    return this.#scale.length === 1;
  }

  lossOf(loss: Loss, predicted: Float32Array, targets: Float32Array, weights: Float32Array | undefined): number {
    const of = losses[loss as RegressionLoss];
    const degree = degrees[loss as RegressionLoss];
    const outputs = this.#scale.length;
    const rows = predicted.length / outputs;
    const units = this.#scale.map((scale) => scale ** degree);
    let sum = 0;
    for (let row = 0; row < rows; row++) {
      const weight = weights ? (weights[row] as number) : 1;
      for (let o = 0; o < outputs; o++) {
        const i = row * outputs + o;
        sum += weight * of((predicted[i] as number) - (targets[i] as number)) * (units[o] as number);
      }
    }
    return sum / (loss === 'halfMeanSquaredError' ? rows : rows * outputs);
  }
}
