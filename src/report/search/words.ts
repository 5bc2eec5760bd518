// A search in plain words: what was searched, what is best, what mattered, what failed, and what to try next.
import { largest, smallest } from '../../base/extremes.js';
import type { ParameterImportance } from '../../evaluate/index.js';
import { FEWEST_TRIALS } from '../../evaluate/search/importance.js';
import { type AnySpace, choicesOf, type Parameter, type Range } from '../../evaluate/search/space.js';
import { counted, percent } from '../contents.js';
import { withDigits } from '../numbers.js';
import { cut } from '../words.js';
import { checkImportance } from './check.js';
import { figureWords, meanOf, type Points, pointsOf, pointWords, type Searched, valueWords } from './searched.js';

/** The most reasons of failures that are told, and the longest. */
const [MOST_REASONS, LONGEST] = [3, 300];
/** With R² below this the forest says little. */
const TELLING = 0.3;
/** Below this share a parameter hardly matters. */
const LITTLE = 0.02;
/** So many random points come into the best twentieth of a space with a probability of 95 %: 1 − 0.95⁵⁹. */
const ENOUGH = 60;
/** Within this share of a range, a value lies at its end. */
const EDGE = 0.05;

/** A search in words. Throws SimdenseError 'ARGUMENT', which names `where`, for an importance that is none. */
export function searchText(
  where: string,
  searched: Searched,
): { points: Points; importance: readonly ParameterImportance[]; words: string[]; next: string[] } {
  const importance = searched.importance();
  checkImportance(`${where}.importance`, importance);
  const points = pointsOf(searched);
  return {
    points,
    importance,
    words: searchWords(searched, points, importance),
    next: nextSteps(searched, points, importance),
  };
}

/** What a search has come to, a paragraph each. */
function searchWords(searched: Searched, points: Points, importance: readonly ParameterImportance[]): string[] {
  const { space, monitor, trials } = searched;
  const { sound, failed, best, less, again } = points;
  const names = Object.keys(space);
  const splits = best?.trial.score?.values.length ?? 1;
  const all = sound.length + failed.length;
  const more = again ? ` (${trials.length} trials, since the better ones were tried again for longer)` : '';
  return [
    `Searched: ${names.join(', ')}. ${counted(all, 'point')} of ${names.length === 1 ? 'this parameter' : `these ${names.length} parameters`} ${all === 1 ? 'was' : 'were'} tried${more}, each on ${counted(splits, 'split')} of the rows; ${less ? 'less' : 'more'} ${monitor} is better.`,
    ...(best
      ? [
          `The best, trial ${best.number}: ${figureWords(best, monitor)}, with ${pointWords(best)}.${splits > 1 ? ' What stands behind ± is the standard deviation over the splits.' : ''} It was chosen by this figure: expect a little less of new rows.`,
        ]
      : []),
    importanceWords(importance, monitor),
    ...(failed.length > 0 ? [failureWords(points)] : []),
  ];
}

/** What several parameters explain together, of those that every point has; undefined where it is not known. */
export function togetherOf(importance: readonly ParameterImportance[]): number | undefined {
  const most = largest(
    importance.map(({ trials }) => trials),
    0,
  );
  const own = importance.flatMap(({ mean, trials }) => (mean !== undefined && trials === most ? [mean] : []));
  return own.length > 0 ? Math.max(0, 1 - own.reduce((sum, mean) => sum + mean, 0)) : undefined;
}

/** Which parameters mattered. */
export function importanceWords(importance: readonly ParameterImportance[], monitor: string): string {
  const known = importance.filter(({ mean }) => mean !== undefined) as Required<ParameterImportance>[];
  const [first] = known;
  const most = largest(
    importance.map(({ trials }) => trials),
    0,
  );
  if (!first)
    return most < FEWEST_TRIALS
      ? `Which parameters mattered is not said: it takes ${FEWEST_TRIALS} points that ended well, and ${most === 1 ? 'there is' : 'there are'} ${most}.`
      : `No parameter mattered: all points came to the same ${monitor}.`;
  const share = (value: number): string => `${Math.round(value * 100)} %`;
  const list = known.map(({ parameter, mean, trials }) => {
    const where = trials < most ? ` (of the ${trials} points that have it)` : '';
    return `${parameter} ${share(mean)}${where}`;
  });
  const rest = togetherOf(importance) ?? 0;
  const together = rest >= 0.005 && known.length > 1 ? `, and ${share(rest)} several together` : '';
  const words = `What mattered for ${monitor}: ${list.join(', ')}${together}.`;
  const doubt =
    first.r2 < TELLING
      ? ` But take that lightly: from these ${most} points ${monitor} cannot be predicted well (R² ${withDigits(first.r2, 2)}).`
      : '';
  const unknown = importance.filter(({ mean }) => mean === undefined).map(({ parameter }) => parameter);
  const few = unknown.length > 0 ? ` Of ${unknown.join(', ')} there are too few points.` : '';
  return `${words}${doubt}${few}`;
}

