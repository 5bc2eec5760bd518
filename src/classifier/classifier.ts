import { boolean, noMore, options } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Label } from '../data/labels.js';
import type { Matrix } from '../data/matrix.js';
import type { Rows } from '../data/rows.js';
import { toAnyMatrix } from '../data/rows.js';
import { scaledRows } from '../data/scalers/index.js';
import { writeFile } from './file.js';
import { type RowLabels, refuseTwins, toLabels } from './labels.js';
import { learnRow } from './learning.js';
import type { Parts } from './parts.js';
import { SoftmaxModel } from './softmax-model.js';

/** Gives embeddings classes, and goes on learning row by row. Made by classifier and loadClassifier. */
export class Classifier {
  /** Keeps the name when the package is minified. */
  static readonly name = 'Classifier';
  /** The number of columns of an embedding. */
  readonly inputs: number;
  /** The strength of the L2 penalty, given or chosen. */
  readonly l2: number;
  #parts: Parts;
  /** The weights of the network, for learning; read when it first learns. */
  #weights: Float64Array | undefined;

  /** @internal Use classifier or loadClassifier. */
  constructor(parts: Parts) {
    this.inputs = parts.softmax.inputs;
    this.l2 = parts.l2;
    this.#parts = { ...parts, classes: Object.freeze([...parts.classes]) };
  }

  /** The labels, in the order of the probabilities' columns: those of the fit in numeric and alphabetical order, then the new ones in the order in which they came. */
  get classes(): readonly Label[] {
    return this.#parts.classes;
  }

  /** The number of rows that it has learnt from, those of the fit included. */
  get rows(): number {
    return this.#parts.memory.rows;
  }

