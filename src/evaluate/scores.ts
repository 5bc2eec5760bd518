import { Purpose } from '../base/draws.js';
import { words } from '../data/random.js';
import type { Logs } from '../train/history.js';

/** One figure over several training runs. The standard deviation is that of the sample, with n − 1; it is 0 for one value. */
export interface Score {
  readonly mean: number;
  readonly stddev: number;
  readonly values: readonly number[];
}

/** A score for each figure, by its name. */
export type Scores = Readonly<Record<string, Score>>;

/** The mean and the standard deviation of values. */
export function score(values: readonly number[]): Score {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, stddev: values.length > 1 ? Math.sqrt(squares / (values.length - 1)) : 0, values };
}

/** A score for each figure of the logs. */
export function scoresOf(logs: readonly Logs[]): Scores {
  const names = Object.keys(logs[0] ?? {});
  return Object.fromEntries(names.map((name) => [name, score(logs.map((log) => log[name] as number))]));
}

/** The seeds of `count` training runs; of other ones with another `step`. They do not depend on the executor. */
export function seedsFrom(seed: number, count: number, step = 0): number[] {
  const next = words(seed, Purpose.seeds, step);
  return Array.from({ length: count }, next);
}
