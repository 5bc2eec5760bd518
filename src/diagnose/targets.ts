import { largest } from '../base/extremes.js';
import { LINE } from '../nn/layout.js';
import type { LossName } from '../nn/losses.js';
import { type Bound, columnsOf } from './look.js';
import { entropy, leastAbsolute, leastHuber, leastLogCosh, type Weighed } from './no-skill.js';

/** The most rows of targets that are read: enough for precise means. */
const ROWS = 100_000;
/** The most numbers (rows × outputs) that are kept, for losses whose best constant needs all values. */
const KEPT = 100_000;

/** The losses whose best constant needs all values, and what finds the least loss of a column. */
const leastLosses: Readonly<Partial<Record<LossName, (column: Weighed) => number>>> = {
  meanAbsoluteError: leastAbsolute,
  huber: leastHuber,
  logCosh: leastLogCosh,
};

/** Statistics of the targets of one epoch: weighted sums by column, and for some losses the numbers themselves. */
export class TargetColumns {
  readonly #loss: unknown;
  readonly #least: ((column: Weighed) => number) | undefined;
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;
  #rows = 0;
  #weight = 0;
  /** The targets row by row, and the weight of each row. */
  readonly #values: number[] = [];
  readonly #weights: number[] = [];
  #weighted = false;

  constructor(outputs: number, loss: unknown) {
    this.#loss = loss;
    this.#least = leastLosses[loss as LossName];
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
    if (this.#least) this.#keep(bound);
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
    const outputs = this.#sums.length;
    const means = Array.from(this.#sums, (sum) => sum / this.#weight);
    const each = this.#weight / this.#rows;
    const variances = (): number =>
      means.reduce((sum, m, i) => sum + (this.#squares[i] as number) / this.#weight - m * m, 0);
    switch (this.#loss) {
      case 'categoricalCrossentropy':
        return each * entropy(means);
      case 'binaryCrossentropy':
        return (each * means.reduce((sum, p) => sum + entropy([p, 1 - p]), 0)) / outputs;
      case 'meanSquaredError':
        return (each * variances()) / outputs;
      case 'halfMeanSquaredError':
        return (each * variances()) / 2;
      default:
        return this.#least ? this.#leastOf(this.#least) : Number.NaN;
    }
  }

  /** The mean over rows and columns of each column's least loss. */
  #leastOf(least: (column: Weighed) => number): number {
    const outputs = this.#sums.length;
    const weights = Float64Array.from(this.#weights);
    let sum = 0;
    for (let column = 0; column < outputs; column++) {
      const values = Float64Array.from(weights, (_, row) => this.#values[row * outputs + column] as number);
      sum += least({ values, weights });
    }
    return sum / (weights.length * outputs);
  }
}
