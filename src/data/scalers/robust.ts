import { sorting } from '../sorting.js';
import { ofColumns, quantile } from './columns.js';
import type { ScalerFit } from './kind.js';
import { type LinearData, linearData } from './linear.js';

/** Median, and the range between the quartiles (interpolated, as scikit-learn's RobustScaler). */
export const fitRobust: ScalerFit<LinearData<'robust'>> = function* (grid) {
  const measured = yield* ofColumns(grid, function* (values) {
    const sorted = yield* sorting(values);
    return [quantile(sorted, 0.5), quantile(sorted, 0.75) - quantile(sorted, 0.25)] as const;
  });
  return linearData('robust', grid, measured);
};
