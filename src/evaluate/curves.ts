import { noMore, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Rows } from '../data/rows.js';
import type { Split } from '../data/splits.js';
import { checkSplits, jobsOf, prepareRun, splitJobs } from './cross-validate.js';
import type { Labels } from './dataset.js';
import { type RunOptions, resultsOf, runAll } from './executor.js';
import type { FitJob, FitResult } from './fit-job.js';
import { checkPipeline, type Pipeline, resolvePipeline } from './pipeline.js';
import { type Scores, scoresOf } from './scores.js';

/** Figures on the training rows and on the others, at one point of a curve. */
export interface CurvePoint<V> {
  readonly at: V;
  readonly train: Scores;
  readonly test: Scores;
}

export interface LearningCurveOptions extends RunOptions {
  /** Shares of each split's training rows; [0.1, 0.325, 0.55, 0.775, 1], as scikit-learn's learning_curve. */
  sizes?: readonly number[];
}

/** What more rows would bring: the pipeline fitted on growing shares of each split's training rows, `at` being their mean number. */
export async function learningCurve(
  p: Pipeline,
  x: Rows,
  y: Labels,
  splits: Iterable<Split>,
  o?: LearningCurveOptions,
): Promise<CurvePoint<number>[]> {
  noMore('learningCurve', arguments, 5);
  const { given, data } = await prepareRun('learningCurve', p, x, y, o, ['sizes']);
  const sizes = given.sizes ?? [0.1, 0.325, 0.55, 0.775, 1];
  if (!Array.isArray(sizes) || sizes.length === 0 || !sizes.every((size) => size > 0 && size <= 1))
    refuse('learningCurve(sizes)', 'shares above 0 and up to 1', sizes);
  const all = await splitJobs('learningCurve', splits, data, given, { trainScores: true });
  const parts = sizes.map((size) => all.map((job) => ({ ...job, train: shareOf(job.train, size) })));
  const jobs = parts.flatMap((part) => jobsOf(p, part));
  const results = resultsOf(await runAll<FitJob, FitResult>('fit', jobs, data, given));
  return parts.map((part, i) => ({
    at: part.reduce((sum, { train }) => sum + train.length, 0) / part.length,
    ...both(results.slice(i * all.length, (i + 1) * all.length)),
  }));
}

/** The first rows; a copy, since a view would be sent with all of them. */
const shareOf = (train: Int32Array, size: number): Int32Array =>
  train.slice(0, Math.max(1, Math.round(train.length * size)));

/** What one setting does: the pipeline of each value, fitted and measured on the splits. */
export async function validationCurve<V>(
  values: readonly V[],
  pipeline: (value: V) => Pipeline,
  x: Rows,
  y: Labels,
  splits: Iterable<Split>,
  o?: RunOptions,
): Promise<CurvePoint<V>[]> {
  noMore('validationCurve', arguments, 6);
  if (!Array.isArray(values) || values.length === 0)
    throw new SimdenseError('ARGUMENT', 'validationCurve(values): there are none');
  if (typeof pipeline !== 'function') refuse('validationCurve(pipeline)', 'a function of the values', pipeline);
  checkSplits('validationCurve', splits);
  const pipelines = values.map((value) => checkPipeline('validationCurve(pipeline)', pipeline(value)));
  const { data, given } = await prepareRun('validationCurve', pipelines[0] as Pipeline, x, y, o);
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
