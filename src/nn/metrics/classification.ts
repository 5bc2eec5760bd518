import { argmax } from '../../base/extremes.js';
import { classAt, eachDecision, isBinary, type Meter, meanOver, targetAt, weightAt } from './meter.js';

/** Share of rows whose largest output is the right class. For binary outputs: share of outputs on the right side of ½. */
export function accuracy(): Meter {
  return meanOver(
    (batch) => (isBinary(batch) ? batch.outputs : 1),
    (batch, row, output) => {
      const { predicted, outputs } = batch;
      const at = row * outputs;
      if (!isBinary(batch)) return Number(argmax(predicted, at, outputs) === classAt(batch, row));
      return Number((predicted[at + output] as number) > 0.5 === targetAt(batch, row, output) > 0.5);
    },
  );
}

/** Share of rows whose class is among the `k` largest outputs. Of equal outputs the later one ranks higher, as in scikit-learn. */
export function topK(k: number): Meter {
  return meanOver(
    () => 1,
    (batch, row) => {
      const { predicted, outputs } = batch;
      const label = classAt(batch, row);
      const score = predicted[row * outputs + label] as number;
      let above = 0;
      for (let o = 0; o < outputs; o++) {
        const other = predicted[row * outputs + o] as number;
        if (other > score || (other === score && o > label)) above++;
      }
      return Number(above < k);
    },
  );
}

/** True positives, false positives and false negatives of a class, in rows or in their weights. */
interface Counts {
  hits: number;
  wrong: number;
  missed: number;
}

const share = (part: number, whole: number): number => (whole > 0 ? part / whole : 0);
const figures = {
  precision: ({ hits, wrong }: Counts) => share(hits, hits + wrong),
  recall: ({ hits, missed }: Counts) => share(hits, hits + missed),
  f1: ({ hits, wrong, missed }: Counts) => share(2 * hits, 2 * hits + wrong + missed),
};

/**
 * Precision, recall or f1. One output: the figure of the positive class. Several classes: the mean over the classes that occur among targets or predictions.
 * Several binary outputs: the mean over all outputs. A class that is never predicted counts as 0: scikit-learn's 'macro' with zero_division 0.
 */
export function fromCounts(figure: keyof typeof figures): Meter {
  const counts = new Map<number, Counts>();
  const count = (label: number, truth: boolean, taken: boolean, weight: number): void => {
    const found = counts.get(label) ?? { hits: 0, wrong: 0, missed: 0 };
    counts.set(label, found);
    if (truth || taken) found[truth ? (taken ? 'hits' : 'missed') : 'wrong'] += weight;
  };
  return {
    add: (batch) => eachDecision(batch, count),
    value: () => [...counts.values()].reduce((sum, c) => sum + figures[figure](c), 0) / counts.size,
  };
}

/**
 * Area under the ROC curve: the probability that a row of the class scores above another row, where equal scores count half. For several classes the
 * mean of each class against the rest, over the classes that have rows on both sides; NaN if none has. Keeps all scores until the end.
 */
export function auc(): Meter {
  /** For each class, row by row: the weight, negative for rows of other classes, and the score, with −0 turned into 0. */
  const columns: number[][] = [];
  return {
    add(batch) {
      const { rows, outputs, predicted } = batch;
      for (let o = 0; o < outputs; o++) {
        columns[o] ??= [];
        for (let row = 0; row < rows; row++) {
          const positive = isBinary(batch) ? targetAt(batch, row, o) > 0.5 : classAt(batch, row) === o;
          const weight = weightAt(batch, row);
          columns[o]?.push(positive ? weight : -weight, (predicted[row * outputs + o] as number) + 0);
        }
      }
    },
    *value() {
      let [sum, count] = [0, 0];
      for (const column of columns) {
        const found = yield* area(new Float32Array(column));
        if (Number.isNaN(found)) continue;
        sum += found;
        count++;
      }
      return sum / count;
    },
  };
}

/** The area of one class. Sorts pairs of weight and score by score: a radix sort on integers of the same order, which yields after each byte. */
function* area(pairs: Float32Array): Generator<void, number> {
  let bits = new Int32Array(pairs.buffer);
  for (let shift = 0; shift < 32; shift += 8) {
    const byte = (score: number): number => ((score ^ ((score >> 31) | (1 << 31))) >> shift) & 255;
    const ends = new Uint32Array(257);
    for (let i = 1; i < bits.length; i += 2) (ends[byte(bits[i] as number) + 1] as number) += 2;
    for (let b = 0; b < 256; b++) (ends[b + 1] as number) += ends[b] as number;
    const sorted = bits.slice();
    for (let i = 1; i < bits.length; i += 2) {
      const score = bits[i] as number;
      sorted[(ends[byte(score)] as number)++] = bits[i - 1] as number;
      sorted[(ends[byte(score)] as number)++] = score;
    }
    bits = sorted;
    yield;
  }
  const floats = new Float32Array(bits.buffer);
  let [below, positives, sum, up, down] = [0, 0, 0, 0, 0];
  for (let i = 0; i < floats.length; i += 2) {
    const weight = floats[i] as number;
    if (weight > 0) up += weight;
    else down -= weight;
    // Collect all rows of the same score first.
    if (floats[i + 1] === floats[i + 3]) continue;
    sum += up * (below + down / 2);
    below += down;
    positives += up;
    up = down = 0;
  }
  return sum / (positives * below);
}
