// Sums over rows follow the rule of assembly/sums.ts exactly, with every tile and any number of threads, and stay close to float64 over 4,000,000 rows.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Kernels } from '../../src/engine/kernels.js';
import { tilesOf } from '../../src/engine/tiles.js';
import { createEngine, Engine } from '../../src/index.js';
import { numbers } from '../helpers/numbers.js';

const panels = (columns: number): number => Math.ceil(columns / 16);
const odd = (rows: number): number => rows | 1;

/** Blocks of a number of rows: as few as hold at most 256 each, even, in multiples of 16. */
function blocks(rows: number): [from: number, end: number][] {
  const count = Math.ceil(rows / 256);
  const size = count <= 1 ? rows : Math.ceil(Math.ceil(rows / count) / 16) * 16;
  return Array.from({ length: Math.ceil(rows / size) }, (_, i) => [i * size, Math.min(rows, (i + 1) * size)]);
}

/** Σ over rows: float32 in a block, float64 over blocks, float32 at the end. */
function sumByRule(rows: number, term: (row: number) => number): number {
  let sum = 0;
  for (const [from, end] of blocks(rows)) {
    let block = 0;
    for (let row = from; row < end; row++) block = Math.fround(block + term(row));
    sum += block;
  }
  return Math.fround(sum);
}

/** Runs a function on blocks of an engine; `at` reads from an activation in panels. */
function on<T>(engine: Engine, floats: readonly number[], run: (...blocks: number[]) => T): T {
  const taken = floats.map((count) => engine.allocate(count * 4));
  try {
    return run(...taken);
  } finally {
    for (const block of taken) engine.release(block);
  }
}

const fill = ({ calls }: Engine, count: number, block: number, seed: number, middle: number, half: number): void =>
  calls.fillUniform(count, block, seed, 0, 1, 0, 0, middle, half);

/** Gradients and batch statistics of random activations, as words. */
function sumsOf(engine: Engine, rows: number, inputs: number, units: number, middle: number): Int32Array {
  const [x, dy] = [odd(rows) * panels(inputs) * 16, odd(rows) * panels(units) * 16];
  const [dw, vector] = [inputs * panels(units) * 16, panels(units) * 16];
  const result = dw + 8 * vector;
  return on(engine, [x, dy, dy, dy, result], (px, pdy, py, pdx, out) => {
    const { calls } = engine;
    fill(engine, x, px!, 1, middle, 1);
    fill(engine, dy, pdy!, 2, middle, 1);
    const vectors = Array.from({ length: 8 }, (_, i) => out! + (dw + i * vector) * 4) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const [db, gamma, beta, mean, inverse, variance, dgamma, dbeta] = vectors;
    fill(engine, vector, gamma, 3, 1, 0.5);
    calls.denseKernelGradient(rows, inputs, units, px!, pdy!, out!);
    calls.denseBiasGradient(rows, units, pdy!, db);
    calls.batchNormForward(rows, units, pdy!, py!, gamma, beta, mean, inverse, variance, 1e-5);
    calls.batchNormBackward(rows, units, pdy!, py!, pdx!, gamma, mean, inverse, dgamma, dbeta);
    return engine.words.slice(out! / 4, out! / 4 + result);
  });
}

const sizes = fc.tuple(
  fc.oneof(
    fc.integer({ min: 2, max: 300 }),
    fc.integer({ min: 2, max: 2000 }),
    fc.constantFrom(256, 257, 512, 513, 4096),
  ),
  fc.integer({ min: 1, max: 300 }),
  fc.integer({ min: 1, max: 100 }),
);

