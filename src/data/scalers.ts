import { oneOf } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { Matrix } from './matrix.js';
import { type Rows, toAnyMatrix, toMatrix } from './rows.js';

const types = ['standard', 'minMax', 'robust', 'none'] as const;

/** Shifts and stretches each column by what it has seen of the rows that it was fitted on. */
export type Scaler = {
  readonly type: (typeof types)[number];
  /** Columns that it takes; 0 for 'none', which takes any. */
  readonly columns: number;
  /** (x − center) / scale, in float32. Throws SimdenseError 'SHAPE' for other columns. */
  transform(x: Rows): Matrix;
  /** x · scale + center: what `transform` came from. */
  inverse(x: Rows): Matrix;
  /** Plain data that scalerFromJson reads. */
  toJSON(): ScalerData;
};

export interface ScalerData {
  readonly type: Scaler['type'];
  readonly center: readonly number[];
  readonly scale: readonly number[];
}

/**
 * Fits a scaler on rows, the training ones alone:
 * - 'standard': mean and standard deviation (of the population, as scikit-learn's StandardScaler)
 * - 'minMax': smallest and largest number to 0 and 1
 * - 'robust': median, and the range between the quartiles (interpolated, as scikit-learn's RobustScaler)
 * - 'none': nothing
 *
 * A column that does not vary has the scale 1: it becomes 0, and other numbers their difference. Throws SimdenseError 'ARGUMENT', 'SHAPE' or 'DATA'.
 */
export function fitScaler(type: Scaler['type'], x: Rows): Scaler {
  oneOf('fitScaler(type)', type, types);
  if (type === 'none') return makeScaler({ type, center: [], scale: [] });
  const matrix = toAnyMatrix('fitScaler: x', x);
  const center: number[] = [];
  const scale: number[] = [];
  for (let c = 0; c < matrix.columns; c++) {
    const [middle, spread] = measures[type](column(matrix, c));
    center.push(middle);
    // Below the rounding of float32 a spread is none: division would blow the rounding up.
    scale.push(spread > Math.abs(middle) * 2 ** -22 ? spread : 1);
  }
  return makeScaler({ type, center, scale });
}

/** The scaler that `toJSON` has described. Throws SimdenseError 'FORMAT' for anything else. */
export function scalerFromJson(data: unknown): Scaler {
  const { type, center, scale } = (data ?? {}) as Partial<ScalerData>;
  const finite = (list: unknown): list is number[] => Array.isArray(list) && list.every(Number.isFinite);
  if (
    !types.includes(type as Scaler['type']) ||
    !finite(center) ||
    !finite(scale) ||
    center.length !== scale.length ||
    (center.length === 0) !== (type === 'none') ||
    !scale.every((s) => s > 0)
  ) {
    throw new SimdenseError(
      'FORMAT',
      'scalerFromJson(data): expected what a scaler gives as JSON: a type, centers and scales',
    );
  }
  return makeScaler({ type: type as Scaler['type'], center, scale });
}

function makeScaler({ type, center, scale }: ScalerData): Scaler {
  const apply = (where: string, x: Rows, f: (value: number, c: number) => number): Matrix => {
    if (type === 'none') return toAnyMatrix(where, x);
    const matrix = toMatrix(where, x, center.length, 'the scaler was fitted on');
    const { rows, columns, data } = matrix;
    const out = new Float32Array(rows * columns);
    for (let i = 0, c = 0; i < out.length; i++) {
      out[i] = f(data[i] as number, c);
      if (++c === columns) c = 0;
    }
    return new Matrix(out, columns);
  };
  return Object.freeze({
    type,
    columns: center.length,
    transform: (x: Rows) =>
      apply('transform: x', x, (value, c) => (value - (center[c] as number)) / (scale[c] as number)),
    inverse: (x: Rows) => apply('inverse: x', x, (value, c) => value * (scale[c] as number) + (center[c] as number)),
    toJSON: () => ({ type, center: [...center], scale: [...scale] }),
  });
}

function column({ data, rows, columns }: Matrix, c: number): Float64Array {
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row++) values[row] = data[row * columns + c] as number;
  return values;
}

/** Center and scale of a column, in float64. */
const measures = {
  standard(values: Float64Array): [number, number] {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return [mean, Math.sqrt(squares / values.length)];
  },
  minMax(values: Float64Array): [number, number] {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    return [low, high - low];
  },
  robust(values: Float64Array): [number, number] {
    const sorted = values.sort();
    return [quantile(sorted, 0.5), quantile(sorted, 0.75) - quantile(sorted, 0.25)];
  },
};

/** Linear interpolation between the neighbours of rank share·(n − 1): numpy's default. */
function quantile(sorted: Float64Array, share: number): number {
  const rank = share * (sorted.length - 1);
  const below = Math.floor(rank);
  const low = sorted[below] as number;
  return low + ((sorted[Math.min(below + 1, sorted.length - 1)] as number) - low) * (rank - below);
}
