import { noMore, oneOf, positiveUpTo } from '../base/checks.js';
import { bootstrap, MOST_SPLITS } from '../data/splits.js';
import { jobsOf, prepareRun, splitJobs } from './cross-validate.js';
import { rowsOf, type TrainingRows } from './dataset.js';
import { type RunOptions, resultsOf, runAll } from './executor.js';
import type { FitJob, FitResult } from './fit-job.js';
import type { Pipeline } from './pipeline.js';
import { type Scores, scoresOf } from './scores.js';
import type { Labels } from './task.js';

export interface BootstrapScoreOptions extends RunOptions {
  /** The number of samples. Default: 50. */
  repeats?: number;
  /** 'oob': the figures on the rows out of the bag. '.632': their weighted mean with the figures on the training rows. Default: '.632'. */
  method?: 'oob' | '.632';
}

/**
 * Fits the pipeline on bootstrap samples and measures it on the rows that a sample does not contain, about 37 % of them.
 *
 * The out-of-bag figures are pessimistic, since a sample has only 63 % of the distinct rows. The method '.632' corrects this:
 * 0.368 · training figure + 0.632 · out-of-bag figure. It is optimistic for a network that memorises its training rows. Sources: Efron 1983,
 * Journal of the American Statistical Association 78:316; Efron, Tibshirani 1993, An Introduction to the Bootstrap, section 17.7.
 *
 * @param p The pipeline.
 * @param x Rows, as for fitPipeline.
 * @param y A label or targets for each row, as for fitPipeline.
 * @param o Options; see BootstrapScoreOptions.
 * @returns Loss and metrics, each with mean and standard deviation over the samples.
 * @throws SimdenseError 'ARGUMENT' for an option or a part of the pipeline that is unknown or out of range.
 * @throws SimdenseError 'SHAPE' or 'DATA' for x and y that do not fit together or cannot be used. It also rejects with the error of the
 * first failed training run, and with the signal's reason.
 * @example
 * const x = Array.from({ length: 40 }, (_, i) => [i]);
 * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
 * const scores = await bootstrapScore({ layers: [], fit: { epochs: 5 } }, x, y, { repeats: 4 });
 * scores.accuracy?.values.length; // 4
 */
export async function bootstrapScore(
  p: Pipeline,
  x: TrainingRows,
  y: Labels | string,
  o?: BootstrapScoreOptions,
): Promise<Scores> {
  noMore('bootstrapScore', arguments, 4);
  const { given, data, pipeline } = await prepareRun('bootstrapScore', p, x, y, o, ['repeats', 'method']);
  const { seed = 0 } = given;
  const repeats = positiveUpTo('bootstrapScore(repeats)', MOST_SPLITS, given.repeats ?? 50);
  const method = oneOf('bootstrapScore(method)', given.method ?? '.632', ['oob', '.632']);
  const splits = bootstrap(rowsOf(data), { repeats, seed });
  const jobs = jobsOf(
    pipeline,
    await splitJobs('bootstrapScore', splits, data, given, { trainScores: method === '.632' }),
  );
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
