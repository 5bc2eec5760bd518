// Measures of predictions: confusion matrix, figures of each class, calibration, and the confidence interval of an accuracy.
import { noMore, positiveInteger, positiveUpTo, refuse, show, wholeNumber } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { placeOf } from '../data/cells.js';
import type { Label } from '../data/labels.js';
import type { Matrix } from '../data/matrix.js';
import { isNumbers } from '../data/numbers.js';
import { isMatrix } from '../data/rows.js';
import type { Cell } from '../table/kind.js';
import { placesOf } from './actual.js';

/** The most bins of a calibration, which is more than a plot has pixels. */
const MOST_BINS = 100_000;

/** A confusion matrix: counts[actual][predicted], in the order of the labels. */
export interface Confusion {
  readonly labels: readonly string[];
  readonly counts: readonly (readonly number[])[];
}

/**
 * Counts how often each class was predicted as each class.
 *
 * An actual label that is not among `classes` gets a row and a column after theirs, in order of appearance. It is never predicted, so all
 * of its rows are misses.
 *
 * @param actual The true label of each row. true and false mean classes such as Yes and No.
 * @param predicted The predicted label of each row.
 * @param classes The classes that can be predicted.
 * @returns The labels as strings, and counts[actual][predicted] in their order.
 * @throws SimdenseError 'ARGUMENT' for a class that appears twice, and for what is not an array.
 * @throws SimdenseError 'SHAPE' if `actual` and `predicted` have different lengths.
 * @throws SimdenseError 'DATA' for a prediction that is not among `classes`, and for an actual value that is not a label.
 * @example
 * const actual = ['cat', 'cat', 'dog', 'dog'];
 * const predicted = ['cat', 'dog', 'dog', 'dog'];
 * confusionMatrix(actual, predicted, ['cat', 'dog']).counts; // [[1, 1], [0, 2]]
 */
export function confusionMatrix(
  actual: readonly Cell[],
  predicted: readonly Label[],
  classes: readonly Label[],
): Confusion {
  noMore('confusionMatrix', arguments, 3);
  for (const [name, list] of Object.entries({ actual, predicted, classes }))
    checkList(`confusionMatrix(${name})`, list);
  checkClasses('confusionMatrix(classes)', classes);
  if (actual.length !== predicted.length) {
    const message = `confusionMatrix: ${actual.length} actual labels, ${predicted.length} predicted`;
    throw new SimdenseError('SHAPE', message);
  }
  const numbers = placesOf(classes);
  const labels: Label[] = [...classes];
  for (const [row, label] of predicted.entries()) {
    if (numbers.has(label)) continue;
    const message = `confusionMatrix(predicted): ${show(label)} in row ${row} is not among the classes`;
    throw new SimdenseError('DATA', message);
  }
  for (const [row, label] of actual.entries()) {
    if (numbers.has(label)) continue;
    if (typeof label !== 'string' && !Number.isFinite(label)) {
      const message = `confusionMatrix(actual): ${show(label)} in row ${row}, expected a string or a finite number`;
      throw new SimdenseError('DATA', message);
    }
    numbers.set(label, labels.push(label as Label) - 1);
  }
  const counts = labels.map(() => labels.map(() => 0));
  for (const [row, label] of actual.entries()) {
    const line = counts[numbers.get(label) as number] as number[];
    const column = numbers.get(predicted[row] as Label) as number;
    line[column] = (line[column] as number) + 1;
  }
  return { labels: labels.map(String), counts };
}

function checkList(where: string, list: unknown): void {
  if (!Array.isArray(list)) refuse(where, 'an array of labels', list);
}

/** Throws SimdenseError 'ARGUMENT' for a class that appears twice: it would be ambiguous. */
function checkClasses(where: string, classes: readonly Label[]): void {
  const seen = new Set<Label>();
  for (const label of classes) {
    if (seen.has(label)) refuse(where, 'each class once', label, ' twice');
    seen.add(label);
  }
}

/** Throws SimdenseError 'ARGUMENT' for what is not a confusion matrix. */
export function checkConfusion(where: string, confusion: Confusion): Confusion {
  const { labels, counts } = (confusion ?? {}) as Partial<Confusion>;
  const square =
    Array.isArray(labels) &&
    labels.every((label) => typeof label === 'string') &&
    Array.isArray(counts) &&
    counts.length === labels.length &&
    counts.every((line) => isNumbers(line) && line.length === labels.length);
  if (!square) refuse(where, 'labels, and counts with as many rows and columns', confusion);
  for (const [row, line] of counts.entries()) {
    const bad = line.findIndex((count: number) => !(count >= 0 && count < Number.POSITIVE_INFINITY));
    if (bad >= 0) refuse(`${where}.counts[${row}][${bad}]`, 'a number from 0 up', line[bad]);
  }
  return confusion;
}

/** How well one class is recognised. */
export interface ClassFigures {
  readonly label: string;
  /** The share of the rows predicted as this class that are of it; 0 if none was predicted. */
  readonly precision: number;
  /** The share of this class's rows that were predicted as it; 0 if there are no rows. */
  readonly recall: number;
  /** The harmonic mean of precision and recall. */
  readonly f1: number;
  /** The number of rows of this class. */
  readonly support: number;
}

/**
 * Computes precision, recall and F1 of each class, as scikit-learn's classification_report defines them.
 *
 * @param confusion A confusion matrix, such as confusionMatrix returns.
 * @returns The figures of each class, in the order of the labels.
 * @throws SimdenseError 'ARGUMENT' for what is not a confusion matrix.
 * @example
 * const [cat] = classFigures({ labels: ['cat', 'dog'], counts: [[1, 1], [0, 2]] });
 * cat; // { label: 'cat', precision: 1, recall: 0.5, f1: 0.6667, support: 2 }
 */
