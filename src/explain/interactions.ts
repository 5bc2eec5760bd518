import { noMore, options, positiveInteger, positiveUpTo, refuse, wholeNumber } from '../base/checks.js';
import { EXPLAIN_PURPOSE } from '../base/draws.js';
import { SimdenseError } from '../base/errors.js';
import { inTurnsUntil } from '../base/pause.js';
import type { Label } from '../data/labels.js';
import { range, shuffled, words } from '../data/random.js';
import type { AnyRows } from '../evaluate/row-encoder.js';
import { type Block, readingAll, readingBlock } from './blocks.js';
import { drawing, type Features } from './features.js';
import { screening } from './screening.js';
import { checkColumns, checkSignal, type Model, outputIndex, type Subject, soleOutput, subjectOf } from './subject.js';

export interface InteractionsOptions {
  /** The columns of which all pairs are looked at. Default: the eight on which predictions depend most; of more than 16, a look at gradients says which 16 are compared for that. */
  columns?: readonly string[];
  /** The most pairs that are returned. Default: 10. */
  pairs?: number;
  /** The number of rows, drawn at random, from 2 to 2,000. Each column and each pair takes its square of predictions. Default: 100. */
  rows?: number;
  /** The seed of the draw. Default: 0. */
  seed?: number;
  /** The class, label or target. Default: of classes and labels all together, of one number this. */
  output?: Label;
  /** Ends the work. */
  signal?: AbortSignal;
}

/** How much more, or other, two columns do together than each alone. */
export interface Interaction {
  readonly columns: readonly [string, string];
  /** The share of the two columns' joint effect that is not the sum of their own effects: 0 for none, 1 if they have no effect of their own. */
  readonly h2: number;
  /** The size of this share in the units of the prediction, as a standard deviation over the rows: H² may be large where both columns hardly matter. */
  readonly size: number;
}

/** The columns whose pairs are looked at, if the caller names none. */
const MOST_COLUMNS = 8;
/** The columns that are compared to find these; more are screened by gradients first, at so many rows. */
const [COMPARED, SCREENED_ROWS] = [2 * MOST_COLUMNS, 30];
const MOST_ROWS = 2_000;
/** Rows that are predicted at once, and about the most features of them. */
const [BATCH, BATCH_FEATURES] = [2_048, 2 ** 19];
/** A joint effect below this share of the predictions' size is what float32 rounds. */
const ROUNDING = 1e-6;
/** Of a table with more features only those of the drawn rows are computed. */
const KEPT = 2 ** 20;
const where = 'interactions';

/**
 * Finds pairs of columns that matter together: the effect of one depends on the other. It is the H² of Friedman and Popescu 2008, "Predictive Learning via Rule
 * Ensembles", equation (44): Σ (F_jk − F_j − F_k)² / Σ F_jk² over rows, where F is the centred partial dependence on these columns. For several classes or labels both sums are over
 * all of them.
 *
 * @param model A fitted pipeline, or an ensemble of such.
 * @param x The rows: a Table or objects, or rows of numbers for a model of these.
 * @param o Options; see InteractionsOptions.
 * @returns The pairs, by falling size.
 * @throws SimdenseError 'ARGUMENT' for an unknown option, output or column, fewer than two columns, and several targets without `output`.
 * @throws SimdenseError 'DATA' or 'SHAPE' for rows that do not fit, and for fewer than two rows; 'DISPOSED' after the model's dispose.
 * @example
 * const x = [[0, 0], [0, 1], [1, 0], [1, 1]];
 * const fitted = await fitPipeline({ layers: [], scale: 'none', targetScale: 'none', fit: { epochs: 1 } }, x, [0.5, 1.5, 3.5, 4.5]);
 * const [pair] = await interactions(fitted, x);
 * pair?.columns; // ['0', '1']
 * // A linear model has no interactions.
 * Math.round((pair?.size ?? 1) * 1e6); // 0
 */
export async function interactions(model: Model, x: AnyRows, o?: InteractionsOptions): Promise<Interaction[]> {
  noMore(where, arguments, 3);
  const keys = ['columns', 'pairs', 'rows', 'seed', 'output', 'signal'] as const;
  const { pairs = 10, rows = 100, seed = 0, columns, output, signal } = options(where, o, keys);
  positiveInteger(`${where}(pairs)`, pairs);
  if (positiveUpTo(`${where}(rows)`, MOST_ROWS, rows) < 2) refuse(`${where}(rows)`, 'two rows or more', rows);
  wholeNumber(`${where}(seed)`, seed);
  checkSignal(where, signal);
  const subject = subjectOf(where, model);
  const named = checkColumns(`${where}(columns)`, subject, columns);
  if (named.length < 2) refuse(`${where}(columns)`, 'two columns or more', named);
  const all = output === undefined && subject.task !== 'regression';
  const wanted = all
    ? [...subject.outputs.keys()]
    : [
        output === undefined
          ? soleOutput(where, subject, output, 'the model predicts several numbers')
          : outputIndex(where, subject, output),
      ];
  const work = comparing(subject, x, { named, wanted, rows, seed, all: columns !== undefined });
  const found = await inTurnsUntil(work, signal);
  return found.slice(0, pairs);
}