describe('first-contact row 8: sums over the rows of a batch', () => {
  const alone = new Engine();

  test('follow the rule to the bit, by every tile', () => {
    const tiles = tilesOf(alone).columns;
    const small = fc.tuple(
      fc.integer({ min: 1, max: 1200 }),
      fc.integer({ min: 1, max: 33 }),
      fc.integer({ min: 1, max: 33 }),
    );
    fc.assert(
      fc.property(small, fc.nat(tiles.length - 1), fc.nat(), ([rows, inputs, units], tile, seed) => {
        const next = numbers(seed);
        const draw = (columns: number): Float32Array => {
          const values = new Float32Array(odd(rows) * panels(columns) * 16);
          for (let row = 0; row < rows; row++) for (let c = 0; c < columns; c++) values[place(row, c)] = next() + 0.5;
          return values;
        };
        const place = (row: number, column: number): number =>
          (Math.floor(column / 16) * odd(rows) + row) * 16 + (column % 16);
        const [x, dy] = [draw(inputs), draw(units)];
        const dw = inputs * panels(units) * 16;
        const [kernel, bias] = on(alone, [x.length, dy.length, dw, panels(units) * 16], (px, pdy, pdw, pdb) => {
          alone.floats.set(x, px! / 4);
          alone.floats.set(dy, pdy! / 4);
          alone.calls.setTiles(0, tile);
          alone.calls.denseKernelGradient(rows, inputs, units, px!, pdy!, pdw!);
          alone.calls.denseBiasGradient(rows, units, pdy!, pdb!);
          alone.calls.setTiles(0, 0);
          return [alone.floats.slice(pdw! / 4, pdw! / 4 + dw), alone.floats.slice(pdb! / 4, pdb! / 4 + units)];
        }) as [Float32Array, Float32Array];
        for (let j = 0; j < units; j++) {
          expect(bias[j]).toBe(sumByRule(rows, (row) => dy[place(row, j)]!));
          for (const i of [0, inputs - 1]) {
            const product = (row: number): number => Math.fround(x[place(row, i)]! * dy[place(row, j)]!);
            expect(kernel[(Math.floor(j / 16) * inputs + i) * 16 + (j % 16)]).toBe(sumByRule(rows, product));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  describe.each([1, 2, 3, 4])('by %d threads', (threads) => {
    let crew: Engine;
    beforeAll(async () => {
      crew = await createEngine({ threads });
      // Everything is worth a fork.
      const { setThreads } = crew.calls as Kernels & { setThreads?(count: number, microseconds: number): void };
      setThreads?.(threads, 0);
    });
    afterAll(() => crew.dispose());

    test('are the same bits as by one, with any tile', () => {
      fc.assert(
        fc.property(sizes, fc.nat(tilesOf(crew).columns.length - 1), ([rows, inputs, units], tile) => {
          crew.calls.setTiles(0, tile);
          const [words, expected] = [sumsOf(crew, rows, inputs, units, 0.5), sumsOf(alone, rows, inputs, units, 0.5)];
          expect(words.findIndex((word, i) => word !== expected[i])).toBe(-1);
        }),
        { numRuns: 25 },
      );
    });
  });

  /** Over one panel; error relative to the sum of absolute values. */
  const most = process.env['TORTURE'] ? 4_000_000 : 400_000;
  test.each([
    ['years', 2005, 15, 4_000_000],
    ['numbers of one sign', 0.5, 0.5, most],
    ['numbers of both signs', 0, 1, most],
    ['a constant', 0.1, 0, most],
  ])(
    'are within 1e-5 of float64: %s, around %d ± %d, %d rows',
    (_, middle, half, rows) => {
      const engine = new Engine();
      const count = odd(rows) * 16;
      const [x, y] = [engine.allocate(count * 4), engine.allocate(count * 4)];
      fill(engine, count, x, 7, middle, half);
      fill(engine, count, y, 8, middle, half);
      const [out, rowLosses] = [engine.allocate(64 * 32), engine.allocate(rows * 4)];
      const at = (line: number): number => out + line * 64;
      const read = (line: number, column: number): number => engine.floats[at(line) / 4 + column]!;
      engine.calls.denseKernelGradient(rows, 16, 16, x, y, out);
      engine.calls.denseBiasGradient(rows, 16, y, at(16));
      engine.floats.fill(1, at(17) / 4, at(18) / 4);
      const [a, b] = [engine.floats.subarray(x / 4), engine.floats.subarray(y / 4)];
      const close = (actual: number, sum: number, size: number): void =>
        expect(Math.abs(actual - sum) / size).toBeLessThan(1e-5);
      for (const [i, j] of [
        [0, 0],
        [15, 15],
        [3, 9],
      ] as const) {
        let [product, bias, productSize, biasSize] = [0, 0, 0, 0];
        for (let row = 0; row < rows; row++) {
          const [p, q] = [a[row * 16 + i]!, b[row * 16 + j]!];
          product += p * q;
          productSize += Math.abs(p * q);
          bias += q;
          biasSize += Math.abs(q);
        }
        close(read(i, j), product, productSize);
        close(read(16, j), bias, biasSize);
      }
      // Gamma, beta, mean, inverse, variance, dgamma, dbeta; y is written over, and is its own gradient.
      const [mean, inverse, variance] = [19, 20, 21];
      const column = 3;
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += a[row * 16 + column]!;
      const exact = sum / rows;
      let squares = 0;
      for (let row = 0; row < rows; row++) squares += (a[row * 16 + column]! - exact) ** 2;
      engine.calls.batchNormForward(rows, 16, x, y, at(17), at(18), at(mean), at(inverse), at(variance), 1e-5);
      close(read(mean, column), exact, middle + half);
      // The mean of years 1990 to 2020 is a year, to the rounding of float32, and not one of another decade.
      if (middle === 2005) expect(Math.abs(read(mean, column) / exact - 1)).toBeLessThan(2 ** -22);
      if (half > 0) close(read(variance, column), squares / rows, squares / rows);
      engine.calls.batchNormBackward(rows, 16, x, y, 0, at(17), at(mean), at(inverse), at(22), at(23));
      let [slope, slopeSize, shift, shiftSize] = [0, 0, 0, 0];
      for (let row = 0; row < rows; row++) {
        const g = b[row * 16 + column]!;
        const s = g * (a[row * 16 + column]! - read(mean, column)) * read(inverse, column);
        slope += s;
        slopeSize += Math.abs(s);
        shift += g;
        shiftSize += Math.abs(g);
      }
      close(read(22, column), slope, slopeSize);
      close(read(23, column), shift, shiftSize);
      // Losses are one float a row, summed in float64.
      let loss = 0;
      engine.floats.fill(0, y / 4, y / 4 + count);
      const total = engine.calls.loss(2, rows, 1, x, y, 0, 0, rowLosses);
      for (let row = 0; row < rows; row++) loss += Math.abs(a[row * 16]!);
      close(total, loss, loss);
    },
    30_000,
  );
});
