// Figures that are sums over rows of how wrong each row's prediction is.
import { oneOf } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Label } from '../data/labels.js';
import type { Matrix } from '../data/matrix.js';
import { logarithm } from '../data/powers.js';
import { answersIn } from '../evaluate/decision.js';
import type { Task } from '../evaluate/task.js';
import type { Subject } from './subject.js';
import type { Truth } from './truth.js';

/** A figure to judge predictions by. */
export type ImportanceMetric = 'logLoss' | 'accuracy' | 'r2' | 'meanAbsoluteError';

/** How wrong the prediction in row `at` of `outputs` is, which belongs to row `row` of the truth. */
export type RowLoss = (outputs: Matrix, at: number, row: number) => number;

const ofTask: { readonly [task in Task]: readonly ImportanceMetric[] } = {
  classification: ['logLoss', 'accuracy'],
  multilabel: ['logLoss', 'accuracy'],
  regression: ['r2', 'meanAbsoluteError'],
};

/** What decides how outputs are judged. */
type Judged = Pick<Subject, 'task' | 'classes' | 'decision'>;

/** Probabilities below are taken as this, so that one row does not make the loss infinite. */
const LEAST = 1e-7;

/** −ln p. With + − × ÷ only, so that the order of rows is the same in every runtime. */
const surprise = (p: number): number => (p >= 1 ? 0 : -logarithm(Math.max(LEAST, p)) * Math.LN2);

/** The log loss of a row: −ln of the probability of what is true; of several labels their mean. */
export function logLossOf(truth: Truth): RowLoss {
  if ('indices' in truth)
    return ({ data, columns }, at, row) => surprise(data[at * columns + (truth.indices[row] as number)] as number);
  return ({ data, columns }, at, row) => {
    let sum = 0;
    for (let c = 0; c < columns; c++) {
      const p = data[at * columns + c] as number;
      sum += surprise(truth.numbers.data[row * columns + c] === 1 ? p : 1 - p);
    }
    return sum / columns;
  };
}

/** 1 for a row that is answered with a class that is not its own; of several labels the share that is wrong. */
function missOf({ classes = [], decision }: Judged, truth: Truth): RowLoss {
  if ('indices' in truth) {
    let [answered, answers]: [Matrix | undefined, readonly Label[]] = [undefined, []];
    return (outputs, at, row) => {
      // The answers of a block, once.
      if (outputs !== answered) [answered, answers] = [outputs, answersIn(outputs, classes, decision)];
      return Number(answers[at] !== classes[truth.indices[row] as number]);
    };
  }
  return ({ data, columns }, at, row) => {
    let wrong = 0;
    for (let c = 0; c < columns; c++) {
      const i = row * columns + c;
      wrong += Number((data[at * columns + c] as number) > 0.5 !== (truth.numbers.data[i] === 1));
    }
    return wrong / columns;
  };
}

/** The absolute error of one target. */
export const absoluteErrorOf =
  (numbers: Matrix, target: number): RowLoss =>
  ({ data, columns }, at, row) =>
    Math.abs((data[at * columns + target] as number) - (numbers.data[row * columns + target] as number));

/** 1 − r2 as a sum over rows: squared errors by the sum of the squared distances from the mean; of several targets the mean. */
function unexplained(where: string, { data, rows, columns }: Matrix): RowLoss {
  const spreads = Array.from({ length: columns }, (_, c) => {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += data[row * columns + c] as number;
    let spread = 0;
    for (let row = 0; row < rows; row++) spread += ((data[row * columns + c] as number) - sum / rows) ** 2;
    if (spread === 0)
      throw new SimdenseError('DATA', `${where}: all rows have the same target, for which there is no r2`);
    return spread;
  });
  return (outputs, at, row) => {
    let sum = 0;
    for (let c = 0; c < columns; c++)
      sum +=
        ((outputs.data[at * columns + c] as number) - (data[row * columns + c] as number)) ** 2 /
        (spreads[c] as number);
    return sum / columns;
  };
}

/** What a figure is a sum of, such that its rise is how much worse predictions are. Throws SimdenseError 'ARGUMENT' for a figure that is not for the task. */
export function rowLossOf(where: string, judged: Judged, metric: ImportanceMetric | undefined, truth: Truth): RowLoss {
  const known = ofTask[judged.task];
  const name = metric === undefined ? (known[0] as ImportanceMetric) : oneOf(`${where}(metric)`, metric, known);
  if ('numbers' in truth && name === 'r2') return unexplained(where, truth.numbers);
  const [sum, count] =
    'indices' in truth
      ? [name === 'logLoss' ? logLossOf(truth) : missOf(judged, truth), truth.indices.length]
      : [
          name === 'logLoss'
            ? logLossOf(truth)
            : name === 'accuracy'
              ? missOf(judged, truth)
              : meanErrorOf(truth.numbers),
          truth.numbers.rows,
        ];
  return (outputs, at, row) => sum(outputs, at, row) / count;
}

function meanErrorOf(numbers: Matrix): RowLoss {
  const errors = Array.from({ length: numbers.columns }, (_, c) => absoluteErrorOf(numbers, c));
  return (outputs, at, row) => errors.reduce((sum, of) => sum + of(outputs, at, row), 0) / errors.length;
}
