// A stack of layers in float64: its outputs and its loss.
import type { Activation, Loss } from '../../src/index.js';
import { activate } from './activation.js';
import { lossOf } from './loss.js';
import { multiply, type Rows, transpose } from './matrix.js';
import { normalise, normaliseRow } from './normalise.js';

export type OracleLayer =
  | { readonly type: 'dense'; readonly kernel: Rows; readonly bias: number[]; readonly activation: Activation }
  | { readonly type: 'activation'; readonly activation: Activation }
  | { readonly type: 'rescaling'; readonly scale: number; readonly offset: number }
  | { readonly type: 'batchNormalization'; readonly gamma: number[]; readonly beta: number[]; readonly epsilon: number }
  | { readonly type: 'layerNormalization'; readonly gamma: number[]; readonly beta: number[]; readonly epsilon: number }
  | { readonly type: 'prelu'; readonly alpha: number[] }
  /** What was drawn: each number times a factor, plus a term. */
  | { readonly type: 'drawn'; readonly factors: Rows; readonly terms: Rows };

export function forward(layers: readonly OracleLayer[], x: Rows): Rows {
  let rows = x;
  for (const layer of layers) {
    if (layer.type === 'rescaling') rows = rows.map((row) => row.map((v) => v * layer.scale + layer.offset));
    else if (layer.type === 'drawn') {
      rows = rows.map((row, i) => row.map((v, j) => v * layer.factors[i]![j]! + layer.terms[i]![j]!));
    } else if (layer.type === 'batchNormalization') {
      const { gamma, beta, epsilon } = layer;
      rows = transpose(transpose(rows).map((column, j) => normalise(column, gamma[j]!, beta[j]!, epsilon)));
    } else if (layer.type === 'layerNormalization') {
      rows = rows.map((row) => normaliseRow(row, layer.gamma, layer.beta, layer.epsilon));
    } else if (layer.type === 'prelu') {
      rows = rows.map((row) => row.map((v, j) => Math.max(v, 0) + layer.alpha[j]! * Math.min(v, 0)));
    } else if (layer.type === 'activation') rows = rows.map((row) => activate(layer.activation, row));
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
