// The initial values of a network's parameters: apart from the network, since what predicts reads them from a file.
import { Purpose, seedWords } from '../base/draws.js';
import type { Engine } from '../engine/engine.js';
import type { Address } from '../engine/kernels.js';
import type { Initializer } from './initializers.js';
import type { Network } from './network.js';

/** Fills all parameters of a network that has just been made, by their initializers: the same seed draws the same values. Gives the network up where that fails. */
export function drawWeights(network: Network, seed: number): void {
  try {
    for (const [number, { shape, offset, plan }] of network.parameters.entries()) {
      const [rows, columns] = shape.length === 1 ? [1, shape[0]] : shape;
      initialize(network.engine, plan.initializer, rows, columns, seed, number, network.values + offset * 4);
    }
  } catch (error) {
    network.dispose();
    throw error;
  }
}

/** How a parameter of `inputs` × `units` starts: a constant, or a draw around a middle. */
type Draw =
  | { kind: 'constant'; value: number }
  | { kind: 'uniform'; middle: number; half: number }
  | { kind: 'normal'; mean: number; stddev: number };

function draw(initializer: Initializer, inputs: number, units: number): Draw {
  const uniform = (variance: number): Draw => ({ kind: 'uniform', middle: 0, half: Math.sqrt(3 * variance) });
  const normal = (variance: number): Draw => ({ kind: 'normal', mean: 0, stddev: Math.sqrt(variance) });
  if (typeof initializer === 'object') {
    if (initializer.type === 'constant') return { kind: 'constant', value: initializer.value };
    if (initializer.type === 'randomNormal')
      return { kind: 'normal', mean: initializer.mean ?? 0, stddev: initializer.stddev };
    const { min, max } = initializer;
    return { kind: 'uniform', middle: (min + max) / 2, half: (max - min) / 2 };
  }
  switch (initializer) {
    case 'orthogonal':
      return normal(1);
    case 'zeros':
      return { kind: 'constant', value: 0 };
    case 'ones':
      return { kind: 'constant', value: 1 };
    case 'glorotUniform':
      return uniform(2 / (inputs + units));
    case 'glorotNormal':
      return normal(2 / (inputs + units));
    case 'heUniform':
      return uniform(2 / inputs);
    case 'heNormal':
      return normal(2 / inputs);
    case 'lecunNormal':
      return normal(1 / inputs);
  }
}

/** Floats that are drawn at a time: few enough to stay in the first-level cache. */
const CHUNK = 4096;

/**
 * Writes the initial values of a parameter of `rows` × `columns` to its panels. `stream` is the parameter's number in its model: the
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
  const d = draw(initializer, rows, columns);
  const [low, high] = seedWords(seed);
  // A multiple of 16 rows, so that each chunk begins with a new block of random numbers.
  const whole = initializer === 'orthogonal';
  const chunk = whole ? rows : Math.min(rows, Math.max(16, Math.floor(CHUNK / columns / 16) * 16));
  const drawn = engine.allocate((chunk * columns + 15) * 4);
  for (let row = 0; row < rows; row += chunk) {
    const height = Math.min(chunk, rows - row);
    const [count, first] = [height * columns, row * columns];
    if (d.kind === 'constant') engine.floats.fill(d.value, drawn / 4, drawn / 4 + count);
    else if (d.kind === 'uniform')
      engine.calls.fillUniform(count, drawn, low, high, Purpose.initial, stream, first, d.middle, d.half);
    else engine.calls.fillNormal(count, drawn, low, high, Purpose.initial, stream, first, d.mean, d.stddev);
    if (whole) orthonormalize(engine.floats.subarray(drawn / 4, drawn / 4 + count), rows, columns);
    engine.calls.packFloats(height, columns, drawn, 0, panels + row * 64, rows);
  }
  engine.release(drawn);
}

/**
 * Makes the columns of a matrix, or its rows where these are fewer, orthonormal: Gram and Schmidt, twice, in float64. Of normal numbers
 * this is a draw from all orthogonal matrices alike (Saxe et al. 2014, arXiv 1312.6120). Takes about rows·columns·min(rows, columns) · 4 ns.
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
