// Judges a classifier in plain words: how good it is, and how certain that is.

import { show } from '../../base/checks.js';
import { largest, smallest } from '../../base/extremes.js';
import { listed } from '../../base/listed.js';
import type { Label } from '../../data/labels.js';
import type { Matrix } from '../../data/matrix.js';
import { wilsonInterval } from '../judgement.js';
import { count, percent, points } from './figures.js';
import { clustered, type Groups, type Interval, intervalOf, meanOf, shareInterval } from './intervals.js';
import {
  type Asks,
  type Beside,
  besideLinear,
  type Circumstances,
  Evidence,
  gainWords,
  inPrograms,
  type Judgement,
  signOf,
  suspectData,
  unseen,
  type Verdict,
  verdictData,
  verdictWords,
  warnings,
} from './words.js';

/** If the commonest class has more than this share, accuracy says little. */
const UNEQUAL = 0.8;
/** A class with fewer rows is too rare to be learnt or judged, and of so few no weight makes more. */
const [RARE, SINGLE] = [20, 5];
/** A class of which less is found is named. */
const HARDLY = 0.5;

/** Counts of one class: correct predictions, and rows. */
interface Found {
  hits: number;
  rows: number;
}

/**
 * Judges a classifier: compares the interval of its accuracy with the accuracy of always guessing the commonest class. If training balanced the classes, or if they are
 * very unequal, compares the mean recall with 1 ÷ classes instead. Rows of classes unknown to the model count as wrong; `figures.unknown` is their number.
 */
