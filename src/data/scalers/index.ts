import { noMore, oneOf } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import { atOnce } from '../../base/pause.js';
import { Matrix } from '../matrix.js';
import { checkFloats } from '../numbers.js';
import { type Rows, toAnyMatrix, toGrid } from '../rows.js';
import type { ScalerFit, ScalerKind } from './kind.js';
import { type LinearData, linearKind } from './linear.js';
import { fitMinMax } from './min-max.js';
import { fitQuantile, type QuantileData, quantileKind } from './quantile.js';
import { fitRobust } from './robust.js';
import { fitStandard } from './standard.js';

/** The data of a fitted scaler, by its type. */
export type ScalerData =
  | LinearData<'standard'>
  | LinearData<'minMax'>
  | LinearData<'robust'>
  | QuantileData
  | LinearData<'none'>;
export type ScalerType = ScalerData['type'];
type DataOf<Type extends ScalerType> = Extract<ScalerData, { readonly type: Type }>;

const linear = linearKind as ScalerKind<LinearData<never>>;

/** The kinds of scalers by type. A new one needs a line here, in the type above and in `fits`; the compiler names the other places. */
const kinds: { readonly [Type in ScalerType]: ScalerKind<DataOf<Type>> } = {
  standard: linear,
  minMax: linear,
  robust: linear,
  quantile: quantileKind,
  none: linear,
};
export const scalerTypes = /* @__PURE__ */ Object.keys(kinds) as readonly ScalerType[];

/** How each kind is fitted. Separate from `kinds`, so that code that only predicts does not load it. */
export const fits: { readonly [Type in ScalerType]: ScalerFit<DataOf<Type>> } = {
  standard: fitStandard,
  minMax: fitMinMax,
  robust: fitRobust,
  quantile: fitQuantile,
  // biome-ignore lint/correctness/useYield: there is nothing to measure.
  none: function* () {
    return { type: 'none', center: [], scale: [] };
  },
};

/** Scales each column. Made by fitScaler, which measures the columns. */
export interface Scaler<Data extends ScalerData = ScalerData> {
  readonly type: Data['type'];
  /** The number of columns that it takes; 0 for 'none', which takes any number. */
  readonly columns: number;
  /**
   * (x − center) / scale, or for 'quantile' the share of the column that is below x. Computed in float64 from the numbers as given, then
   * rounded to float32.
   *
   * @param x Rows with as many columns as the scaler was fitted on.
   * @returns A new matrix of the same shape; for 'none' the rows as a matrix.
   * @throws SimdenseError 'SHAPE' for another number of columns.
   * @throws SimdenseError 'DATA' for a cell that is not a finite number, or becomes one that float32 cannot hold.
   */
  transform(x: Rows): Matrix;
  /**
   * x · scale + center, or for 'quantile' the number at that share of the column. Undoes `transform`, except that numbers that 'quantile' clipped stay clipped.
   *
   * @param x Scaled rows.
   * @returns A new matrix in the original units.
   * @throws SimdenseError 'SHAPE' for another number of columns, 'DATA' for a number that float32 cannot hold.
   */
  inverse(x: Rows): Matrix;
  /** The scaler as plain data, which scalerFromJson reads. */
  toJSON(): Data;
}

/**
 * Measures how to scale each column. Fit it on the training rows alone, so that nothing of the test rows leaks in.
 * - 'standard': to mean 0 and standard deviation 1 (of the population, as scikit-learn's StandardScaler)
 * - 'minMax': smallest number to 0, largest to 1
 * - 'robust': median to 0, interquartile range to 1 (interpolated, as scikit-learn's RobustScaler)
 * - 'quantile': each number to the share of the column that is below it, smallest to 0, largest to 1 (interpolated between 1000 quantiles,
 *   or as many as rows, as scikit-learn's QuantileTransformer). Numbers outside become 0 or 1. ONNX files cannot have it.
 * - 'none': changes nothing
 *
 * Computes in float64 from the numbers as given: arrays and Float64Arrays are not rounded to float32 first. A constant column
 * becomes 0, and its scale is 1.
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
 * fitScaler('quantile', [[1], [2], [100]]).transform([[2], [51], [999]]).toArrays(); // [[0.5], [0.75], [1]]
 */
