import { Purpose } from '../base/draws.js';
import { words } from '../data/random.js';
import type { Logs } from '../train/history.js';

/** Figures of one kind over several trainings; the standard deviation is the sample's, over n − 1, and 0 for one value. */
export interface Score {
  readonly mean: number;
  readonly stddev: number;
  readonly values: readonly number[];
}

export type Scores = Readonly<Record<string, Score>>;

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

/** Seeds of `count` trainings, the same ones wherever these run. */
export function seedsFrom(seed: number, count: number): number[] {
  const next = words(seed, Purpose.seeds, 0);
  return Array.from({ length: count }, next);
}
