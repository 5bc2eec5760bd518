// The loss of the best constant prediction, which a network without any knowledge of the rows can reach.
import { largest, smallest } from '../base/extremes.js';

/** The targets of one column, and their weights. */
export interface Weighed {
  readonly values: Float64Array;
  readonly weights: Float64Array;
}

/** The least Σ w·|y − c| over all c. The minimum is at the weighted median. */
export function leastAbsolute(column: Weighed): number {
  return lossAt(column, median(column), Math.abs);
}

/** The least Σ w·huber(y − c) over all c, for δ = 1 (Huber 1964, Robust Estimation of a Location Parameter). The minimum is where the slope changes its sign, within δ of the median. */
export function leastHuber(column: Weighed): number {
  const { values, weights } = column;
  const middle = median(column);
  let [low, high] = [middle - 1, middle + 1];
  // Bisect to a millionth of δ, which is more precise than float32.
  for (let i = 0; i < 20; i++) {
    const c = (low + high) / 2;
    const slope = values.reduce((sum, y, row) => sum + (weights[row] as number) * Math.max(-1, Math.min(1, y - c)), 0);
    if (slope > 0) low = c;
    else high = c;
  }
  return lossAt(column, (low + high) / 2, huber);
}

/**
 * The least Σ w·log cosh(y − c) over all c. The minimum is where Σ w·tanh(y − c) is 0, between the smallest and the largest value; unlike
 * Huber's, it may be far from the median.
 */
export function leastLogCosh(column: Weighed): number {
  const { values, weights } = column;
  let low = smallest(values);
  let high = largest(values);
  // Bisect to 1e-12 of the range.
  for (let i = 0; i < 40; i++) {
    const c = (low + high) / 2;
    if (values.reduce((sum, y, row) => sum + (weights[row] as number) * Math.tanh(y - c), 0) > 0) low = c;
    else high = c;
  }
  return lossAt(column, (low + high) / 2, logCosh);
}

/** log cosh e, in a form that does not overflow. */
const logCosh = (error: number): number => Math.abs(error) + Math.log1p(Math.exp(-2 * Math.abs(error))) - Math.LN2;

const huber = (error: number): number => (Math.abs(error) <= 1 ? (error * error) / 2 : Math.abs(error) - 0.5);

function lossAt({ values, weights }: Weighed, c: number, loss: (error: number) => number): number {
  return values.reduce((sum, y, row) => sum + (weights[row] as number) * loss(y - c), 0);
}

function median({ values, weights }: Weighed): number {
  const order = Uint32Array.from(values.keys()).sort((a, b) => (values[a] as number) - (values[b] as number));
  let left = weights.reduce((sum, weight) => sum + weight, 0) / 2;
  const at = order.find((row) => {
    left -= weights[row] as number;
    return left <= 0;
  });
  return values[at ?? 0] as number;
}

/** The entropy of the shares of classes, in nats. */
export const entropy = (shares: readonly number[]): number =>
  shares.reduce((sum, p) => (p > 0 ? sum - p * Math.log(p) : sum), 0);
