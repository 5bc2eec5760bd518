// Pipelines that predict together, however they were fitted.
import { isRecord, noMore, options, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { readPart, written } from '../base/written.js';
import type { Label } from '../data/labels.js';
import { Matrix } from '../data/matrix.js';
import type { Logs } from '../train/history.js';
import type { Dataset } from './dataset.js';
import { packFiles, unpackFiles } from './files.js';
import type { FitJob, FitResult } from './fit-job.js';
import { type FittedPipeline, loadPipeline } from './fitted-pipeline.js';
import { type OutOfFold, outOfBag } from './out-of-bag.js';
import type { SettledPipeline } from './pipeline.js';
import { labelsOf } from './predictions.js';
import type { AnyRows } from './row-encoder.js';
import { judgementOf } from './verdict/judgement-of.js';
import type { Judgement } from './verdict/words.js';

/** What is known beside the members' results. */
interface EnsembleMade {
  readonly signal?: AbortSignal | undefined;
  /** The results of linear models on the same rows. */
  readonly linear?: readonly FitResult[];
  /** Whether rare classes weighed as much as common ones. */
  readonly balanced?: boolean;
}

const TRY_FIRST =
  'Check first that each label belongs to its row. If so, it needs more rows, or columns that say more about it.';

/** The ensemble of what jobs that want their model have given. */
export async function ensembleOf(
  data: Dataset,
  jobs: readonly FitJob[],
  results: readonly FitResult[],
  { signal, linear, balanced = false }: EnsembleMade,
): Promise<Ensemble> {
  const fitted: FittedPipeline[] = [];
  try {
    for (const { model } of results) fitted.push(loadPipeline(model as Uint8Array));
    const { figures, outOfFold } = await outOfBag(data, jobs, results, signal);
    const rival = linear && (await outOfBag(data, jobs, linear, signal)).outOfFold.predictions;
    const judged = { ...outOfFold, ...(rival && { linear: rival }) };
    return new Ensemble(fitted, {
      outOfBag: figures,
      outOfFold: judged,
      judgement: judgementOf(data, judged, { tryFirst: TRY_FIRST, held: 'by fold', trained: true, balanced }),
    });
  } catch (error) {
    for (const member of fitted) member.dispose();
    throw error;
  }
}

/** What an ensemble is beside its members. */
interface EnsembleParts {
  readonly outOfBag: Logs;
  readonly outOfFold?: OutOfFold;
  readonly judgement?: Judgement | undefined;
}

/** Pipelines that predict together. Made by bagging, fitPipeline('tabular') and loadEnsemble. */
export class Ensemble {
  /** Keeps the name when the package is minified. */
  static readonly name = 'Ensemble';
  readonly members: readonly FittedPipeline[];
  /** Figures of the predictions for each row by the members that have not learnt from it; see bagging. Of 'tabular', they were stopped by it. */
  readonly outOfBag: Logs;
  /** The predictions that `outOfBag` is about; undefined after loadEnsemble, since a file does not hold them. */
  readonly outOfFold?: OutOfFold;
  /**
   * How good these predictions are, in plain words and in figures: with a 95 % interval, beside always guessing the most frequent class or the mean, and, of
   * 'tabular', beside a linear model of the same rows. Undefined for a file that has none.
   */
  readonly judgement?: Judgement;

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
  constructor(members: readonly FittedPipeline[], { outOfBag, outOfFold, judgement }: EnsembleParts) {
    this.members = members;
    this.outOfBag = outOfBag;
    if (outOfFold) this.outOfFold = outOfFold;
    if (judgement) this.judgement = judgement;
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
    const description = { version: 1, outOfBag: this.outOfBag, judgement: this.judgement };
    return packFiles(files, { ...written, ensemble: JSON.stringify(description) });
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
  const isSound = ({ outOfBag, judgement = { words: '', figures: {} } }: Record<string, unknown>): boolean =>
    isRecord(outOfBag) &&
    isRecord(judgement) &&
    typeof judgement['words'] === 'string' &&
    isRecord(judgement['figures']) &&
    files.length > 0;
  const { outOfBag, judgement } = readPart('loadEnsemble', metadata, 'ensemble', missing, 1, isSound);
  const members: FittedPipeline[] = [];
  try {
    for (const file of files) members.push(loadPipeline(file));
    checkAlike(members);
    return new Ensemble(members, { outOfBag: outOfBag as Logs, judgement: judgement as Judgement | undefined });
  } catch (error) {
    for (const member of members) member.dispose();
    throw error;
  }
}
