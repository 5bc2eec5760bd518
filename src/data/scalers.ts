import { noMore, oneOf } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { atOnce } from '../base/pause.js';
import { Matrix } from './matrix.js';
import { checkFloats } from './numbers.js';
import { type Grid, type Rows, toAnyMatrix, toGrid } from './rows.js';
import { sorting } from './sorting.js';

const types = ['standard', 'minMax', 'robust', 'none'] as const;

/** Shifts and scales each column by what fitScaler measured. */
export type Scaler = {
  readonly type: (typeof types)[number];
  /** The number of columns that it takes; 0 for 'none', which takes any number. */
  readonly columns: number;
  /**
   * (x − center) / scale, computed in float64 from the numbers as given, then rounded to float32.
   *
   * @param x Rows with as many columns as the scaler was fitted on.
   * @returns A new matrix of the same shape; for 'none' the rows as a matrix.
   * @throws SimdenseError 'SHAPE' for another number of columns.
   * @throws SimdenseError 'DATA' for a cell that is not a finite number, or becomes one that float32 cannot hold.
   */
  transform(x: Rows): Matrix;
  /**
   * x · scale + center: undoes `transform`.
   *
   * @param x Scaled rows.
   * @returns A new matrix in the original units.
   * @throws SimdenseError 'SHAPE' for another number of columns, 'DATA' for a number that float32 cannot hold.
   */
  inverse(x: Rows): Matrix;
  /** The scaler as plain data, which scalerFromJson reads. */
  toJSON(): ScalerData;
};

/** A scaler as plain data. */
export interface ScalerData {
  readonly type: Scaler['type'];
  /** One number for each column. */
  readonly center: readonly number[];
  readonly scale: readonly number[];
}

/**
 * Measures how to scale each column. Fit it on the training rows alone, so that nothing of the test rows leaks in.
 * - 'standard': to mean 0 and standard deviation 1 (of the population, as scikit-learn's StandardScaler)
 * - 'minMax': smallest number to 0, largest to 1
 * - 'robust': median to 0, interquartile range to 1 (interpolated, as scikit-learn's RobustScaler)
 * - 'none': changes nothing
 *
 * Computes in float64 from the numbers as given: arrays and Float64Arrays are not rounded to float32 first. A constant column gets
 * the scale 1, so it becomes 0.
 *
 * @param type How to scale.
 * @param x The rows to measure: a Matrix or an array of rows.
 * @returns A frozen scaler.
 * @throws SimdenseError 'ARGUMENT' for an unknown type or what is not rows.
 * @throws SimdenseError 'SHAPE' for rows of different lengths, and for flat numbers, whose columns are unknown.
 * @throws SimdenseError 'DATA' for a cell that is not a finite number.
 * @example
 * const train = [[1, 10], [2, 20], [3, 30]];
 * const scaler = fitScaler('minMax', train);
 * scaler.transform([[2, 30]]).toArrays(); // [[0.5, 1]]
 * scaler.inverse([[0.5, 1]]).toArrays(); // [[2, 30]]
 */
export function fitScaler(type: Scaler['type'], x: Rows): Scaler {
  noMore('fitScaler', arguments, 2);
  return atOnce(fittingScaler(type, x));
}

/** fitScaler in slices; the event loop may turn between them. */
export function* fittingScaler(type: Scaler['type'], x: Rows): Generator<undefined, Scaler> {
  oneOf('fitScaler(type)', type, types);
  if (type === 'none') return makeScaler({ type, center: [], scale: [] });
  const grid = toGrid('fitScaler: x', x, Float64Array);
  // The spread, relative to the centre, that rounding gives a constant column: in float64 sums over up to about a million rows, and in float32.
  const rounding = grid.data instanceof Float64Array ? 2 ** -40 : 2 ** -22;
  const center: number[] = [];
  const scale: number[] = [];
  const found = type === 'standard' ? yield* standard(grid) : yield* ofColumns(grid, measures[type]);
  for (const [middle, spread] of found) {
    center.push(middle);
    // A spread within the rounding counts as none: dividing by it would amplify rounding errors.
    scale.push(spread > Math.abs(middle) * rounding ? spread : 1);
  }
  return makeScaler({ type, center, scale });
}

/**
 * Makes a scaler from the data that its `toJSON` returned.
 *
 * @param data The data, as an object: after JSON.parse.
 * @returns The same scaler.
 * @throws SimdenseError 'FORMAT' for anything else.
 * @example
 * const scaler = fitScaler('standard', [[1], [3]]);
 * const again = scalerFromJson(JSON.parse(JSON.stringify(scaler)));
 * again.transform([[5]]).toArrays(); // [[3]]
 */
