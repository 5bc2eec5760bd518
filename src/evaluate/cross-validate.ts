import { noMore, options, refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { inTurnsUntil } from '../base/pause.js';
import { isNumbers } from '../data/numbers.js';
import type { Rows } from '../data/rows.js';
import { MOST_SPLITS, type Split, slicesOf } from '../data/splits.js';
import type { Dataset, Labels } from './dataset.js';
import { rowsOf } from './dataset.js';
import { checkRun, type RunOptions, resultsOf, runAll, runOptions } from './executor.js';
import type { FitJob, FitResult } from './fit-job.js';
import { readingDatasetOf } from './fitted-pipeline.js';
import { type Pipeline, resolvePipeline } from './pipeline.js';
import { type Scores, scoresOf, seedsFrom } from './scores.js';

/**
 * Fits the pipeline anew on the training rows of each split, such as kFold's or holdOut's, and measures it on the others: loss and metrics, each with mean
 * and standard deviation over the splits. Rejects with what the first failed training throws.
 */
export async function crossValidate(
  p: Pipeline,
  x: Rows,
  y: Labels,
  splits: Iterable<Split>,
  o?: RunOptions,
): Promise<Scores> {
  noMore('crossValidate', arguments, 5);
  const { given, data } = await prepareRun('crossValidate', p, x, y, o);
  const jobs = jobsOf(p, await splitJobs('crossValidate', splits, data, given));
  return scoresOf(resultsOf(await runAll<FitJob, FitResult>('fit', jobs, data, given)).map(({ scores }) => scores));
}

/** The checked options and set of an evaluation; `more` are the options that it has beside the common ones. */
export async function prepareRun<O extends RunOptions>(
  where: string,
  p: Pipeline,
  x: Rows,
  y: Labels,
  o: O | undefined,
  more: readonly string[] = [],
): Promise<{ given: O; data: Dataset }> {
  const given = options(where, o, [...runOptions, ...more]);
  checkRun(where, given);
  const data = await inTurnsUntil(readingDatasetOf(where, p, x, y), given.signal);
  // What the set and the pipeline do not agree on is told before anything runs.
  resolvePipeline(where, p, data);
  return { given, data };
}

/** Throws SimdenseError 'ARGUMENT' for what is no list of splits. */
export function checkSplits(where: string, splits: Iterable<Split>): void {
  if (typeof splits !== 'object' || typeof splits?.[Symbol.iterator] !== 'function')
    refuse(`${where}(splits)`, 'splits such as kFold(rows)', splits);
}

/** What to train on and to test with, and the seed: a job of any pipeline. */
export type SplitJob = Omit<FitJob, 'pipeline'>;

/** A job for each split, whose rows must be the set's. The event loop turns while they are drawn and checked, and the signal is heard. */
export function splitJobs(
  where: string,
  splits: Iterable<Split>,
  data: Dataset,
  { seed = 0, signal }: RunOptions,
  wants?: FitJob['wants'],
): Promise<SplitJob[]> {
  checkSplits(where, splits);
  return inTurnsUntil(drawingJobs(where, splits, rowsOf(data), seed, wants), signal);
}

function* drawingJobs(
  where: string,
  splits: Iterable<Split>,
  rows: number,
  seed: number,
  wants: FitJob['wants'],
): Generator<undefined, SplitJob[]> {
  const parts: Split[] = [];
  const slices = slicesOf(splits);
  for (const split of slices ?? splits) {
    if (parts.length === MOST_SPLITS)
      throw new SimdenseError('ARGUMENT', `${where}(splits): there are more than ${MOST_SPLITS}`);
    if (split || !slices) parts.push(checkSplit(where, split as Split, parts.length, rows));
    yield;
  }
  if (parts.length === 0) throw new SimdenseError('ARGUMENT', `${where}(splits): there are none`);
  const seeds = seedsFrom(seed, parts.length);
  return parts.map((part, i) => ({ ...part, seed: seeds[i] as number, ...(wants && { wants }) }));
}

/** A copy of a split, each part of which has rows of the set, and no row of the other. */
function checkSplit(where: string, split: Split, i: number, rows: number): Split {
  const { train, test } = split ?? {};
  if (!isNumbers(train) || !isNumbers(test)) refuse(`${where}(splits)`, 'rows to train on and to test with', split);
  const wrong = (what: string): SimdenseError => new SimdenseError('ARGUMENT', `${where}(splits[${i}]): ${what}`);
  for (const part of [train, test]) {
    if (part.length === 0) throw wrong('rows to train on and rows to test with, at least one each');
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
      throw wrong(`row ${test[at]} is trained on and tested with, which would flatter the figures; take it out of one`);
  }
  return { train: new Int32Array(train), test: new Int32Array(test) };
}

/** The jobs of one pipeline. */
export const jobsOf = (pipeline: Pipeline, splits: readonly SplitJob[]): FitJob[] =>
  splits.map((job) => ({ pipeline, ...job }));
