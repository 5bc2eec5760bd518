import { isRecord, noMore, options, positiveUpTo, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { readPart, written } from '../base/written.js';
import type { Label } from '../data/labels.js';
import { Matrix } from '../data/matrix.js';
import { bootstrap } from '../data/splits.js';
import type { Logs } from '../train/history.js';
import { jobsOf, prepareRun, splitJobs } from './cross-validate.js';
import { type Dataset, rowsOf, type TrainingRows } from './dataset.js';
import { type RunOptions, resultsOf, runAll } from './executor.js';
import { packFiles, unpackFiles } from './files.js';
import type { FitJob, FitResult } from './fit-job.js';
import { type FittedPipeline, loadPipeline } from './fitted-pipeline.js';
import { outOfBag } from './out-of-bag.js';
import type { Pipeline, SettledPipeline } from './pipeline.js';
import { labelsOf } from './predictions.js';
import type { AnyRows } from './row-encoder.js';
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
  return ensembleOf(data, jobs, results, given.signal);
}

/** The ensemble of what jobs that want their model have given. */
export async function ensembleOf(
  data: Dataset,
  jobs: readonly FitJob[],
  results: readonly FitResult[],
  signal: AbortSignal | undefined,
): Promise<Ensemble> {
  const fitted: FittedPipeline[] = [];
  try {
    for (const { model } of results) fitted.push(loadPipeline(model as Uint8Array));
    return new Ensemble(fitted, await outOfBag(data, jobs, results, signal));
  } catch (error) {
    for (const member of fitted) member.dispose();
    throw error;
  }
}

/** Pipelines that predict together. Made by bagging, fitPipeline('tabular') and loadEnsemble. */
export class Ensemble {
  /** Keeps the name when the package is minified. */
  static readonly name = 'Ensemble';
  readonly members: readonly FittedPipeline[];
  /** Figures of the predictions for each row by the members that have not learnt from it; see bagging. Of 'tabular', they were stopped by it. */
  readonly outOfBag: Logs;

  /** The labels, in the order of the probabilities' columns; undefined for a regression. */
  get classes(): readonly Label[] | undefined {
    return this.#first.classes;
  }

  /** The names of the columns of predictProbabilities; see FittedPipeline. */
  get outputNames(): readonly Label[] | undefined {
    return this.#first.outputNames;
  }

  /** The pipeline of the first member, with all that was chosen; those of 'tabular' differ in `encode`. */
  get pipeline(): SettledPipeline {
    return this.#first.pipeline;
  }