export function scalerFromJson(data: unknown): Scaler {
  noMore('scalerFromJson', arguments, 1);
  const { type, center, scale } = (data ?? {}) as Partial<ScalerData>;
  const finite = (list: unknown): list is number[] => Array.isArray(list) && [...list].every(Number.isFinite);
  if (
    !types.includes(type as Scaler['type']) ||
    !finite(center) ||
    !finite(scale) ||
    center.length !== scale.length ||
    (center.length === 0) !== (type === 'none') ||
    !scale.every((s) => s > 0)
  ) {
    throw new SimdenseError('FORMAT', 'scalerFromJson(data): expected type, center and scale');
  }
  return makeScaler({ type: type as Scaler['type'], center, scale });
}

function makeScaler({ type, center, scale }: ScalerData): Scaler {
  const apply = (where: string, x: Rows, f: (value: number, c: number) => number): Matrix => {
    if (type === 'none') return toAnyMatrix(where, x);
    const { data, columns } = toGrid(where, x, Float64Array, center.length, 'the scaler was fitted on');
    const out = new Float32Array(data.length);
    for (let i = 0, c = 0; i < out.length; i++) {
      out[i] = f(data[i] as number, c);
      if (++c === columns) c = 0;
    }
    checkFloats(where, out, columns, (at) => data[at]);
    return new Matrix(out, columns);
  };
  return Object.freeze({
    type,
    columns: center.length,
    transform(x: Rows) {
      noMore('transform', arguments, 1);
      return apply('transform: x', x, (value, c) => (value - (center[c] as number)) / (scale[c] as number));
    },
    inverse(x: Rows) {
      noMore('inverse', arguments, 1);
      return apply('inverse: x', x, (value, c) => value * (scale[c] as number) + (center[c] as number));
    },
    toJSON: () => ({ type, center: [...center], scale: [...scale] }),
  });
}

function column({ data, columns }: Grid, c: number): Float64Array {
  const rows = data.length / columns;
  const values = new Float64Array(rows);
  for (let row = 0; row < rows; row++) values[row] = data[row * columns + c] as number;
  return values;
}

/** Numbers that are read in one slice: about a millisecond. */
const SLICE = 2 ** 18;

/** Mean and standard deviation of each column; each pass over the rows adds up all columns. */
function* standard(grid: Grid): Generator<undefined, [number, number][]> {
  const rows = grid.data.length / grid.columns;
  const means = (yield* sums(grid, addValues, new Float64Array(grid.columns))).map((sum) => sum / rows);
  const squares = yield* sums(grid, addSquares, means);
  return Array.from(means, (mean, c) => [mean, Math.sqrt((squares[c] as number) / rows)]);
}

type Add = (to: Float64Array, numbers: Grid['data'], from: number, end: number, means: Float64Array) => void;

/** A sum for each column. */
function* sums({ data, columns }: Grid, add: Add, means: Float64Array): Generator<undefined, Float64Array> {
  const found = new Float64Array(columns);
  const slice = Math.ceil(SLICE / columns) * columns;
  for (let from = 0; from < data.length; from += slice) {
    add(found, data, from, Math.min(from + slice, data.length), means);
    yield;
  }
  return found;
}

const addValues: Add = (to, numbers, from, end) => {
  for (let i = from, c = 0; i < end; i++) {
    (to[c] as number) += numbers[i] as number;
    if (++c === to.length) c = 0;
  }
};

const addSquares: Add = (to, numbers, from, end, means) => {
  for (let i = from, c = 0; i < end; i++) {
    const off = (numbers[i] as number) - (means[c] as number);
    (to[c] as number) += off * off;
    if (++c === to.length) c = 0;
  }
};

type Measure = (values: Float64Array) => Generator<undefined, [number, number]>;

/** A measure of each column. */
function* ofColumns(grid: Grid, measure: Measure): Generator<undefined, [number, number][]> {
  const found: [number, number][] = [];
  for (let c = 0; c < grid.columns; c++) found.push(yield* measure(column(grid, c)));
  return found;
}

/** Centre and scale of a column, in float64. */
const measures = {
  *minMax(values: Float64Array): Generator<undefined, [number, number]> {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    yield;
    return [low, high - low];
  },
  *robust(values: Float64Array): Generator<undefined, [number, number]> {
    const sorted = yield* sorting(values);
    return [quantile(sorted, 0.5), quantile(sorted, 0.75) - quantile(sorted, 0.25)];
  },
};

/** A quantile by linear interpolation between the neighbours of rank share·(n − 1), numpy's default. */
function quantile(sorted: Float64Array, share: number): number {
  const rank = share * (sorted.length - 1);
  const below = Math.floor(rank);
  const low = sorted[below] as number;
  return low + ((sorted[Math.min(below + 1, sorted.length - 1)] as number) - low) * (rank - below);
}
