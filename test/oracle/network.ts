// A stack of layers in float64: its outputs and its loss.
import type { Activation, Loss } from '../../src/index.js';
import { activate } from './activation.js';
import { lossOf } from './loss.js';
import { multiply, type Rows } from './matrix.js';

export type OracleLayer =
  | { readonly type: 'dense'; readonly kernel: Rows; readonly bias: number[]; readonly activation: Activation }
  | { readonly type: 'activation'; readonly activation: Activation }
  | { readonly type: 'rescaling'; readonly scale: number; readonly offset: number };

export function forward(layers: readonly OracleLayer[], x: Rows): Rows {
  let rows = x;
  for (const layer of layers) {
    if (layer.type === 'rescaling') rows = rows.map((row) => row.map((v) => v * layer.scale + layer.offset));
    else if (layer.type === 'activation') rows = rows.map((row) => activate(layer.activation, row));
    else {
      const sums = multiply(rows, layer.kernel).map((row) => row.map((v, j) => v + layer.bias[j]!));
      rows = sums.map((row) => activate(layer.activation, row));
    }
  }
  return rows;
}

export function networkLoss(layers: readonly OracleLayer[], x: Rows, y: Rows, loss: Loss): number {
  return lossOf(loss, y, forward(layers, x));
}

/** Central differences by every number of `values`, which `measure` reads. */
export function numericGradient(values: number[], measure: () => number, step = 1e-5): number[] {
  return values.map((value, i) => {
    values[i] = value + step;
    const above = measure();
    values[i] = value - step;
    const below = measure();
    values[i] = value;
    return (above - below) / (2 * step);
  });
}
