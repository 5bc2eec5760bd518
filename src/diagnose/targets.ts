import { largest } from '../base/extremes.js';
import { LINE } from '../nn/layout.js';
import type { LossName } from '../nn/losses.js';
import { type Bound, columnsOf } from './look.js';
import { entropy, leastAbsolute, leastHuber, leastLogCosh, type Weighed } from './no-skill.js';

/** The most rows of targets that are read: enough for precise means. */
const ROWS = 100_000;
/** The most numbers (rows × outputs) that are kept, for losses whose best constant needs all values. */
const KEPT = 100_000;

/** The weighted mean and variance of each column. */
interface Moments {
  readonly means: readonly number[];
  readonly variances: readonly number[];
}

/** How the least loss of a constant prediction is found: from the columns' means and variances, as a sum or mean over the outputs; or from all values of a column. */
type LeastLoss =
  | { readonly ofMoments: (columns: Moments) => number }
  | { readonly ofValues: (column: Weighed) => number };

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
const mean = (values: readonly number[]): number => sum(values) / values.length;

const leastLosses: Readonly<Record<LossName, LeastLoss>> = {
  meanSquaredError: { ofMoments: ({ variances }) => mean(variances) },
  halfMeanSquaredError: { ofMoments: ({ variances }) => sum(variances) / 2 },
  meanAbsoluteError: { ofValues: leastAbsolute },
  huber: { ofValues: leastHuber },
  logCosh: { ofValues: leastLogCosh },
  binaryCrossentropy: { ofMoments: ({ means }) => mean(means.map((p) => entropy([p, 1 - p]))) },
  categoricalCrossentropy: { ofMoments: ({ means }) => entropy(means) },
};

/** Statistics of the targets of one epoch: weighted sums by column, and for some losses the numbers themselves. */
export class TargetColumns {
  /** undefined for a custom loss. */
  readonly #least: LeastLoss | undefined;
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;
  #rows = 0;
  #weight = 0;
  /** The targets row by row, and the weight of each row. */
  readonly #values: number[] = [];
  readonly #weights: number[] = [];
  #weighted = false;

  constructor(outputs: number, loss: unknown) {
    this.#least = typeof loss === 'string' ? leastLosses[loss as LossName] : undefined;
    this.#sums = new Float64Array(outputs);
    this.#squares = new Float64Array(outputs);
  }

  add(bound: Bound): void {
    const { rows, engine, outputs } = bound.network;
    if (this.#rows >= ROWS) return;
    this.#rows += rows;
    const { floats } = engine;
    const start = columnsOf(bound, bound.batch.target);
    const weights = bound.batch.weights / 4;
    if (weights === 0) this.#weight += rows;
    else
      for (let row = 0; row < rows; row++) {
        const weight = floats[weights + row] as number;
        this.#weight += weight;
        // Do not compare the sum of the weights: that of balanced classes is 1 a row on average.
        this.#weighted ||= weight !== 1;
      }
    for (let column = 0; column < outputs; column++) {
      let sum = 0;
      let squares = 0;
      const from = start(column);
      for (let row = 0; row < rows; row++) {
        const value = floats[from + row * LINE] as number;
        const weighed = weights === 0 ? value : value * (floats[weights + row] as number);
        sum += weighed;
        squares += weighed * value;
      }
      (this.#sums[column] as number) += sum;
      (this.#squares[column] as number) += squares;
    }
    if (this.#least && 'ofValues' in this.#least) this.#keep(bound);
  }

  #keep(bound: Bound): void {
    const { rows, engine, outputs } = bound.network;
    const { floats } = engine;
    const start = columnsOf(bound, bound.batch.target);
    const weights = bound.batch.weights / 4;
    for (let row = 0; row < rows && this.#values.length < KEPT; row++) {
      this.#weights.push(weights === 0 ? 1 : (floats[weights + row] as number));
      for (let column = 0; column < outputs; column++) this.#values.push(floats[start(column) + row * LINE] as number);
    }
  }

  /** Whether the rows have weights other than 1. */
  get weighted(): boolean {
    return this.#weighted;
  }

  /** The root mean square of the column with the largest one. */
  get size(): number {
    return Math.sqrt(largest(this.#squares, 0) / this.#weight);
  }

  /** The loss of the best constant prediction, as a mean over the rows; NaN for a custom loss. */
  noSkill(): number {
    if (!this.#least) return Number.NaN;
    if ('ofValues' in this.#least) return this.#leastOf(this.#least.ofValues);
    const means = Array.from(this.#sums, (total) => total / this.#weight);
    const variances = means.map((m, i) => (this.#squares[i] as number) / this.#weight - m * m);
    return (this.#weight / this.#rows) * this.#least.ofMoments({ means, variances });
  }

  /** The mean over rows and columns of each column's least loss. */
  #leastOf(least: (column: Weighed) => number): number {
    const outputs = this.#sums.length;
    const weights = Float64Array.from(this.#weights);
    let total = 0;
    for (let column = 0; column < outputs; column++) {
      const values = Float64Array.from(weights, (_, row) => this.#values[row * outputs + column] as number);
      total += least({ values, weights });
    }
    return total / (weights.length * outputs);
  }
}
