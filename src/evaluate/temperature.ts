// One number that makes probabilities as sure as they are right: temperature scaling (Guo et al. 2017, arXiv 1706.04599).
import { type Matrix, ownMatrix } from '../data/matrix.js';
import { logarithm, powerOfTwo } from '../data/powers.js';

/** Below this a probability counts as this: its logarithm would rule all others. */
const FLOOR = 1e-7;
/** The inverses of the temperatures between which one is sought, 0.05 and 20: rows that are all right would be made infinitely sure. */
const [LEAST, MOST] = [0.05, 20];
/** Newton's method needs about six steps, halving an interval at most so many. */
const STEPS = 60;
const CLOSE = 1e-9;
/** Rows of work between chances to pause. */
const SLICE = 4096;

const log2 = (p: number): number => logarithm(Math.max(FLOOR, p));

/**
 * Probabilities p^(1/T), divided by their sum. The largest of each row stays the largest. Of a temperature of 1 they are the same. Computed with + − × ÷ only: the same bits in
 * every runtime.
 */
export function tempered(probabilities: Matrix, temperature: number): Matrix {
  if (temperature === 1) return probabilities;
  const out = new Float32Array(probabilities.data.length);
  temper(probabilities, temperature, out, 0, probabilities.rows);
  return ownMatrix(out, probabilities.columns);
}

/** tempered in slices; the event loop may turn between them. */
export function* tempering(probabilities: Matrix, temperature: number): Generator<undefined, Matrix> {
  if (temperature === 1) return probabilities;
  const { rows, columns, data } = probabilities;
  const out = new Float32Array(data.length);
  for (let row = 0; row < rows; row += SLICE) {
    temper(probabilities, temperature, out, row, Math.min(rows, row + SLICE));
    yield;
  }
  return ownMatrix(out, columns);
}

/** The rows from `first` to `end`. */
export function temper(
  { data, columns }: Pick<Matrix, 'data' | 'columns'>,
  temperature: number,
  out: Float32Array,
  first: number,
  end: number,
): void {
  const powers = new Float64Array(columns);
  for (let row = first; row < end; row++) {
    const at = row * columns;
    let top = 0;
    for (let c = 1; c < columns; c++) if ((data[at + c] as number) > (data[at + top] as number)) top = c;
    const largest = log2(data[at + top] as number);
    let sum = 0;
    for (let c = 0; c < columns; c++) {
      powers[c] = powerOfTwo((log2(data[at + c] as number) - largest) / temperature);
      sum += powers[c] as number;
    }
    for (let c = 0; c < columns; c++) out[at + c] = (powers[c] as number) / sum;
    // Float32 may have made equal what was less.
    for (let c = 0; c < top; c++)
      if (out[at + c] === out[at + top]) out[at + c] = (out[at + c] as number) * (1 - 2 ** -23);
  }
}

/** The sum over the rows of −ln p of the actual class. */
export function logLoss({ data, columns }: Matrix, indices: Int32Array): number {
  let sum = 0;
  for (const [row, index] of indices.entries()) sum -= log2(data[row * columns + index] as number);
  return sum * Math.LN2;
}

/**
 * The temperature of the least log loss, from 0.05 to 20, by Newton's method on its inverse β: the loss is convex in it, its slope is the mean of (expected − actual) log
 * probability, and the slope's slope the log probabilities' variance. `doubt` is the share of each row that counts as evenly distributed over the classes. In slices; the
 * event loop may turn between them.
 */
export function* fittingTemperature(
  { data, columns }: Matrix,
  indices: Int32Array,
  doubt = 0,
): Generator<undefined, number> {
  const logs = new Float64Array(data.length);
  for (let i = 0; i < logs.length; i++) {
    logs[i] = log2(data[i] as number);
    if (i % SLICE === 0) yield;
  }
  // What is not yet known to be too low or too high, without the ends.
  let [low, high, inverse] = [0, 2 * MOST, 1];
  for (let step = 0; step < STEPS; step++) {
    let [slope, curvature] = [0, 0];
    for (const [row, index] of indices.entries()) {
      const at = row * columns;
      const actual = logs[at + index] as number;
      let largest = actual;
      for (let c = 0; c < columns; c++) largest = Math.max(largest, logs[at + c] as number);
      let [sum, first, second, even] = [0, 0, 0, 0];
      for (let c = 0; c < columns; c++) {
        const log = logs[at + c] as number;
        const weight = powerOfTwo((log - largest) * inverse);
        sum += weight;
        first += weight * (log - actual);
        second += weight * (log - actual) ** 2;
        even += log - actual;
      }
      slope += first / sum - (doubt * even) / columns;
      curvature += second / sum - (first / sum) ** 2;
      if (row % SLICE === 0) yield;
    }
    if (slope < 0) low = inverse;
    else high = inverse;
    // The logarithms have base 2, so their variance is the slope's slope over ln 2.
    const wanted = Math.min(MOST, Math.max(LEAST, inverse - slope / (curvature * Math.LN2)));
    if (!(Math.abs(wanted - inverse) > CLOSE * inverse)) break;
    inverse = wanted > low && wanted < high ? wanted : (Math.max(low, LEAST) + Math.min(high, MOST)) / 2;
  }
  return 1 / inverse;
}

/**
 * The temperature for predictions of rows that were not learnt from, or 1 where none helps: where the rows with even numbers lower the log loss of those with odd numbers and the other way
 * round no further. As if one row more were of any class, so that rows that are all right make nothing certain (Platt 1999).
 */
export function* helpfulTemperature(
  probabilities: Matrix,
  indices: Int32Array,
  rows: Int32Array,
): Generator<undefined, number> {
  const fitting = (p: Matrix, i: Int32Array) => fittingTemperature(p, i, 1 / (i.length + 2));
  const halves = [0, 1].map((half) => {
    const places = Int32Array.from(rows.keys()).filter((place) => (rows[place] as number) % 2 === half);
    return { p: probabilities.select(places), i: places.map((place) => indices[place] as number) };
  }) as [Half, Half];
  let [before, after] = [0, 0];
  for (const [half, other] of [halves, [halves[1], halves[0]] as const]) {
    const temperature = yield* fitting(half.p, half.i);
    before += logLoss(other.p, other.i);
    after += logLoss(yield* tempering(other.p, temperature), other.i);
    yield;
  }
  return after < before ? yield* fitting(probabilities, indices) : 1;
}

interface Half {
  readonly p: Matrix;
  readonly i: Int32Array;
}

/**
 * A mean of calibrated probabilities is less sure than it is right (Ranjan and Gneiting 2010, Journal of the Royal Statistical Society B 72:71). By this a temperature that was fitted on means of
 * `from` members' predictions is multiplied for means of `to`: measured on ten tables of bench/tabular with 1 to 5 members.
 */
export function temperatureOfMean(from: number, to: number): number {
  const sureness = (members: number): number => 1 - 0.2 * (1 - 1 / members);
  return sureness(to) / sureness(from);
}
