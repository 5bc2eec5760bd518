import { noMore, optionalSignal, options, positiveInteger, positiveNumber, wholeNumber } from '../base/checks.js';
import { CLASSIFIER_PURPOSE } from '../base/draws.js';
import { SimdenseError } from '../base/errors.js';
import { inTurnsUntil } from '../base/pause.js';
import { encodingLabels } from '../data/labels.js';
import { Matrix } from '../data/matrix.js';
import { words } from '../data/random.js';
import { type Grid, type Rows, toGrid } from '../data/rows.js';
import { Classifier } from './classifier.js';
import { fitting } from './fitting.js';
import { type RowLabels, refuseTwins, toLabels } from './labels.js';
import { Memory } from './memory.js';
import { fittingScale, scaling } from './scale.js';
import { type Examples, SoftmaxModel } from './softmax-model.js';

export interface ClassifierOptions {
  /**
   * The strength of the penalty: Σ losses of the rows + l2 / 2 · Σ weights², for embeddings that are scaled to a mean variance of 1; 1 / C of scikit-learn. Default: the one of 100, 30, 10, 3, 1, 0.3 and 0.1 that
   * predicts a held-out fifth of at most 4,000 rows best; 1 where fewer than 20 rows could be held out.
   */
  l2?: number;
  /** The most rows that are kept for `learn`: keep × columns × 4 bytes. Default: 1,000. */
  keep?: number;
  /** The seed of the draws: which rows are held out, kept and repeated. The same seed gives the same bits in every runtime. Default: 0. */
  seed?: number;
  /** Aborts the fit, which then rejects with the signal's reason. */
  signal?: AbortSignal;
}

const KEEP = 1_000;

/**
 * Learns classes from embeddings: vectors of a sentence-embedding model, of CLIP, MobileNet or the like. Multinomial logistic regression, as
 * scikit-learn's LogisticRegression with its defaults, fitted by L-BFGS on all rows; but the embeddings are scaled, by one number for all columns, and
 * the strength of the penalty is chosen.
 *
 * @param embeddings A row for each example: a Matrix or an array of rows.
 * @param labels A label for each row: a string or a number. At least two classes.
 * @param o Options; see ClassifierOptions.
 * @returns The classifier, which predicts, and goes on learning with `learn`. Dispose it when it is no longer needed.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range, and for what are no rows or labels.
 * @throws SimdenseError 'SHAPE' if there are not as many labels as rows, or for rows of different lengths.
 * @throws SimdenseError 'DATA' for numbers that are not finite, for no rows or one class only, and for a label that is no string or finite number, or appears as both.
 * @example
 * const embeddings = [[0.9, 0.1, 0.2], [0.8, 0.2, 0.1], [0.1, 0.9, 0.2], [0.2, 0.8, 0.3]];
 * const head = await classifier(embeddings, ['sport', 'sport', 'politics', 'politics']);
 * head.classes; // ['politics', 'sport']
 * head.predict([[0.7, 0.3, 0.1]]); // ['sport']
 * head.dispose();
 */
export async function classifier(embeddings: Rows, labels: RowLabels, o?: ClassifierOptions): Promise<Classifier> {
  noMore('classifier', arguments, 3);
  const given = options('classifier', o, ['l2', 'keep', 'seed', 'signal'], { l2: 'alpha regularization' });
  optionalSignal('classifier(signal)', given.signal);
  if (given.l2 !== undefined) positiveNumber('classifier(l2)', given.l2);
  const keep = positiveInteger('classifier(keep)', given.keep ?? KEEP);
  const seed = wholeNumber('classifier(seed)', given.seed ?? 0);
  const none = Array.isArray(embeddings) && embeddings.length === 0;
  const grid = toGrid('classifier: embeddings', none ? new Matrix([], 1) : embeddings, Float64Array);
  const rows = grid.data.length / grid.columns;
  const known = toLabels('classifier', labels, rows);
  if (rows === 0) throw new SimdenseError('DATA', 'classifier: there are no rows');
  refuseTwins('classifier', new Set(known));
  given.signal?.throwIfAborted();
  return inTurnsUntil(making(grid, known, { l2: given.l2, keep, seed }), given.signal);
}

function* making(
  grid: Grid,
  labels: RowLabels,
  { l2, keep, seed }: { l2: number | undefined; keep: number; seed: number },
): Generator<void, Classifier> {
  const { classes, indices } = yield* encodingLabels(labels);
  if (classes.length < 2)
    throw new SimdenseError(
      'DATA',
      `classifier: all ${indices.length} labels are ${JSON.stringify(classes[0])}; a classifier needs two classes or more`,
    );
  const scaler = yield* fittingScale(grid);
  const x = yield* scaling(scaler, grid);
  const examples: Examples = { x, classes: indices };
  const fitted = yield* fitting(examples, classes.length, seed, l2);
  const memory = yield* remembering(examples, classes.length, keep, seed);
  const softmax = new SoftmaxModel(grid.columns, classes.length);
  softmax.write(fitted.weights);
  return new Classifier({ softmax, scaler, classes, memory, seed, l2: fitted.l2, learnt: 0, keep, learns: true });
}

/** The memory after the rows of a fit, in their order. */
function* remembering({ x, classes: classOf }: Examples, classes: number, keep: number, seed: number) {
  const none = Array<number>(classes).fill(0);
  const passing = new Memory(keep, none);
  const next = words(seed, CLASSIFIER_PURPOSE, 1);
  for (let row = 0; row < x.rows; row++) {
    passing.add(x.row(row) as Float32Array, classOf[row] as number, next);
    if (row % 1024 === 0) yield;
  }
  // A copy of some, or they would hold all rows in memory.
  if (x.rows <= keep) return passing;
  return Memory.of(keep, passing.seen, passing.keptRows(x.columns), x.columns);
}
