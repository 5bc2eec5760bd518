// Measures how to scale a column of numbers.
import { quantile } from '../../data/scalers/columns.js';
import { fits, type ScalerData } from '../../data/scalers/index.js';
import { linearData } from '../../data/scalers/linear.js';
import { selecting } from '../../data/selecting.js';
import { sorting } from '../../data/sorting.js';
import type { NumberScaling, Scaling } from './options.js';
import type { Scale } from './scale.js';

/** Beyond this the squares of many cells are no longer in float64. */
const LARGE = 2 ** 480;
/** Brings every float64 far below that. */
const UNIT = 2 ** -600;

/** The default of `clip`: a few spreads where the scale has no bound. */
const CLIP = { standard: 3, robust: 3, spread: 3, minMax: null, quantile: null, none: null } satisfies Readonly<
  Record<NumberScaling, number | null>
>;

/** Scales the numbers that are there, at least one, which it reorders. In slices; the event loop may turn between them. */
export function* fittingScale(
  present: Float64Array,
  { scale, clip = CLIP[scale] }: Scaling,
): Generator<undefined, Scale> {
  const sorted = scale === 'spread' ? yield* ranked(present) : yield* sorting(present);
  const large = Math.max(-(sorted[0] as number), sorted[sorted.length - 1] as number) > LARGE;
  // −0 would come back from JSON as 0.
  const fill = middle(sorted) + 0;
  const unit = large && scale !== 'none' ? { unit: UNIT } : {};
  if (large && scale !== 'none') for (let i = 0; i < sorted.length; i++) (sorted[i] as number) *= UNIT;
  const scaler = yield* fittingScaler(sorted, scale);
  return { fill, ...unit, scaler: withoutSign(scaler), ...(clip !== null && { clip }) };
}

/** Numbers of which those are in their places that the default scale asks for: to sort all takes longer. */
function* ranked(values: Float64Array): Generator<undefined, Float64Array> {
  const last = values.length - 1;
  const places = [0.25, 0.5, 0.75].flatMap((share) => [Math.floor(share * last), Math.ceil(share * last)]);
  // quantile also reads the number behind a whole rank, of which it takes nothing.
  yield* selecting(values, [0, ...places, last]);
  return values;
}

/** The median, whose halves do not overflow. */
function middle(sorted: Float64Array): number {
  const at = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(at)] as number, sorted[Math.ceil(at)] as number];
  return low === high ? low : low / 2 + high / 2;
}

function* fittingScaler(sorted: Float64Array, scale: NumberScaling): Generator<undefined, ScalerData> {
  const grid = { data: sorted, columns: 1 };
  if (scale !== 'spread') return yield* fits[scale](grid);
  const between = quantile(sorted, 0.75) - quantile(sorted, 0.25);
  const range = (sorted[sorted.length - 1] as number) - (sorted[0] as number);
  return linearData('robust', grid, [[quantile(sorted, 0.5), between > 0 ? between : range / 2]]);
}

/** −0 as 0. */
const withoutSign = (scaler: ScalerData): ScalerData =>
  scaler.type === 'quantile'
    ? { ...scaler, quantiles: scaler.quantiles.map((list) => list.map((value) => value + 0)) }
    : { ...scaler, center: scaler.center.map((value) => value + 0) };
