import type { Grid } from '../rows.js';
import { SLICE } from './columns.js';
import type { ScalerFit } from './kind.js';
import { type LinearData, linearData } from './linear.js';

/** Mean and standard deviation (of the population, as scikit-learn's StandardScaler) of each column: all columns in one pass over the rows. */
export const fitStandard: ScalerFit<LinearData<'standard'>> = function* (grid) {
  const rows = grid.data.length / grid.columns;
  const means = (yield* sums(grid, addValues, new Float64Array(grid.columns))).map((sum) => sum / rows);
  const squares = yield* sums(grid, addSquares, means);
  const measured = Array.from(means, (mean, c) => [mean, Math.sqrt((squares[c] as number) / rows)] as const);
  return linearData('standard', grid, measured);
};

type Add = (to: Float64Array, numbers: Grid['data'], from: number, end: number, means: Float64Array) => void;

/** The sum over each column. */
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
