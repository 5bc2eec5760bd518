// Draws the initial values of a network's parameters. Separate from network.ts, since simdense/predict reads weights from a file and need not bundle this.
import { Purpose, seedWords } from '../base/draws.js';
import { SimdenseError } from '../base/errors.js';
import type { Engine } from '../engine/engine.js';
import type { Address } from '../engine/kernels.js';
import type { Initializer } from './initializers.js';
import { cellAt, vectorBytes } from './layout.js';
import type { Network } from './network.js';

/** Fills all parameters of a new network with their initial values. The same seed draws the same values. Disposes of the network on failure. */
export function drawWeights(network: Network, seed: number): void {
  try {
    const products = network.parameters.reduce((sum, { shape: [rows, columns = 1], plan }) => {
      return plan.initializer === 'orthogonal' ? sum + rows * columns * Math.min(rows, columns) : sum;
    }, 0);
    // The limit is about eight seconds of work, which no signal can abort.
    if (products > 2 ** 31) {
      const message = 'orthogonal kernels of this size take too long to draw; use heNormal, or fewer units';
      throw new SimdenseError('ARGUMENT', `sequential(layers): ${message}`);
    }
    for (const [number, { shape, offset, plan }] of network.parameters.entries()) {
      const [rows, columns] = shape.length === 1 ? [1, shape[0]] : shape;
      initialize(network.engine, plan.initializer, rows, columns, seed, number, network.values + offset * 4);
    }
  } catch (error) {
    network.dispose();
    throw error;
  }
}

/** How initial values are drawn: the kernel that draws, the centre, and the half width or standard deviation. A constant has spread 0. */
type Draw = readonly [fill: 'fillUniform' | 'fillNormal', middle: number, spread: number];

function draw(initializer: Initializer, inputs: number, units: number): Draw {
  if (typeof initializer === 'object') {
    if (initializer.type === 'constant') return ['fillUniform', initializer.value, 0];
    if (initializer.type === 'randomNormal') return ['fillNormal', initializer.mean ?? 0, initializer.stddev];
    const { min, max } = initializer;
    return ['fillUniform', (min + max) / 2, (max - min) / 2];
  }
  if (initializer === 'ones') return ['fillUniform', 1, 0];
  const [glorot, he] = [2 / (inputs + units), 2 / inputs];
  const variance = {
    zeros: 0,
    orthogonal: 1,
    glorotUniform: glorot,
    glorotNormal: glorot,
    heUniform: he,
    heNormal: he,
    lecunNormal: 1 / inputs,
  }[initializer];
  return initializer.endsWith('Uniform')
    ? ['fillUniform', 0, Math.sqrt(3 * variance)]
    : ['fillNormal', 0, Math.sqrt(variance)];
}

/** Floats drawn at a time: few enough to stay in the first-level cache. */
const CHUNK = 4096;
/** Random numbers are drawn in blocks of this size. */
const DRAW_BLOCK = 16;

/**
 * Draws the initial values of a parameter of `rows` × `columns` into its panels. `stream` is the parameter's number in its model; the
 * same seed and number draw the same values.
 */
function initialize(
  engine: Engine,
  initializer: Initializer,
  rows: number,
  columns: number,
  seed: number,
  stream: number,
  panels: Address,
): void {
  const [fill, middle, spread] = draw(initializer, rows, columns);
  const [low, high] = seedWords(seed);
  // Use a multiple of the block size, so that each chunk begins with a new block of random numbers.
  const whole = initializer === 'orthogonal';
  const chunk = whole
    ? rows
    : Math.min(rows, Math.max(DRAW_BLOCK, Math.floor(CHUNK / columns / DRAW_BLOCK) * DRAW_BLOCK));
  const drawn = engine.allocate(vectorBytes(chunk * columns));
  for (let row = 0; row < rows; row += chunk) {
    const height = Math.min(chunk, rows - row);
    const [count, first] = [height * columns, row * columns];
    engine.calls[fill](count, drawn, low, high, Purpose.initial, stream, first, middle, spread);
    if (whole) orthonormalize(engine.floats.subarray(drawn / 4, drawn / 4 + count), rows, columns);
    engine.calls.packFloats(height, columns, drawn, 0, panels + cellAt(rows, row, 0) * 4, rows);
  }
  engine.release(drawn);
}

/**
 * Makes the columns of a matrix orthonormal, or its rows if these are fewer: Gram–Schmidt, twice, in float64. Applied to normally distributed numbers
 * it draws uniformly from all orthogonal matrices (Saxe et al. 2014, arXiv 1312.6120). Takes about rows · columns · min(rows, columns) · 4 ns.
 */
function orthonormalize(values: Float32Array, rows: number, columns: number): void {
  const byColumn = rows >= columns;
  const [length, count] = byColumn ? [rows, columns] : [columns, rows];
  const at = (vector: number, i: number): number => (byColumn ? i * columns + vector : vector * columns + i);
  const vectors: Float64Array[] = [];
  for (let v = 0; v < count; v++) {
    const vector = Float64Array.from({ length }, (_, i) => values[at(v, i)] as number);
    for (const other of [...vectors, ...vectors]) {
      const share = dot(vector, other);
      for (let i = 0; i < length; i++) (vector[i] as number) -= share * (other[i] as number);
    }
    const norm = Math.sqrt(dot(vector, vector));
    for (let i = 0; i < length; i++) values[at(v, i)] = (vector[i] as number) /= norm;
    vectors.push(vector);
  }
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
