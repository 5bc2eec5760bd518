// Judges models that predict several labels, or several numbers, for each row.
import { show } from '../../base/checks.js';
import { listed } from '../../base/listed.js';
import { Matrix } from '../../data/matrix.js';
import type { ClassFigures } from '../judgement.js';
import { count, percent, points } from './figures.js';
import { intervalOf, shareInterval } from './intervals.js';
import { judgeNumbers } from './numbers.js';
import {
  type Beside,
  besideLinear,
  type Circumstances,
  Evidence,
  type Judgement,
  signOf,
  suspectData,
  unseen,
  verdictData,
  verdictWords,
  warnings,
} from './words.js';

/** From this probability on a label is predicted. */
export const LIKELY = 0.5;

/** The column of a matrix. */
const columnOf = ({ data, columns, rows }: Matrix, column: number): number[] =>
  Array.from({ length: rows }, (_, row) => data[row * columns + column] as number);

/**
 * Judges several labels: the share of right answers over all rows and labels is compared with that of always giving the more frequent answer of each label. Rows are
 * what the interval is about, since the labels of a row depend on each other.
 */
export function judgeLabels(
  names: readonly string[],
  actual: Matrix,
  probabilities: Matrix,
  unknown: readonly string[],
  circumstances: Circumstances,
): Judgement & { readonly labels: readonly ClassFigures[] } {
  const { rows } = actual;
  const { held, tryFirst, groups, linear } = circumstances;
  const evidence = new Evidence(rows, circumstances);
  const given = names.map((_, c) => columnOf(probabilities, c).map((p) => Number(p >= LIKELY)));
  const known = names.map((_, c) => columnOf(actual, c));
  const usual = known.map((flags) => Number(2 * sum(flags) > rows));
  const [right, guessed] = [new Array<number>(rows).fill(0), new Array<number>(rows).fill(0)];
  for (const [c, flags] of known.entries())
    for (const [row, flag] of flags.entries()) {
      (right[row] as number) += Number(flag === given[c]?.[row]) / names.length;
      (guessed[row] as number) += Number(flag === usual[c]) / names.length;
    }
  const { mean: accuracy, half } = intervalOf(right, groups?.of);
  const guess = sum(guessed) / rows;
  const gain = intervalOf(
    right.map((share, row) => share - (guessed[row] as number)),
    groups?.of,
  );
  const foundOut = signOf(gain);
  const verdict = evidence.settled(foundOut);
  const beside = linear && besideLabels(known, right, linear, guess, circumstances);
  const exact = right.filter((share) => share > 1 - 1e-9).length;
  const labels = names.map((label, c) => figuresOf(label, known[c] as number[], given[c] as number[]));
  const there = sum(labels.map(({ support }) => support));
  const found = sum(labels.map(({ recall, support }) => recall * support));
  const answers = sum(given.map(sum));
  const never = names.filter((_, c) => sum(given[c] as number[]) === 0 && sum(known[c] as number[]) > 0);
  // Where every row is as right as all others, their variance tells nothing: as a share of rows it has an interval.
  const alike = half === 0 ? shareInterval(right, groups?.of ?? right.map((_, row) => row)) : undefined;
  const [low, high] = alike ?? [Math.max(0, accuracy - half), Math.min(1, accuracy + half)];
  const interval = Number.isFinite(half)
    ? ` (${percent(low)} to ${percent(high)}, with 95 % confidence${evidence.over})`
    : '';
  const [recall, precision] = [there > 0 ? found / there : 0, answers > 0 ? found / answers : 0];
  const sentences = [
    `Of the ${names.length} labels of ${count(rows)}${unseen(held)}, ${percent(accuracy)} are right: that a row has a label, or that it has not${interval}${evidence.fewWords}.`,
    `It finds ${percent(recall)} of the labels that rows have, and ${percent(precision)} of those that it gives are right.`,
    `In ${exact} of ${count(rows)} every label is right: ${percent(exact / rows)}.`,
    ...warnings(circumstances),
    `Always giving the more frequent answer of each label is right in ${percent(guess)}.`,
    ...(unknown.length > 0
      ? [`The model does not know the labels ${listed([...unknown], 5)}, which are not counted.`]
      : []),
    ...(never.length > 0 ? [`It never gives ${listed(never, 5)}.`] : []),
    ...(beside ? [beside.words] : []),
    verdictWords(verdict, 'always giving the more frequent answers', evidence, tryFirst, foundOut),
  ];
  const figures = {
    rows,
    labels: names.length,
    accuracy,
    low,
    high: Number.isFinite(half) ? high : null,
    guess,
    ...beside?.data,
    ...evidence.data,
    ...suspectData(circumstances),
    recall,
    precision,
    exact,
    exactShare: exact / rows,
    byLabel: labels,
    ...(unknown.length > 0 && { unknownLabels: unknown }),
    ...(never.length > 0 && { never }),
    ...verdictData(verdict, tryFirst),
  };
  return { words: sentences.join(' '), figures, labels };
}

/** The share of labels that a linear model has right beside the share of this one. */
function besideLabels(
  known: readonly (readonly number[])[],
  right: readonly number[],
  linear: Matrix,
  guess: number,
  circumstances: Circumstances,
): Beside {
  const given = known.map((_, c) => columnOf(linear, c).map((p) => Number(p >= LIKELY)));
  const shares = right.map(
    (_, row) => sum(known.map((flags, c) => Number(flags[row] === given[c]?.[row]))) / known.length,
  );
  const own = sum(shares) / shares.length;
  const gains = shares.map((share, row) => (right[row] as number) - share);
  const is = `has ${percent(own)} of them right`;
  return besideLinear(gains, { is, own, unit: points, helps: own > guess }, circumstances);
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

function figuresOf(label: string, actual: readonly number[], given: readonly number[]): ClassFigures {
  const hits = sum(actual.map((flag, row) => flag * (given[row] as number)));
  const [support, answers] = [sum(actual), sum(given)];
  const [precision, recall] = [answers > 0 ? hits / answers : 0, support > 0 ? hits / support : 0];
  const f1 = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
  return { label, precision, recall, f1, support };
}

/** Judges several numbers, each as one is. The verdict is that of the worst. */
export function judgeOutputs(
  names: readonly string[],
  actual: Matrix,
  predicted: Matrix,
  circumstances: Circumstances,
): Judgement {
  const { linear } = circumstances;
  const all = names.map((_, c) => {
    const own = linear && { linear: new Matrix(Float32Array.from(columnOf(linear, c)), 1) };
    return judgeNumbers(columnOf(actual, c), columnOf(predicted, c), { ...circumstances, ...own });
  });
  const [first] = all as [Judgement];
  if (all.length === 1) return first;
  const order: readonly unknown[] = ['worse', 'unsure', 'better'];
  const rank = ({ figures }: Judgement): number => order.indexOf(figures['verdict']);
  const worst = all.reduce((least, one) => (rank(one) < rank(least) ? one : least));
  const { verdict, advice } = worst.figures;
  return {
    words: all.map(({ words }, i) => `${show(names[i])}: ${words}`).join('\n'),
    figures: {
      rows: actual.rows,
      targets: Object.fromEntries(all.map(({ figures }, i) => [names[i], figures])),
      verdict,
      ...(advice !== undefined && { advice }),
    },
  };
}
