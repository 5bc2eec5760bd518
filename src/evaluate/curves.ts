import { noMore, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Split } from '../data/splits.js';
import { checkSplits, jobsOf, prepareRun, splitJobs } from './cross-validate.js';
import type { TrainingRows } from './dataset.js';
import { type RunOptions, resultsOf, runAll } from './executor.js';
import type { FitJob, FitResult } from './fit-job.js';
import { checkPipeline, type Pipeline, resolvePipeline } from './pipeline.js';
import { type RowsTogether, together } from './rows-together.js';
import { type Scores, scoresOf } from './scores.js';
import type { Labels } from './task.js';

/** One point of a curve: the figures on the training rows and on the test rows. */
export interface CurvePoint<V> {
  readonly at: V;
  readonly train: Scores;
  readonly test: Scores;
}

export interface LearningCurveOptions extends RunOptions, RowsTogether {
  /** The shares of each split's training rows, above 0 and at most 1. Default: [0.1, 0.325, 0.55, 0.775, 1], as in scikit-learn's learning_curve. */
  sizes?: readonly number[];
}

/**
 * Shows whether more rows would help: fits the pipeline on growing shares of each split's training rows.
 *
 * @param p The pipeline.
 * @param x Rows, as for fitPipeline.
 * @param y A label or targets for each row, as for fitPipeline.
 * @param splits The splits, such as kFold's or holdOut's.
 * @param o Options; see LearningCurveOptions.
 * @returns A point for each size: `at` is the mean number of training rows; `train` and `test` are the figures on these rows and on the
 * test rows.
 * @throws SimdenseError 'ARGUMENT' for an option, a split or a part of the pipeline that is unknown or out of range.
 * @throws SimdenseError 'SHAPE' or 'DATA' for x and y that do not fit together or cannot be used. It also rejects with the error of the
 * first failed training run, and with the signal's reason.
 * @example
 * import { holdOut } from 'simdense/data';
 *
 * const x = Array.from({ length: 40 }, (_, i) => [i]);
 * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
 * const splits = holdOut(40, { testSize: 0.25 });
 * const points = await learningCurve({ layers: [], fit: { epochs: 5 } }, x, y, splits, { sizes: [0.5, 1] });
 * points.map(({ at }) => at); // [15, 30]
 */
export async function learningCurve(
  p: Pipeline,
  x: TrainingRows,
  y: Labels | string,
  splits: Iterable<Split>,
  o?: LearningCurveOptions,
): Promise<CurvePoint<number>[]> {
  noMore('learningCurve', arguments, 5);
  const { given, data, pipeline } = await prepareRun('learningCurve', p, x, y, o, ['sizes', ...together]);
  const sizes = given.sizes ?? [0.1, 0.325, 0.55, 0.775, 1];
  if (!Array.isArray(sizes) || sizes.length === 0 || !sizes.every((size) => size > 0 && size <= 1))
    refuse('learningCurve(sizes)', 'shares above 0 and up to 1', sizes);
  const all = await splitJobs('learningCurve', splits, data, given, { trainScores: true });
  const parts = sizes.map((size) => all.map((job) => ({ ...job, train: shareOf(job.train, size) })));
  const jobs = parts.flatMap((part) => jobsOf(pipeline, part));
  const results = resultsOf(await runAll<FitJob, FitResult>('fit', jobs, data, given));
  return parts.map((part, i) => ({
    at: part.reduce((sum, { train }) => sum + train.length, 0) / part.length,
    ...both(results.slice(i * all.length, (i + 1) * all.length)),
  }));
}

/** A copy of the first rows. A view would be sent to workers with its whole buffer. */
const shareOf = (train: Int32Array, size: number): Int32Array =>
  train.slice(0, Math.max(1, Math.round(train.length * size)));

/**
 * Shows the effect of one setting: fits and measures a pipeline for each of its values.
 *
 * @param values The values of the setting.
 * @param pipeline Makes the pipeline for a value.
 * @param x Rows, as for fitPipeline.
 * @param y A label or targets for each row, as for fitPipeline.
 * @param splits The splits, such as kFold's or holdOut's.
 * @param o Options; see RunOptions.
 * @returns A point for each value: `at` is the value; `train` and `test` are the figures on the training and on the test rows.
 * @throws SimdenseError 'ARGUMENT' for an option, a split or a part of the pipeline that is unknown or out of range.
 * @throws SimdenseError 'SHAPE' or 'DATA' for x and y that do not fit together or cannot be used. It also rejects with the error of the
 * first failed training run, and with the signal's reason.
 * @example
 * import { dense } from 'simdense';
 * import { holdOut } from 'simdense/data';
 *
 * const x = Array.from({ length: 40 }, (_, i) => [i]);
 * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
 * const withUnits = (units: number) => ({ layers: [dense({ units, activation: 'relu' })], fit: { epochs: 5 } });
 * const points = await validationCurve([2, 8], withUnits, x, y, holdOut(40));
 * points.map(({ at }) => at); // [2, 8]
 */
export async function validationCurve<V>(
  values: readonly V[],
  pipeline: (value: V) => Pipeline,
  x: TrainingRows,
  y: Labels | string,
  splits: Iterable<Split>,
  o?: RunOptions & RowsTogether,
): Promise<CurvePoint<V>[]> {
  noMore('validationCurve', arguments, 6);
  if (!Array.isArray(values) || values.length === 0)
    throw new SimdenseError('ARGUMENT', 'validationCurve(values): expected at least one value');
  if (typeof pipeline !== 'function') refuse('validationCurve(pipeline)', 'a function of the values', pipeline);
  checkSplits('validationCurve', splits);
  const pipelines = values.map((value) => checkPipeline('validationCurve(pipeline)', pipeline(value)));
  const { data, given } = await prepareRun('validationCurve', pipelines[0] as Pipeline, x, y, o, together);
  for (const p of pipelines) resolvePipeline('validationCurve(pipeline)', p, data);
  const all = await splitJobs('validationCurve', splits, data, given, { trainScores: true });
  const jobs = pipelines.flatMap((p) => jobsOf(p, all));
  const results = resultsOf(await runAll<FitJob, FitResult>('fit', jobs, data, given));
  return values.map((at, i) => ({ at, ...both(results.slice(i * all.length, (i + 1) * all.length)) }));
}

function both(results: readonly FitResult[]): { train: Scores; test: Scores } {
  return {
    train: scoresOf(results.map(({ trainScores }) => trainScores ?? {})),
    test: scoresOf(results.map(({ scores }) => scores)),
  };
}
