// Prepares a data set for the network: training and validation rows, scaled rows and targets, weights.
import { isRecord, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { Matrix } from '../data/matrix.js';
import { isNumbers, type Numbers } from '../data/numbers.js';
import { type Split, setAsideBy } from '../data/splits.js';
import type { DataEncoder } from './data-encoder.js';
import { type Dataset, rowsOf, selectingRows, splitBy } from './dataset.js';
import type { Pipeline } from './pipeline.js';
import { scaling } from './scaling.js';
import type { TargetScaler } from './target-scale.js';

export interface Parts {
  readonly train: Dataset;
  readonly validation?: Dataset;
  /** The indices of the training rows; undefined if they are all rows. */
  readonly rows?: Int32Array;
}

/** Splits a data set into training and validation rows. In slices; the event loop may turn between them. Throws SimdenseError 'ARGUMENT' for a single row. */
export function* splittingOff(set: Dataset, share: number, seed: number): Generator<undefined, Parts> {
  const count = rowsOf(set);
  if (count < 2) throw new SimdenseError('ARGUMENT', 'validationSplit: needs 2 rows or more, got 1');
  return yield* partsOf(set, yield* setAsideBy(count, share, seed, splitBy(set)));
}

/** The rows to train on, and the rows that are measured after each epoch. In slices; the event loop may turn between them. */
export function* partsOf(set: Dataset, { train, test }: Split): Generator<undefined, Parts> {
  return {
    train: yield* selectingRows(set, train),
    validation: yield* selectingRows(set, test),
    rows: train,
  };
}

/** The weights of the training rows. fit checks their values. */
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

/** What turns rows, and a regression's targets, into the network's numbers. */
export interface Preparation {
  readonly rowEncoder: DataEncoder;
  readonly targetScaler: TargetScaler;
}

/** Encoded rows, and targets in the form that the model takes. In slices; the event loop may turn between them. */
export function* preparing(
  set: Dataset,
  { rowEncoder, targetScaler }: Preparation,
  outputs: number,
): Generator<undefined, [Matrix, Matrix | Int32Array]> {
  const { x, y, indices } = set;
  const rows = yield* rowEncoder.encoding(x);
  if (y) return [rows, yield* scaling(targetScaler, new Matrix(y.data, y.columns))];
  return [rows, outputs === 1 ? new Matrix(Float32Array.from(indices as Int32Array), 1) : (indices as Int32Array)];
}

/** Turns weights by label into weights by class index. */
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