export function judgeClasses(
  actual: readonly Label[],
  predicted: readonly Label[],
  classes: readonly Label[],
  circumstances: Circumstances,
): Judgement {
  const {
    held,
    tryFirst,
    trained = false,
    balanced = false,
    groups,
    linear,
    decided,
    asks = inPrograms,
  } = circumstances;
  const rows = actual.length;
  const evidence = new Evidence(rows, circumstances);
  const known = new Set(classes);
  const totals = new Map<Label, Found>();
  let hits = 0;
  for (const [row, label] of actual.entries()) {
    const found = totals.get(label) ?? { hits: 0, rows: 0 };
    totals.set(label, found);
    found.rows++;
    if (label !== predicted[row]) continue;
    found.hits++;
    hits++;
  }
  const unknownClasses = [...totals.keys()].filter((label) => !known.has(label));
  const answers = new Set(predicted);
  const sizes = Array.from(totals.values(), (found) => found.rows);
  const guess = largest(sizes, 0) / rows;
  const rarest = smallest(sizes);
  const unknown = unknownClasses.reduce<number>((sum, label) => sum + (totals.get(label) as Found).rows, 0);
  const right = actual.map((label, row) => Number(label === predicted[row]));
  const interval = groups ? shareInterval(right, groups.of) : wilsonInterval(hits, rows);
  const [low, high] = interval ?? [0, 1];
  const byRecall = totals.size > 1 && (balanced || guess > UNEQUAL);
  const recall = !byRecall
    ? undefined
    : groups
      ? groupedRecall(actual, right, totals, groups.of)
      : meanRecall([...totals.values()]);
  const missed = [...totals].flatMap(([label, { hits: found }]) => (found === 0 && known.has(label) ? [label] : []));
  const beside =
    linear && !decided
      ? besideClasses(
          actual,
          right,
          classes,
          recall ? totals : undefined,
          recall ? 1 / totals.size : guess,
          circumstances,
        )
      : undefined;
  const gain = intervalOf(gainsOver(commonest(totals), actual, right), groups?.of);
  const found = recall
    ? verdictBy(recall.low, recall.high, 1 / totals.size)
    : groups
      ? signOf(gain)
      : stricter(verdictBy(low, high, guess), gain);
  const settled = evidence.settled(found);
  const compared =
    interval && !recall && settled === found
      ? gainWords(found, { low, high, guess, more: true, gain, unit: points }, evidence)
      : undefined;
  // Who never finds a class has not clearly learnt what the classes are.
  const verdict = settled === 'better' && missed.length > 0 ? 'unsure' : settled;
  const [only] = answers;
  const answersOne = answers.size === 1 && totals.size > 1 && rows > 1;
  // Weights help where one class has at least twice the rows of another.
  const unequal = trained && 2 * rarest <= guess * rows;
  const advice = unequal && (recall || missed.length > 0) ? unequalAdvice(balanced, rarest, tryFirst, asks) : tryFirst;
  const least = recall && !decided ? hardlyFound(totals, known) : undefined;
  const sentences = [
    `It is right in ${hits} of ${count(rows)}${unseen(held)}: ${percent(hits / rows)}.`,
    interval
      ? `On new ${evidence.noun}s the share lies between ${percent(interval[0])} and ${percent(interval[1])}, with 95 % confidence${evidence.over}${evidence.fewWords}.`
      : `All rows are of ${evidence.words}, which tells nothing of others.`,
    ...warnings(circumstances),
    `Always guessing the commonest of the ${classes.length} classes is right in ${percent(guess)}.`,
    ...(compared?.words ? [compared.words] : []),
    ...(recall
      ? [
          `It is judged by how much of each class it finds, since ${balanced ? 'it was trained with balanced classes' : 'the classes are very unequal'}: ${percent(recall.mean)} on average (balanced accuracy; ${percent(recall.low)} to ${percent(recall.high)}, with 95 % confidence${evidence.over}), where guessing finds ${percent(1 / totals.size)}.`,
        ]
      : []),
    ...(least
      ? [
          `Of ${count(least.rows)} of ${show(String(least.label))} it finds ${least.hits}${trained && !balanced ? `; ${asks.balanced} finds more of it, and calls more other rows so` : ''}.`,
        ]
      : []),
    ...(unknown > 0
      ? [
          `${count(unknown)} of classes that the model does not know (${listed(unknownClasses.map(String), 5)}) ${unknown === 1 ? 'counts' : 'count'} as wrong.`,
        ]
      : []),
    ...(answersOne
      ? [
          `It answers ${show(String(only))} for every row${unequal && !balanced && !recall ? `: ${asks.balanced} gives rare classes more weight` : ''}.`,
        ]
      : []),
    ...(beside ? [beside.words] : []),
    settled === verdict
      ? verdictWords(verdict, recall ? 'guessing' : 'always guessing the commonest class', evidence, advice, found)
      : `It has learnt something, but never finds ${listed(missed.map(String), 5)}. ${advice}`,
  ];
  const figures = {
    rows,
    hits,
    accuracy: hits / rows,
    low: interval?.[0] ?? null,
    high: interval?.[1] ?? null,
    guess,
    ...compared?.data,
    ...evidence.data,
    ...suspectData(circumstances),
    classes: classes.length,
    ...(recall && {
      balancedAccuracy: recall.mean,
      balancedLow: recall.low,
      balancedHigh: recall.high,
      balancedGuess: 1 / totals.size,
    }),
    ...(least && { hardlyFound: least }),
    ...(unknown > 0 && { unknown, unknownClasses }),
    ...(answersOne && { onlyAnswer: only }),
    ...(missed.length > 0 && { neverFound: missed }),
    ...beside?.data,
    ...verdictData(verdict, advice),
  };
  return { words: sentences.join(' '), figures };
}

/** The share that a linear model has right beside the share of this one; with `totals` the mean share of each class that it finds. `guess` is that of guessing. */
function besideClasses(
  actual: readonly Label[],
  right: readonly number[],
  classes: readonly Label[],
  totals: ReadonlyMap<Label, Found> | undefined,
  guess: number,
  circumstances: Circumstances,
): Beside {
  const answers = Array.from((circumstances.linear as Matrix).argmax(), (index) => classes[index]);
  // So that the mean over the rows is the mean over the classes.
  const weights = actual.map((label) =>
    totals ? actual.length / (totals.size * (totals.get(label) as Found).rows) : 1,
  );
  const rights = actual.map((label, row) => Number(label === answers[row]) * (weights[row] as number));
  const share = meanOf(rights);
  const gains = rights.map((hit, row) => (right[row] as number) * (weights[row] as number) - hit);
  const is = totals ? `finds ${percent(share)} of each class on average` : `is right in ${percent(share)}`;
  return besideLinear(gains, { is, own: share, unit: points, helps: share > guess }, circumstances);
}

