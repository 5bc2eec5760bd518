// Each kernel gives the same bits on several threads as on one: on random numbers, at sizes around those of parts, with even the smallest work shared.
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Kernels } from '../../src/engine/kernels.js';
import { createEngine, Engine } from '../../src/index.js';

/** Bytes of a region; a kernel finds its arguments in some of eight. */
const REGION = 1 << 17;
type Call = (calls: Kernels, region: readonly number[], rows: number, columns: number, other: number) => unknown;

const floats = (rows: number, columns: number): number => Math.ceil(columns / 16) * (rows | 1) * 16;
const draw = [7, 9, 260, 3] as const;

const kernels: Readonly<Record<string, Call>> = {
  denseForward: (c, [x, w, b, y], rows, inputs, units) => c.denseForward(rows, inputs, units, x!, w!, b!, y!),
  'denseForward without a bias': (c, [x, w, , y], rows, inputs, units) =>
    c.denseForward(rows, inputs, units, x!, w!, 0, y!),
  denseInputGradient: (c, [dy, w, t, dx], rows, inputs, units) =>
    c.denseInputGradient(rows, inputs, units, dy!, w!, t!, dx!),
  denseKernelGradient: (c, [x, dy, dw], rows, inputs, units) =>
    c.denseKernelGradient(rows, inputs, units, x!, dy!, dw!),
  denseBiasGradient: (c, [dy, db], rows, units) => c.denseBiasGradient(rows, units, dy!, db!),
  denseBackward: (c, [x, dy, w, t, dx, dw, db], rows, inputs, units) =>
    c.denseBackward(rows, inputs, units, x!, dy!, w!, t!, dx!, dw!, db!),
  'denseBackward of a first layer': (c, [x, dy, w, , , dw, db], rows, inputs, units) =>
    c.denseBackward(rows, inputs, units, x!, dy!, w!, 0, 0, dw!, db!),
  'activationForward: relu': (c, [x, y], rows, columns) => c.activationForward(2, floats(rows, columns), x!, y!, 0),
  'activationForward: gelu': (c, [x, y], rows, columns) => c.activationForward(7, floats(rows, columns), x!, y!, 0),
  'activationBackward: tanh': (c, [s, dy], rows, columns) =>
    c.activationBackward(1, floats(rows, columns), s!, dy!, dy!, 0),
  'activationBackward: silu': (c, [s, dy, dx], rows, columns) =>
    c.activationBackward(6, floats(rows, columns), s!, dy!, dx!, 0),
  affine: (c, [x], rows, columns) => c.affine(floats(rows, columns), x!, x!, 1.5, -0.25),
  softmaxForward: (c, [x, y], rows, columns) => c.softmaxForward(rows, columns, x!, y!, false),
  softmaxBackward: (c, [s, dy, dx], rows, columns) => c.softmaxBackward(rows, columns, s!, dy!, dx!, false),
  'softmaxForward: its logarithm': (c, [x, y], rows, columns) => c.softmaxForward(rows, columns, x!, y!, true),
  'softmaxBackward of its logarithm': (c, [s, dy, dx], rows, columns) =>
    c.softmaxBackward(rows, columns, s!, dy!, dx!, true),
  preluForward: (c, [x, y, alpha], rows, columns) => c.preluForward(rows, columns, x!, y!, alpha!),
  preluBackward: (c, [x, dy, alpha, dalpha], rows, columns) =>
    c.preluBackward(rows, columns, x!, dy!, dy!, alpha!, dalpha!),
  'preluBackward of a first layer': (c, [x, dy, alpha, dalpha], rows, columns) =>
    c.preluBackward(rows, columns, x!, dy!, 0, alpha!, dalpha!),
  'loss: squares': (c, [p, t, , g, r], rows, outputs) => c.loss(0, rows, outputs, p!, t!, 0, g!, r!),
  'loss: crossentropy of logits, weighted': (c, [p, t, w, g, r], rows, outputs) =>
    c.loss(7, rows, outputs, p!, t!, w!, g!, r!),
  batchNormForward: (c, [x, y, gamma, beta, mean, inverse, variance], rows, columns) =>
    c.batchNormForward(rows + 1, columns, x!, y!, gamma!, beta!, mean!, inverse!, variance!, 1e-5),
  batchNormInference: (c, [x, y, gamma, beta, mean, variance], rows, columns) => {
    c.activationForward(0, 1024, variance!, variance!, 0);
    c.batchNormInference(rows, columns, x!, y!, gamma!, beta!, mean!, variance!, 1e-5);
  },
  batchNormBackward: (c, [x, dy, gamma, mean, inverse, dgamma, dbeta], rows, columns) =>
    c.batchNormBackward(rows, columns, x!, dy!, dy!, gamma!, mean!, inverse!, dgamma!, dbeta!),
  layerNormForward: (c, [x, y, gamma, beta, mean, inverse], rows, columns) =>
    c.layerNormForward(rows, columns, x!, y!, gamma!, beta!, mean!, inverse!, 1e-5),
  'layerNormForward of inference': (c, [x, y, gamma, beta], rows, columns) =>
    c.layerNormForward(rows, columns, x!, y!, gamma!, beta!, 0, 0, 1e-5),
  layerNormBackward: (c, [x, dy, gamma, mean, inverse], rows, columns) =>
    c.layerNormBackward(rows, columns, x!, dy!, dy!, gamma!, mean!, inverse!),
  layerNormGradients: (c, [x, dy, mean, inverse, dgamma, dbeta], rows, columns) =>
    c.layerNormGradients(rows, columns, x!, dy!, mean!, inverse!, dgamma!, dbeta!),
  'sgd with momentum': (c, [p, g, v], rows, columns) => c.sgd(floats(rows, columns), p!, g!, v!, 0.1, 0.9, true),
  sgd: (c, [p, g], rows, columns) => c.sgd(floats(rows, columns), p!, g!, 0, 0.1, 0, false),
  adam: (c, [p, g, m, v], rows, columns) =>
    c.adam(floats(rows, columns), p!, g!, m!, v!, 0.1, 2, 0.9, 0.1, 0.999, 0.001, 1e-8, 0.99),
  rmsprop: (c, [p, g, v, w], rows, columns) =>
    c.rmsprop(floats(rows, columns), p!, g!, v!, w!, 0.1, 0.9, 0.1, 0.9, 1e-8),
  adagrad: (c, [p, g, v], rows, columns) => c.adagrad(floats(rows, columns), p!, g!, v!, 0.1, 1e-8),
  lion: (c, [p, g, m], rows, columns) => c.lion(floats(rows, columns), p!, g!, m!, 0.1, 0.9, 0.1, 0.99, 0.01, 0.5),
  packFloats: (c, [source, , to], rows, columns) => c.packFloats(rows, columns, source!, 0, to!, rows | 1),
  packBytes: (c, [source, , to], rows, columns) => c.packBytes(rows, columns, source!, 0, to!, rows | 1),
  'packFloats in an order': (c, [source, order, to], rows, columns) => {
    inOrder(c, order!, rows);
    c.packFloats(rows, columns, source!, order!, to!, rows | 1);
  },
  'packBytes in an order': (c, [source, order, to], rows, columns) => {
    inOrder(c, order!, rows);
    c.packBytes(rows, columns, source!, order!, to!, rows | 1);
  },
  unpackFloats: (c, [from, to], rows, columns) => c.unpackFloats(rows, columns, from!, rows | 1, to!),
  dropout: (c, [x, y], rows, columns) => c.dropout(floats(rows, columns), x!, y!, ...draw, 32, 0.4),
  addNoise: (c, [x, y], rows, columns) => c.addNoise(floats(rows, columns), x!, y!, ...draw, 0, 0.4),
  fillUniform: (c, [out], rows, columns) => c.fillUniform(rows * columns, out!, ...draw, 16, 1, 2),
  fillNormal: (c, [out], rows, columns) => c.fillNormal(rows * columns, out!, ...draw, 16, 1, 2),
  shiftImages: (c, [x, out], rows, columns) => c.shiftImages(rows, columns, 5, x!, out!, ...draw, 4, 2),
  rotateImages: (c, [x, out], rows, columns) => c.rotateImages(rows, columns, 5, x!, out!, ...draw, 4, 0.3),
  penalty: (c, [w, g], rows, columns) => c.penalty(floats(rows, columns * 4), w!, g!, 0.1, 0.2),
  sumOfSquares: (c, [x], rows, columns) => c.sumOfSquares(floats(rows, columns * 4), x!),
  clamp: (c, [x], rows, columns) => c.clamp(floats(rows, columns), x!, 0.2),
  mix: (c, [x, y], rows, columns) => c.mix(floats(rows, columns), x!, y!, 0.3),
};

