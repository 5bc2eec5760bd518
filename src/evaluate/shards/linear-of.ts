// The scaler of one column, from the merged figures of all shards.
import type { ScalerData } from '../../data/scalers/index.js';
import { type LinearData, linearData } from '../../data/scalers/linear.js';
import type { Moments } from './summary.js';

/** Advice for what needs all rows in one place. */
export const ADVICE = 'fit a pipeline on a sample of the rows, and pass what fitPipeline gives instead of the pipeline';

export function linearOf(
  type: 'standard' | 'minMax',
  { count, sum, squares, least, most }: Moments,
): Extract<ScalerData, LinearData<'standard' | 'minMax'>> {
  const measured =
    type === 'standard' ? ([sum / count, Math.sqrt(squares / count)] as const) : ([least, most - least] as const);
  const { center, scale } = linearData(type, { data: new Float64Array(), columns: 1 }, [measured]);
  // −0 would come back from JSON as 0.
  return { type, center: center.map((value) => value + 0), scale } as Extract<
    ScalerData,
    LinearData<'standard' | 'minMax'>
  >;
}