const verdictBy = (low: number, high: number, guess: number): Verdict =>
  low > guess ? 'better' : high < guess ? 'worse' : 'unsure';

const commonest = (totals: ReadonlyMap<Label, Found>): Label | undefined =>
  [...totals].reduce<readonly [Label, Found] | undefined>(
    (most, each) => (most && most[1].rows >= each[1].rows ? most : each),
    undefined,
  )?.[0];

/** What each row gains over always answering one class: 1, 0 or −1. */
const gainsOver = (answer: Label | undefined, actual: readonly Label[], right: readonly number[]): number[] =>
  right.map((hit, row) => hit - Number(actual[row] === answer));

/** 'better' only if the gains over always guessing are clear too: the share of the commonest class is an estimate from the same rows. */
const stricter = (verdict: Verdict, gain: Interval): Verdict =>
  verdict === 'better' && signOf(gain) !== 'better' ? 'unsure' : verdict;

/** The class of which the least is found, where that is little; undefined for one that is rare, or missed altogether, which is said elsewhere. */
const hardlyFound = (
  totals: ReadonlyMap<Label, Found>,
  known: ReadonlySet<Label>,
): (Found & { label: Label }) | undefined =>
  [...totals]
    .flatMap(([label, { hits, rows }]) =>
      known.has(label) && rows >= SINGLE && hits > 0 && hits < HARDLY * rows ? [{ label, hits, rows }] : [],
    )
    .sort((a, b) => a.hits / a.rows - b.hits / b.rows)[0];

/** What to try first if classes are unequal. */
function unequalAdvice(balanced: boolean, rarest: number, tryFirst: string, asks: Asks): string {
  if (!balanced && rarest >= SINGLE) return `Try ${asks.balanced} first: it gives rare classes more weight.`;
  if (rarest < RARE)
    return `The rarest class has only ${count(rarest)} here: more rows of rare classes help first, and no setting stands in for them.`;
  return tryFirst;
}

/** The mean recall over classes, with a 95 % interval combined from the Wilson interval of each class: MOVER, Zou and Donner 2008. */
function meanRecall(classes: readonly Found[]): { mean: number; low: number; high: number } {
  let [sum, below, above] = [0, 0, 0];
  for (const { hits, rows } of classes) {
    const recall = hits / rows;
    const [low, high] = wilsonInterval(hits, rows);
    sum += recall;
    below += (recall - low) ** 2;
    above += (high - recall) ** 2;
  }
  const mean = sum / classes.length;
  return { mean, low: mean - Math.sqrt(below) / classes.length, high: mean + Math.sqrt(above) / classes.length };
}

/** The same over groups, by the influence of each row. The class in the fewest groups says how many tell about it. */
function groupedRecall(
  actual: readonly Label[],
  right: readonly number[],
  totals: ReadonlyMap<Label, Found>,
  groups: Groups,
): { mean: number; low: number; high: number } {
  const recalls = [...totals.values()].map(({ hits, rows }) => hits / rows);
  const mean = meanOf(recalls);
  const parts = actual.map((label, row) => {
    const { hits, rows } = totals.get(label) as Found;
    return ((right[row] as number) - hits / rows) / (rows * totals.size);
  });
  const groupsOf = new Map<Label, Set<number>>();
  for (const [row, label] of actual.entries())
    groupsOf.set(label, (groupsOf.get(label) ?? new Set()).add(groups[row] as number));
  const half = clustered(parts, groups, smallest(Array.from(groupsOf.values(), ({ size }) => size)));
  return { mean, low: Math.max(0, mean - half), high: Math.min(1, mean + half) };
}