/** The row numbers in reverse order. */
function inOrder({ memory }: Kernels, order: number, rows: number): void {
  new Int32Array(memory.buffer, order, rows).set(Array.from({ length: rows }, (_, i) => rows - 1 - i));
}

const sizes = [
  [1, 1, 1],
  [2, 17, 3],
  [5, 16, 16],
  [13, 33, 20],
  [32, 64, 32],
  [60, 7, 48],
  [31, 129, 70],
  [300, 20, 5],
] as const;

/** Runs a kernel on eight regions of the same random numbers: all of their words afterwards, and its result. */
function outcome(engine: Engine, call: Call, rows: number, columns: number, other: number): [unknown, Int32Array] {
  const start = engine.allocate(8 * REGION);
  engine.calls.setTiles(0, 0);
  for (let i = 0; i < 8; i++) engine.calls.fillUniform(REGION / 4, start + i * REGION, 5, 0, 256 + i, 0, 0, 0, 1);
  const regions = Array.from({ length: 8 }, (_, i) => start + i * REGION);
  const result = call(engine.calls, regions, rows, columns, other);
  const words = engine.words.slice(start / 4, start / 4 + 2 * REGION);
  engine.release(start);
  return [result, words];
}

test('every kernel that a crew shares is here', () => {
  const generated = readFileSync('assembly/generated/threads.ts', 'utf8');
  const shared = [...generated.matchAll(/^export (?:function |\{ )(\w+)(?:\(| \} from '\.\.\/threads\/(?!crew'))/gm)];
  const tested = new Set(Object.keys(kernels).map((name) => name.split(/\W/)[0]));
  expect(shared.length).toBeGreaterThan(20);
  expect(shared.map(([, name]) => name).filter((name) => !tested.has(name))).toEqual([]);
});

