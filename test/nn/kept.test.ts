// A layer's plan alone decides what it keeps of a batch's rows for the backward pass. The test layer computes y = x² in place, and needs the old x there.
import { expect, test, vi } from 'vitest';
import { Engine } from '../../src/engine/engine.js';
import { dense, type Layer } from '../../src/index.js';
import { drawWeights } from '../../src/nn/draw-weights.js';
import type * as real from '../../src/nn/layers/index.js';
import { activationBytes, activationFloats, cellAt, panelRows } from '../../src/nn/layout.js';
import type { StepPlan } from '../../src/nn/plan.js';
import { TrainableNetwork } from '../../src/nn/trainable-network.js';
import { NO_RATES } from '../../src/train/trainer.js';
import { numbers } from '../helpers/numbers.js';

/** The numbers of rows for which each plan was asked. */
const asked = vi.hoisted((): number[] => []);

/** A layer that works in place and keeps a copy of its input, or that writes elsewhere and finds its input unchanged. */
const square = (inputs: number, keeps: boolean): StepPlan => ({
  inputs,
  outputs: inputs,
  parameters: [],
  inPlace: keeps,
  keepsOutput: false,
  gradientInPlace: true,
  scratch: 0,
  ...(keeps
    ? {
        kept(rows: number): number[] {
          asked.push(rows);
          return [activationBytes(rows, inputs)];
        },
      }
    : {}),
  bind({ engine, x, y, dy, dx, kept: [saved = x] }) {
    const each = (rows: number, to: number, value: (at: number) => number): void => {
      for (let at = 0; at < activationFloats(rows, inputs); at++) engine.floats[to / 4 + at] = value(at);
    };
    const number = (from: number, at: number): number => engine.floats[from / 4 + at] as number;
    return {
      forward(rows) {
        if (saved !== x) each(rows, saved, (at) => number(x, at));
        each(rows, y, (at) => number(x, at) ** 2);
      },
      backward: (rows) => each(rows, dx, (at) => number(dy, at) * 2 * number(saved, at)),
    };
  },
});

vi.mock('../../src/nn/layers/index.js', async (original) => {
  const module = await original<typeof real>();
  return {
    ...module,
    planLayer: (layer: Layer & { keeps?: boolean }, inputs: number) =>
      layer.keeps === undefined ? module.planLayer(layer, inputs) : [square(inputs, layer.keeps)],
  };
});

const engine = new Engine();
const INPUTS = 3;

/** The outputs and gradients for batches of varying size. */
function passes(keeps: boolean): Float32Array[] {
  const layer = { type: 'rescaling', keeps } as unknown as Layer;
  const network = new TrainableNetwork(engine, INPUTS, [dense({ units: 20 }), layer, dense({ units: 5 }), layer], 1);
  drawWeights(network, 1);
  const next = numbers(2);
  const cells = (address: number, rows: number, columns: number): number[] =>
    Array.from(
      { length: rows * columns },
      (_, i) => address / 4 + cellAt(panelRows(rows), Math.floor(i / columns), i % columns),
    );
  const fill = (address: number, rows: number, columns: number): void => {
    engine.floats.fill(0, address / 4, address / 4 + activationFloats(rows, columns));
    for (const at of cells(address, rows, columns)) engine.floats[at] = next();
  };
  const told = [5, 40, 4, 9].flatMap((rows) => {
    network.reserve(rows, NO_RATES);
    fill(network.input, rows, INPUTS);
    network.forward(rows, false, 0);
    const output = cells(network.output, rows, network.outputs).map((at) => engine.floats[at] as number);
    fill(network.outputGradient(false), rows, network.outputs);
    network.backward(rows, false);
    const { gradients, trainedFloats } = network;
    return [Float32Array.from(output), engine.floats.slice(gradients / 4, gradients / 4 + trainedFloats)];
  });
  network.dispose();
  return told;
}

test('as much as the rows need, apart from what other layers keep, through batches of any size', () => {
  const found = passes(true);
  expect(found).toEqual(passes(false));
  expect(found.every((values) => values.every(Number.isFinite) && values.some((value) => value !== 0))).toBe(true);
  // Two layers, each time that there are more rows than before.
  expect(asked).toEqual([5, 5, 40, 40]);
});
