// Ends a training run that leads nowhere, as rules of simdense/diagnose tell it afterwards: a loss that has exploded, and a network that gives the same output for every row.
import { SimdenseError } from '../base/errors.js';
import type { Matrix } from '../data/matrix.js';
import type { Callback, Sequential, Training } from '../train/sequential.js';

/** The training rows that are looked at; where they look like a dead end, more of them. */
const ROWS = [64, 4096] as const;
/** A loss has exploded above this multiple of the untrained network's. In healthy runs an epoch has up to 3.4 times the first loss (DIVERGES of simdense/diagnose). */
const EXPLODED = 10;
/** A run ends when it looks so after this many epochs in a row: a rate that was too large only at first may still come right. */
const EPOCHS = 2;

/**
 * Makes a callback that stops a run at a dead end, and fails it if the network that it leaves is one; with earlyStopping, which is called before, that is the best epoch's.
 *
 * It looks at outputs and losses of training rows, with the weights after an epoch, and changes no bit of a run that goes on.
 */
export function deadEnds(x: Matrix, y: Matrix | Int32Array): Callback {
  const parts = ROWS.map((most): Part => {
    const rows = spread(x.rows, Math.min(most, x.rows));
    return { x: x.select(rows), y: y instanceof Int32Array ? rows.map((row) => y[row] as number) : y.select(rows) };
  });
  const differ = !parts.every((part) => isConstant(part.x));
  let untrained: readonly number[] = [];
  let seen = 0;
  const look = ({ model }: Training): string | undefined => {
    if (parts.every((part, i) => lossOf(model, part) > EXPLODED * (untrained[i] as number))) {
      const [loss, first] = [lossOf(model, parts.at(-1) as Part), untrained.at(-1) as number];
      const times = Number.isFinite(loss) ? `, from ${rounded(first)} before training` : '';
      return `the loss has grown to ${rounded(loss)}${times}; try a lower learning rate`;
    }
    return differ && parts.every((part) => isConstant(model.predict(part.x)))
      ? 'the network gives the same output for every row, as where all relu units of a layer are inactive; try a lower learning rate'
      : undefined;
  };
  return {
    onTrainBegin({ model }) {
      untrained = parts.map((part) => lossOf(model, part));
    },
    onEpochEnd(t) {
      // After 1, 2, 4, 8, … epochs, and after the next one where it looked so: looking costs, and most dead ends come early.
      const trained = t.epoch + 1;
      if (seen === 0 && !isPowerOfTwo(trained)) return;
      const why = look(t);
      seen = why === undefined ? 0 : seen + 1;
      if (why !== undefined && seen === EPOCHS) t.stop(why);
    },
    onTrainEnd(t) {
      if (t.end !== 'finished' && t.end !== 'stopped') return;
      const why = look(t);
      // The run has ended: `epoch` counts those that were trained.
      if (why !== undefined)
        throw new SimdenseError('DIVERGED', `pruned after ${t.epoch} of ${t.epochs} epochs: ${why}`);
    },
  };
}

interface Part {
  readonly x: Matrix;
  readonly y: Matrix | Int32Array;
}

/** The loss on rows; infinite where float32 cannot hold it. */
function lossOf(model: Sequential, { x, y }: Part): number {
  try {
    return model.evaluate(x, y)['loss'] as number;
  } catch (error) {
    if (error instanceof SimdenseError && error.code === 'DATA') return Number.POSITIVE_INFINITY;
    throw error;
  }
}

/** `count` of `rows` rows, evenly spread. */
const spread = (rows: number, count: number): Int32Array =>
  Int32Array.from({ length: count }, (_, i) => Math.floor((i * rows) / count));

/** Whether all rows have the same bits. */
function isConstant({ data, columns }: Matrix): boolean {
  for (let i = columns; i < data.length; i++) if (data[i] !== data[i - columns]) return false;
  return true;
}

const rounded = (value: number): number => Number(value.toPrecision(2));

/** Exact; Math.log2 may differ between runtimes. */
function isPowerOfTwo(n: number): boolean {
  let power = 1;
  while (power < n) power *= 2;
  return power === n;
}
