// Kernels of small shapes, which a run of many small steps calls most: others for the same bits. What they do not take goes to the kernels of the engine.

import { CATEGORICAL_LOGITS } from '../kinds';
import * as kernels from '../generated/replay-kernels';
import { forward, kernelGradient, MOST_ROWS, MOST_UNITS, transpose } from './dense';
import { crossentropyOfLogits } from './loss';
import * as packing from './pack';

export { packFloats } from './pack';

/** Whether the engine's products do not fuse multiplication and addition: those here do not. */
let plain = false;

export function setPlain(value: bool): void {
  plain = value;
}

// @ts-ignore: decorator
@inline
function narrow(rows: i32, units: i32): bool {
  return plain && units <= MOST_UNITS && rows <= MOST_ROWS;
}

export function denseForward(rows: i32, inputs: i32, units: i32, x: usize, kernel: usize, bias: usize, y: usize): void {
  if (narrow(rows, units)) forward(rows, inputs, units, x, kernel, bias, y);
  else kernels.denseForward(rows, inputs, units, x, kernel, bias, y);
}

export function denseBackward(
  rows: i32, inputs: i32, units: i32, x: usize, dy: usize, kernel: usize, transposed: usize, dx: usize, dkernel: usize, dbias: usize,
): void {
  const small = units <= 16;
  if (narrow(rows, units)) kernelGradient(rows, inputs, units, x, dy, dkernel, dbias);
  else kernels.denseBackward(rows, inputs, units, x, dy, kernel, transposed, small ? 0 : dx, dkernel, dbias);
  if (dx && small) {
    transpose(inputs, units, kernel, transposed);
    denseForward(rows, units, inputs, dy, transposed, 0, dx);
  }
}

export function loss(
  kind: i32, rows: i32, outputs: i32, predicted: usize, target: usize, weights: usize, gradient: usize, rowLosses: usize,
): f64 {
  return kind == CATEGORICAL_LOGITS && outputs <= 16
    ? crossentropyOfLogits(rows, outputs, predicted, target, weights, gradient, rowLosses)
    : kernels.loss(kind, rows, outputs, predicted, target, weights, gradient, rowLosses);
}

export function packClasses(rows: i32, classes: i32, labels: usize, order: usize, panels: usize, panelRows: i32): void {
  // Without rows it clears the panels.
  if (classes <= 16 && rows > 0) packing.classes(rows, labels, order, panels);
  else kernels.packClasses(rows, classes, labels, order, panels, panelRows);
}
