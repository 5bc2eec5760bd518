// How a number becomes a feature: scaled, and clipped smoothly.
import { readScaler, type ScalerData, transformOf } from '../../data/scalers/index.js';

/** What a column of numbers keeps of its training cells. */
export interface Scale {
  /** The median, which stands for a missing cell. */
  readonly fill: number;
  /** The power of two that cells are multiplied by first, where their squares would be beyond float64. Default: 1. */
  readonly unit?: number;
  /** A fitted scaler of one column. */
  readonly scaler: ScalerData;
  /** The bound that scaled numbers stay below: x becomes x / √(1 + (x / clip)²). Default: none. */
  readonly clip?: number;
}

/** Float32's largest number. */
const MOST = 3.4028234663852886e38;

const isPositive = (value: unknown): value is number => Number.isFinite(value) && (value as number) > 0;

/** A checked copy; undefined for anything else. */
export function checkScale({ fill, unit, scaler, clip }: Partial<Scale>): Scale | undefined {
  const read = readScaler(scaler);
  const columns = read && (read.type === 'quantile' ? read.quantiles : read.type === 'none' ? [0] : read.center).length;
  const sound =
    read &&
    columns === 1 &&
    Number.isFinite(fill) &&
    (unit === undefined || isPositive(unit)) &&
    (clip === undefined || isPositive(clip));
  return sound ? { fill: fill as number, ...(unit && { unit }), scaler: read, ...(clip && { clip }) } : undefined;
}

/** Scales one number, in float64; what float32 cannot hold becomes its largest number. */
export function scaling({ unit = 1, scaler, clip }: Scale): (value: number) => number {
  const convert = transformOf(scaler);
  return (value) => {
    let x = convert(value * unit, 0);
    if (clip !== undefined) {
      const share = x / clip;
      // Squares of larger ones are beyond float64, and the quotient is 1 to all its digits.
      x = Math.abs(share) < 1e9 ? x / Math.sqrt(1 + share * share) : share < 0 ? -clip : clip;
    }
    return x >= -MOST ? Math.min(x, MOST) : -MOST;
  };
}
