import { noMore, oneOf, positiveUpTo } from '../base/checks.js';
import type { Rows } from '../data/rows.js';
import { bootstrap, MOST_SPLITS } from '../data/splits.js';
import { jobsOf, prepareRun, splitJobs } from './cross-validate.js';
import { type Labels, rowsOf } from './dataset.js';
import { type RunOptions, resultsOf, runAll } from './executor.js';
import type { FitJob, FitResult } from './fit-job.js';
import type { Pipeline } from './pipeline.js';
import { type Scores, scoresOf } from './scores.js';

export interface BootstrapScoreOptions extends RunOptions {
  /** Samples; 50. */
  repeats?: number;
  /** 'oob' measures on the rows out of the bag; '.632' (its default) weighs them with the training rows. */
  method?: 'oob' | '.632';
}

/**
 * Fits the pipeline on samples drawn with replacement and measures it on the rows out of the bag, about 37 % of them, which errs to the bad side, since a sample holds
 * 63 % of the rows. method '.632': 0.368·training figure + 0.632·out-of-bag figure (Efron 1983, Journal of the American Statistical Association 78:316;
 * Efron, Tibshirani 1993, An Introduction to the Bootstrap, section 17.7), which errs to the good side where a network learns its rows by heart.
 */
export async function bootstrapScore(p: Pipeline, x: Rows, y: Labels, o?: BootstrapScoreOptions): Promise<Scores> {
  noMore('bootstrapScore', arguments, 4);
  const { given, data } = await prepareRun('bootstrapScore', p, x, y, o, ['repeats', 'method']);
  const { seed = 0 } = given;
  const repeats = positiveUpTo('bootstrapScore(repeats)', MOST_SPLITS, given.repeats ?? 50);
  const method = oneOf('bootstrapScore(method)', given.method ?? '.632', ['oob', '.632']);
  const splits = bootstrap(rowsOf(data), { repeats, seed });
  const jobs = jobsOf(p, await splitJobs('bootstrapScore', splits, data, given, { trainScores: method === '.632' }));
  const results = resultsOf(await runAll<FitJob, FitResult>('fit', jobs, data, given));
  return scoresOf(
    results.map(({ scores, trainScores }) =>
      trainScores
        ? Object.fromEntries(
            Object.entries(scores).map(([name, value]) => [
              name,
              0.368 * (trainScores[name] as number) + 0.632 * value,
            ]),
          )
        : scores,
    ),
  );
}