describe.each([2, 3, 4])('by %d threads', (threads) => {
  const alone = new Engine();
  let crew: Engine;
  beforeAll(async () => {
    crew = await createEngine({ threads });
    // Everything is worth a fork.
    (crew.calls as unknown as { setThreads(count: number, microseconds: number): void }).setThreads(threads, 0);
  });
  afterAll(() => crew.dispose());

  test.each(Object.entries(kernels))('%s', (_, call) => {
    for (const [rows, columns, other] of sizes) {
      const [value, words] = outcome(crew, call, rows, columns, other);
      const [expected, expectedWords] = outcome(alone, call, rows, columns, other);
      expect(value).toBe(expected);
      const differs = words.findIndex((word, i) => word !== expectedWords[i]);
      expect([rows, columns, other, differs]).toEqual([rows, columns, other, -1]);
    }
  });

  test('sums of more runs than are kept at a time', () => {
    const count = 1024 * 1024 + 37 * 16;
    const sums = (engine: Engine): [number, number, Int32Array] => {
      const [w, g] = [engine.allocate(count * 4), engine.allocate(count * 4)];
      engine.calls.fillUniform(count, w, 5, 0, 256, 0, 0, 0, 1);
      const values = [engine.calls.sumOfSquares(count, w), engine.calls.penalty(count, w, g, 0.1, 0.2)] as const;
      const gradient = engine.words.slice(g / 4, g / 4 + count);
      engine.release(w);
      engine.release(g);
      return [...values, gradient];
    };
    const [squares, penalty, gradient] = sums(crew);
    const [squaresAlone, penaltyAlone, gradientAlone] = sums(alone);
    expect([squares, penalty]).toEqual([squaresAlone, penaltyAlone]);
    expect(gradient.findIndex((word, i) => word !== gradientAlone[i])).toBe(-1);
  });
});
