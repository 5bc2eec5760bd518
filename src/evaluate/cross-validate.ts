import { noMore, options, refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { isNumbers } from '../data/numbers.js';
import type { Rows } from '../data/rows.js';
import type { Split } from '../data/splits.js';
import { Pacer } from '../train/pause.js';
import type { Dataset, Labels } from './dataset.js';
import { rowsOf } from './dataset.js';
import { checkRun, type RunOptions, resultsOf, runAll, runOptions } from './executor.js';
import { toDatasetOf } from './fitted-pipeline.js';
import { type Pipeline, settle } from './pipeline.js';
import { type Scores, scoresOf, seedsFrom } from './scores.js';
import type { FitJob, FitResult } from './tasks.js';

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
  const { given, data } = prepareRun('crossValidate', p, x, y, o);
  const jobs = toJobs('crossValidate', p, splits, data, given.seed ?? 0);
  return scoresOf(resultsOf(await runAll<FitJob, FitResult>('fit', jobs, data, given)).map(({ scores }) => scores));
}

/** The checked options and set of an evaluation; `more` are the options that it has beside the common ones. */
export function prepareRun<O extends RunOptions>(
  where: string,
  p: Pipeline,
  x: Rows,
  y: Labels,
  o: O | undefined,
  more: readonly string[] = [],
): { given: O; data: Dataset } {
  const given = options(where, o, [...runOptions, ...more]);
  checkRun(where, given);
  const data = toDatasetOf(where, p, x, y);
  // What the set and the pipeline do not agree on is told before anything runs.
  settle(where, p, data);
  return { given, data };
}

/** The splits as a list; throws SimdenseError 'ARGUMENT' for what is none. */
export function listSplits(where: string, splits: Iterable<Split>): Split[] {
  if (typeof splits !== 'object' || typeof splits?.[Symbol.iterator] !== 'function')
    refuse(`${where}(splits)`, 'splits such as kFold(rows)', splits);
  const list = [...splits];
  for (const split of list) {
    if (!isNumbers(split?.train) || !isNumbers(split?.test))
      refuse(`${where}(splits)`, 'rows to train on and to test with', split);
  }
  return list;
}

/** Splits as they are drawn, between which the event loop turns: many rows take long to draw, and a signal is heard. */
export async function drawInTurns(splits: Iterable<Split>, signal: AbortSignal | undefined): Promise<Split[]> {
  const pacer = new Pacer();
  const list: Split[] = [];
  for (const split of splits) {
    list.push(split);
    if (pacer.due) await pacer.pause();
    signal?.throwIfAborted();
  }
  return list;
}

/** A job for each split, whose rows must be the set's. */
export function toJobs(
  where: string,
  pipeline: Pipeline,
  splits: Iterable<Split>,
  data: Dataset,
  seed: number,
  wants?: FitJob['wants'],
): FitJob[] {
  const rows = rowsOf(data);
  const list = listSplits(where, splits);
  if (list.length === 0) throw new SimdenseError('ARGUMENT', `${where}(splits): there are none`);
  for (const [i, { train, test }] of list.entries()) {
    if (train.length === 0 || test.length === 0)
      throw new SimdenseError(
        'ARGUMENT',
        `${where}(splits[${i}]): rows to train on and rows to test with, at least one each`,
      );
    for (const part of [train, test]) {
      const bad = part.findIndex((row) => !Number.isInteger(row) || row < 0 || row >= rows);
      if (bad >= 0)
        throw new SimdenseError(
          'ARGUMENT',
          `${where}(splits[${i}]): row ${show(part[bad])} is not among the ${rows} rows of x`,
        );
    }
  }
  const seeds = seedsFrom(seed, list.length);
  return list.map(({ train, test }, i) => ({
    pipeline,
    train: Int32Array.from(train),
    test: Int32Array.from(test),
    seed: seeds[i] as number,
    ...(wants && { wants }),
  }));
}