/** What failed and why: the most frequent reasons. */
function failureWords({ sound, failed }: Points): string {
  const reasons = new Map<string, number>();
  for (const { trial } of failed) {
    const reason = trial.error ?? 'the figure is not finite';
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const list = [...reasons].sort(([, a], [, b]) => b - a);
  const told = list
    .slice(0, MOST_REASONS)
    .map(
      ([reason, count]) => `${count === failed.length ? '' : `${count} ×: `}${cut(reason, LONGEST).replace(/\.$/, '')}`,
    );
  const others = list.length > MOST_REASONS ? ` And ${counted(list.length - MOST_REASONS, 'other reason')}.` : '';
  return `${failed.length} of ${counted(sound.length + failed.length, 'point')} failed: ${told.join('; ')}.${others}`;
}

/** What to try next. */
function nextSteps(
  { space, monitor }: Searched,
  { sound, failed, best }: Points,
  importance: readonly ParameterImportance[],
): string[] {
  const steps: string[] = [];
  const means = new Map(importance.map((each) => [each.parameter, each]));
  for (const [name, parameter] of Object.entries(space as AnySpace) as [string, Parameter][]) {
    if (sound.length < FEWEST_TRIALS || (means.get(name)?.mean ?? 1) < EDGE) continue;
    const end = edgeOf(parameter, best?.parameters[name]);
    if (end)
      steps.push(
        `The best has ${name} ${valueWords(best?.parameters[name])}, at the ${end} end of what was searched: a better one may lie beyond.`,
      );
  }
  if (sound.length < ENOUGH)
    steps.push(
      `${counted(sound.length, 'point')} ${sound.length === 1 ? 'is' : 'are'} few: of random ones it takes about ${ENOUGH} to come into the best twentieth of a space with a probability of 95 %.`,
    );
  const score = best?.trial.score;
  if (best && score && score.values.length > 1) {
    const error = score.stddev / Math.sqrt(score.values.length);
    const near = sound.filter((point) => point !== best && Math.abs(meanOf(point) - score.mean) <= error).length;
    if (near > 0)
      steps.push(
        `${counted(near, 'other point')} ${near === 1 ? 'comes' : 'come'} within a standard error (${withDigits(error, 2)}) of the best: the splits do not tell them apart. Take the one that costs least, or judge by more splits.`,
      );
  } else if (best)
    steps.push(`Each point was judged on one split, so nobody knows by how much ${monitor} varies: use several folds.`);
  const idle = importance.filter(({ mean = 1, r2 = 0, trials }) => mean < LITTLE && r2 >= TELLING && trials >= 20);
  if (idle.length > 0)
    steps.push(
      `${inWords(idle.map(({ parameter }) => parameter))} hardly ${idle.length === 1 ? 'matters' : 'matter'} here: what costs least will do.`,
    );
  if (failed.length > sound.length)
    steps.push(
      `More than half of the points failed (${percent(failed.length / (sound.length + failed.length))}): narrow the space to where they do not.`,
    );
  return steps;
}

/** 'a, b and c'. */
const inWords = (names: readonly string[]): string =>
  names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;

/** At which end of what was searched a value lies, where it could go further. */
function edgeOf(parameter: Parameter, value: unknown): 'lower' | 'upper' | undefined {
  if (typeof value !== 'number') return undefined;
  const choices = choicesOf(parameter);
  const { min, max, scale, integer } = parameter as Range;
  const numbers = (choices ?? [min, max]).filter((each): each is number => typeof each === 'number');
  const [low, high] = [smallest(numbers), largest(numbers)];
  if (low === high || (choices && (numbers.length < choices.length || choices.length < 3))) return undefined;
  const along = (x: number): number => (scale === 'log' ? Math.log(x) : x);
  const share = choices ? [low, high].indexOf(value) : (along(value) - along(low)) / (along(high) - along(low));
  if (share >= 1 - EDGE) return 'upper';
  // Nothing is below 0, nor below one layer or unit.
  const isLeast = low === 0 || (low === 1 && (integer || choices !== undefined));
  return share >= 0 && share <= EDGE && !isLeast ? 'lower' : undefined;
}
