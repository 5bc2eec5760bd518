import { sorting } from '../sorting.js';
import { atRank, ofColumns } from './columns.js';
import { isFiniteList, type ScalerFit, type ScalerKind } from './kind.js';

/** The most quantiles of a column: the default of scikit-learn's QuantileTransformer. */
const MOST = 1000;

/** The quantiles of each column in ascending order, at evenly spaced ranks from the smallest number to the largest; the same number for each column. */
export interface QuantileData {
  readonly type: 'quantile';
  readonly quantiles: readonly (readonly number[])[];
}

const isAscending = (list: readonly number[]): boolean =>
  list.every((value, i) => i === 0 || value >= (list[i - 1] as number));

/** The rank of a number among n quantiles, from 0 to n − 1: interpolated between neighbours; of equal quantiles the mean rank. */
function rankOf(value: number, quantiles: readonly number[]): number {
  const last = quantiles.length - 1;
  // In a constant column, a number that is both the smallest and the largest counts as the smallest.
  if (value <= (quantiles[0] as number)) return 0;
  if (value >= (quantiles[last] as number)) return last;
  const next = countBelow(value, quantiles, false);
  const high = quantiles[next] as number;
  if (high === value) return (next + countBelow(value, quantiles, true) - 1) / 2;
  const low = quantiles[next - 1] as number;
  return next - 1 + (value - low) / (high - low);
}

/** The number of quantiles below `value`, with `orEqual` also those equal to it; by binary search. */
function countBelow(value: number, quantiles: readonly number[], orEqual: boolean): number {
  let [low, high] = [0, quantiles.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const each = quantiles[middle] as number;
    if (each < value || (orEqual && each === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Maps each column to [0, 1] by its empirical distribution, as scikit-learn's QuantileTransformer to 'uniform'. */
export const quantileKind: ScalerKind<QuantileData> = {
  read({ quantiles }) {
    if (!Array.isArray(quantiles) || quantiles.length === 0) return undefined;
    const whole = [...quantiles].every(
      (list) => isFiniteList(list) && list.length > 0 && list.length === quantiles[0].length && isAscending(list),
    );
    return whole ? { type: 'quantile', quantiles: quantiles.map((list) => [...list]) } : undefined;
  },
  columns: ({ quantiles }) => quantiles.length,
  transform({ quantiles }) {
    return (value, c) => {
      const own = quantiles[c] as readonly number[];
      // A single quantile has the rank 0, so avoid 0 / 0.
      return rankOf(value, own) / Math.max(1, own.length - 1);
    };
  },
  inverse({ quantiles }) {
    return (value, c) => {
      const own = quantiles[c] as readonly number[];
      return atRank(own, Math.min(1, Math.max(0, value)) * (own.length - 1));
    };
  },
};

/** Up to 1000 quantiles of each column, or as many as there are rows. */
export const fitQuantile: ScalerFit<QuantileData> = function* (grid) {
  const quantiles = yield* ofColumns(grid, function* (values) {
    const sorted = yield* sorting(values);
    const count = Math.min(MOST, sorted.length);
    let least = Number.NEGATIVE_INFINITY;
    return Array.from({ length: count }, (_, i) => {
      // Dividing last keeps whole ranks whole. Interpolation may round up past the next quantile.
      least = Math.max(least, atRank(sorted, (i * (sorted.length - 1)) / Math.max(1, count - 1)));
      return least;
    });
  });
  return { type: 'quantile', quantiles };
};
