// The metrics in float64, from their definitions, over all rows at once.
import type { Rows } from './matrix.js';

/** What is scored: `target` as rows; `kind` says what a row is. */
export interface Scores {
  /** 'yes': outputs are yes or no, each by itself. 'class': one class a row, by the largest. */
  readonly kind: 'yes' | 'class';
  readonly target: Rows;
  readonly predicted: Rows;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
const top = (row: readonly number[]): number => row.indexOf(Math.max(...row));
const columns = ({ target }: Scores): number[] => Array.from(target[0]!, (_, c) => c);
const pairs = ({ target, predicted }: Scores): [number, number][] =>
  target.flatMap((row, i) => row.map((t, c): [number, number] => [t, predicted[i]![c]!]));

/** For each output: whether the row is of it, whether it was taken for it, and the score. */
function decisions(s: Scores): { is: boolean; taken: boolean; score: number }[][] {
  return columns(s).map((c) =>
    s.target.map((row, i) => {
      const score = s.predicted[i]![c]!;
      return s.kind === 'yes'
        ? { is: row[c]! > 0.5, taken: score > 0.5, score }
        : { is: top(row) === c, taken: top(s.predicted[i]!) === c, score };
    }),
  );
}

/** The mean over the outputs; of classes over those that there are, or that were predicted. */
function macro(s: Scores, figure: (hits: number, taken: number, there: number) => number): number {
  const each = decisions(s).flatMap((rows) => {
    const count = (of: (row: (typeof rows)[number]) => boolean): number => rows.filter(of).length;
    const [hits, taken, there] = [count((r) => r.is && r.taken), count((r) => r.taken), count((r) => r.is)];
    return s.kind === 'class' && taken + there === 0 ? [] : [figure(hits, taken, there)];
  });
  return mean(each);
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

export const metricsOracle = {
  accuracy: (s: Scores) =>
    s.kind === 'yes'
      ? mean(decisions(s).flatMap((rows) => rows.map(({ is, taken }) => Number(is === taken))))
      : mean(s.target.map((row, i) => Number(top(row) === top(s.predicted[i]!)))),
  topKAccuracy: (s: Scores) =>
    mean(
      s.target.map((row, i) => {
        const score = (c: number): number => s.predicted[i]![c]!;
        const order = columns(s).sort((a, b) => score(b) - score(a) || b - a);
        return Number(order.slice(0, 5).includes(top(row)));
      }),
    ),
  precision: (s: Scores) => macro(s, (hits, taken) => ratio(hits, taken)),
  recall: (s: Scores) => macro(s, (hits, _, there) => ratio(hits, there)),
  f1: (s: Scores) => macro(s, (hits, taken, there) => ratio(2 * hits, taken + there)),
  auc: (s: Scores) => {
    const areas = decisions(s).map((rows) => {
      const of = (is: boolean): number[] => rows.filter((row) => row.is === is).map(({ score }) => score);
      return mean(of(true).flatMap((a) => of(false).map((b) => (a > b ? 1 : a === b ? 0.5 : 0))));
    });
    return mean(areas.filter((area) => !Number.isNaN(area)));
  },
  /** Pearson's correlation of one-hot rows, which for one output is that of its two columns: Gorodkin 2004, equation 8. */
  matthewsCorrelation: (s: Scores) => {
    type Columns = { is: boolean; taken: boolean }[][];
    const covariance = (all: Columns, a: 'is' | 'taken', b: 'is' | 'taken'): number =>
      all.reduce((sum, rows) => {
        const middle = (of: 'is' | 'taken'): number => mean(rows.map((row) => Number(row[of])));
        const [left, right] = [middle(a), middle(b)];
        return sum + mean(rows.map((row) => (Number(row[a]) - left) * (Number(row[b]) - right)));
      }, 0);
    const correlation = (all: Columns): number => {
      const [targets, predictions] = [covariance(all, 'is', 'is'), covariance(all, 'taken', 'taken')];
      return targets * predictions < 1e-20 ? 0 : covariance(all, 'is', 'taken') / Math.sqrt(targets * predictions);
    };
    const all = decisions(s);
    return s.kind === 'class' ? correlation(all) : mean(all.map((one) => correlation([one])));
  },
  meanSquaredError: (s: Scores) => mean(pairs(s).map(([t, p]) => (t - p) ** 2)),
  meanAbsoluteError: (s: Scores) => mean(pairs(s).map(([t, p]) => Math.abs(t - p))),
  rootMeanSquaredError: (s: Scores) => Math.sqrt(mean(pairs(s).map(([t, p]) => (t - p) ** 2))),
  r2: (s: Scores) =>
    mean(
      columns(s).map((c) => {
        const middle = mean(s.target.map((row) => row[c]!));
        const spread = s.target.reduce((sum, row) => sum + (row[c]! - middle) ** 2, 0);
        const rest = s.target.reduce((sum, row, i) => sum + (row[c]! - s.predicted[i]![c]!) ** 2, 0);
        return spread === 0 ? Number(rest === 0) : 1 - rest / spread;
      }),
    ),
};
