import type { TrainableNetwork } from '../nn/trainable-network.js';
import type { Batch } from './batch.js';
import type { Logs } from './history.js';
import { Meters } from './meters.js';
import { type Selection, selected } from './selection.js';
import type { Trainer } from './trainer.js';

/** Computes loss and metrics over a selection, and yields after each batch. Reserve `batchSize` rows first. A loss that is not finite ends it at once. */
export function* measuring(
  trainer: Trainer,
  network: TrainableNetwork,
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
