import { noMore, options, refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { inTurnsUntil } from '../base/pause.js';
import { isNumbers } from '../data/numbers.js';
import { MOST_SPLITS, type Split, slicesOf } from '../data/splits.js';
import { type Dataset, readingDataset, rowsOf, type TrainingRows } from './dataset.js';
import { checkRun, type RunOptions, resultsOf, runAll, runOptions } from './executor.js';
import type { FitJob, FitResult } from './fit-job.js';
import { checkPipeline, type Pipeline, resolvePipeline, wantedOf } from './pipeline.js';
import { type RowsTogether, together } from './rows-together.js';
import { type Scores, scoresOf, seedsFrom } from './scores.js';
import type { Labels } from './task.js';

/**
 * Fits the pipeline on the training rows of each split and measures it on the test rows.
 *
 * Scalers are fitted on the training rows too, so nothing leaks from the test rows.
 *
 * @param p The pipeline.
 * @param x Rows, as for fitPipeline.
 * @param y A label or targets for each row, as for fitPipeline.
 * @param splits The splits, such as kFold's or holdOut's.
 * @param o Options; see RunOptions, and `groups` and `time` of fitPipeline, which hold for the validation rows of each fit. Splits must keep
 * groups together, as kFold's with the same `groups` do.
 * @returns Loss and metrics, each with its value for each split, their mean and their standard deviation.
 * @throws SimdenseError 'ARGUMENT' for an option, a split or a part of the pipeline that is unknown or out of range.
 * @throws SimdenseError 'SHAPE' or 'DATA' for x and y that do not fit together or cannot be used. It also rejects with the error of the
 * first failed training run, and with the signal's reason.
 * @example
 * import { kFold } from 'simdense/data';
 *
 * const x = Array.from({ length: 40 }, (_, i) => [i]);
 * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
 * const splits = kFold(40, { folds: 4 });
 * const { accuracy } = await crossValidate({ layers: [], fit: { epochs: 30 } }, x, y, splits);
 * accuracy?.values.length; // 4
 * console.log(`${accuracy?.mean} ± ${accuracy?.stddev}`);
 */
export async function crossValidate(
  p: Pipeline,
  x: TrainingRows,
  y: Labels | string,
  splits: Iterable<Split>,
  o?: RunOptions & RowsTogether,
): Promise<Scores> {
  noMore('crossValidate', arguments, 5);
  const { given, data, pipeline } = await prepareRun('crossValidate', p, x, y, o, together);
  const jobs = jobsOf(pipeline, await splitJobs('crossValidate', splits, data, given));
  return scoresOf(resultsOf(await runAll<FitJob, FitResult>('fit', jobs, data, given)).map(({ scores }) => scores));
}

/** Checks the options and the data of an evaluation. `more` are the names of its options in addition to the common ones. */
export async function prepareRun<O extends RunOptions>(
  where: string,
  p: Pipeline,
  x: TrainingRows,
  y: Labels | string,
  o: O | undefined,
  more: readonly string[] = [],
): Promise<{ given: O; data: Dataset; pipeline: Pipeline }> {
  const given = options(where, o, [...runOptions, ...more]);
  checkRun(where, given);
  const pipeline = checkPipeline(where, p);
  const reading = readingDataset(where, x, y, wantedOf(pipeline), given as RowsTogether);
  const data = await inTurnsUntil(reading, given.signal);
  // Check that pipeline and data fit together before anything runs.
  resolvePipeline(where, pipeline, data);
  return { given, data, pipeline };
}

/** Throws SimdenseError 'ARGUMENT' for splits that are not iterable. */
export function checkSplits(where: string, splits: Iterable<Split>): void {
  if (typeof splits !== 'object' || typeof splits?.[Symbol.iterator] !== 'function')
    refuse(`${where}(splits)`, 'splits such as kFold(rows)', splits);
}

/** A job without its pipeline: the rows to train and test on, and the seed. */
export type SplitJob = Omit<FitJob, 'pipeline'>;

/** Makes a job for each split, whose rows must be rows of the data set. The event loop may turn meanwhile; rejects with the signal's reason. */
export function splitJobs(
  where: string,
  splits: Iterable<Split>,
  data: Dataset,
  { seed = 0, signal }: RunOptions,
  wants?: FitJob['wants'],
): Promise<SplitJob[]> {
  checkSplits(where, splits);
  return inTurnsUntil(drawingJobs(where, splits, data, seed, wants), signal);
}

function* drawingJobs(
  where: string,
  splits: Iterable<Split>,
  data: Dataset,
  seed: number,
  wants: FitJob['wants'],
): Generator<undefined, SplitJob[]> {
  const parts: Split[] = [];
  const slices = slicesOf(splits);
  for (const split of slices ?? splits) {
    if (parts.length === MOST_SPLITS)
      throw new SimdenseError('ARGUMENT', `${where}(splits): expected at most ${MOST_SPLITS} splits`);
    if (split || !slices) parts.push(checkSplit(where, split as Split, parts.length, data));
    yield;
  }
  if (parts.length === 0) throw new SimdenseError('ARGUMENT', `${where}(splits): expected at least one split`);
  const seeds = seedsFrom(seed, parts.length);
  return parts.map((part, i) => ({ ...part, seed: seeds[i] as number, ...(wants && { wants }) }));
}

/** A checked copy of a split: both parts have rows of the data set, and none in common. */
function checkSplit(where: string, split: Split, i: number, data: Dataset): Split {
  const rows = rowsOf(data);
  const { groups } = data;
  const { train, test } = split ?? {};
  if (!isNumbers(train) || !isNumbers(test)) refuse(`${where}(splits)`, '{ train, test } with row indices', split);
  const wrong = (what: string): SimdenseError => new SimdenseError('ARGUMENT', `${where}(splits[${i}]): ${what}`);
  for (const part of [train, test]) {
    if (part.length === 0) throw wrong('expected at least one row to train on and one to test on');
    for (let at = 0; at < part.length; at++) {
      const row = part[at] as number;
      if (!Number.isInteger(row) || row < 0 || row >= rows)
        throw wrong(`row ${show(row)} is not among the ${rows} rows of x`);
    }
  }
  const trained = new Uint8Array(rows);
  for (let at = 0; at < train.length; at++) trained[train[at] as number] = 1;
  for (let at = 0; at < test.length; at++) {
    if (trained[test[at] as number] === 1)
      throw wrong(
        `row ${test[at]} is in both train and test, which would make the figures too good; remove it from one`,
      );
  }
  const parts = { train: new Int32Array(train), test: new Int32Array(test) };
  if (groups) {
    const groupsTrained = new Set(Array.from(parts.train, (row) => groups[row]));
    const divided = parts.test.find((row) => groupsTrained.has(groups[row]));
    if (divided !== undefined)
      throw wrong(`the group of row ${divided} is in both train and test; draw the splits with the same groups`);
  }
  return parts;
}

/** The jobs of one pipeline. */
export const jobsOf = (pipeline: Pipeline, splits: readonly SplitJob[]): FitJob[] =>
  splits.map((job) => ({ pipeline, ...job }));
