import type { Matrix } from '../data/matrix.js';
import type { Network } from '../nn/network.js';
import type { Batch } from './batch.js';
import type { Logs } from './history.js';
import { Meters } from './meters.js';
import type { TargetData } from './targets.js';
import type { Trainer } from './trainer.js';

/** Rows of a data set: those that `order` names, or all. */
export interface Selection {
  readonly x: Matrix;
  readonly y: TargetData;
  readonly order: Int32Array | undefined;
  /** What each row of y weighs in loss and metrics; all the same without. */
  readonly weights?: Float32Array | undefined;
}

export const selected = ({ x, order }: Selection): number => order?.length ?? x.rows;

/** Loss and metrics over a selection, stopping after each batch; the caller has reserved `batchSize` rows. The loss is NaN or infinite where a batch's is. */
export function* evaluation(
  trainer: Trainer,
  network: Network,
  batch: Batch,
  selection: Selection,
  batchSize: number,
): Generator<void, Logs> {
  const meters = new Meters(trainer, network, batch);
  const rows = selected(selection);
  for (let from = 0; from < rows; from += batchSize) {
    const count = Math.min(batchSize, rows - from);
    batch.loadRows(selection.x, selection.order, from, count);
    batch.loadTargets(selection.y, selection.order, from, count);
    batch.loadWeights(selection.weights, selection.order, from, count);
    const loss = trainer.measure(count);
    if (!Number.isFinite(loss)) return { loss };
    meters.add(loss, selection, from, count);
    yield;
  }
  const logs = yield* meters.logs();
  return { ...logs, loss: (logs['loss'] as number) + trainer.penalty() };
}
