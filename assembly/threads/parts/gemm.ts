// The parts of a dense layer's products. A unit is a run of rows of a panel of the result; units are counted panel after panel.

import * as alone from '../../gemm';
import { LINE, panelBytes, panels } from '../../layout';
import { start } from '../crew';

/** Rows of a run: a multiple of most tiles' heights. */
const RUN: i32 = 6;

/** The number of runs of a panel of `rows` rows. */
// @ts-ignore: decorator
@inline
export function runsOf(rows: i32): i32 {
  return (rows + RUN - 1) / RUN;
}

/** The number of units of the kernel's gradient, where a run has 16 inputs. */
// @ts-ignore: decorator
@inline
export function kernelUnits(inputs: i32, units: i32): i32 {
  return <i32>(panels(inputs) * panels(units));
}

export function multiplyPart(part: i32, rows: i32, k: i32, x: usize, w: usize, initial: usize, y: usize): void {
  const stride = panelBytes(rows), runs = runsOf(rows);
  for (let unit = start(part), end = start(part + 1); unit < end; ) {
    const p = <usize>(unit / runs), run = unit % runs, from = w + p * <usize>k * LINE;
    const bias = initial && initial + p * LINE, to = y + p * stride;
    const whole = run == 0 ? (end - unit) / runs : 0;
    if (whole > 0) {
      alone.multiply(stride, rows, k, <usize>whole, x, from, bias, to);
      unit += whole * runs;
    } else {
      const count = min(runs - run, end - unit), row = run * RUN, skip = <usize>row * LINE;
      alone.multiply(stride, min(count * RUN, rows - row), k, 1, x + skip, from, bias, to + skip);
      unit += count;
    }
  }
}

/** Computes a part of the input's gradient; its units are panels. */
export function inputGradientPart(
  part: i32, rows: i32, inputs: i32, units: i32, dy: usize, kernel: usize, transposed: usize, dx: usize,
): void {
  inputGradient(start(part), start(part + 1), rows, inputs, units, dy, kernel, transposed, dx);
}

/** Computes a part of the kernel's gradient. */
export function kernelGradientPart(
  part: i32, rows: i32, inputs: i32, x: usize, dy: usize, dkernel: usize, dbias: usize,
): void {
  kernelGradient(start(part), start(part + 1), rows, inputs, x, dy, dkernel, dbias);
}

/** Computes a part of either gradient: the first `first` parts belong to the input's, the next `second` parts to the kernel's. */
export function backwardPart(
  part: i32, first: i32, second: i32, rows: i32, inputs: i32, units: i32, x: usize, dy: usize, kernel: usize, transposed: usize,
  dx: usize, dkernel: usize, dbias: usize,
): void {
  if (part < first) {
    const count = <i32>panels(inputs);
    inputGradient((count * part) / first, (count * (part + 1)) / first, rows, inputs, units, dy, kernel, transposed, dx);
  } else {
    const count = kernelUnits(inputs, units), n = part - first;
    kernelGradient((count * n) / second, (count * (n + 1)) / second, rows, inputs, x, dy, dkernel, dbias);
  }
}

/** Computes the panels of dx from `first` to `end`, after transposing the part of the kernel that they need. */
function inputGradient(
  first: i32, end: i32, rows: i32, inputs: i32, units: i32, dy: usize, kernel: usize, transposed: usize, dx: usize,
): void {
  const p = <usize>first, stride = panelBytes(rows);
  alone.transposePanels(inputs, units, first << 4, min(inputs, end << 4), kernel, transposed);
  alone.multiply(stride, rows, units, <usize>(end - first), dy, transposed + p * <usize>units * LINE, 0, dx + p * stride);
}

/** Computes units of the kernel's gradient from `unit` to `end`; with the first run of a panel also the bias's. */
function kernelGradient(
  unit: i32, end: i32, rows: i32, inputs: i32, x: usize, dy: usize, dkernel: usize, dbias: usize,
): void {
  const stride = panelBytes(rows), runs = <i32>panels(inputs);
  while (unit < end) {
    const p = <usize>(unit / runs), run = unit % runs, g = dy + p * stride, to = dkernel + p * <usize>inputs * LINE;
    const whole = run == 0 ? (end - unit) / runs : 0;
    if (dbias && run == 0) alone.denseBiasGradient(rows, max(1, whole) << 4, g, dbias + p * LINE);
    if (whole > 0) {
      alone.multiplyTransposed(stride, rows, inputs, inputs, <usize>whole, x, g, to);
      unit += whole * runs;
    } else {
      const count = min(runs - run, end - unit), from = run << 4;
      const height = min(count << 4, inputs - from);
      alone.multiplyTransposed(stride, rows, inputs, height, 1, x + <usize>run * stride, g, to + <usize>from * LINE);
      unit += count;
    }
  }
}
