import { noMore, oneOf, optionalFunction, options, positiveUpTo, refuse, show } from '../base/checks.js';
import { didYouMean } from '../base/did-you-mean.js';
import { SimdenseError } from '../base/errors.js';
import { inTurnsUntil } from '../base/pause.js';
import { holdOut, kFold, type Split } from '../data/splits.js';
import { lessIsBetter, trainingName } from '../nn/figures.js';
import { metricAliases, metricNames } from '../nn/metrics/names.js';
import { checkSplits, jobsOf, type SplitJob, splitJobs } from './cross-validate.js';
import { type Dataset, readingDataset, rowsOf, splitBy, type TrainingRows } from './dataset.js';
import { checkRun, type Outcome, type RunOptions, runAll, runOptions } from './executor.js';
import type { FitJob, FitResult } from './fit-job.js';
import { checkPipeline, type Pipeline, resolvePipeline, wantedOf } from './pipeline.js';
import { type RowsTogether, together } from './rows-together.js';
import { type Score, scoresOf } from './scores.js';
import { type AnySpace, checkSpace, draws, gridOf, MOST_TRIALS, type ParametersOf, type Space } from './space.js';
import type { Labels, Wanted } from './task.js';
import { toCsv } from './to-csv.js';

export interface SearchOptions<P> extends RunOptions, RowsTogether {
  /** For each parameter its choices, or a range. */
  space: Space<P>;
  /** Makes the pipeline for a point of the space. It runs in this thread; only its result is sent to the executor. */
  pipeline(parameters: P): Pipeline;
  /** Rows, as for fitPipeline. */
  x: TrainingRows;
  /** A label or targets for each row, as for fitPipeline. */
  y: Labels | string;
  /**
   * Which points to try. 'grid': every combination, with five values of each range. 'random': points drawn at random. 'halving': many random
   * points for few epochs, then the best third for three times as many epochs, and so on. Default: 'random'.
   */
  strategy?: 'grid' | 'random' | 'halving';
  /** The number of points to draw; not for a grid. Default: 20. */
  trials?: number;
  /** The splits on which each point is measured. Default: five folds, stratified for a classification. */
  splits?: Iterable<Split>;
  /**
   * The figure to optimise; losses and errors are minimised. Default: 'accuracy' or 'r2' if the pipeline has it, else its first metric, else
   * 'loss', which includes the penalties on the weights.
   */
  monitor?: string;
  /** Called after each trial with the trial and the best one so far, for example to decide whether to abort. */
  onTrial?(trial: Trial<P>, best: Trial<P> | undefined): void;
}

/** One point that a search has tried. */
export interface Trial<P> {
  readonly parameters: P;
  /** The monitored figure over the splits; undefined if the trial failed. */
  readonly score?: Score;
  /** Why the trial failed; a score that is not a number is a failure too. */
  readonly error?: string;
  /** The most epochs that each training run could take. */
  readonly epochs: number;
  /** The time of all its training runs together. */
  readonly seconds: number;
}

/** All trials of a search, and the best one. */
export interface SearchResult<P> {
  readonly best: { readonly parameters: P; readonly score: Score };
  readonly trials: readonly Trial<P>[];
  /** The trials as CSV, one row each: parameters, mean and standard deviation, error, epochs, seconds. */
  toCsv(): string;
}

/** After each round of 'halving' one point in this many stays, and gets this many times the epochs (Li et al. 2018, Hyperband, arXiv 1603.06560, section 3.6: 3 or 4). */
const HALVING = 3;

/**
 * Searches for the best hyperparameters: fits and measures the pipeline at many points of a space.
 *
 * A trial that fails is recorded with its error, and the search goes on. The same seed gives the same points and figures on every executor.
 *
 * @param o Options; see SearchOptions.
 * @returns The best point with its score, and all trials.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range, for a space without points, and with the first trial's
 * error, as its cause too, if every trial failed.
 * @throws SimdenseError 'SHAPE' or 'DATA' for x and y that do not fit together or cannot be used. It also rejects with the signal's reason.
 * @example
 * import { adam, dense } from 'simdense';
 *
 * const x = Array.from({ length: 40 }, (_, i) => [i]);
 * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
 * const { best, trials } = await search({
 *   space: { units: [2, 4, 8], rate: { min: 0.001, max: 0.1, scale: 'log' } },
 *   pipeline: ({ units, rate }) => ({
 *     layers: [dense({ units, activation: 'relu' })],
 *     optimizer: adam({ learningRate: rate }),
 *     fit: { epochs: 5 },
 *   }),
 *   x,
 *   y,
 *   trials: 3,
 * });
 * trials.length; // 3
 * console.log(best.parameters, best.score.mean);
 */
