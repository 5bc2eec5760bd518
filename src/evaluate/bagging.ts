import { noMore, positiveUpTo } from '../base/checks.js';
import { bootstrap } from '../data/splits.js';
import { jobsOf, prepareRun, splitJobs } from './cross-validate.js';
import { rowsOf, type TrainingRows } from './dataset.js';
import { type Ensemble, ensembleOf } from './ensemble.js';
import { type RunOptions, resultsOf, runAll } from './executor.js';
import type { FitJob, FitResult } from './fit-job.js';
import type { Pipeline } from './pipeline.js';
import type { Labels } from './task.js';

export interface BaggingOptions extends RunOptions {
  /** The number of pipelines to fit. Default: 10. */
  members?: number;
}

/** A limit on memory, since all members are loaded to predict. Breiman found no gain beyond 50. */
const MOST_MEMBERS = 100_000;

/**
 * Fits several pipelines on bootstrap samples and lets them predict together. Source: Breiman 1996, Machine Learning 24:123.
 *
 * Each row is also predicted by the members whose sample does not contain it. `outOfBag` of the ensemble has the figures of these
 * predictions: the crossentropy (`loss`) and the accuracy of their mean probabilities, or the mean squared error (`loss`) and r2 of their
 * mean; and `rows`, the number of rows that some member has not seen.
 *
 * @param p The pipeline.
 * @param x Rows, as for fitPipeline.
 * @param y A label or targets for each row, as for fitPipeline.
 * @param o Options; see BaggingOptions.
 * @returns The ensemble. Dispose it when it is no longer needed.
 * @throws SimdenseError 'ARGUMENT' for an option or a part of the pipeline that is unknown or out of range.
 * @throws SimdenseError 'SHAPE' or 'DATA' for x and y that do not fit together or cannot be used. It also rejects with the error of the
 * first member that cannot be fitted, and with the signal's reason.
 * @example
 * import { dense } from 'simdense';
 *
 * const x = Array.from({ length: 40 }, (_, i) => [i]);
 * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
 * const pipeline = { layers: [dense({ units: 4, activation: 'tanh' })], fit: { epochs: 200 } };
 * const ensemble = await bagging(pipeline, x, y, { members: 3 });
 * ensemble.outOfBag.accuracy; // between 0 and 1
 * ensemble.predict([[3], [37]]); // ['low', 'high']
 * ensemble.dispose();
 */
export async function bagging(p: Pipeline, x: TrainingRows, y: Labels | string, o?: BaggingOptions): Promise<Ensemble> {
  noMore('bagging', arguments, 4);
  const { given, data, pipeline } = await prepareRun('bagging', p, x, y, o, ['members']);
  const members = positiveUpTo('bagging(members)', MOST_MEMBERS, given.members ?? 10);
  const { seed = 0 } = given;
  const splits = bootstrap(rowsOf(data), { repeats: members, seed });
  const jobs = jobsOf(pipeline, await splitJobs('bagging', splits, data, given, { model: true }));
  const results = resultsOf(await runAll<FitJob, FitResult>('fit', jobs, data, given));
  return ensembleOf(data, jobs, results, { signal: given.signal });
}