  get #first(): FittedPipeline {
    return this.members[0] as FittedPipeline;
  }

  /** @internal Use bagging or loadEnsemble. */
  constructor(members: readonly FittedPipeline[], outOfBag: Logs) {
    this.members = members;
    this.outOfBag = outOfBag;
  }

  /**
   * Predicts a label for each row; for a regression the mean of the members' numbers.
   *
   * @param x Rows with the columns that the members were fitted on.
   * @param o Options.
   * @param o.by 'probabilities' (the default): the label of the largest mean probability. 'votes': the label that most members predict, of
   * equal ones the first in the order of the classes.
   * @returns A label or number for each row.
   * @throws SimdenseError 'ARGUMENT' for an unknown option, 'SHAPE' or 'DATA' for rows that do not fit, 'DISPOSED' after dispose.
   * @throws SimdenseError 'STATE' for a regression of several targets: use predictProbabilities.
   * @example
   * const x = Array.from({ length: 40 }, (_, i) => [i]);
   * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
   * const ensemble = await bagging({ layers: [], fit: { epochs: 200 } }, x, y, { members: 3 });
   * ensemble.predict([[0], [39]], { by: 'votes' }); // ['low', 'high']
   */
  predict(x: AnyRows, o?: { by?: 'probabilities' | 'votes' }): readonly Label[] {
    noMore('predict', arguments, 2);
    const { by = 'probabilities' } = options('predict', o, ['by']);
    if (by !== 'probabilities' && by !== 'votes') refuse('predict(by)', "'probabilities' or 'votes'", by);
    const means = by === 'votes' ? this.#votes(x) : this.predictProbabilities(x);
    const { classes } = this.members[0] as FittedPipeline;
    return labelsOf('predict', 'predictProbabilities', means, classes);
  }

  /**
   * Predicts the mean of the members' probabilities; for a regression the mean of their outputs.
   *
   * @param x Rows with the columns that the members were fitted on.
   * @returns rows × classes, or rows × targets.
   * @throws SimdenseError 'SHAPE' or 'DATA' for rows that do not fit, 'DISPOSED' after dispose.
   * @example
   * const x = Array.from({ length: 40 }, (_, i) => [i]);
   * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
   * const ensemble = await bagging({ layers: [], fit: { epochs: 200 } }, x, y, { members: 3 });
   * const { rows, columns } = ensemble.predictProbabilities([[0], [20], [39]]);
   * [rows, columns]; // [3, 2]
   */
  predictProbabilities(x: AnyRows): Matrix {
    noMore('predictProbabilities', arguments, 1);
    return this.#mean(this.members.map((member) => member.predictProbabilities(x)));
  }

  /**
   * Writes all members and the out-of-bag figures into one file.
   *
   * @returns The bytes of the file; loadEnsemble reads it.
   * @throws SimdenseError 'DISPOSED' after dispose.
   * @example
   * const x = Array.from({ length: 40 }, (_, i) => [i]);
   * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
   * const ensemble = await bagging({ layers: [], fit: { epochs: 200 } }, x, y, { members: 3 });
   * const again = loadEnsemble(ensemble.save());
   * again.predict([[0], [39]]); // ['low', 'high']
   */
  save(): Uint8Array {
    noMore('save', arguments, 0);
    const files = this.members.map((member) => member.save());
    return packFiles(files, { ...written, ensemble: JSON.stringify({ version: 1, outOfBag: this.outOfBag }) });
  }

  /**
   * Frees the memory of all members. Later use is a SimdenseError 'DISPOSED'.
   *
   * @throws SimdenseError 'BUSY' inside a loss or metric that a member's model is computing.
   * @example
   * const x = Array.from({ length: 40 }, (_, i) => [i]);
   * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
   * const ensemble = await bagging({ layers: [], fit: { epochs: 1 } }, x, y, { members: 2 });
   * ensemble.dispose();
   */
  dispose(): void {
    noMore('dispose', arguments, 0);
    for (const member of this.members) member.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** The share of votes of each class, rows × classes. */
  #votes(x: AnyRows): Matrix {
    const { classes } = this.members[0] as FittedPipeline;
    if (!classes) return this.predictProbabilities(x);
    return this.#mean(
      this.members.map((member) => {
        const probabilities = member.predictProbabilities(x);
        const { rows, columns } = probabilities;
        const votes = new Float32Array(rows * columns);
        for (const [row, index] of probabilities.argmax().entries()) votes[row * columns + index] = 1;
        return new Matrix(votes, columns);
      }),
    );
  }

  #mean(outputs: readonly Matrix[]): Matrix {
    const [first] = outputs as [Matrix];
    const sums = new Float64Array(first.data.length);
    for (const { data } of outputs) for (const [i, value] of data.entries()) (sums[i] as number) += value;
    return new Matrix(
      Float32Array.from(sums, (sum) => sum / outputs.length),
      first.columns,
    );
  }
}

/** Throws SimdenseError 'FORMAT' if the members differ in columns, outputs or classes. */
function checkAlike(members: readonly FittedPipeline[]): void {
  // The encoders of a table may differ: a category may be rare in one sample and not in another.
  const kinds = members.map(({ model, encoder, classes }) =>
    JSON.stringify([encoder ? 'table' : model.inputs, model.outputs, classes]),
  );
  const other = kinds.findIndex((kind) => kind !== kinds[0]);
  if (other > 0)
    throw new SimdenseError('FORMAT', `loadEnsemble: member ${other} has other columns or classes than the first`);
}

/**
 * Reads an ensemble from the file that its `save` returned.
 *
 * @param bytes The file.
 * @returns The ensemble; it predicts the same bits in every runtime.
 * @throws SimdenseError 'FORMAT' for bytes that are not such a file.
 * @throws SimdenseError 'ARGUMENT' for what is not a Uint8Array.
 * @example
 * const x = Array.from({ length: 40 }, (_, i) => [i]);
 * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
 * const ensemble = await bagging({ layers: [], fit: { epochs: 200 } }, x, y, { members: 3 });
 * const again = loadEnsemble(ensemble.save());
 * again.members.length; // 3
 */
export function loadEnsemble(bytes: Uint8Array): Ensemble {
  noMore('loadEnsemble', arguments, 1);
  const { files, metadata } = unpackFiles('loadEnsemble', bytes);
  const missing = 'the file holds no ensemble';
  const isSound = ({ outOfBag }: Record<string, unknown>): boolean => isRecord(outOfBag) && files.length > 0;
  const { outOfBag } = readPart('loadEnsemble', metadata, 'ensemble', missing, 1, isSound);
  const members: FittedPipeline[] = [];
  try {
    for (const file of files) members.push(loadPipeline(file));
    checkAlike(members);
    return new Ensemble(members, outOfBag as Logs);
  } catch (error) {
    for (const member of members) member.dispose();
    throw error;
  }
}
