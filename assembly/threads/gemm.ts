// The products of a dense layer by a crew. What is shared are units: a panel of the result cut into runs of rows, panel after panel, so that a
// part is some whole panels, with what of the panels before and after them is its own.

import * as alone from '../gemm';
import { LINE, panelBytes, panels } from '../layout';
import { crewSize, fork, forkParts, int, put, splits, start, word } from './crew';

export { setTiles, tileTrial } from '../gemm';

/** Multiplications that take about a microsecond. */
const MICROSECOND: i64 = 24000;
/** Rows of a run: what most tiles divide. */
const RUN: i32 = 6;

/** Units that take about a microsecond, of all that take so many multiplications. */
// @ts-ignore: decorator
@inline
function aMicrosecond(units: i32, work: i64): i32 {
  return <i32>max(<i64>1, (<i64>units * MICROSECOND) / work);
}

/** Multiplications of a product of whole panels. */
// @ts-ignore: decorator
@inline
function work(rows: i32, k: i32, count: i32): i64 {
  return <i64>rows * <i64>k * <i64>(count << 4);
}

/** As `multiply` of gemm.ts, over whole activations. */
function multiply(rows: i32, k: i32, count: i32, x: usize, w: usize, initial: usize, y: usize): void {
  if (!splits(work(rows, k, count), MICROSECOND)) return alone.multiply(panelBytes(rows), rows, k, <usize>count, x, w, initial, y);
  put(0, rows), put(1, k), put(2, x), put(3, w), put(4, initial), put(5, y);
  const units = ((rows + RUN - 1) / RUN) * count;
  fork(multiplyPart.index, units, aMicrosecond(units, work(rows, k, count)));
}

function multiplyPart(part: i32): void {
  const rows = int(0), k = int(1), x = word(2), initial = word(4), stride = panelBytes(rows);
  const runs = (rows + RUN - 1) / RUN;
  for (let unit = start(part), end = start(part + 1); unit < end; ) {
    const p = <usize>(unit / runs), run = unit % runs, w = word(3) + p * <usize>k * LINE;
    const bias = initial && initial + p * LINE, y = word(5) + p * stride;
    const whole = run == 0 ? (end - unit) / runs : 0;
    if (whole > 0) {
      alone.multiply(stride, rows, k, <usize>whole, x, w, bias, y);
      unit += whole * runs;
    } else {
      const count = min(runs - run, end - unit), row = run * RUN, skip = <usize>row * LINE;
      alone.multiply(stride, min(count * RUN, rows - row), k, 1, x + skip, w, bias, y + skip);
      unit += count;
    }
  }
}

export function denseForward(rows: i32, inputs: i32, units: i32, x: usize, kernel: usize, bias: usize, y: usize): void {
  multiply(rows, inputs, <i32>panels(units), x, kernel, bias, y);
}

export function denseKernelGradient(rows: i32, inputs: i32, units: i32, x: usize, dy: usize, dkernel: usize): void {
  denseBackward(rows, inputs, units, x, dy, 0, 0, 0, dkernel, 0);
}

export function denseInputGradient(
  rows: i32, inputs: i32, units: i32, dy: usize, kernel: usize, transposed: usize, dx: usize,
): void {
  const count = <i32>panels(inputs);
  if (count >= crewSize() && splits(work(rows, units, count), MICROSECOND)) {
    putGradients(rows, inputs, units, 0, dy, kernel, transposed, dx, 0, 0);
    return fork(inputGradientPart.index, count, aMicrosecond(count, work(rows, units, count)));
  }
  alone.transposePanels(inputs, units, 0, inputs, kernel, transposed);
  multiply(rows, units, count, dy, transposed, 0, dx);
}

