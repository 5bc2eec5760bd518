import { argmax, classAt, isBinary, type Meter, meanOver, targetAt, weightAt } from './meter.js';

/** Share of rows whose largest output is the class; of outputs on the right side of ½ where each is a yes or no. */
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

/** Share of rows whose class is among the `k` largest outputs; of equals the later ones go first, as in scikit-learn. */
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

/** What was taken for a class rightly, wrongly, and what of it was missed; in rows, or their weights. */
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
 * One output: that of the positive class. Several classes: the mean over those that are among the targets or the predictions; several
 * yes or no outputs: the mean over all. 0 where nothing was taken for a class: scikit-learn's 'macro' with zero_division 0.
 */
export function fromCounts(figure: keyof typeof figures): Meter {
  const counts = new Map<number, Counts>();
  let binary = false;
  const of = (label: number): Counts => {
    const found = counts.get(label) ?? { hits: 0, wrong: 0, missed: 0 };
    counts.set(label, found);
    return found;
  };
  return {
    add(batch) {
      const { rows, outputs, predicted } = batch;
      binary = isBinary(batch);
      for (let row = 0; row < rows; row++) {
        const weight = weightAt(batch, row);
        if (binary) {
          for (let o = 0; o < outputs; o++) {
            const found = of(o);
            const taken = (predicted[row * outputs + o] as number) > 0.5;
            if (targetAt(batch, row, o) > 0.5) found[taken ? 'hits' : 'missed'] += weight;
            else if (taken) found.wrong += weight;
          }
          continue;
        }
        const truth = classAt(batch, row);
        const taken = argmax(predicted, row * outputs, outputs);
        if (truth === taken) of(truth).hits += weight;
        else {
          of(truth).missed += weight;
          of(taken).wrong += weight;
        }
      }
    },
    value: () => [...counts.values()].reduce((sum, c) => sum + figures[figure](c), 0) / counts.size,
  };
}

/**
 * Area under the ROC curve: the chance that a row of the class scores above one of the rest, equals counting half. Of several classes the
 * mean of each against the rest, over those that have rows on both sides; NaN where none has. Keeps all scores until the end.
 */
export function auc(): Meter {
  const columns: { score: number; positive: boolean; weight: number }[][] = [];
  return {
    add(batch) {
      const { rows, outputs, predicted } = batch;
      for (let o = 0; o < outputs; o++) {
        columns[o] ??= [];
        for (let row = 0; row < rows; row++) {
          const positive = isBinary(batch) ? targetAt(batch, row, o) > 0.5 : classAt(batch, row) === o;
          columns[o]?.push({ score: predicted[row * outputs + o] as number, positive, weight: weightAt(batch, row) });
        }
      }
    },
    value() {
      const areas = columns.map(area).filter((value) => !Number.isNaN(value));
      return areas.length > 0 ? areas.reduce((a, b) => a + b, 0) / areas.length : Number.NaN;
    },
  };
}

function area(scores: { score: number; positive: boolean; weight: number }[]): number {
  const sorted = scores.sort((a, b) => a.score - b.score);
  let [below, positives, sum] = [0, 0, 0];
  for (let i = 0; i < sorted.length; ) {
    // Rows of one score meet as equals.
    const { score } = sorted[i] as (typeof sorted)[number];
    let [up, down] = [0, 0];
    for (; sorted[i]?.score === score; i++) {
      const { positive, weight } = sorted[i] as (typeof sorted)[number];
      if (positive) up += weight;
      else down += weight;
    }
    sum += up * (below + down / 2);
    below += down;
    positives += up;
  }
  return sum / (positives * below);
}
