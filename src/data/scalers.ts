import { noMore, oneOf } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { atOnce } from '../base/pause.js';
import { Matrix } from './matrix.js';
import { checkFloats } from './numbers.js';
import { type Grid, type Rows, toAnyMatrix, toGrid } from './rows.js';
import { sorting } from './sorting.js';

const types = ['standard', 'minMax', 'robust', 'none'] as const;

/** Shifts and stretches each column by what it has seen of the rows that it was fitted on. */
export type Scaler = {
  readonly type: (typeof types)[number];
  /** Columns that it takes; 0 for 'none', which takes any. */
  readonly columns: number;
  /**
   * (x − center) / scale, computed in float64 from what was given, then rounded to float32. Throws SimdenseError 'SHAPE' for other columns, 'DATA' for a cell
   * that is no finite number, or what float32 cannot hold.
   */
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
 * All in float64 from what was given: numbers as arrays or in a Float64Array are not rounded to float32 before. A column that does not vary has the scale 1: it
 * becomes 0, and other numbers their difference. Throws SimdenseError 'ARGUMENT', 'SHAPE' or 'DATA'.
 */
export function fitScaler(type: Scaler['type'], x: Rows): Scaler {
  noMore('fitScaler', arguments, 2);
  return atOnce(fittingScaler(type, x));
}

/** The same in slices, between which the event loop may turn. */
export function* fittingScaler(type: Scaler['type'], x: Rows): Generator<undefined, Scaler> {
  oneOf('fitScaler(type)', type, types);
  if (type === 'none') return makeScaler({ type, center: [], scale: [] });
  const grid = toGrid('fitScaler: x', x, Float64Array);
  // Spreads of what is constant but for its rounding, over the middle: of float64 sums over up to a million rows or so, and of float32.
  const rounding = grid.data instanceof Float64Array ? 2 ** -40 : 2 ** -22;
  const center: number[] = [];
  const scale: number[] = [];
  const found = type === 'standard' ? yield* standard(grid) : yield* ofColumns(grid, measures[type]);
  for (const [middle, spread] of found) {
    center.push(middle);
    // Below the rounding of the numbers a spread is none: division would blow the rounding up.
    scale.push(spread > Math.abs(middle) * rounding ? spread : 1);
  }
  return makeScaler({ type, center, scale });
}

/** The scaler that `toJSON` has described. Throws SimdenseError 'FORMAT' for anything else. */
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

/** Numbers that are looked at in one slice: a millisecond or so. */
const SLICE = 2 ** 18;

/** Mean and standard deviation of each column: all columns in one pass over the rows. */
function* standard(grid: Grid): Generator<undefined, [number, number][]> {
  const rows = grid.data.length / grid.columns;
  const means = (yield* sums(grid, addValues, new Float64Array(grid.columns))).map((sum) => sum / rows);
  const squares = yield* sums(grid, addSquares, means);
  return Array.from(means, (mean, c) => [mean, Math.sqrt((squares[c] as number) / rows)]);
}

type Add = (to: Float64Array, numbers: Grid['data'], from: number, end: number, means: Float64Array) => void;

/** One sum a column. */
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

/** What a measure finds of each column. */
function* ofColumns(grid: Grid, measure: Measure): Generator<undefined, [number, number][]> {
  const found: [number, number][] = [];
  for (let c = 0; c < grid.columns; c++) found.push(yield* measure(column(grid, c)));
  return found;
}

/** Center and scale of a column, in float64. */
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

/** Linear interpolation between the neighbours of rank share·(n − 1): numpy's default. */
function quantile(sorted: Float64Array, share: number): number {
  const rank = share * (sorted.length - 1);
  const below = Math.floor(rank);
  const low = sorted[below] as number;
  return low + ((sorted[Math.min(below + 1, sorted.length - 1)] as number) - low) * (rank - below);
}
