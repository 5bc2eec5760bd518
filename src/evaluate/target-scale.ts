// Scales the targets of a regression: a new network predicts around 0 ± 1, while targets such as prices have any size.

import { Matrix } from '../data/matrix.js';
import { fittingScaler, type Scaler, type ScalerData, scalerFromJson } from '../data/scalers/index.js';
import type { LinearData } from '../data/scalers/linear.js';
import { sorting } from '../data/sorting.js';
import type { Dataset } from './dataset.js';
import { TargetUnits } from './target-units.js';

/** The interquartile range of a normal distribution is 1.349 standard deviations. */
const NORMAL_RANGE = 1.349;
/** A standard deviation this many times larger than the quartiles suggest is due to outliers. For log-normal prices it is about 2 times, for an exponential distribution 1.2. */
const OUTLIERS = 3;

/** A scaler of targets. It must be linear, so that one factor for each output converts losses and metrics to the targets' own units. */
export type TargetScaler = Scaler<Extract<ScalerData, LinearData>>;
export type TargetScale = TargetScaler['type'];
const linear: { readonly [type in TargetScale]: true } = { standard: true, minMax: true, robust: true, none: true };
export const targetScales = /* @__PURE__ */ Object.keys(linear) as readonly TargetScale[];

/** The scaler that changes nothing. */
export const noScaler = /* @__PURE__ */ scalerFromJson({ type: 'none', center: [], scale: [] }) as TargetScaler;

/** Whether a scaler is linear, so that it can scale targets. */
export const isLinear = (scaler: Scaler): scaler is TargetScaler => 'center' in scaler.toJSON();

/** Fits a scaler on targets. Default type: 'standard', or 'robust' if outliers inflate the standard deviation. In slices; the event loop may turn between them. */
export function* fittingTargetScaler(
  y: NonNullable<Dataset['y']>,
  type: TargetScale | undefined,
): Generator<undefined, TargetScaler> {
  const targets = new Matrix(y.data, y.columns);
  if (type !== undefined) return yield* fittingScaler(type, targets);
  const standard = yield* fittingScaler('standard', targets);
  const robust = yield* fittingScaler('robust', targets);
  const [{ scale: spreads }, { scale: ranges }] = [standard.toJSON(), robust.toJSON()];
  const hasOutliers = spreads.every((spread, c) => spread * NORMAL_RANGE > OUTLIERS * (ranges[c] as number));
  // If half of the values of an output are equal, its quartiles may be equal too. The robust scale is then 1, which says nothing about the spread.
  return hasOutliers && (yield* quartilesDiffer(targets, ranges)) ? robust : standard;
}

/** Whether the quartiles of each output differ. A range other than 1 shows it without a look at the column. */
function* quartilesDiffer(targets: Matrix, ranges: readonly number[]): Generator<undefined, boolean> {
  for (const [c, range] of ranges.entries()) if (range === 1 && !(yield* quartilesDifferIn(targets, c))) return false;
  return true;
}

/** Whether the quartiles of a column differ. */
function* quartilesDifferIn({ data, rows, columns }: Matrix, column: number): Generator<undefined, boolean> {
  const values = yield* sorting(
    Float64Array.from({ length: rows }, (_, row) => data[row * columns + column] as number),
  );
  return values[Math.floor(rows * 0.25)] !== values[Math.floor(rows * 0.75)];
}

/** The units for losses and metrics of scaled targets; undefined if the targets are not scaled. */
export function unitsOf(scaler: TargetScaler): TargetUnits | undefined {
  if (scaler.type === 'none') return undefined;
  const { center, scale } = scaler.toJSON();
  return new TargetUnits(center, scale);
}
