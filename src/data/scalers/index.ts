import { noMore, oneOf } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import { atOnce } from '../../base/pause.js';
import { Matrix } from '../matrix.js';
import { checkFloats } from '../numbers.js';
import { type Rows, toAnyMatrix, toGrid } from '../rows.js';
import type { ScalerFit, ScalerKind } from './kind.js';
import { type LinearData, linearKind } from './linear.js';
import { fitMinMax } from './min-max.js';
import { fitRobust } from './robust.js';
import { fitStandard } from './standard.js';

/** What a fitted scaler keeps, by its type. */
export type ScalerData = LinearData<'standard'> | LinearData<'minMax'> | LinearData<'robust'> | LinearData<'none'>;
export type ScalerType = ScalerData['type'];
type DataOf<Type extends ScalerType> = Extract<ScalerData, { readonly type: Type }>;

const linear = linearKind as ScalerKind<LinearData<never>>;

/** The kinds of scalers by type: a new one is a line here, in the type above and in `fits`; the compiler names the other rooms that must know it. */
const kinds: { readonly [Type in ScalerType]: ScalerKind<DataOf<Type>> } = {
  standard: linear,
  minMax: linear,
  robust: linear,
  none: linear,
};
export const scalerTypes = /* @__PURE__ */ Object.keys(kinds) as readonly ScalerType[];

/** How each is fitted; apart, since what only predicts does not load it. */
const fits: { readonly [Type in ScalerType]: ScalerFit<DataOf<Type>> } = {
  standard: fitStandard,
  minMax: fitMinMax,
  robust: fitRobust,
  // biome-ignore lint/correctness/useYield: there is nothing to measure.
  none: function* () {
    return { type: 'none', center: [], scale: [] };
  },
};

/** Scales each column by what it has seen of the rows that it was fitted on. */
export interface Scaler<Data extends ScalerData = ScalerData> {
  readonly type: Data['type'];
  /** Columns that it takes; 0 for 'none', which takes any. */
  readonly columns: number;
  /**
   * The scaled rows, such as (x − center) / scale: computed in float64 from what was given, then rounded to float32. Throws SimdenseError 'SHAPE' for other
   * columns, 'DATA' for a cell that is no finite number, or what float32 cannot hold.
   */
  transform(x: Rows): Matrix;
  /** The way back, such as x · scale + center: what `transform` came from. */
  inverse(x: Rows): Matrix;
  /** Plain data that scalerFromJson reads. */
  toJSON(): Data;
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
export function fitScaler<Type extends ScalerType>(type: Type, x: Rows): Scaler<DataOf<Type>> {
  noMore('fitScaler', arguments, 2);
  return atOnce(fittingScaler(type, x));
}

/** The same in slices, between which the event loop may turn. */
export function* fittingScaler<Type extends ScalerType>(
  type: Type,
  x: Rows,
): Generator<undefined, Scaler<DataOf<Type>>> {
  oneOf('fitScaler(type)', type, scalerTypes);
  // Bytes are left as they are.
  const grid = type === 'none' ? { data: new Float32Array(0), columns: 1 } : toGrid('fitScaler: x', x, Float64Array);
  return makeScaler<DataOf<Type>>(yield* fits[type](grid) as Generator<undefined, DataOf<Type>>);
}

/** The scaler that `toJSON` has described. Throws SimdenseError 'FORMAT' for anything else. */
export function scalerFromJson(data: unknown): Scaler {
  noMore('scalerFromJson', arguments, 1);
  const given = (data ?? {}) as ScalerData;
  const read = Object.hasOwn(kinds, given.type) && kindOf(given).read(given);
  if (!read) throw new SimdenseError('FORMAT', 'scalerFromJson(data): expected what toJSON gave');
  return makeScaler(read);
}

const kindOf = ({ type }: ScalerData) => kinds[type] as ScalerKind<ScalerData>;

function makeScaler<Data extends ScalerData>(data: Data): Scaler<Data> {
  const kind = kindOf(data);
  const columns = kind.columns(data);
  const through = (way: 'transform' | 'inverse') =>
    function (x: Rows): Matrix {
      noMore(way, arguments, 1);
      const where = `${way}: x`;
      if (columns === 0) return toAnyMatrix(where, x);
      const { data: numbers } = toGrid(where, x, Float64Array, columns, 'the scaler was fitted on');
      const out = new Float32Array(numbers.length);
      const convert = kind[way](data);
      for (let i = 0, c = 0; i < out.length; i++) {
        out[i] = convert(numbers[i] as number, c);
        if (++c === columns) c = 0;
      }
      checkFloats(where, out, columns, (at) => numbers[at]);
      return new Matrix(out, columns);
    };
  return Object.freeze({
    type: data.type,
    columns,
    transform: through('transform'),
    inverse: through('inverse'),
    toJSON: () => kind.read(data) as Data,
  });
}
