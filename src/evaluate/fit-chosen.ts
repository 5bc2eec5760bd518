// Trains the networks of several pipelines on folds of the rows, and puts them together with the weights that a search has found.
import { kFold } from '../data/splits.js';
import { jobsOf, splitJobs } from './cross-validate.js';
import { type Dataset, rowsOf, splitBy } from './dataset.js';
import { type Ensemble, ensembleOf } from './ensemble.js';
import { type RunOptions, resultsOf, runAll } from './executor.js';
import type { FitJob, FitResult } from './fit-job.js';
import type { Pipeline } from './pipeline.js';

export interface ChosenPipeline {
  readonly pipeline: Pipeline;
  /** How often each of its networks counts. */
  readonly count: number;
}

/** The ensemble of these pipelines on all rows of a data set: of each pipeline a network for each fold, which has not learnt from it. */
export async function fitChosen(
  where: string,
  data: Dataset,
  chosen: readonly ChosenPipeline[],
  { folds, ...o }: RunOptions & { readonly folds: number },
): Promise<Ensemble> {
  const { seed = 0, signal } = o;
  const splits = kFold(rowsOf(data), { folds, seed, ...splitBy(data, folds) });
  const parts = await splitJobs(where, splits, data, o, { model: true });
  const jobs = chosen.flatMap(({ pipeline }) => jobsOf(pipeline, parts));
  const weights = chosen.flatMap(({ count }) => parts.map(() => count));
  const results = resultsOf(await runAll<FitJob, FitResult>('fit', jobs, data, o));
  return ensembleOf(data, jobs, results, { signal, weights, chosen: true, calibrate: true });
}