export function classFigures(confusion: Confusion): ClassFigures[] {
  noMore('classFigures', arguments, 1);
  const { labels, counts } = checkConfusion('classFigures(confusion)', confusion);
  return labels.map((label, c) => {
    const hits = counts[c]?.[c] ?? 0;
    const support = (counts[c] ?? []).reduce((sum, n) => sum + n, 0);
    const predicted = counts.reduce((sum, line) => sum + (line[c] ?? 0), 0);
    const precision = predicted > 0 ? hits / predicted : 0;
    const recall = support > 0 ? hits / support : 0;
    const f1 = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
    return { label, precision, recall, f1, support };
  });
}

/** The rows whose largest probability falls into one interval. */
export interface CalibrationBin {
  /** The number of these rows. */
  readonly count: number;
  /** The mean of their largest probabilities. */
  readonly confidence: number;
  /** The share of them whose prediction is right. */
  readonly accuracy: number;
}

/** How well probabilities agree with reality. */
export interface Calibration {
  /** The bins that are not empty, by rising probability. */
  readonly bins: readonly CalibrationBin[];
  /** The expected calibration error: the mean of |confidence − accuracy| over the bins, weighted by their rows (Guo et al. 2017, arXiv 1706.04599). */
  readonly error: number;
}

/**
 * Compares predicted probabilities with how often the predictions are right, in bins of equal width.
 *
 * @param actual The true label of each row. true and false mean classes such as Yes and No.
 * @param probabilities The predicted probabilities, rows × classes.
 * @param classes The labels, in the order of the probabilities' columns.
 * @param bins The number of bins from 0 to 1. Default: 10.
 * @returns The bins that are not empty, and the expected calibration error.
 * @throws SimdenseError 'ARGUMENT' for a class that appears twice, a bad number of bins, or arguments of the wrong type.
 * @throws SimdenseError 'SHAPE' if the probabilities do not have a row for each label and a column for each class.
 * @throws SimdenseError 'DATA' for a probability that is not from 0 to 1.
 * @example
 * import { Matrix } from 'simdense/data';
 *
 * const probabilities = Matrix.from([[0.8, 0.2], [0.8, 0.2], [0.05, 0.95]]);
 * calibration(['cat', 'dog', 'dog'], probabilities, ['cat', 'dog']).error; // 0.2167
 */
export function calibration(
  actual: readonly Cell[],
  probabilities: Matrix,
  classes: readonly Label[],
  bins = 10,
): Calibration {
  noMore('calibration', arguments, 4);
  positiveUpTo('calibration(bins)', MOST_BINS, bins);
  for (const [name, list] of Object.entries({ actual, classes })) checkList(`calibration(${name})`, list);
  checkClasses('calibration(classes)', classes);
  if (!isMatrix(probabilities)) refuse('calibration(probabilities)', 'a Matrix', probabilities);
  if (probabilities.columns !== classes.length || probabilities.rows !== actual.length) {
    const message = `calibration: ${probabilities.rows}×${probabilities.columns} probabilities for ${actual.length} actual labels and ${classes.length} classes`;
    throw new SimdenseError('SHAPE', message);
  }
  const { data, columns } = probabilities;
  const off = data.findIndex((p: number) => !(p >= 0 && p <= 1));
  if (off >= 0) {
    const place = placeOf(off, columns);
    throw new SimdenseError('DATA', `calibration(probabilities): ${data[off]} in ${place}, expected 0 to 1`);
  }
  const sums = Array.from({ length: bins }, () => ({ count: 0, confidence: 0, right: 0 }));
  const predicted = probabilities.argmax();
  const places = placesOf(classes);
  for (const [row, label] of actual.entries()) {
    const chosen = predicted[row] as number;
    const p = data[row * columns + chosen] as number;
    const bin = sums[Math.min(bins - 1, Math.floor(p * bins))] as (typeof sums)[number];
    bin.count++;
    bin.confidence += p;
    bin.right += Number(chosen === places.get(label));
  }
  const filled = sums
    .filter(({ count }) => count > 0)
    .map(({ count, confidence, right }) => ({ count, confidence: confidence / count, accuracy: right / count }));
  const error = filled.reduce((sum, b) => sum + b.count * Math.abs(b.confidence - b.accuracy), 0) / actual.length;
  return { bins: filled, error };
}

/**
 * Computes the 95 % confidence interval of an accuracy: Wilson's score interval (Wilson 1927, Journal of the American Statistical
 * Association 22:209), which also holds for few rows and for accuracies near 0 and 1.
 *
 * @param hits How many rows were predicted right.
 * @param rows How many rows there were; at least 1.
 * @returns The lower and the upper end, from 0 to 1.
 * @throws SimdenseError 'ARGUMENT' for numbers that are not whole, or more hits than rows.
 * @example
 * wilsonInterval(8, 10); // [0.4902, 0.9433]
 */
export function wilsonInterval(hits: number, rows: number): readonly [low: number, high: number] {
  noMore('wilsonInterval', arguments, 2);
  positiveInteger('wilsonInterval(rows)', rows);
  if (wholeNumber('wilsonInterval(hits)', hits) > rows) refuse('wilsonInterval(hits)', `at most ${rows}`, hits);
  const z = 1.959963984540054;
  const share = hits / rows;
  const middle = share + z ** 2 / (2 * rows);
  const half = z * Math.sqrt((share * (1 - share)) / rows + z ** 2 / (4 * rows ** 2));
  const scale = 1 + z ** 2 / rows;
  // Without rounding the ends would be exactly 0 and 1.
  return [hits === 0 ? 0 : (middle - half) / scale, hits === rows ? 1 : (middle + half) / scale];
}
