// Pipelines that predict together, however they were fitted.
import { noMore, options, refuse } from '../base/checks.js';
import { inTurnsUntil } from '../base/pause.js';
import { written } from '../base/written.js';
import type { Label } from '../data/labels.js';
import { Matrix } from '../data/matrix.js';
import type { Logs } from '../train/history.js';
import { actualIn } from './actual.js';
import type { Dataset } from './dataset.js';
import { answersIn, checkDecision, type Decision } from './decision.js';
import { checkAlike, type EnsembleDescription, meanOf, readEnsemble } from './ensemble-file.js';
import { packFiles } from './files.js';
import type { FitJob, FitResult } from './fit-job.js';
import { type FittedPipeline, loadPipeline } from './fitted-pipeline.js';
import { type OutOfFold, outOfBag, outOfFold } from './out-of-bag.js';
import type { SettledPipeline } from './pipeline.js';
import { labelsOf } from './predictions.js';
import { readLogs } from './read-logs.js';
import type { AnyRows, Records } from './row-encoder.js';
import type { HasTable } from './table-of.js';
import { helpfulTemperature, temperatureOfMean, tempering } from './temperature.js';
import { judgementOf } from './verdict/judgement-of.js';
import type { Judgement } from './verdict/words.js';

/** What is known beside the members' results. */
interface EnsembleMade {
  readonly signal?: AbortSignal | undefined;
  /** The results whose models predict, where they are not those that are judged. */
  readonly predicting?: readonly FitResult[];
  /** The results of linear models on the same rows. */
  readonly linear?: readonly FitResult[];
  /** Whether rare classes weighed as much as common ones. */
  readonly balanced?: boolean;
  /** Whether to fit a temperature. */
  readonly calibrate?: boolean;
  /** How often each result counts. Default: once. */
  readonly weights?: readonly number[];
  /** Whether the networks were chosen by the predictions that judge them. */
  readonly chosen?: boolean;
}

const TRY_FIRST =
  'Check first that each label belongs to its row. If so, it needs more rows, or columns that say more about it.';

/** The ensemble of what jobs that want their model have given. To calibrate is to fit a temperature. */
export async function ensembleOf(
  data: Dataset,
  jobs: readonly FitJob[],
  results: readonly FitResult[],
  { signal, predicting = results, linear, weights, chosen = false, balanced = false, calibrate = false }: EnsembleMade,
): Promise<Ensemble> {
  const fitted: FittedPipeline[] = [];
  try {
    for (const { model } of predicting) fitted.push(loadPipeline(model as Uint8Array));
    const held = await outOfFold(data, jobs, results, signal, weights);
    const own = calibrate ? await inTurnsUntil(temperatureFor(data, held), signal) : 1;
    const rival = linear && (await outOfFold(data, jobs, linear, signal)).predictions;
    const predictions = await inTurnsUntil(tempering(held.predictions, own), signal);
    const { members, ...known } = held;
    const judged = {
      ...known,
      predictions,
      ...(rival && { linear: rival }),
      // Where the judged networks are not those that predict, none of these is known not to have learnt from a row.
      ...(members && predicting === results && { members }),
    };
    // How many members a row's out-of-fold prediction is the mean of.
    const each = jobs.reduce((sum, { test }) => sum + test.length, 0) / held.rows.length;
    return new Ensemble(fitted, {
      outOfBag: outOfBag(data, judged),
      temperature: own === 1 ? 1 : own * temperatureOfMean(each, jobs.length),
      outOfFold: judged,
      weights,
      why: data.why,
      judgement: judgementOf(data, judged, {
        tryFirst: TRY_FIRST,
        held: jobs.length > 1 ? 'by fold' : true,
        trained: true,
        chosen,
        balanced,
      }),
    });
  } catch (error) {
    for (const member of fitted) member.dispose();
    throw error;
  }
}

/** Freezes plain data, and all that is in it. */
function frozen<T>(data: T): T {
  if (typeof data === 'object' && data !== null) for (const part of Object.values(Object.freeze(data))) frozen(part);
  return data;
}