interface Plan {
  readonly named: readonly string[];
  /** The outputs whose effects count. */
  readonly wanted: readonly number[];
  readonly rows: number;
  readonly seed: number;
  /** Whether all pairs of these columns are wanted, and not only of the most important. */
  readonly all: boolean;
}

function* comparing(
  subject: Subject,
  x: AnyRows,
  { named, wanted, rows, seed, all }: Plan,
): Generator<void, Interaction[]> {
  const features = yield* readingAll(where, subject, x, KEPT);
  const { rows: given } = features[0] as Features;
  if (given < 2) throw new SimdenseError('DATA', `${where}: x has one row; what columns do together takes two or more`);
  const order = range(given);
  // The first purpose of EXPLAIN_PURPOSE's steps that no permutation has.
  yield* shuffled(order, words(seed, EXPLAIN_PURPOSE, 2 ** 31));
  const sample = order.slice(0, rows).sort();
  const drawn: Features[] = [];
  for (const each of features) drawn.push(yield* drawing(each, sample));
  const many = !all && named.length > COMPARED;
  const likely = many ? (yield* screening(drawn, subject, SCREENED_ROWS)).slice(0, COMPARED) : named;
  const crowd = yield* crowding(subject, drawn, sample.length);
  const alone = new Map<string, Effect>();
  for (const column of likely) alone.set(column, yield* effectOf(crowd, [column], wanted));
  const total = (column: string): number => alone.get(column)?.total ?? 0;
  const columns = all ? named : [...likely].sort((a, b) => total(b) - total(a)).slice(0, MOST_COLUMNS);
  const found: Interaction[] = [];
  for (const [i, a] of columns.entries())
    for (const b of columns.slice(i + 1)) {
      const pair = named.indexOf(a) < named.indexOf(b) ? ([a, b] as const) : ([b, a] as const);
      const { means, size } = yield* effectOf(crowd, pair, wanted);
      const [first, second] = pair.map((column) => (alone.get(column) as Effect).means) as [Float64Array, Float64Array];
      let [rest, joint] = [0, 0];
      const none = (ROUNDING * size) ** 2 * sample.length;
      for (const [at, value] of means.entries()) {
        rest += (value - (first[at] as number) - (second[at] as number)) ** 2;
        joint += value ** 2;
      }
      found.push({ columns: pair, h2: joint > none ? rest / joint : 0, size: Math.sqrt(rest / sample.length) });
    }
  return found.sort((a, b) => b.size - a.size);
}

/** How predictions follow some columns. */
interface Effect {
  /** The partial dependence at each row's own cells, centred; rows × outputs. */
  readonly means: Float64Array;
  /** The mean over the rows of the variance of their predictions as these columns vary; summed over the outputs. */
  readonly total: number;
  /** The largest prediction, without regard to its sign. */
  readonly size: number;
}

/** The drawn rows, several times over, so that each prediction is of many rows. */
interface Crowd {
  readonly block: Block;
  /** The number of drawn rows. */
  readonly count: number;
  /** How often they are there. */
  readonly times: number;
}

function* crowding(subject: Subject, drawn: readonly Features[], count: number): Generator<void, Crowd> {
  const width = drawn.reduce((most, each) => Math.max(most, each.width), 1);
  const most = Math.min(BATCH, Math.floor(BATCH_FEATURES / width));
  const times = Math.min(count, Math.max(1, Math.floor(most / count)));
  const rows = Int32Array.from({ length: times * count }, (_, at) => at % count);
  return { block: yield* readingBlock(subject, drawn, rows), count, times };
}

/** Gives all rows the cells that each row has in some columns, one row after the other. */
function* effectOf(
  { block, count, times }: Crowd,
  columns: readonly string[],
  wanted: readonly number[],
): Generator<void, Effect> {
  const means = new Float64Array(count * wanted.length);
  /** Of each row's predictions, without the first, for the variance. */
  const [firsts, sums, squares] = [means.slice(), means.slice(), means.slice()];
  let size = 0;
  for (let from = 0; from < count; from += times) {
    // The last of the rows fill up the last batch, and are not counted twice.
    const own = Int32Array.from({ length: times * count }, (_, at) =>
      Math.min(count - 1, from + Math.floor(at / count)),
    );
    for (const column of columns) yield* block.replacing(column, own);
    const outputs = yield* block.predicting();
    for (let i = from; i < Math.min(count, from + times); i++)
      for (let row = 0; row < count; row++)
        for (const [o, output] of wanted.entries()) {
          const value = outputs.data[((i - from) * count + row) * outputs.columns + output] as number;
          const at = row * wanted.length + o;
          means[i * wanted.length + o] = (means[i * wanted.length + o] as number) + value / count;
          if (i === 0) firsts[at] = value;
          const moved = value - (firsts[at] as number);
          sums[at] = (sums[at] as number) + moved / count;
          squares[at] = (squares[at] as number) + moved ** 2 / count;
          size = Math.max(size, Math.abs(value));
        }
  }
  for (const column of columns) yield* block.restoring(column);
  for (const o of wanted.keys()) {
    let middle = 0;
    for (let i = o; i < means.length; i += wanted.length) middle += (means[i] as number) / count;
    for (let i = o; i < means.length; i += wanted.length) means[i] = (means[i] as number) - middle;
  }
  const total = squares.reduce((sum, square, at) => sum + (square - (sums[at] as number) ** 2) / count, 0);
  return { means, total, size };
}
