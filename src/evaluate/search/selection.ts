// Which of many predictions predict best together: greedy selection with replacement (Caruana, Niculescu-Mizil, Crew, Ksikes 2004, "Ensemble selection from libraries of models", ICML).
import type { Matrix } from '../../data/matrix.js';
import { logarithm } from '../../data/powers.js';

/** What the sum of `count` predictions is compared with: less is better. */
export type SumLoss = (sum: Float64Array, count: number) => number;

/** A probability below this counts as this, as in the figures of an ensemble. */
const LEAST = 1e-7;
/** A product of probabilities that has become so small is put into its logarithm. */
const SMALL = 1e-280;

/** −Σ log of numbers, by + − × ÷ alone, so that the choice is the same in every runtime. One logarithm is taken of many factors. */
class LogSum {
  #product = 1;
  #sum = 0;

  add(probability: number): void {
    // Not above 1, also where an executor of the caller's own gives what is no probability.
    this.#product *= Math.min(1, Math.max(LEAST, probability));
    if (this.#product < SMALL) this.#take();
  }

  #take(): void {
    this.#sum -= logarithm(this.#product);
    this.#product = 1;
  }

  get value(): number {
    this.#take();
    return this.#sum;
  }
}

/** The log loss of rows of these classes. */
export const classLoss =
  (indices: Int32Array, columns: number): SumLoss =>
  (sum, count) => {
    const logs = new LogSum();
    for (let row = 0; row < indices.length; row++)
      logs.add((sum[row * columns + (indices[row] as number)] as number) / count);
    return logs.value;
  };

/** The log loss of each label by itself. */
export const labelLoss =
  (labels: ArrayLike<number>): SumLoss =>
  (sum, count) => {
    const logs = new LogSum();
    for (let i = 0; i < labels.length; i++) {
      const p = (sum[i] as number) / count;
      logs.add(labels[i] === 1 ? p : 1 - p);
    }
    return logs.value;
  };

/** The squared errors, those of each target divided by its variance. */
export function numberLoss(targets: ArrayLike<number>, columns: number): SumLoss {
  const rows = targets.length / columns;
  const scales = Array.from({ length: columns }, (_, c) => {
    let [mean, squares] = [0, 0];
    for (let i = c; i < targets.length; i += columns) mean += (targets[i] as number) / rows;
    for (let i = c; i < targets.length; i += columns) squares += ((targets[i] as number) - mean) ** 2;
    return squares > 0 ? 1 / squares : 1;
  });
  return (sum, count) => {
    let loss = 0;
    for (let i = 0; i < targets.length; i++)
      loss += ((sum[i] as number) / count - (targets[i] as number)) ** 2 * (scales[i % columns] as number);
    return loss;
  };
}

/**
 * How often each prediction is chosen: again and again the one whose addition makes the loss of the mean least, of equal ones the first; of all these means the best, of equal ones that of the
 * fewest. In slices; the event loop may turn between them.
 */
export function* selecting(
  predictions: readonly Matrix[],
  loss: SumLoss,
  picks: number,
): Generator<undefined, Int32Array> {
  const counts = new Int32Array(predictions.length);
  const size = (predictions[0] as Matrix).data.length;
  const [sum, tried] = [new Float64Array(size), new Float64Array(size)];
  let best = { loss: Number.POSITIVE_INFINITY, counts: counts.slice() };
  for (let pick = 1; pick <= picks; pick++) {
    let [least, index] = [Number.POSITIVE_INFINITY, 0];
    for (const [i, { data }] of predictions.entries()) {
      for (let j = 0; j < size; j++) tried[j] = (sum[j] as number) + (data[j] as number);
      const own = loss(tried, pick);
      if (own < least) [least, index] = [own, i];
      yield;
    }
    const { data } = predictions[index] as Matrix;
    for (let j = 0; j < size; j++) (sum[j] as number) += data[j] as number;
    (counts[index] as number) += 1;
    if (least < best.loss) best = { loss: least, counts: counts.slice() };
  }
  return best.counts;
}