/** Everything together: the kernel's gradient and the bias's are shared with the input's, in one fork. */
export function denseBackward(
  rows: i32, inputs: i32, units: i32, x: usize, dy: usize, kernel: usize, transposed: usize, dx: usize, dkernel: usize, dbias: usize,
): void {
  const above = work(rows, inputs, <i32>panels(units)), below = dx ? work(rows, (units + 15) & ~15, <i32>panels(inputs)) : 0;
  if (!splits(above + below, MICROSECOND)) {
    return alone.denseBackward(rows, inputs, units, x, dy, kernel, transposed, dx, dkernel, dbias);
  }
  // Few panels can only be shared by rows, once the transpose is there.
  const apart = dx && <i32>panels(inputs) < crewSize();
  putGradients(rows, inputs, units, x, dy, kernel, transposed, apart ? 0 : dx, dkernel, dbias);
  if (dx && !apart) {
    // Numbers of parts by work: those of the input's gradient come first.
    const most = <i64>(crewSize() * 4);
    const first = <i32>max(<i64>1, min(min(most, <i64>panels(inputs)), below / MICROSECOND));
    const second = <i32>max(<i64>1, min(min(most, <i64>kernelUnits(inputs, units)), above / MICROSECOND));
    put(10, first);
    put(11, second);
    forkParts(backwardPart.index, first + second, first + second);
  } else {
    const count = kernelUnits(inputs, units);
    fork(kernelGradientPart.index, count, aMicrosecond(count, above));
  }
  if (apart) denseInputGradient(rows, inputs, units, dy, kernel, transposed, dx);
}

function putGradients(
  rows: i32, inputs: i32, units: i32, x: usize, dy: usize, kernel: usize, transposed: usize, dx: usize, dkernel: usize, dbias: usize,
): void {
  put(0, rows), put(1, inputs), put(2, units), put(3, x), put(4, dy), put(5, kernel), put(6, transposed), put(7, dx);
  put(8, dkernel), put(9, dbias);
}

function backwardPart(part: i32): void {
  const first = int(10), second = int(11);
  if (part < first) {
    const count = <i32>panels(int(1));
    inputGradient((count * part) / first, (count * (part + 1)) / first);
  } else {
    const count = kernelUnits(int(1), int(2)), n = part - first;
    kernelGradient((count * n) / second, (count * (n + 1)) / second);
  }
}

function inputGradientPart(part: i32): void {
  inputGradient(start(part), start(part + 1));
}

function kernelGradientPart(part: i32): void {
  kernelGradient(start(part), start(part + 1));
}

/** Panels of dx from `first` to `end`; it transposes what it then multiplies by. */
function inputGradient(first: i32, end: i32): void {
  const rows = int(0), inputs = int(1), units = int(2), p = <usize>first, stride = panelBytes(rows);
  alone.transposePanels(inputs, units, first << 4, min(inputs, end << 4), word(5), word(6));
  const transposed = word(6) + p * <usize>units * LINE;
  alone.multiply(stride, rows, units, <usize>(end - first), word(4), transposed, 0, word(7) + p * stride);
}

/** Units of the kernel's gradient: each panel's runs are of 16 inputs. */
// @ts-ignore: decorator
@inline
function kernelUnits(inputs: i32, units: i32): i32 {
  return <i32>(panels(inputs) * panels(units));
}

/** Units of the kernel's gradient from `unit` to `end`; the bias's with the first run of each panel. */
function kernelGradient(unit: i32, end: i32): void {
  const rows = int(0), inputs = int(1), x = word(3), dbias = word(9), stride = panelBytes(rows);
  const runs = <i32>panels(inputs);
  while (unit < end) {
    const p = <usize>(unit / runs), run = unit % runs, dy = word(4) + p * stride, dkernel = word(8) + p * <usize>inputs * LINE;
    const whole = run == 0 ? (end - unit) / runs : 0;
    if (dbias && run == 0) alone.denseBiasGradient(rows, max(1, whole) << 4, dy, dbias + p * LINE);
    if (whole > 0) {
      alone.multiplyTransposed(stride, rows, inputs, inputs, <usize>whole, x, dy, dkernel);
      unit += whole * runs;
    } else {
      const count = min(runs - run, end - unit), from = run << 4;
      const height = min(count << 4, inputs - from);
      alone.multiplyTransposed(stride, rows, inputs, height, 1, x + <usize>run * stride, dy, dkernel + <usize>from * LINE);
      unit += count;
    }
  }
}

export { denseBiasGradient } from '../gemm';
