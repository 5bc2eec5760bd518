import { noMore, options, positiveUpTo, wholeNumber } from '../base/checks.js';
import { EXPLAIN_PURPOSE } from '../base/draws.js';
import { inTurnsUntil } from '../base/pause.js';
import { range, shuffled, words } from '../data/random.js';
import type { AnyRows } from '../evaluate/row-encoder.js';
import type { Labels } from '../evaluate/task.js';
import type { Cell } from '../table/kind.js';
import { eachBlock, readingAll } from './blocks.js';
import { type ImportanceMetric, type RowLoss, rowLossOf } from './row-losses.js';
import { checkColumns, checkSignal, type Model, type Subject, subjectOf } from './subject.js';
import { checkCount, readingTruth } from './truth.js';

export interface PermutationImportanceOptions {
  /** What is true of each row: labels or targets. true and false mean classes such as Yes and No. Default: what the table has in the columns of the targets. */
  y?: Labels | readonly Cell[];
  /** How often each column is permuted, from 1 to 1,000. Default: 5. */
  repeats?: number;
  /** The seed of the permutations, which are the same for every column. Default: 0. */
  seed?: number;
  /**
   * The figure: for classes and several labels 'logLoss' or 'accuracy', for numbers 'r2' or 'meanAbsoluteError'. Default: 'logLoss' or 'r2'. The log loss of classes sees every
   * change of a probability; accuracy sees only those that change the answer, and is 0 for most columns where one class is common.
   */
  metric?: ImportanceMetric;
  /** The columns to permute. Default: all that the model reads. */
  columns?: readonly string[];
  /** Ends the work. */
  signal?: AbortSignal;
}

/** How much a model's predictions depend on a column. */
export interface ColumnImportance {
  readonly column: string;
  /** How much worse the figure gets, on average over the repeats: the rise of a loss or an error, the fall of accuracy or r2. */
  readonly mean: number;
  /** The standard deviation over the repeats, of the population as scikit-learn has it. */
  readonly std: number;
  /** How much worse it gets in each repeat. */
  readonly values: readonly number[];
}

const MOST_REPEATS = 1_000;

/**
 * Measures how much worse a model predicts when the cells of one column are exchanged among the rows at random, for each column (Breiman 2001, "Random
 * Forests", section 10; Fisher, Rudin, Dominici 2019, arXiv 1801.01489), as scikit-learn's permutation_importance does. A column of the table is permuted, with all features
 * that are made of it. Of two columns that say the same, each may look unimportant. Take rows that the model has not learnt from: on others, a column counts that was learnt by heart.
 *
 * @param model A fitted pipeline, or an ensemble of such.
 * @param x The rows: a Table or objects, or rows of numbers for a model of these.
 * @param o Options; see PermutationImportanceOptions.
 * @returns The columns, the most important first.
 * @throws SimdenseError 'ARGUMENT' for an unknown option or column, a figure that is not for this model, and rows without `y` that do not have their targets.
 * @throws SimdenseError 'DATA' for a cell that does not fit, a label that the model does not know, no rows, and an r2 of targets that are all the same.
 * @throws SimdenseError 'SHAPE' if x and y do not fit together or do not fit the model, 'DISPOSED' after the model's dispose.
 * @example
 * const x = Array.from({ length: 40 }, (_, i) => [i, i % 2]);
 * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
 * const fitted = await fitPipeline({ layers: [], fit: { epochs: 200 } }, x, y, { columns: ['size', 'parity'] });
 * const [first] = await permutationImportance(fitted, x, { y });
 * first?.column; // 'size'
 */
export async function permutationImportance(
  model: Model,
  x: AnyRows,
  o?: PermutationImportanceOptions,
): Promise<ColumnImportance[]> {
  noMore('permutationImportance', arguments, 3);
  const where = 'permutationImportance';
  const keys = ['y', 'repeats', 'seed', 'metric', 'columns', 'signal'] as const;
  const { repeats = 5, seed = 0, ...given } = options(where, o, keys);
  positiveUpTo(`${where}(repeats)`, MOST_REPEATS, repeats);
  wholeNumber(`${where}(seed)`, seed);
  checkSignal(where, given.signal);
  const subject = subjectOf(where, model);
  return inTurnsUntil(measuring(where, subject, x, given, drawing(seed, repeats)), given.signal);
}

/** Makes the permutations of so many rows. */
export type Permutations = (rows: number) => Generator<void, readonly Int32Array[]>;

const drawing = (seed: number, repeats: number): Permutations =>
  function* (rows) {
    const all: Int32Array[] = [];
    for (let repeat = 0; repeat < repeats; repeat++) {
      const order = range(rows);
      yield* shuffled(order, words(seed, EXPLAIN_PURPOSE, repeat));
      all.push(order);
    }
    return all;
  };

/** permutationImportance with given permutations: row i gets the cell of row permutation[i]. */
export function* measuring(
  where: string,
  subject: Subject,
  x: AnyRows,
  { y, metric, columns: wanted }: Pick<PermutationImportanceOptions, 'y' | 'metric' | 'columns'>,
  permute: Permutations,
): Generator<void, ColumnImportance[]> {
  const columns = checkColumns(`${where}(columns)`, subject, wanted);
  const truth = yield* readingTruth(where, subject, x, y);
  const features = yield* readingAll(where, subject, x);
  const rows = features[0]?.rows as number;
  checkCount(where, rows, truth);
  const loss = rowLossOf(where, subject, metric, truth);
  const permutations = yield* permute(rows);
  let before = 0;
  const after = columns.map(() => new Float64Array(permutations.length));
  yield* eachBlock(subject, features, function* (block) {
    const own = { from: block.from, to: block.from + block.rows };
    before += sumOf(loss, yield* block.predicting(), own);
    for (const [c, column] of columns.entries()) {
      const sums = after[c] as Float64Array;
      for (const [repeat, order] of permutations.entries()) {
        yield* block.replacing(column, order.subarray(own.from, own.to));
        sums[repeat] = (sums[repeat] as number) + sumOf(loss, yield* block.predicting(), own);
      }
      yield* block.restoring(column);
    }
  });
  return columns
    .map((column, c) => ({ column, ...spreadOf(Array.from(after[c] as Float64Array, (sum) => sum - before)) }))
    .sort((a, b) => b.mean - a.mean);
}

function sumOf(
  loss: RowLoss,
  outputs: Parameters<RowLoss>[0],
  { from, to }: { readonly from: number; readonly to: number },
): number {
  let sum = 0;
  for (let row = from; row < to; row++) sum += loss(outputs, row - from, row);
  return sum;
}

function spreadOf(values: readonly number[]): Omit<ColumnImportance, 'column'> {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, std: Math.sqrt(squares / values.length), values };
}
