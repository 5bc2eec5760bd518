import { type Meter, meter, metricName, type Scored } from '../nn/metrics/index.js';
import type { Network } from '../nn/network.js';
import type { Batch } from './batch.js';
import type { Selection } from './evaluate.js';
import type { Logs } from './history.js';
import type { TargetData } from './targets.js';
import type { Trainer } from './trainer.js';

/** Targets, and which rows a batch takes from them. */
export type Drawn = Pick<Selection, 'y' | 'order' | 'weights'>;

/** The loss and the metrics of one pass over batches. */
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

  /** Counts a batch whose predictions are still in the network's output. Returns its loss, in the targets' own units where they are scaled. */
  add(batchLoss: number, drawn: Drawn, from: number, rows: number): number {
    const { loss, units, penalized } = this.#trainer;
    let own = units ? batchLoss * units.factor(loss) : batchLoss;
    const exact = !units || units.single;
    if (!exact || this.#meters.length > 0) {
      const { outputs, engine } = this.#network;
      const at = this.#batch.unloadPredictions(rows);
      const { classes, targets } = batchTargets(drawn.y, drawn.order, from, rows, outputs);
      const weights = drawn.weights && pick(drawn.weights, drawn.order, from, rows);
      if (!exact && targets) {
        const predicted = engine.floats.subarray(at, at + rows * outputs);
        own = units.lossOf(loss, predicted, targets, weights) + penalized * units.factor(loss);
      }
      this.#measure(at, {
        rows,
        outputs,
        classes,
        targets: units && targets ? units.restored(targets) : targets,
        weights,
      });
    }
    this.#loss += own * rows;
    this.#rows += rows;
    return own;
  }

  #measure(at: number, batch: Omit<Scored, 'predicted' | 'separate'>): void {
    if (this.#meters.length === 0) return;
    const { engine } = this.#network;
    const { units, loss } = this.#trainer;
    const scored = { ...batch, separate: loss === 'binaryCrossentropy' };
    const { rows, outputs } = batch;
    this.#network.lend(() => {
      for (const [, m] of this.#meters) {
        // Taken late: a metric of the user's may have made the memory grow.
        const predicted = engine.floats.subarray(at, at + rows * outputs);
        m.add({ ...scored, predicted: units ? units.restored(predicted) : predicted });
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
