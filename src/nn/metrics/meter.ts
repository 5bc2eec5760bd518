import { argmax } from '../../base/extremes.js';

/** Rows of a batch as metrics see them, row-major. Targets are class indices (one a row) or numbers (rows × outputs). */
export interface Scored {
  readonly rows: number;
  readonly outputs: number;
  readonly predicted: Float32Array;
  readonly classes: Int32Array | undefined;
  readonly targets: Float32Array | undefined;
  /** Whether each output is a yes or no of its own (a binary crossentropy); class indices name one of several classes all the same. */
  readonly separate: boolean;
  /** What each row weighs; 1 without. */
  readonly weights?: Float32Array | undefined;
}

/** A metric over the batches of one pass: what it is over all rows together. */
export interface Meter {
  add(batch: Scored): void;
  /** In slices, between which the event loop may turn, where it takes long. */
  value(): number | Generator<void, number>;
}

/** The target of one output; class indices count as one-hot. */
export function targetAt({ classes, targets, outputs }: Scored, row: number, output: number): number {
  if (targets) return targets[row * outputs + output] as number;
  return (classes as Int32Array)[row] === output ? 1 : 0;
}

export function weightAt({ weights }: Scored, row: number): number {
  return weights ? (weights[row] as number) : 1;
}

/** The class of a row, by index or by the largest target. */
export function classAt({ classes, targets, outputs }: Scored, row: number): number {
  return classes ? (classes[row] as number) : argmax(targets as Float32Array, row * outputs, outputs);
}

/** Whether outputs are yes or no, each for itself. */
export const isBinary = ({ outputs, separate, classes }: Scored): boolean => outputs === 1 || (separate && !classes);

/** A weighted mean of `value`, over rows or over all outputs of all rows. */
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
  };
}