export function fitScaler<Type extends ScalerType>(type: Type, x: Rows): Scaler<DataOf<Type>> {
  noMore('fitScaler', arguments, 2);
  return atOnce(fittingScaler(type, x));
}

/** fitScaler in slices; the event loop may turn between them. */
export function* fittingScaler<Type extends ScalerType>(
  type: Type,
  x: Rows,
): Generator<undefined, Scaler<DataOf<Type>>> {
  oneOf('fitScaler(type)', type, scalerTypes);
  // 'none' measures nothing: its rows are checked, but not copied as numbers of eight bytes.
  const where = 'fitScaler: x';
  const grid = type === 'none' ? toAnyMatrix(where, x) : toGrid(where, x, Float64Array);
  return makeScaler<DataOf<Type>>(yield* fits[type](grid) as Generator<undefined, DataOf<Type>>);
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
  const read = readScaler(data);
  if (!read || Object.keys(read).length !== Object.keys(data as object).length)
    throw new SimdenseError('FORMAT', 'scalerFromJson(data): expected what toJSON gave');
  return makeScaler(read);
}

/** `transform` of each scaler, for calls by another name in error messages. */
const transforms = new WeakMap<Scaler, (where: string, x: Rows) => Matrix>();

/**
 * The rows that a network takes: scaled, or as they are with 'none'. That knows no number of columns, which flat numbers need, while the network does. `where` names
 * the caller's function in error messages.
 */
export const scaledRows = (scaler: Scaler, x: Rows, where = 'transform'): Rows =>
  scaler.columns === 0 ? x : (transforms.get(scaler)?.(where, x) ?? scaler.transform(x));

/** A checked copy of a scaler's data; undefined for anything else. */
export function readScaler(data: unknown): ScalerData | undefined {
  const given = (data ?? {}) as ScalerData;
  // A type that is an object cannot even be looked up if its toString is no function.
  return typeof given.type === 'string' && Object.hasOwn(kinds, given.type) ? kindOf(given).read(given) : undefined;
}

/** What `transform` does with one number of a column, in float64 and unchecked. */
export function transformOf(data: ScalerData): (value: number, column: number) => number {
  return data.type === 'none' ? (value) => value : kindOf(data).transform(data);
}

const kindOf = ({ type }: ScalerData) => kinds[type] as ScalerKind<ScalerData>;

function makeScaler<Data extends ScalerData>(data: Data): Scaler<Data> {
  const kind = kindOf(data);
  const columns = kind.columns(data);
  const converted = (way: 'transform' | 'inverse', where: string, x: Rows): Matrix => {
    const place = `${where}: x`;
    if (columns === 0) return toAnyMatrix(place, x);
    const { data: numbers } = toGrid(place, x, Float64Array, columns, 'the scaler was fitted on');
    const out = new Float32Array(numbers.length);
    const convert = kind[way](data);
    for (let i = 0, c = 0; i < out.length; i++) {
      out[i] = convert(numbers[i] as number, c);
      if (++c === columns) c = 0;
    }
    checkFloats(place, out, columns, (at) => numbers[at]);
    return new Matrix(out, columns);
  };
  const through = (way: 'transform' | 'inverse') =>
    function (x: Rows): Matrix {
      noMore(way, arguments, 1);
      return converted(way, way, x);
    };
  const scaler: Scaler<Data> = Object.freeze({
    type: data.type,
    columns,
    transform: through('transform'),
    inverse: through('inverse'),
    toJSON: () => kind.read(data) as Data,
  });
  transforms.set(scaler, (where, x) => converted('transform', where, x));
  return scaler;
}