  /**
   * Predicts the most probable class of each row.
   *
   * @param x Embeddings: a Matrix, an array of rows, or the numbers of one or more rows.
   * @returns A label for each row.
   * @throws SimdenseError 'SHAPE' for another number of columns, 'DATA' for a number that is not finite, 'DISPOSED' after dispose.
   * @example
   * const head = await classifier([[1, 0], [0.9, 0.1], [0, 1], [0.1, 0.9]], ['cat', 'cat', 'dog', 'dog']);
   * head.predict([[0.8, 0.3], [0.2, 0.7]]); // ['cat', 'dog']
   */
  predict(x: Rows): readonly Label[] {
    noMore('predict', arguments, 1);
    const { classes } = this.#parts;
    return Array.from(this.#predict('predict', x).argmax(), (index) => classes[index] as Label);
  }

  /**
   * Predicts the probability of each class.
   *
   * @param x Embeddings: a Matrix, an array of rows, or the numbers of one or more rows.
   * @returns rows × classes, with the columns in the order of `classes`; each row's sum is 1.
   * @throws SimdenseError 'SHAPE' for another number of columns, 'DATA' for a number that is not finite, 'DISPOSED' after dispose.
   * @example
   * const head = await classifier([[1, 0], [0.9, 0.1], [0, 1], [0.1, 0.9]], ['cat', 'cat', 'dog', 'dog']);
   * const [cat, dog] = head.probabilities([1, 0]).row(0);
   * cat > dog; // true
   */
  probabilities(x: Rows): Matrix {
    noMore('probabilities', arguments, 1);
    return this.#predict('probabilities', x);
  }

  /**
   * Goes on learning, row by row: a call with several rows does the same, to the bit, as a call with each of them.
   *
   * Each row is one step of gradient descent over it and 31 rows of those that are kept, so that the older classes are not forgotten. A label that is
   * not among `classes` becomes a new class: the others keep their weights, so that the ratios of their probabilities stay until the step. A row of a
   * class with fewer than 32 rows is repeated until it is recognized, at most 8 times. The scaling stays that of the fit.
   *
   * @param x Embeddings: a Matrix, an array of rows, or the numbers of one or more rows.
   * @param labels A label for each row, also a new one.
   * @throws SimdenseError 'SHAPE' for another number of columns, or of labels than rows.
   * @throws SimdenseError 'DATA' for numbers that are not finite, and for a label that is none or is a class both as a number and as a string. Nothing has been learnt then.
   * @throws SimdenseError 'STATE' if it was loaded from a file without the kept rows, 'DISPOSED' after dispose.
   * @example
   * const head = await classifier([[1, 0, 0], [0.9, 0.1, 0], [0, 1, 0], [0.1, 0.9, 0]], ['cat', 'cat', 'dog', 'dog']);
   * head.learn([[0, 0.1, 1], [0.1, 0, 0.9]], ['owl', 'owl']);
   * head.classes; // ['cat', 'dog', 'owl']
   * head.predict([[0, 0, 1], [1, 0, 0]]); // ['owl', 'cat']
   */
  learn(x: Rows, labels: RowLabels): void {
    noMore('learn', arguments, 2);
    this.#check('learn');
    if (!this.#parts.learns)
      throw new SimdenseError(
        'STATE',
        'learn: the file was saved without the kept rows, so the older classes would be forgotten',
      );
    const rows = toAnyMatrix('learn: x', scaledRows(this.#parts.scaler, x, 'learn'));
    const given = toLabels('learn', labels, rows.rows);
    refuseTwins('learn', new Set([...this.classes, ...given]));
    for (const [row, label] of given.entries()) this.#learnRow(rows.row(row).slice() as Float32Array, label);
  }

  /**
   * Writes classes, scaling and weights into one safetensors file, with what learning needs to go on.
   *
   * @param o Options.
   * @param o.keptRows Whether the kept rows are in the file: `keep` × columns × 4 bytes. Without them the file shows no row, and the classifier that is loaded from it predicts but does not learn. Default: true.
   * @returns The bytes of the file. loadClassifier reads it; so do loadPredictor of simdense/predict and loadPipeline of simdense/evaluate, as a pipeline.
   * @throws SimdenseError 'ARGUMENT' for an unknown option, 'DISPOSED' after dispose.
   * @example
   * import { loadPredictor } from 'simdense/predict';
   *
   * const head = await classifier([[1, 0], [0.9, 0.1], [0, 1], [0.1, 0.9]], ['cat', 'cat', 'dog', 'dog']);
   * const predictor = loadPredictor(head.save({ keptRows: false }));
   * predictor.predictLabels([[0.8, 0.3]]); // ['cat']
   */
  save(o?: { keptRows?: boolean }): Uint8Array {
    noMore('save', arguments, 1);
    this.#check('save');
    const { keptRows = true } = options('save', o, ['keptRows']);
    return writeFile(this.#parts, boolean('save(keptRows)', keptRows));
  }

  /**
   * Frees the memory at once; without it the memory is freed when the classifier is garbage-collected. Later use is a SimdenseError 'DISPOSED'.
   *
   * @example
   * const head = await classifier([[1, 0], [0.9, 0.1], [0, 1], [0.1, 0.9]], ['cat', 'cat', 'dog', 'dog']);
   * head.dispose();
   */
  dispose(): void {
    noMore('dispose', arguments, 0);
    this.#parts.softmax.model.dispose();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  #check(method: string): void {
    this.#parts.softmax.model.checkAlive(method);
  }

  #predict(where: string, x: Rows): Matrix {
    this.#check(where);
    const { softmax, scaler } = this.#parts;
    return softmax.model.predict(scaledRows(scaler, x, where));
  }

  /** Learns one scaled row. */
  #learnRow(row: Float32Array, label: Label): void {
    if (!this.classes.includes(label)) this.#addClass(label);
    const { softmax, memory, seed, l2, learnt, classes } = this.#parts;
    this.#weights ??= softmax.read();
    learnRow({ softmax, weights: this.#weights, memory, seed, l2, learnt }, row, classes.indexOf(label));
    this.#parts = { ...this.#parts, learnt: learnt + 1 };
  }

  /** Widens the network by an output whose weights are 0. */
  #addClass(label: Label): void {
    const { softmax, memory, classes } = this.#parts;
    const before = softmax.read();
    const wide = new SoftmaxModel(this.inputs, classes.length + 1);
    const after = wide.read();
    for (let row = 0; row <= this.inputs; row++)
      after.set(before.subarray(row * classes.length, (row + 1) * classes.length), row * (classes.length + 1));
    wide.write(after);
    memory.addClass();
    this.#weights = undefined;
    this.#parts = { ...this.#parts, softmax: wide, classes: Object.freeze([...classes, label]) };
    softmax.model.dispose();
  }
}
