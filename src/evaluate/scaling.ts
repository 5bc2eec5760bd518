import { Matrix } from '../data/matrix.js';
import type { Scaler } from '../data/scalers/index.js';

/** Numbers that are scaled in one slice: a few milliseconds for the slowest scaler, 'quantile'. */
const SLICE = 2 ** 14;

/** The scaler's transform in slices. */
export function* scaling(scaler: Scaler, x: Matrix): Generator<undefined, Matrix> {
  const { data, columns } = x;
  if (scaler.columns === 0 || data.length <= SLICE) return scaler.transform(x);
  const scaled = new Float32Array(data.length);
  const slice = Math.ceil(SLICE / columns) * columns;
  for (let from = 0; from < data.length; from += slice) {
    const part = new Matrix(data.subarray(from, from + slice), columns);
    try {
      scaled.set(scaler.transform(part).data, from);
    } catch {
      // Scale all rows at once, so that the error names the right row.
      return scaler.transform(x);
    }
    yield;
  }
  return new Matrix(scaled, columns);
}