export function search<const S extends AnySpace>(
  o: Omit<SearchOptions<ParametersOf<S>>, 'space'> & { space: S },
): Promise<SearchResult<ParametersOf<S>>>;
export function search<P>(o: SearchOptions<P>): Promise<SearchResult<P>>;
export async function search<P>(o: SearchOptions<P>): Promise<SearchResult<P>> {
  noMore('search', arguments, 1);
  const known = ['space', 'pipeline', 'x', 'y', 'strategy', 'trials', 'splits', 'monitor', 'onTrial'] as const;
  const given = options('search', o, [...runOptions, ...together, ...known]);
  checkSpace('search(space)', given.space);
  if (typeof given.pipeline !== 'function') refuse('search(pipeline)', 'a function of the parameters', given.pipeline);
  const strategy = oneOf('search(strategy)', given.strategy ?? 'random', ['grid', 'random', 'halving']);
  if (strategy === 'grid' && given.trials !== undefined) {
    const message = "'grid' tries every combination: leave trials out, or use 'random'";
    throw new SimdenseError('ARGUMENT', `search(trials): ${message}`);
  }
  const count = positiveUpTo('search(trials)', MOST_TRIALS, given.trials ?? 20);
  checkRun('search', given);
  optionalFunction('search(onTrial)', given.onTrial);
  if (given.monitor !== undefined && typeof given.monitor !== 'string')
    refuse('search(monitor)', 'the name of a figure', given.monitor);
  const { seed = 0, signal } = given;
  if (given.splits !== undefined) checkSplits('search', given.splits);
  const points = strategy === 'grid' ? gridOf(given.space) : draws(given.space, count, seed);
  const candidates = await inTurnsUntil(candidatesOf(points, given.pipeline), signal);
  const data = await inTurnsUntil(readingDataset('search', given.x, given.y, wantedByAny(candidates), given), signal);
  await inTurnsUntil(checkingAgainst(candidates, data), signal);
  const monitor = given.monitor ?? monitorOf(candidates);
  checkMonitor(candidates, monitor);
  // All points get the same rows and seeds.
  const jobs = await splitJobs('search', given.splits ?? defaultSplits(data, seed), data, given);
  const sign = lessIsBetter(monitor) ? -1 : 1;
  const rank = ({ score }: Trial<P>): number => sign * (score?.mean as number);
  const better = (a: Trial<P>, b: Trial<P>): number => (rank(a) === rank(b) ? 0 : rank(b) - rank(a));

  // With 'halving', compare only the points with the most epochs.
  const best = new Best<P>(better, strategy === 'halving');
  const trials: Trial<P>[] = [];
  const told = new Best<P>(better, strategy === 'halving');
  const tell = (trial: Trial<P>): unknown => {
    told.add(trial);
    return given.onTrial?.(trial, told.trial);
  };
  const total = totalOf(candidates, strategy) * jobs.length;
  let done = 0;
  let left = candidates;
  for (const share of epochShares(candidates.length, strategy)) {
    const before = done;
    const ran = await runTrials(left, share, jobs, data, monitor, tell, {
      ...given,
      onProgress: (n) => {
        done = before + n;
        return given.onProgress?.(done, total);
      },
    });
    for (const trial of ran) {
      trials.push(trial);
      best.add(trial);
    }
    if (share === 1) continue;
    const order = ran
      .map((trial, i) => ({ trial, candidate: left[i] as Candidate<P> }))
      .filter(({ trial }) => trial.score);
    order.sort((a, b) => better(a.trial, b.trial));
    left = order.slice(0, Math.max(1, Math.floor(left.length / HALVING))).map(({ candidate }) => candidate);
  }
  const found = best.trial;
  if (!found) {
    const [first] = trials as [Trial<P>];
    const message = `search: every trial failed; the first one: ${first.error}`;
    throw new SimdenseError('ARGUMENT', message, { cause: causes.get(first) });
  }
  return {
    best: { parameters: found.parameters, score: found.score as Score },
    trials,
    toCsv: () => toCsv(trials.map((trial) => rowOf(trial, monitor))),
  };
}

/** What the failed trials have thrown. */
const causes = new WeakMap<object, unknown>();