/** What an ensemble is beside its members. */
interface EnsembleParts {
  readonly outOfBag: Logs;
  readonly temperature?: number | undefined;
  readonly weights?: readonly number[] | undefined;
  readonly outOfFold?: OutOfFold;
  readonly judgement?: Judgement | undefined;
  readonly why?: string | undefined;
}

function* temperatureFor({ indices }: Dataset, { rows, predictions }: OutOfFold): Generator<undefined, number> {
  if (!indices) return 1;
  const actual = Int32Array.from(rows, (row) => indices[row] as number);
  return yield* helpfulTemperature(predictions, actual, rows);
}

/** Pipelines that predict together. Made by bagging, fitPipeline('tabular'), search with `ensemble` and loadEnsemble. */
export class Ensemble {
  /** Keeps the name when the package is minified. */
  static readonly name = 'Ensemble';
  readonly members: readonly FittedPipeline[];
  /** Figures of the predictions for each row by the members that have not learnt from it; see bagging. */
  readonly outOfBag: Logs;
  /**
   * The predictions that `outOfBag` judges, beside what is true: for chooseThreshold, conformalSets and their kin in simdense/explain. Not saved, since it
   * has the targets of the training rows: undefined after loadEnsemble.
   */
  readonly outOfFold?: OutOfFold;
  /**
   * The mean of the members' probabilities p becomes p^(1/temperature), divided by the sum, which never changes the predicted class: above 1 less sure, below 1 more. 1 changes nothing.
   * 'tabular' fits it for a classification on what the members have not learnt from, where it lowers the log loss there.
   */
  readonly temperature: number;
  /** How often each member counts in the mean: whole numbers from 1. Undefined where each counts once; those of a search say how often each was chosen. */
  readonly weights?: readonly number[];
  /**
   * How good these predictions are, in plain words and in figures: with a 95 % interval, beside always guessing the most frequent class or the mean, and, of
   * 'tabular', beside a linear model of the same rows. Undefined for a file that has none.
   */
  readonly judgement?: Judgement;
  /** Why fitPipeline chose the task: a clause such as 'the labels are texts'. Not saved in the file. */
  readonly why?: string;

  #decision: Decision | undefined;

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
  constructor(
    members: readonly FittedPipeline[],
    { outOfBag, outOfFold, judgement, why, weights, temperature = 1 }: EnsembleParts,
  ) {
    this.members = Object.freeze([...members]);
    this.outOfBag = frozen(outOfBag);
    this.temperature = temperature;
    if (outOfFold) this.outOfFold = Object.freeze({ ...outOfFold, actual: frozen(outOfFold.actual) });
    if (judgement) this.judgement = frozen(judgement);
    if (weights?.some((weight) => weight !== 1)) this.weights = Object.freeze([...weights]);
    if (why !== undefined) this.why = why;
    // What is saved must be what was judged; only `decide` changes it.
    Object.freeze(this);
  }

