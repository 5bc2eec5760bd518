import { isRecord, noMore, options, positiveUpTo, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { Pacer } from '../base/pause.js';
import { readPart, written } from '../base/written.js';
import type { Label } from '../data/labels.js';
import { Matrix } from '../data/matrix.js';
import type { Rows } from '../data/rows.js';
import { bootstrap } from '../data/splits.js';
import type { Logs } from '../train/history.js';
import { jobsOf, prepareRun, splitJobs } from './cross-validate.js';
import { type Dataset, type Labels, rowsOf } from './dataset.js';
import { type RunOptions, resultsOf, runAll } from './executor.js';
import { packFiles, unpackFiles } from './files.js';
import { type FittedPipeline, loadPipeline } from './fitted-pipeline.js';
import type { Pipeline } from './pipeline.js';
import { labelsOf } from './predictions.js';
import type { FitJob, FitResult } from './tasks.js';

export interface BaggingOptions extends RunOptions {
  /** Pipelines to fit; 10. */
  members?: number;
}

/** All are in memory when they predict; Breiman found no gain beyond 50. */
const MOST_MEMBERS = 100_000;

/**
 * Fits pipelines on samples drawn with replacement, to predict together (Breiman 1996, Machine Learning 24:123). Each row is measured by those that have not seen
 * it: `outOfBag` holds the accuracy and the crossentropy of their mean probabilities, or the mean squared error and r2 of their mean.
 */
export async function bagging(p: Pipeline, x: Rows, y: Labels, o?: BaggingOptions): Promise<Ensemble> {
  noMore('bagging', arguments, 4);
  const { given, data } = await prepareRun('bagging', p, x, y, o, ['members']);
  const members = positiveUpTo('bagging(members)', MOST_MEMBERS, given.members ?? 10);
  const { seed = 0 } = given;
  const splits = bootstrap(rowsOf(data), { repeats: members, seed });
  const jobs = jobsOf(p, await splitJobs('bagging', splits, data, given, { model: true }));
  const results = resultsOf(await runAll<FitJob, FitResult>('fit', jobs, data, given));
  const fitted: FittedPipeline[] = [];
  try {
    for (const { model } of results) fitted.push(loadPipeline(model as Uint8Array));
    return new Ensemble(fitted, await outOfBag(data, jobs, results, given.signal));
  } catch (error) {
    for (const member of fitted) member.dispose();
    throw error;
  }
}

/** Figures of the mean predictions for each row of those members whose sample does not hold it. */
async function outOfBag(
  data: Dataset,
  jobs: readonly FitJob[],
  results: readonly FitResult[],
  signal: AbortSignal | undefined,
): Promise<Logs> {
  const rows = rowsOf(data);
  const columns = results[0]?.predictions?.columns ?? 0;
  const sums = new Float64Array(rows * columns);
  const counts = new Int32Array(rows);
  const pacer = new Pacer();
  for (const [m, { predictions }] of results.entries()) {
    const { test } = jobs[m] as FitJob;
    for (let i = 0; i < test.length; i++) {
      const row = test[i] as number;
      (counts[row] as number) += 1;
      for (let c = 0; c < columns; c++)
        (sums[row * columns + c] as number) += predictions?.data[i * columns + c] as number;
    }
    if (pacer.due) await pacer.pause();
    signal?.throwIfAborted();
  }
  const seen = counts.reduce((total, count) => total + Number(count > 0), 0);
  const mean = (row: number, c: number): number => (sums[row * columns + c] as number) / (counts[row] as number);
  const { indices, y } = data;
  if (indices) {
    let right = 0;
    let loss = 0;
    for (let row = 0; row < rows; row++) {
      if (counts[row] === 0) continue;
      let top = 0;
      for (let c = 1; c < columns; c++) if (mean(row, c) > mean(row, top)) top = c;
      right += Number(top === indices[row]);
      loss -= Math.log(Math.max(1e-7, mean(row, indices[row] as number)));
    }
    return { loss: loss / seen, accuracy: right / seen, rows: seen };
  }
  return { ...regressionFigures(rows, columns, counts, mean, y?.data as Float32Array), rows: seen };
}

function regressionFigures(
  rows: number,
  columns: number,
  counts: Int32Array,
  mean: (row: number, c: number) => number,
  targets: ArrayLike<number>,
): Logs {
  let errors = 0;
  let spread = 0;
  let n = 0;
  for (let c = 0; c < columns; c++) {
    const own = Array.from({ length: rows }, (_, row) => row).filter((row) => (counts[row] as number) > 0);
    const middle = own.reduce((sum, row) => sum + (targets[row * columns + c] as number), 0) / own.length;
    for (const row of own) {
      errors += (mean(row, c) - (targets[row * columns + c] as number)) ** 2;
      spread += ((targets[row * columns + c] as number) - middle) ** 2;
      n++;
    }
  }
  return { loss: errors / n, r2: 1 - errors / spread };
}

/** Pipelines that predict together. */
export class Ensemble {
  /** Also where the package has been minified. */
  static readonly name = 'Ensemble';
  readonly members: readonly FittedPipeline[];
  readonly outOfBag: Logs;

  /** @internal Use bagging or loadEnsemble. */
  constructor(members: readonly FittedPipeline[], outOfBag: Logs) {
    this.members = members;
    this.outOfBag = outOfBag;
  }

  /** The label of the largest mean probability; or, by 'votes', that most members predict, the first of equals. For a regression the mean. */
  predict(x: Rows, o?: { by?: 'probabilities' | 'votes' }): readonly Label[] {
    noMore('predict', arguments, 2);
    const { by = 'probabilities' } = options('predict', o, ['by']);
    if (by !== 'probabilities' && by !== 'votes') refuse('predict(by)', "'probabilities' or 'votes'", by);
    const means = by === 'votes' ? this.#votes(x) : this.predictProbabilities(x);
    const { classes } = this.members[0] as FittedPipeline;
    return labelsOf('predict', 'predictProbabilities', means, classes);
  }

  /** Mean probabilities, rows × classes; for a regression mean outputs. */
  predictProbabilities(x: Rows): Matrix {
    noMore('predictProbabilities', arguments, 1);
    return this.#mean(this.members.map((member) => member.predictProbabilities(x)));
  }

  /** All members in one file. */
  save(): Uint8Array {
    noMore('save', arguments, 0);
    const files = this.members.map((member) => member.save());
    return packFiles(files, { ...written, ensemble: JSON.stringify({ version: 1, outOfBag: this.outOfBag }) });
  }

  dispose(): void {
    noMore('dispose', arguments, 0);
    for (const member of this.members) member.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  /** Shares of the votes, rows × classes. */
  #votes(x: Rows): Matrix {
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

/** Throws SimdenseError 'FORMAT' where members predict different things: other columns, outputs or classes. */
function checkAlike(members: readonly FittedPipeline[]): void {
  const kinds = members.map(({ model, classes }) => JSON.stringify([model.inputs, model.outputs, classes]));
  const other = kinds.findIndex((kind) => kind !== kinds[0]);
  if (other > 0)
    throw new SimdenseError('FORMAT', `loadEnsemble: member ${other} has other columns or classes than the first`);
}

/** An ensemble from what `save` gave. Throws SimdenseError 'FORMAT' for anything else. */
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
