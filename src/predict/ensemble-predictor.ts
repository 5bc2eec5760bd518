import { noMore, options, toBytes } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Label } from '../data/labels.js';
import type { Matrix } from '../data/matrix.js';
import { answersIn, type Decision } from '../evaluate/decision.js';
import { checkAlike, meanOf, readEnsemble } from '../evaluate/ensemble-file.js';
import { areFiles } from '../evaluate/files.js';
import { labelsOf } from '../evaluate/predictions.js';
import type { AnyRows } from '../evaluate/row-encoder.js';
import { engineFor, type LoadPredictorOptions, type Predictor, predictorOf } from './predictor.js';

/** A saved ensemble that predicts but cannot be trained. Made by loadEnsemblePredictor. */
export class EnsemblePredictor {
  /** Keeps the name when the package is minified. */
  static readonly name = 'EnsemblePredictor';
  readonly members: readonly Predictor[];
  /** See `temperature` of Ensemble. */
  readonly temperature: number;
  /** See `weights` of Ensemble. */
  readonly weights?: readonly number[];
  /** See `decide` of Ensemble. */
  readonly decision?: Decision;

  /** Of an ensemble that was fitted on a table: the columns that it reads of a table or of an object. */
  get columns(): readonly string[] | undefined {
    return this.#first.columns;
  }

  /** Of an ensemble that classifies: the labels, in the order of the probabilities' columns. */
  get classes(): readonly Label[] | undefined {
    return this.#first.classes;
  }

  /** The names of the columns of its predictions, which are the classes, the labels or the targets; undefined if they have none. */
  get outputNames(): readonly Label[] | undefined {
    return this.#first.outputNames;
  }

  get #first(): Predictor {
    return this.members[0] as Predictor;
  }

  /** @internal Use loadEnsemblePredictor. */
  constructor(
    members: readonly Predictor[],
    { temperature, decision, weights }: Pick<ReturnType<typeof readEnsemble>, 'temperature' | 'decision' | 'weights'>,
  ) {
    this.members = Object.freeze([...members]);
    this.temperature = temperature;
    if (weights?.some((weight) => weight !== 1)) this.weights = weights;
    if (decision) this.decision = decision;
    Object.freeze(this);
  }

  /**
   * Predicts all rows: the mean of the members' probabilities, with the temperature; for a regression the mean of their numbers.
   *
   * @param x Rows as the ensemble was fitted on: for a table a Table, or an object for each row with a value for each of `columns`; null is a missing cell.
   * @param o Options.
   * @param o.batchSize The number of rows that are computed at a time; it does not change the results. Default: 256.
   * @returns rows × classes, or rows × targets: the same bits as predictProbabilities of the ensemble.
   * @throws SimdenseError 'SHAPE' or 'DATA' for rows that do not fit.
   * @throws SimdenseError 'ARGUMENT' for an unknown option, 'DISPOSED' after dispose.
   * @example
   * import { bagging } from 'simdense/evaluate';
   *
   * const x = Array.from({ length: 40 }, (_, i) => [i]);
   * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
   * const ensemble = await bagging({ layers: [], fit: { epochs: 200 } }, x, y, { members: 3 });
   * const predictor = loadEnsemblePredictor(ensemble.save());
   * const { rows, columns } = predictor.predict([[0], [20], [39]]);
   * [rows, columns]; // [3, 2]
   */
  predict(x: AnyRows, o?: { batchSize?: number }): Matrix {
    noMore('predict', arguments, 2);
    return this.#predict('predict', x, o);
  }

  /**
   * Predicts a label for each row, that of the largest mean probability, or as the ensemble was told to `decide`; for a regression a number.
   *
   * @param x Rows, as for predict.
   * @param o Options.
   * @param o.batchSize The number of rows that are computed at a time; it does not change the results. Default: 256.
   * @returns A label or number for each row.
   * @throws SimdenseError 'STATE' for several labels or targets a row: use predict.
   * @throws SimdenseError 'SHAPE' or 'DATA' for rows that do not fit.
   * @throws SimdenseError 'ARGUMENT' for an unknown option, 'DISPOSED' after dispose.
   * @example
   * import { bagging } from 'simdense/evaluate';
   *
   * const x = Array.from({ length: 40 }, (_, i) => [i]);
   * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
   * const ensemble = await bagging({ layers: [], fit: { epochs: 200 } }, x, y, { members: 3 });
   * loadEnsemblePredictor(ensemble.save()).predictLabels([[0], [39]]); // ['low', 'high']
   */
  predictLabels(x: AnyRows, o?: { batchSize?: number }): readonly Label[] {
    noMore('predictLabels', arguments, 2);
    const { classes, decision } = this;
    const means = this.#predict('predictLabels', x, o);
    return classes ? answersIn(means, classes, decision) : labelsOf('predictLabels', 'predict', means, classes);
  }

  /**
   * Frees the memory at once; without it the memory is freed when the predictor is garbage-collected. Later use is a SimdenseError 'DISPOSED'.
   *
   * @example
   * import { bagging } from 'simdense/evaluate';
   *
   * const x = Array.from({ length: 40 }, (_, i) => [i]);
   * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
   * const ensemble = await bagging({ layers: [], fit: { epochs: 1 } }, x, y, { members: 2 });
   * loadEnsemblePredictor(ensemble.save()).dispose();
   */
  dispose(): void {
    noMore('dispose', arguments, 0);
    for (const member of this.members) member.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #predict(where: string, x: AnyRows, o: { batchSize?: number } | undefined): Matrix {
    const checked = o === undefined ? o : options(where, o, ['batchSize']);
    try {
      return meanOf(
        this.members.map((member) => member.predict(x, checked)),
        this.temperature,
        this.weights,
      );
    } catch (cause) {
      throw renamed(cause, 'predict', where);
    }
  }
}

