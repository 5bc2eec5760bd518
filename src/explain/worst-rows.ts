import { noMore, options, positiveInteger, refuse } from '../base/checks.js';
import { inTurnsUntil } from '../base/pause.js';
import type { Label } from '../data/labels.js';
import { Matrix } from '../data/matrix.js';
import { answersIn } from '../evaluate/decision.js';
import type { AnyRows } from '../evaluate/row-encoder.js';
import type { Labels } from '../evaluate/task.js';
import type { Cell } from '../table/kind.js';
import { eachBlock, readingAll } from './blocks.js';
import { absoluteErrorOf, logLossOf } from './row-losses.js';
import { checkSignal, type Model, type Subject, soleOutput, subjectOf } from './subject.js';
import { checkCount, readingTruth, type Truth } from './truth.js';

export interface WorstRowsOptions {
  /** What is true of each row: labels or targets. true and false mean classes such as Yes and No. Default: what the table has in the columns of the targets. */
  y?: Labels | readonly Cell[];
  /** How many rows. Default: 10. */
  count?: number;
  /** The target by which rows are compared, if the model predicts several numbers. */
  output?: Label;
  /** Ends the work. */
  signal?: AbortSignal;
}

/** A row, and how wrong its prediction is. */
export interface WorstRow {
  /** The row's number, from 0. */
  readonly row: number;
  /** The true label or number; of several labels those that the row has. */
  readonly actual: Label | readonly Label[];
  /** What `predict` answers: the most probable label or what `decide` has said, or the number; of several labels those above one half. */
  readonly predicted: Label | readonly Label[];
  /** For classes the log loss, −ln of the probability of the true one; for several labels their mean; for numbers the absolute error. */
  readonly loss: number;
}

/**
 * Finds the rows that a model predicts worst: mislabelled rows are often among them, and cases that the columns do not tell.
 *
 * @param model A fitted pipeline, or an ensemble of such.
 * @param x The rows: a Table or objects, or rows of numbers for a model of these.
 * @param o Options; see WorstRowsOptions.
 * @returns The rows, the worst first; of equal ones the first in x.
 * @throws SimdenseError 'ARGUMENT' for an unknown option or output, for several targets without `output`, and for rows without `y` that do not have their targets.
 * @throws SimdenseError 'DATA' for a cell that does not fit, a label that the model does not know, and no rows.
 * @throws SimdenseError 'SHAPE' if x and y do not fit together or do not fit the model, 'DISPOSED' after the model's dispose.
 * @example
 * const x = Array.from({ length: 40 }, (_, i) => [i]);
 * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
 * const fitted = await fitPipeline({ layers: [], fit: { epochs: 200 } }, x, y);
 * const [worst] = await worstRows(fitted, [[3], [5], [38]], { y: ['low', 'high', 'high'], count: 1 });
 * [worst?.row, worst?.actual, worst?.predicted]; // [1, 'high', 'low']
 */
export async function worstRows(model: Model, x: AnyRows, o?: WorstRowsOptions): Promise<WorstRow[]> {
  noMore('worstRows', arguments, 3);
  const { count = 10, signal, ...given } = options('worstRows', o, ['y', 'count', 'output', 'signal']);
  positiveInteger('worstRows(count)', count);
  checkSignal('worstRows', signal);
  return inTurnsUntil(finding(subjectOf('worstRows', model), x, count, given), signal);
}

function* finding(
  subject: Subject,
  x: AnyRows,
  count: number,
  { y, output }: Pick<WorstRowsOptions, 'y' | 'output'>,
): Generator<void, WorstRow[]> {
  const where = 'worstRows';
  const target = targetOf(where, subject, output);
  const truth = yield* readingTruth(where, subject, x, y);
  const features = yield* readingAll(where, subject, x);
  checkCount(where, features[0]?.rows as number, truth);
  let worst: WorstRow[] = [];
  yield* eachBlock(subject, features, function* ({ from, predicting }) {
    const found = worstIn(subject, truth, yield* predicting(), { count, from, target });
    worst = [...worst, ...found].sort((a, b) => b.loss - a.loss).slice(0, count);
  });
  return worst;
}

/** What rows are compared by. */
type Judged = Pick<Subject, 'classes' | 'task' | 'outputs' | 'decision'>;

/** The rows of these outputs that are predicted worst, the worst first. The first of them is row `from` of the truth; of several numbers those of `target` count. */
export function worstIn(
  judged: Judged,
  truth: Truth,
  outputs: Matrix,
  { count, from = 0, target = 0 }: { readonly count: number; readonly from?: number; readonly target?: number },
): WorstRow[] {
  const loss =
    'numbers' in truth && judged.task === 'regression' ? absoluteErrorOf(truth.numbers, target) : logLossOf(truth);
  const losses = Array.from({ length: outputs.rows }, (_, at) => loss(outputs, at, from + at));
  const order = [...losses.keys()].sort((a, b) => (losses[b] as number) - (losses[a] as number)).slice(0, count);
  return order.map((at): WorstRow => {
    const row = from + at;
    return { row, ...labelled(judged, truth, outputs, at, row, target), loss: losses[at] as number };
  });
}

/** The target whose errors count; 0 where there are probabilities. */
function targetOf(where: string, subject: Subject, output: Label | undefined): number {
  if (subject.task === 'regression') return soleOutput(where, subject, output, 'the model predicts several numbers');
  if (output !== undefined) refuse(`${where}(output)`, 'it only for a model of several numbers', output);
  return 0;
}

function labelled(
  { classes = [], task, outputs: names, decision }: Judged,
  truth: Truth,
  { data, columns }: Matrix,
  at: number,
  row: number,
  target: number,
): Pick<WorstRow, 'actual' | 'predicted'> {
  const own = data.subarray(at * columns, (at + 1) * columns);
  if ('indices' in truth) {
    const [predicted] = answersIn(new Matrix(own, columns), classes, decision);
    return { actual: classes[truth.indices[row] as number] as Label, predicted: predicted as Label };
  }
  const known = truth.numbers.row(row);
  if (task === 'regression') return { actual: known[target] as number, predicted: own[target] as number };
  return {
    actual: names.filter((_, c) => known[c] === 1),
    predicted: names.filter((_, c) => (own[c] as number) > 0.5),
  };
}
