// What a network is given of a set: its training and validation rows, scaled rows and targets, weights.
import { isRecord, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { Matrix } from '../data/matrix.js';
import { isNumbers, type Numbers } from '../data/numbers.js';
import type { Scaler } from '../data/scalers.js';
import { holdOut } from '../data/splits.js';
import { type Dataset, rowsOf, selectRows } from './dataset.js';
import type { Pipeline } from './pipeline.js';

export interface Parts {
  readonly train: Dataset;
  readonly validation?: Dataset;
  /** Numbers of the training rows; all rows in their order without. */
  readonly rows?: Int32Array;
}

export function splitOff(set: Dataset, share: number, seed: number): Parts {
  const stratify = set.indices ? { stratify: set.indices } : {};
  for (const { train, test } of holdOut(rowsOf(set), { testSize: share, seed, ...stratify })) {
    const rows = train.sort();
    return { train: selectRows(set, rows), validation: selectRows(set, test.sort()), rows };
  }
  throw new SimdenseError('DATA', 'fitPipeline: nothing to split');
}

/** What the training rows weigh; their numbers are checked by fit. */
export function weightsOf(
  where: string,
  sampleWeight: Numbers | undefined,
  count: number,
  rows: Int32Array | undefined,
): Numbers | undefined {
  if (sampleWeight === undefined) return undefined;
  if (!isNumbers(sampleWeight)) refuse(`${where}(sampleWeight)`, 'a number for each row', sampleWeight);
  if (sampleWeight.length !== count)
    throw new SimdenseError('SHAPE', `${where}: x has ${count} rows, sampleWeight has ${sampleWeight.length}`);
  return rows ? Array.from(rows, (row) => sampleWeight[row] as number) : sampleWeight;
}

/** How columns and, of a regression, targets are scaled. */
export interface Scalers {
  readonly scaler: Scaler;
  readonly targetScaler: Scaler;
}

/** Scaled rows, and targets in the form that the model takes. */
export function prepare(
  set: Dataset,
  { scaler, targetScaler }: Scalers,
  outputs: number,
): [Matrix, Matrix | Int32Array] {
  const { x, y, indices } = set;
  const rows = scaler.transform(new Matrix(x.data, x.columns));
  if (y) return [rows, targetScaler.transform(new Matrix(y.data, y.columns))];
  return [rows, outputs === 1 ? new Matrix(Float32Array.from(indices as Int32Array), 1) : (indices as Int32Array)];
}

/** Weights by label as weights by the class's index. */
export function weightsByIndex(
  where: string,
  weights: NonNullable<NonNullable<Pipeline['fit']>['classWeight']>,
  { classes }: Dataset,
): Readonly<Record<number, number>> | 'balanced' {
  if (weights === 'balanced') return weights;
  if (!isRecord(weights)) refuse(`${where}(fit.classWeight)`, "weights by class, or 'balanced'", weights);
  if (!classes) throw new SimdenseError('ARGUMENT', `${where}(fit.classWeight): a regression has no classes`);
  return Object.fromEntries(
    Object.entries(weights).map(([label, weight]) => {
      const index = classes.findIndex((known) => String(known) === label);
      if (index < 0)
        throw new SimdenseError('DATA', `${where}(fit.classWeight): no class ${label} among ${classes.join(', ')}`);
      return [index, weight];
    }),
  );
}
