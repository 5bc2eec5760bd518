import { noMore, options, positiveUpTo, refuse, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { inTurnsUntil } from '../base/pause.js';
import type { Label } from '../data/labels.js';
import type { AnyRows } from '../evaluate/row-encoder.js';
import type { Cell } from '../table/kind.js';
import { eachBlock, readingAll } from './blocks.js';
import { valuesOf } from './column-cells.js';
import { checkColumn, checkSignal, type Model, outputIndex, type Subject, subjectOf } from './subject.js';

export interface PartialDependenceOptions {
  /** The number of values of a column of numbers or dates, from 2 to 1,000. Default: 20. */
  points?: number;
  /** The class, label or target whose mean is wanted. Default: all. */
  output?: Label;
  /** Ends the work. */
  signal?: AbortSignal;
}

/** What a model predicts on average when a column has the same value in all rows. */
export interface PartialDependence {
  readonly column: string;
  /** Numbers and dates rising; of categories, booleans and texts the 20 most frequent, the most frequent first, null for missing cells. */
  readonly values: readonly Cell[];
  /** The classes, labels or targets; the numbers from 0 of targets without names. */
  readonly outputs: readonly Label[];
  /** For each of `outputs` the mean prediction at each of `values`: probabilities, or numbers in the target's own units. */
  readonly means: readonly (readonly number[])[];
}

const where = 'partialDependence';

/**
 * Computes what a model predicts on average over the rows when one column has a value in all of them, for several values (Friedman 2001, "Greedy Function
 * Approximation", section 8.2), as scikit-learn's partial_dependence does by brute force. Numbers and dates are spread evenly from their quantile of 5 % to that of 95 %. Rows are
 * made that may never occur where columns depend on each other.
 *
 * @param model A fitted pipeline, or an ensemble of such.
 * @param x The rows: a Table or objects, or rows of numbers for a model of these.
 * @param column The column, by name; of a model of numbers without names its number as a text, such as '0'.
 * @param o Options; see PartialDependenceOptions.
 * @returns The values, and the mean predictions there.
 * @throws SimdenseError 'ARGUMENT' for an unknown option, output or column.
 * @throws SimdenseError 'DATA' or 'SHAPE' for rows that do not fit, for no rows, and for a column without a value in them; 'DISPOSED' after the model's dispose.
 * @example
 * const x = Array.from({ length: 40 }, (_, i) => [i]);
 * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
 * const fitted = await fitPipeline({ layers: [], fit: { epochs: 200 } }, x, y, { columns: ['size'] });
 * const { values, means } = await partialDependence(fitted, x, 'size', { points: 3, output: 'low' });
 * values; // [1.41, 19.5, 37.59]
 * means[0][0] > means[0][2]; // true
 */
export async function partialDependence(
  model: Model,
  x: AnyRows,
  column: string,
  o?: PartialDependenceOptions,
): Promise<PartialDependence> {
  noMore(where, arguments, 4);
  const { points = 20, output, signal } = options(where, o, ['points', 'output', 'signal']);
  if (positiveUpTo(`${where}(points)`, 1_000, points) < 2) refuse(`${where}(points)`, 'two or more', points);
  checkSignal(where, signal);
  const subject = subjectOf(where, model);
  checkColumn(`${where}(column)`, subject, column);
  const wanted = output === undefined ? [...subject.outputs.keys()] : [outputIndex(where, subject, output)];
  return inTurnsUntil(averaging(subject, x, column, points, wanted), signal);
}

function* averaging(
  subject: Subject,
  x: AnyRows,
  column: string,
  points: number,
  wanted: readonly number[],
): Generator<void, PartialDependence> {
  const features = yield* readingAll(where, subject, x);
  const values = yield* valuesOf(where, subject, x, column, points);
  if (values.every((value) => value === null))
    throw new SimdenseError(
      'DATA',
      `${where}: column ${show(column)} has no value in these rows, so there is nothing to compare; give rows that have some`,
    );
  const sums = wanted.map(() => new Float64Array(values.length));
  let rows = 0;
  yield* eachBlock(subject, features, function* (block) {
    rows += block.rows;
    for (const [v, value] of values.entries()) {
      block.fill(column, value);
      const { data, columns } = yield* block.predicting();
      for (const [o, output] of wanted.entries()) {
        const own = sums[o] as Float64Array;
        for (let at = output; at < data.length; at += columns) own[v] = (own[v] as number) + (data[at] as number);
      }
    }
  });
  return {
    column,
    values,
    outputs: wanted.map((output) => subject.outputs[output] as Label),
    means: sums.map((own) => Array.from(own, (sum) => sum / rows)),
  };
}