  /**
   * Predicts a label for each row; for a regression the mean of the members' numbers.
   *
   * @param x Rows with the columns that the members were fitted on.
   * @param o Options.
   * @param o.by 'probabilities' (the default): the label of the largest mean probability, or what `decide` says. 'votes': the label that most members predict, of
   * equal ones the first in the order of the classes.
   * @returns A label or number for each row.
   * @throws SimdenseError 'ARGUMENT' for an unknown option, 'SHAPE' or 'DATA' for rows that do not fit, 'DISPOSED' after dispose.
   * @throws SimdenseError 'STATE' for several labels or targets a row: use predictProbabilities.
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
    const means = by === 'votes' ? this.#votes('predict', x) : this.#means('predict', x);
    const { classes } = this.members[0] as FittedPipeline;
    if (classes) return answersIn(means, classes, by === 'votes' ? undefined : this.#decision);
    return labelsOf('predict', 'predictProbabilities', means, classes);
  }

  /**
   * What is true of rows, in the words of `predict`, to be compared with what it predicts: a Table has booleans as true and false, predict gives words such as Yes and No.
   *
   * @param x A Table with the column of the target, or an object with it for each row.
   * @returns A label or number for each row; null where it is missing. A label that the ensemble does not know stays as it is.
   * @throws SimdenseError 'DATA' for a table or an object without the target, and for a cell that cannot be one.
   * @throws SimdenseError 'STATE' for an ensemble that was not fitted on a Table, and for several labels or numbers a row. 'ARGUMENT' for other rows.
   * @example
   * import { readTable } from 'simdense/table';
   *
   * const table = await readTable('size,open\n1,No\n2,Yes\n3,No\n4,Yes\n');
   * const ensemble = await bagging({ layers: [], fit: { epochs: 1 } }, table, 'open', { members: 2 });
   * ensemble.actual(table); // ['No', 'Yes', 'No', 'Yes']
   */
  actual(x: HasTable | Records): (Label | null)[] {
    noMore('actual', arguments, 1);
    return actualIn('actual', this.#first.targets, x);
  }

  /**
   * Says from which probability on a class is predicted, instead of where it is the most probable one. It is saved with the ensemble; `judgement` stays about the most
   * probable classes.
   *
   * @param decision The class, and the threshold, such as chooseThreshold of simdense/explain finds it for a wanted precision, recall or the least cost.
   * @throws SimdenseError 'ARGUMENT' for a class that is none of `classes`, and a threshold that is no number above 0.
   * @throws SimdenseError 'STATE' for a regression, and for several labels a row; 'DISPOSED' after dispose.
   * @example
   * const x = Array.from({ length: 40 }, (_, i) => [i]);
   * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
   * const ensemble = await bagging({ layers: [], fit: { epochs: 200 } }, x, y, { members: 3 });
   * ensemble.decide({ positive: 'high', threshold: 1.5 });
   * ensemble.predict([[0], [39]]); // ['low', 'low']
   */
  decide(decision: Decision): void {
    noMore('decide', arguments, 1);
    this.#first.model.checkAlive('decide');
    this.#decision = checkDecision('decide', decision, this.classes);
  }

  /** What `decide` has said; undefined where the most probable class is predicted. */
  get decision(): Decision | undefined {
    return this.#decision;
  }

  /**
   * Predicts the mean of the members' probabilities, with the temperature; for a regression the mean of their outputs.
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
    return this.#means('predictProbabilities', x);
  }

  /**
   * Writes all members, the temperature and the out-of-bag figures into one file; `outOfFold` is left out.
   *
   * @returns The bytes of the file; loadEnsemble reads it, and loadEnsemblePredictor of simdense/predict.
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
    const { outOfBag, temperature, weights, judgement, decision } = this;
    const description: EnsembleDescription = {
      version: weights ? 3 : temperature === 1 && !decision ? 1 : 2,
      outOfBag,
      ...(judgement && { judgement }),
      ...(temperature !== 1 && { temperature }),
      ...(weights && { weights }),
      ...(decision && { decision }),
    };
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

  #means(where: string, x: AnyRows): Matrix {
    return meanOf(
      this.members.map((member) => member.probabilities(where, x)),
      this.temperature,
      this.weights,
    );
  }

  /** The share of votes of each class, rows × classes. */
  #votes(where: string, x: AnyRows): Matrix {
    const { classes } = this.members[0] as FittedPipeline;
    if (!classes) return this.#means(where, x);
    const votes = this.members.map((member) => {
      const probabilities = member.probabilities(where, x);
      const { rows, columns } = probabilities;
      const votes = new Float32Array(rows * columns);
      for (const [row, index] of probabilities.argmax().entries()) votes[row * columns + index] = 1;
      return new Matrix(votes, columns);
    });
    return meanOf(votes, 1, this.weights);
  }
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
  const { files, outOfBag, temperature, weights, judgement, decision } = readEnsemble('loadEnsemble', bytes);
  const members: FittedPipeline[] = [];
  try {
    for (const file of files) members.push(loadPipeline(file));
    // The encoders of a table may differ: a category may be rare in one sample and not in another.
    checkAlike(
      'loadEnsemble',
      members.map(({ model, encoder, classes }) => [encoder ? 'table' : model.inputs, model.outputs, classes]),
      { temperature, ...(decision && { decision }) },
    );
    const ensemble = new Ensemble(members, { outOfBag: readLogs(outOfBag), temperature, weights, judgement });
    if (decision) ensemble.decide(decision);
    return ensemble;
  } catch (error) {
    for (const member of members) member.dispose();
    throw error;
  }
}
