// How good predictions are and how sure that is: counts, shares and their intervals.
import { noMore, positiveInteger, positiveUpTo, refuse, show, wholeNumber } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { placeOf } from '../data/cells.js';
import type { Label } from '../data/labels.js';
import type { Matrix } from '../data/matrix.js';
import { isNumbers } from '../data/numbers.js';
import { isMatrix } from '../data/rows.js';

/** Bins of a calibration: more than a plot has pixels. */
const MOST_BINS = 100_000;

/** Rows are what it is, columns what was predicted; in the order of the labels. */
export interface Confusion {
  readonly labels: readonly string[];
  readonly counts: readonly (readonly number[])[];
}

/**
 * Counts of each label predicted as each. An actual label that is none of `classes` has a row and a column of its own behind theirs, in the order in which they come: it is
 * never predicted, so its rows are misses. Throws SimdenseError 'ARGUMENT' for a class that is there twice, 'SHAPE' where lengths differ, 'DATA' for a
 * prediction that is none of `classes`, and for what is no label.
 */
export function confusionMatrix(
  actual: readonly Label[],
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
  const numbers = new Map(classes.map((label, index) => [label, index]));
  for (const [row, label] of predicted.entries()) {
    if (numbers.has(label)) continue;
    const message = `confusionMatrix(predicted): ${show(label)} in row ${row} is not among the classes`;
    throw new SimdenseError('DATA', message);
  }
  for (const [row, label] of actual.entries()) {
    if (numbers.has(label)) continue;
    if (typeof label !== 'string' && !Number.isFinite(label)) {
      const message = `confusionMatrix(actual): ${show(label)} in row ${row}, expected a string or a number`;
      throw new SimdenseError('DATA', message);
    }
    numbers.set(label, numbers.size);
  }
  const labels = [...numbers.keys()];
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

/** Throws SimdenseError 'ARGUMENT' for a class that is there twice: nobody could tell which is meant. */
function checkClasses(where: string, classes: readonly Label[]): void {
  const seen = new Set<Label>();
  for (const label of classes) {
    if (seen.has(label)) refuse(where, 'each class once', label, ' twice');
    seen.add(label);
  }
}

/** Throws SimdenseError 'ARGUMENT' for what is no table of counts. */
export function checkConfusion(where: string, confusion: Confusion): Confusion {
  const { labels, counts } = (confusion ?? {}) as Partial<Confusion>;
  const square =
    Array.isArray(labels) &&
    labels.every((label) => typeof label === 'string') &&
    Array.isArray(counts) &&
    counts.length === labels.length &&
    counts.every((line) => isNumbers(line) && line.length === labels.length);
  if (!square) refuse(where, 'labels, and as many rows and columns of counts', confusion);
  for (const [row, line] of counts.entries()) {
    const bad = line.findIndex((count: number) => !(count >= 0 && count < Number.POSITIVE_INFINITY));
    if (bad >= 0) refuse(`${where}.counts[${row}][${bad}]`, 'a number from 0 up', line[bad]);
  }
  return confusion;
}

export interface ClassFigures {
  readonly label: string;
  /** Of those predicted as this class, the share that is; 0 where none was predicted. */
  readonly precision: number;
  /** Of those that are this class, the share that was predicted so; 0 where there are none. */
  readonly recall: number;
  /** Their harmonic mean. */
  readonly f1: number;
  /** Rows that are this class. */
  readonly support: number;
}

/** Figures of each class; the definitions are scikit-learn's classification_report's. */
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

export interface CalibrationBin {
  /** Rows whose largest probability is in this bin. */
  readonly count: number;
  /** Mean of their largest probabilities, and the share of them that was right. */
  readonly confidence: number;
  readonly accuracy: number;
}

export interface Calibration {
  readonly bins: readonly CalibrationBin[];
  /** Mean distance of confidence from accuracy, by the rows of the bins: the expected calibration error (Guo et al. 2017, arXiv 1706.04599). */
  readonly error: number;
}

/** How far probabilities (rows × classes) can be believed, in bins of equal width without the empty ones. */
export function calibration(
  actual: readonly Label[],
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
  for (const [row, label] of actual.entries()) {
    const chosen = predicted[row] as number;
    const p = data[row * columns + chosen] as number;
    const bin = sums[Math.min(bins - 1, Math.floor(p * bins))] as (typeof sums)[number];
    bin.count++;
    bin.confidence += p;
    bin.right += Number(classes[chosen] === label);
  }
  const filled = sums
    .filter(({ count }) => count > 0)
    .map(({ count, confidence, right }) => ({ count, confidence: confidence / count, accuracy: right / count }));
  const error = filled.reduce((sum, b) => sum + b.count * Math.abs(b.confidence - b.accuracy), 0) / actual.length;
  return { bins: filled, error };
}

/**
 * Between which shares the true one lies, with 95 % confidence, where `hits` of `rows` were right: Wilson's score interval (Wilson 1927), which holds for few rows and shares near
 * 0 and 1 as well.
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
  // Exact at the ends, where rounding would leave something.
  return [hits === 0 ? 0 : (middle - half) / scale, hits === rows ? 1 : (middle + half) / scale];
}
