import { type Meter, meter, metricName, type Scored } from '../nn/metrics/index.js';
import type { TrainableNetwork } from '../nn/trainable-network.js';
import type { Batch } from './batch.js';
import type { Logs } from './history.js';
import type { Selection } from './selection.js';
import type { TargetData } from './targets.js';
import type { Trainer } from './trainer.js';

/** Targets and weights, and the order in which batches take their rows. */
export type Drawn = Pick<Selection, 'y' | 'order' | 'weights'>;

/** Averages the loss and computes the metrics over one pass. */
export class Meters {
  readonly #trainer: Trainer;
  readonly #network: TrainableNetwork;
  readonly #batch: Batch;
  readonly #meters: readonly (readonly [string, Meter])[];
  #loss = 0;
  #rows = 0;

  constructor(trainer: Trainer, network: TrainableNetwork, batch: Batch) {
    this.#trainer = trainer;
    this.#network = network;
    this.#batch = batch;
    this.#meters = trainer.metrics.map((metric) => [metricName(metric), meter(metric)]);
  }

  /**
   * Adds a batch. Its predictions are still in the network's output, or unpacked at `stored`, in floats; or `right` of its rows have the right class, and that is the only metric.
   * Returns its loss, in the targets' own units if they are scaled.
   */
  add(batchLoss: number, drawn: Drawn, from: number, rows: number, stored?: number, right?: number): number {
    const { loss, units, penalized } = this.#trainer;
    let own = units ? batchLoss * units.factor(loss) : batchLoss;
    const exact = !units || units.single;
    if (right !== undefined) this.#meters[0]?.[1].put?.(right, rows);
    else if (!exact || this.#meters.length > 0) {
      const { outputs, engine } = this.#network;
      const at = stored ?? this.#batch.unloadPredictions(rows);
      const end = from + rows;
      const part = drawn.order?.subarray(from, end);
      const { classes, targets } = batchTargets(drawn.y, part, from, end, outputs);
      const { weights: all } = drawn;
      const weights = all && (part ? Float32Array.from(part, (row) => all[row] as number) : all.slice(from, end));
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
        // Make the view anew: a custom metric may have made the memory grow.
        const predicted = engine.floats.subarray(at, at + rows * outputs);
        m.add({ ...scored, predicted: units ? units.restored(predicted) : predicted });
      }
    });
  }

  /** The figures of the pass. Yields while a metric takes long, such as auc. */
  *logs(): Generator<void, Logs> {
    const logs: Record<string, number> = { loss: this.#loss / this.#rows };
    for (const [name, m] of this.#meters) {
      const value = m.value();
      logs[name] = typeof value === 'number' ? value : yield* value;
    }
    return logs;
  }
}

function batchTargets(
  { classes, numbers }: TargetData,
  part: Int32Array | undefined,
  from: number,
  end: number,
  outputs: number,
): Pick<Scored, 'classes' | 'targets'> {
  if (classes) {
    const taken = part ? part.map((row) => classes[row] as number) : classes.subarray(from, end);
    return { classes: taken, targets: undefined };
  }
  const { data } = numbers;
  if (!part) return { classes: undefined, targets: new Float32Array(data.subarray(from * outputs, end * outputs)) };
  const targets = new Float32Array(part.length * outputs);
  // Single numbers: to select rows of a matrix takes several times as long where they are short.
  for (let i = 0, to = 0; i < part.length; i++)
    for (let at = (part[i] as number) * outputs, o = 0; o < outputs; o++) targets[to++] = data[at + o] as number;
  return { classes: undefined, targets };
}
