import type { Matrix } from '../data/matrix.js';
import { type Meter, meter, metricName, type Scored } from '../nn/metrics/index.js';
import type { Network } from '../nn/network.js';
import type { Batch } from './batch.js';
import type { Logs } from './history.js';
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

/** Targets, and which rows a batch takes from them. */
export type Drawn = Pick<Selection, 'y' | 'order' | 'weights'>;

export const selected = ({ x, order }: Selection): number => order?.length ?? x.rows;

/** The metrics of one pass over batches. */
export class Meters {
  readonly #trainer: Trainer;
  readonly #network: Network;
  readonly #batch: Batch;
  readonly #meters: readonly (readonly [string, Meter])[];
  #loss = 0;
  #rows = 0;

  constructor(trainer: Trainer, network: Network, batch: Batch) {
    this.#trainer = trainer;
    this.#network = network;
    this.#batch = batch;
    this.#meters = trainer.metrics.map((metric) => [metricName(metric), meter(metric)]);
  }

  /** Counts a batch whose predictions are still in the network's output. */
  add(loss: number, drawn: Drawn, from: number, rows: number): void {
    this.#loss += loss * rows;
    this.#rows += rows;
    if (this.#meters.length === 0) return;
    const { outputs, engine } = this.#network;
    const at = this.#batch.unloadPredictions(rows);
    const targets = batchTargets(drawn.y, drawn.order, from, rows, outputs);
    const scored = {
      rows,
      outputs,
      ...targets,
      weights: drawn.weights && pick(drawn.weights, drawn.order, from, rows),
      separate: this.#trainer.loss === 'binaryCrossentropy',
    };
    this.#network.lend(() => {
      for (const [, m] of this.#meters) {
        // Taken late: a metric of the user's may have made the memory grow.
        m.add({ ...scored, predicted: engine.floats.subarray(at, at + rows * outputs) });
      }
    });
  }

  logs(): Logs {
    const logs: Record<string, number> = { loss: this.#loss / this.#rows };
    for (const [name, m] of this.#meters) logs[name] = m.value();
    return logs;
  }
}

/** What the rows of a batch weigh. */
function pick(weights: Float32Array, order: Int32Array | undefined, from: number, rows: number): Float32Array {
  return Float32Array.from(
    { length: rows },
    (_, i) => weights[order ? (order[from + i] as number) : from + i] as number,
  );
}

function batchTargets(
  y: TargetData,
  order: Int32Array | undefined,
  from: number,
  rows: number,
  outputs: number,
): Pick<Scored, 'classes' | 'targets'> {
  if (y.classes) {
    if (!order) return { classes: y.classes.subarray(from, from + rows), targets: undefined };
    const classes = new Int32Array(rows);
    for (let i = 0; i < rows; i++) classes[i] = y.classes[order[from + i] as number] as number;
    return { classes, targets: undefined };
  }
  const { data } = order ? y.numbers.select(order.subarray(from, from + rows)) : y.numbers;
  const first = order ? 0 : from * outputs;
  return { classes: undefined, targets: Float32Array.from(data.subarray(first, first + rows * outputs)) };
}

/** Loss and metrics over a selection, in batches; the caller has reserved `batchSize` rows. */
export function evaluate(
  trainer: Trainer,
  network: Network,
  batch: Batch,
  selection: Selection,
  batchSize: number,
): Logs {
  const meters = new Meters(trainer, network, batch);
  const rows = selected(selection);
  for (let from = 0; from < rows; from += batchSize) {
    const count = Math.min(batchSize, rows - from);
    batch.loadRows(selection.x, selection.order, from, count);
    batch.loadTargets(selection.y, selection.order, from, count);
    batch.loadWeights(undefined, undefined, 0, 0);
    meters.add(trainer.measure(count), selection, from, count);
  }
  const logs = meters.logs();
  return { ...logs, loss: (logs['loss'] as number) + trainer.penalty() };
}
