import { ofColumns } from './columns.js';
import type { ScalerFit } from './kind.js';
import { type LinearData, linearData } from './linear.js';

/** The smallest number becomes 0, the largest 1. */
export const fitMinMax: ScalerFit<LinearData<'minMax'>> = function* (grid) {
  const measured = yield* ofColumns(grid, function* (values) {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    yield;
    return [low, high - low] as const;
  });
  return linearData('minMax', grid, measured);
};
