// The products of a dense layer on several threads. The result's panels are cut into runs of rows, the units, which are counted panel after panel.
// A part is a range of units: some whole panels, and before and after them parts of panels.

import * as alone from '../gemm';
import { backwardJob, inputGradientJob, kernelGradientJob, multiplyJob } from '../generated/jobs';
import { panelBytes, panels } from '../layout';
import { crewSize, fork, forkParts, splitsWork } from './crew';
import { kernelUnits, runsOf } from './parts/gemm';

/** Number of multiplications that take about a microsecond. */
const MICROSECOND: i64 = 24000;

/** Number of units that take about a microsecond, if all `units` need `work` multiplications. */
function aMicrosecond(units: i32, work: i64): i32 {
  return <i32>max(<i64>1, (<i64>units * MICROSECOND) / work);
}

/** Number of multiplications for `count` panels of a product. */
// @ts-ignore: decorator
@inline
function work(rows: i32, k: i32, count: i32): i64 {
  return <i64>rows * <i64>k * <i64>(count << 4);
}

/** Like `multiply` of gemm.ts, for whole activations. */
function multiply(rows: i32, k: i32, count: i32, x: usize, w: usize, initial: usize, y: usize): void {
  if (!splitsWork(work(rows, k, count), MICROSECOND)) return alone.multiply(panelBytes(rows), rows, k, <usize>count, x, w, initial, y);
  const units = runsOf(rows) * count;
  fork(multiplyJob(rows, k, x, w, initial, y), units, aMicrosecond(units, work(rows, k, count)));
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
  if (count >= crewSize() && splitsWork(work(rows, units, count), MICROSECOND)) {
    const least = aMicrosecond(count, work(rows, units, count));
    return fork(inputGradientJob(rows, inputs, units, dy, kernel, transposed, dx), count, least);
  }
  alone.transposePanels(inputs, units, 0, inputs, kernel, transposed);
  multiply(rows, units, count, dy, transposed, 0, dx);
}

/** All gradients: if possible, those of kernel, bias and input in one fork. */
export function denseBackward(
  rows: i32, inputs: i32, units: i32, x: usize, dy: usize, kernel: usize, transposed: usize, dx: usize, dkernel: usize, dbias: usize,
): void {
  const above = work(rows, inputs, <i32>panels(units));
  const below = dx ? work(rows, <i32>panels(units) << 4, <i32>panels(inputs)) : 0;
  if (!splitsWork(above + below, MICROSECOND)) {
    return alone.denseBackward(rows, inputs, units, x, dy, kernel, transposed, dx, dkernel, dbias);
  }
  // If there are fewer panels of inputs than threads, the input's gradient must be divided by rows. That needs the whole transpose, so do it apart.
  const apart = dx && <i32>panels(inputs) < crewSize();
  if (dx && !apart) {
    // The numbers of parts, by the amount of work. Those of the input's gradient come first.
    const most = <i64>(crewSize() * 4);
    const first = <i32>max(<i64>1, min(min(most, <i64>panels(inputs)), below / MICROSECOND));
    const second = <i32>max(<i64>1, min(min(most, <i64>kernelUnits(inputs, units)), above / MICROSECOND));
    const job = backwardJob(first, second, rows, inputs, units, x, dy, kernel, transposed, dx, dkernel, dbias);
    forkParts(job, first + second, first + second);
  } else {
    const count = kernelUnits(inputs, units);
    fork(kernelGradientJob(rows, inputs, x, dy, dkernel, dbias), count, aMicrosecond(count, above));
  }
  if (apart) denseInputGradient(rows, inputs, units, dy, kernel, transposed, dx);
}
