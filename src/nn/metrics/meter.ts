import { argmax } from '../../base/extremes.js';

/** A batch of predictions and targets, row-major. Targets are class indices (one for each row) or numbers (rows × outputs). */
export interface Scored {
  readonly rows: number;
  readonly outputs: number;
  readonly predicted: Float32Array;
  readonly classes: Int32Array | undefined;
  readonly targets: Float32Array | undefined;
  /** Whether each output is an independent yes or no (binary crossentropy). Class indices still mean one of several classes. */
  readonly separate: boolean;
  /** The weight of each row; 1 if absent. */
  readonly weights?: Float32Array | undefined;
}

/** Computes a metric over all rows of one pass, batch by batch. */
export interface Meter {
  add(batch: Scored): void;
  /** The value; a generator where computing it takes long, so that the event loop can turn in between. */
  value(): number | Generator<void, number>;
  /** Adds rows whose values have been summed already: accuracy alone has it. */
  put?(sum: number, total: number): void;
}

/** The target of one output; class indices count as one-hot. */
export function targetAt({ classes, targets, outputs }: Scored, row: number, output: number): number {
  if (targets) return targets[row * outputs + output] as number;
  return (classes as Int32Array)[row] === output ? 1 : 0;
}

export function weightAt({ weights }: Scored, row: number): number {
  return weights ? (weights[row] as number) : 1;
}

/** The class of a row: its index, or the place of its largest target. */
export function classAt({ classes, targets, outputs }: Scored, row: number): number {
  return classes ? (classes[row] as number) : argmax(targets as Float32Array, row * outputs, outputs);
}

/** Whether each output is an independent yes or no. */
export const isBinary = ({ outputs, separate, classes }: Scored): boolean => outputs === 1 || (separate && !classes);

/**
 * Calls `count` for the actual and for the predicted class of each row, once if they are the same. For binary outputs calls it for every output, with
 * whether its target (`truth`) and its prediction (`taken`) are above ½.
 */
export function eachDecision(
  batch: Scored,
  count: (label: number, truth: boolean, taken: boolean, weight: number) => void,
): void {
  const { rows, outputs, predicted } = batch;
  for (let row = 0; row < rows; row++) {
    const weight = weightAt(batch, row);
    const at = row * outputs;
    if (isBinary(batch)) {
      for (let o = 0; o < outputs; o++)
        count(o, targetAt(batch, row, o) > 0.5, (predicted[at + o] as number) > 0.5, weight);
      continue;
    }
    const truth = classAt(batch, row);
    const taken = argmax(predicted, at, outputs);
    count(truth, true, truth === taken, weight);
    if (truth !== taken) count(taken, false, true, weight);
  }
}

/** A weighted mean of `value`, over `count(batch)` values of each row. */
export function meanOver(
  count: (batch: Scored) => number,
  value: (batch: Scored, row: number, index: number) => number,
): Meter {
  let sum = 0;
  let total = 0;
  return {
    add(batch) {
      const times = count(batch);
      for (let row = 0; row < batch.rows; row++) {
        const weight = weightAt(batch, row);
        for (let index = 0; index < times; index++) sum += weight * value(batch, row, index);
        total += weight * times;
      }
    },
    value: () => sum / total,
    put(more, rows) {
      sum += more;
      total += rows;
    },
  };
}
