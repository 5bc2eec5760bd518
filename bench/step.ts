// A step of simdense on data that are already in linear memory: forward, loss, backward, update.

import type { TwinLayer } from '../src/bench/twin.js';
import { makeData, type Workload } from '../src/bench/workloads.js';
import { defaultEngine, type Engine } from '../src/engine/engine.js';
import { adam, dense, type Layer, Matrix, type Sequential } from '../src/index.js';
import { drawWeights } from '../src/nn/draw-weights.js';
import { outputForm } from '../src/nn/output-form.js';
import { goalOf } from '../src/nn/pairs.js';
import { TrainableNetwork } from '../src/nn/trainable-network.js';
import { Batch } from '../src/train/batch.js';
import { Fit } from '../src/train/fit.js';
import { planFit } from '../src/train/plan-fit.js';
import { Trainer } from '../src/train/trainer.js';

export const layersOf = ({ units }: Workload) =>
  units.map((n, i) => dense({ units: n, activation: i === units.length - 1 ? 'softmax' : 'relu' }));

/** The rate is so small that gradients do not vanish over a million steps on one batch. */
export const optimizer = adam({ learningRate: 1e-6 });

export interface BoundStep {
  readonly engine: Engine;
  readonly layers: readonly TwinLayer[];
  step(): void;
  /** The training loop on the same memory, since a network's address changes its speed by some percent. */
  fit(x: Matrix, labels: Int32Array, epochs: number): Promise<unknown>;
}

/** A workload's step, and the layers' initial weights for the twin. */
export function makeStep(workload: Workload, engine = defaultEngine()): BoundStep {
  return bindStep(workload, layersOf(workload), engine);
}

/** The same for other layers on the same data. */
export function bindStep(workload: Workload, stack: readonly Layer[], engine = defaultEngine()): BoundStep {
  const { inputs, batch: rows } = workload;
  const network = new TrainableNetwork(engine, inputs, stack, 1);
  drawWeights(network, 1);
  const batch = new Batch(network);
  const loss = 'categoricalCrossentropy';
  const trainer = new Trainer(network, batch, optimizer, loss, [], goalOf(loss, [], outputForm(stack, inputs)));
  trainer.reserve(rows, true);
  const { x, labels } = makeData(workload, rows);
  batch.loadRows(new Matrix(x, inputs), undefined, 0, rows);
  batch.loadTargets({ classes: labels }, undefined, 0, rows);
  let columns = inputs;
  const named = (end: string) => network.parameters.filter(({ path }) => path.endsWith(end));
  const layers = workload.units.map((units, i) => {
    const [kernel, bias] = [named('/kernel')[i]!, named('/bias')[i]!];
    const read = (offset: number, height: number): Float32Array => {
      const copy = engine.allocate(height * units * 4);
      engine.calls.unpackFloats(height, units, network.values + offset * 4, height, copy);
      const values = engine.floats.slice(copy / 4, copy / 4 + height * units);
      engine.release(copy);
      return values;
    };
    const layer = { inputs: columns, units, kernel: read(kernel.offset, columns), bias: read(bias.offset, 1) };
    columns = units;
    return layer;
  });
  const model = { checkAlive() {} } as unknown as Sequential;
  return {
    engine,
    layers,
    step: () => void trainer.step(rows),
    fit(rowsOfSet, labelsOfSet, epochs) {
      const plan = planFit(trainer, network, 1, rowsOfSet, labelsOfSet, { epochs, batchSize: rows });
      return new Fit(plan, { model, trainer, network, staging: batch }).run([]);
    },
  };
}