/** Keeps the best of the added trials; of equal ones the first. With `ofLongest` only the trials with the most epochs count. */
class Best<P> {
  trial: Trial<P> | undefined;
  readonly #better: (a: Trial<P>, b: Trial<P>) => number;
  readonly #ofLongest: boolean;

  constructor(better: (a: Trial<P>, b: Trial<P>) => number, ofLongest: boolean) {
    this.#better = better;
    this.#ofLongest = ofLongest;
  }

  add(trial: Trial<P>): void {
    if (!trial.score) return;
    const { trial: best } = this;
    const longer = best && this.#ofLongest ? trial.epochs - best.epochs : 0;
    if (!best || longer > 0 || (longer === 0 && this.#better(trial, best) < 0)) this.trial = trial;
  }
}

interface Candidate<P> {
  readonly parameters: P;
  pipeline?: Pipeline;
  /** The figures that it measures, once it is known to fit the data. */
  figures?: readonly string[];
  error?: string;
  /** What was thrown. */
  cause?: unknown;
}

function* candidatesOf<P>(
  points: Iterable<P>,
  pipeline: (parameters: P) => Pipeline,
): Generator<undefined, Candidate<P>[]> {
  const candidates: Candidate<P>[] = [];
  for (const parameters of points) {
    try {
      candidates.push({ parameters, pipeline: checkPipeline('search(pipeline)', pipeline(parameters)) });
    } catch (error) {
      candidates.push({ parameters, error: messageOf(error), cause: error });
    }
    yield;
  }
  return candidates;
}

/** Resolves each pipeline for the data, and notes its figures. */
function* checkingAgainst<P>(candidates: readonly Candidate<P>[], data: Dataset): Generator<undefined, void> {
  for (const candidate of candidates) {
    const { pipeline } = candidate;
    try {
      if (pipeline) candidate.figures = ['loss', ...resolvePipeline('search(pipeline)', pipeline, data).metrics];
    } catch (error) {
      Object.assign(candidate, { error: messageOf(error), cause: error });
    }
    yield;
  }
}

/** What is said of the targets by the first pipeline that says it. The others are checked against the data. */
function wantedByAny<P>(candidates: readonly Candidate<P>[]): Wanted {
  const all = candidates.flatMap(({ pipeline }) => (pipeline ? [wantedOf(pipeline)] : []));
  const first = <K extends keyof Wanted>(key: K): Wanted[K] => all.find((each) => each[key] !== undefined)?.[key];
  const [task, separator] = [first('task'), first('separator')];
  return { task, separator, positive: first('positive'), numbers: first('numbers') };
}

/** Marks the candidates whose pipeline does not have the monitored figure. Throws SimdenseError 'ARGUMENT' if none has it. */
function checkMonitor<P>(candidates: readonly Candidate<P>[], monitor: string): void {
  const sound = candidates.filter(({ figures }) => figures);
  for (const candidate of sound) {
    const cause = lacks(monitor, candidate.figures as readonly string[]);
    if (cause) Object.assign(candidate, { error: cause.message, cause });
  }
  if (sound.length > 0 && sound.every(({ cause }) => cause)) throw sound[0]?.cause;
}

/** The error for a figure that a pipeline does not have; undefined if it has the figure. */
function lacks(monitor: string, figures: readonly string[]): SimdenseError | undefined {
  if (figures.includes(monitor)) return undefined;
  const name = trainingName(monitor);
  // The name that is meant, from a message that ends in it.
  const meant = (choices: readonly string[]): string | undefined =>
    choices.find((choice) => choice === name) ?? /(\w+)\?$/.exec(didYouMean(name, choices, metricAliases))?.[1];
  const [own, other] = [meant(figures), meant(metricNames)];
  const hint =
    own !== undefined
      ? `; did you mean ${own}?${own === name ? ' A search measures it on test rows' : ''}`
      : other === undefined
        ? ''
        : `; give the pipeline metrics: ['${other}']`;
  const expected = `one of the pipeline's figures ${figures.join(', ')}`;
  return new SimdenseError('ARGUMENT', `search(monitor): expected ${expected}, got ${show(monitor)}${hint}`);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function monitorOf<P>(candidates: readonly Candidate<P>[]): string {
  const [loss = 'loss', ...metrics] = candidates.find(({ figures }) => figures)?.figures ?? [];
  // The loss includes the penalties on the weights, which depend on the point.
  return ['accuracy', 'r2'].find((name) => metrics.includes(name)) ?? metrics[0] ?? loss;
}

/** Five folds, or one held-out part if a class has fewer than five rows. */
function defaultSplits(data: Dataset, seed: number): Iterable<Split> {
  const by = splitBy(data);
  try {
    return kFold(rowsOf(data), { folds: 5, seed, ...by });
  } catch {
    return holdOut(rowsOf(data), { seed, ...by });
  }
}

/** The share of the pipeline's epochs that trials get in each round of a search. */
function epochShares(candidates: number, strategy: string): number[] {
  if (strategy !== 'halving') return [1];
  const rounds = Math.max(1, Math.floor(Math.log(candidates) / Math.log(HALVING) + 1e-9) + 1);
  return Array.from({ length: rounds }, (_, i) => HALVING ** (i + 1 - rounds));
}

/** The number of trials over all rounds. */
function totalOf<P>(candidates: readonly Candidate<P>[], strategy: string): number {
  let sound = candidates.filter(({ error }) => error === undefined).length;
  // Rounds are cut by the number of all candidates, also of those that cannot run.
  let left = candidates.length;
  let total = 0;
  for (const _ of epochShares(candidates.length, strategy)) {
    total += sound;
    left = Math.min(sound, Math.max(1, Math.floor(left / HALVING)));
    sound = left;
  }
  return total;
}

async function runTrials<P>(
  candidates: readonly Candidate<P>[],
  share: number,
  splits: readonly SplitJob[],
  data: Dataset,
  monitor: string,
  onTrial: (trial: Trial<P>) => unknown,
  o: RunOptions,
): Promise<Trial<P>[]> {
  const budgets = candidates.map(({ pipeline }) => Math.max(1, Math.round((pipeline?.fit?.epochs ?? 50) * share)));
  const { jobs, owners } = await inTurnsUntil(trialJobs(candidates, budgets, splits), o.signal);
  const seen: Outcome<FitResult>[][] = candidates.map(() => []);
  const left = candidates.map(() => splits.length);
  const trialOf = (i: number): Trial<P> => {
    const { parameters, error, cause } = candidates[i] as Candidate<P>;
    const own = seen[i] as Outcome<FitResult>[];
    const seconds = own.reduce((sum, { result }) => sum + (result?.seconds ?? 0), 0);
    const common = { parameters, epochs: budgets[i] as number, seconds };
    const failed = (error: string, cause?: unknown): Trial<P> => {
      const trial = { ...common, error };
      causes.set(trial, cause);
      return trial;
    };
    if (error !== undefined) return failed(error, cause);
    const thrown = own.find((outcome) => outcome.error)?.error;
    if (thrown) return failed(thrown.message, thrown);
    const score = scoresOf(own.map(({ result }) => (result as FitResult).scores))[monitor] as Score;
    const broken = score.values.findIndex(Number.isNaN);
    if (broken < 0) return { ...common, score };
    const rows = splits[broken]?.test.length;
    return failed(
      `${monitor} is not a number in split ${broken}, which tests with ${rows} row${rows === 1 ? '' : 's'}`,
    );
  };
  const ended: Trial<P>[] = [];
  await runAll<FitJob, FitResult>('fit', jobs, data, o, (outcome) => {
    const { index } = outcome;
    const i = owners[Math.floor(index / splits.length)] as number;
    (seen[i] as Outcome<FitResult>[])[index % splits.length] = outcome;
    (left[i] as number) -= 1;
    if (left[i] !== 0) return undefined;
    const trial = trialOf(i);
    ended[i] = trial;
    return onTrial(trial);
  });
  return candidates.map((_, i) => ended[i] ?? trialOf(i));
}

/** The jobs of all candidates without an error, grouped by candidate; `owners` has the candidate's index for each group. */
function* trialJobs<P>(
  candidates: readonly Candidate<P>[],
  budgets: readonly number[],
  splits: readonly SplitJob[],
): Generator<undefined, { jobs: FitJob[]; owners: number[] }> {
  const jobs: FitJob[] = [];
  const owners: number[] = [];
  for (const [i, { pipeline: p, error }] of candidates.entries()) {
    yield;
    if (!p || error !== undefined) continue;
    for (const job of jobsOf({ ...p, fit: { ...p.fit, epochs: budgets[i] as number } }, splits)) jobs.push(job);
    owners.push(i);
  }
  return { jobs, owners };
}

function rowOf<P>({ parameters, score, error, epochs, seconds }: Trial<P>, monitor: string): Record<string, unknown> {
  return { ...parameters, [monitor]: score?.mean, [`${monitor} stddev`]: score?.stddev, error, epochs, seconds };
}