/** An error of one member in the name of the function that was called. */
function renamed(cause: unknown, from: string, to: string): unknown {
  if (!(cause instanceof SimdenseError) || from === to) return cause;
  return new SimdenseError(cause.code, cause.message.replace(new RegExp(`^${from}\\b`), to), { cause });
}

/**
 * Loads a saved ensemble for prediction, without the code for training. An export of its own: programs that use only loadPredictor do not pay for it.
 *
 * @param bytes The file that an Ensemble's `save` returned, such as fitPipeline('tabular') makes it.
 * @param o Options; see LoadPredictorOptions. `maxMemory` is for all members together.
 * @returns A predictor. It predicts the same bits as the ensemble that was saved.
 * @throws SimdenseError 'FORMAT' for bytes that are not such a file, also for the file of one pipeline.
 * @throws SimdenseError 'ARGUMENT' for an unknown option, for what is not a Uint8Array, and for layers that cannot be built.
 * @throws SimdenseError 'OUT_OF_MEMORY' if the members need more than `maxMemory`.
 * @example
 * import { bagging } from 'simdense/evaluate';
 *
 * const x = Array.from({ length: 40 }, (_, i) => [i]);
 * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
 * const ensemble = await bagging({ layers: [], fit: { epochs: 200 } }, x, y, { members: 3 });
 * const predictor = loadEnsemblePredictor(ensemble.save());
 * predictor.members.length; // 3
 * predictor.predictLabels([[3], [37]]); // ['low', 'high']
 */
export function loadEnsemblePredictor(bytes: Uint8Array, o?: LoadPredictorOptions): EnsemblePredictor {
  const where = 'loadEnsemblePredictor';
  noMore(where, arguments, 2);
  const file = toBytes(`${where}(bytes)`, bytes);
  if (!areFiles(file)) {
    const message = 'not a file of several simdense files; loadPredictor reads those of one network';
    throw new SimdenseError('FORMAT', `${where}: ${message}`);
  }
  const { files, temperature, decision, weights } = readEnsemble(where, file);
  const members: Predictor[] = [];
  try {
    const engine = engineFor(o);
    for (const file of files) members.push(predictorOf(file, engine));
    checkAlike(
      where,
      members.map(({ columns, inputs, outputs, classes }) => [columns ? 'table' : inputs, outputs, classes]),
      { temperature, ...(decision && { decision }) },
    );
    return new EnsemblePredictor(members, { temperature, decision, weights });
  } catch (cause) {
    for (const member of members) member.dispose();
    throw renamed(cause, 'loadPredictor', where);
  }
}
