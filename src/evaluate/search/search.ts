import { boolean, noMore, oneOf, optionalFunction, options, refuse } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import { inTurnsUntil } from '../../base/pause.js';
import { now } from '../../base/turn.js';
import { holdOut, kFold, type Split } from '../../data/splits.js';
import { checkSplits, splitJobs } from '../cross-validate.js';
import { type Dataset, readingDataset, rowsOf, splitBy, type TrainingRows } from '../dataset.js';
import type { Ensemble } from '../ensemble.js';
import { checkRun, type RunOptions, runOptions } from '../executor.js';
import { type FitPipelineOptions, fitDataset } from '../fit-dataset.js';
import type { FittedPipeline } from '../fitted-pipeline.js';
import type { Pipeline } from '../pipeline.js';
import { type RowsTogether, together } from '../rows-together.js';
import type { Score } from '../scores.js';
import type { Labels } from '../task.js';
import {
  type Candidate,
  candidatesOf,
  checkingAgainst,
  checkMonitor,
  markMonitor,
  monitorOf,
  wantedByAny,
} from './candidates.js';
import { checkEarlier } from './earlier.js';
import { importanceOf, type ParameterImportance } from './importance.js';
import { type Chosen, Library } from './library.js';
import { planOf } from './plan.js';
import { Progress, type SearchProgress } from './progress.js';
import type { Round } from './rounds.js';
import { type AnySpace, checkSpace, type ParametersOf, type Space } from './space.js';
import { Standing } from './standing.js';
import { roundsOf } from './strategies.js';
import { tableOf } from './table.js';
import { causes, runTrials, type Trial } from './trials.js';

export interface SearchOptions<P> extends Omit<RunOptions, 'onProgress'>, RowsTogether {
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
   * points for few epochs, then the best third for three times as many epochs, and so on. 'bayes': ten random points, then four at a time that are like the
   * good ones and unlike the others (a tree-structured Parzen estimator: Bergstra et al. 2011, with the defaults of Optuna's). Default: 'random'.
   */
  strategy?: 'grid' | 'random' | 'halving' | 'bayes';
  /** The number of points to try; not for a grid. Default: 20, or with `seconds` as many as there is time for. */
  trials?: number;
  /** Begins no more points after this time; those that were begun are finished: eight are begun together, of 'bayes' four after the first ten. For 'random' and 'bayes'. How many points are tried then depends on the machine, and each is the same. Default: no limit. */
  seconds?: number;
  /**
   * Begins each point with few epochs, and gives more to the best of those that had as many: `factor` times as many epochs to one point in `factor`, again and again, `rungs` − 1 times. So with the defaults, 3
   * and 3, points begin with a ninth of their epochs. `true` takes the defaults. A rate that falls along a cosine falls within the epochs of each. 'bayes' learns first from those that had the most epochs. `best` is one of those that had the largest share of their epochs. For 'random' and 'bayes'; `trials` is the number of points.
   */
  halving?: boolean | { factor?: number; rungs?: number };
  /** Points of the space that are tried first, such as settings that are known to be good. For 'random' and 'bayes'. */
  first?: readonly P[];
  /** The text that `toCsv` of an earlier search in this space gave: 'bayes' learns from its trials. `best` is one of this search's own. */
  earlier?: string;
  /** The splits on which each point is measured. Default: five folds, stratified for a classification; one held-out fifth where a class, or what `groups` keeps together, is too rare for five. */
  splits?: Iterable<Split>;
  /**
   * The figure to optimise; losses and errors are minimised. Default: 'accuracy' or 'r2' if the pipeline has it, else its first metric, else
   * 'loss', which includes the penalties on the weights.
   */
  monitor?: string;
  /**
   * Whether to put together what was trained: of the 50 best trials those that predict best as a mean, each as often as it helps, by what their networks predict for the rows that they
   * have not learnt from (greedy selection with replacement: Caruana et al. 2004). Nothing is trained for it; the networks are kept in memory until then. Default: false.
   */
  ensemble?: boolean;
  /**
   * Whether to end what leads nowhere, as a failed trial that says why. Each training run looks after 1, 2, 4, 8, … epochs, and at its end, whether its loss has grown to ten times what it was before training, or its network gives
   * the same output for every row, as where all relu units of a layer are inactive. The first split of each point is trained before the others, which are left out where it fails. Default: false.
   */
  prune?: boolean;
  /** Called after each training run: how many are done, how many there are as far as is known, and how far the search is. */
  onProgress?(done: number, total: number, progress: SearchProgress<P>): void;
  /** Called after each trial with the trial and the best one so far, for example to decide whether to abort. */
  onTrial?(trial: Trial<P>, best: Trial<P> | undefined): void;
}

/** Options of `refit`. */
export type RefitOptions = Pick<FitPipelineOptions, 'callbacks' | 'signal'>;

/** All trials of a search, and the best one. */
export interface SearchResult<P> {
  readonly best: { readonly parameters: P; readonly score: Score };
  readonly trials: readonly Trial<P>[];
  /** The figure that was optimised, and the space. */
  readonly monitor: string;
  readonly space: Space<P>;
  /**
   * Which parameters the figure depends on, the most important first, from ten trials on that ended well: for each the share of the variance over the space that it explains by itself, by functional ANOVA of a random forest (fANOVA:
   * Hutter, Hoos, Leyton-Brown 2014), on each point's longest trial. A parameter with `when` is measured where it has a meaning. The search's seed decides the forest. A thousand trials take about two seconds.
   */
  importance(): ParameterImportance[];
  /**
   * What was trained, put together, where `ensemble` is given. Its `outOfBag` and `judgement` are a little too good: its networks were chosen by the same rows. Dispose it when it is no
   * longer needed.
   */
  readonly ensemble?: Ensemble;
  /** The trials that the ensemble is made of, the best first, and how often each was chosen. */
  readonly chosen?: readonly Chosen<P>[];
  /** Fits the pipeline of the best point on all rows, with the search's seed and all its epochs: what fitPipeline gives. Dispose it when it is no longer needed. */
  refit(o?: RefitOptions): Promise<FittedPipeline>;
  /** The trials as CSV, one row each: parameters, mean and standard deviation, error, epochs, seconds. Where a parameter has one of these names, the column is 'trial epochs' and the like. */
  toCsv(): string;
}

/** What a search with `ensemble` has in addition. */
export type EnsembleFound<P> = Required<Pick<SearchResult<P>, 'ensemble' | 'chosen'>>;

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
  o: Omit<SearchOptions<ParametersOf<S>>, 'space' | 'ensemble'> & { space: S; ensemble: true },
): Promise<SearchResult<ParametersOf<S>> & EnsembleFound<ParametersOf<S>>>;
export function search<const S extends AnySpace>(
  o: Omit<SearchOptions<ParametersOf<S>>, 'space'> & { space: S },
): Promise<SearchResult<ParametersOf<S>>>;
export function search<P>(o: SearchOptions<P>): Promise<SearchResult<P>>;
export async function search<P>(o: SearchOptions<P>): Promise<SearchResult<P>> {
  noMore('search', arguments, 1);
  const given = options('search', o, [...runOptions, ...together, ...own]);
  checkSpace('search(space)', given.space);
  if (typeof given.pipeline !== 'function') refuse('search(pipeline)', 'a function of the parameters', given.pipeline);
  const strategy = oneOf('search(strategy)', given.strategy ?? 'random', ['grid', 'random', 'halving', 'bayes']);
  checkRun('search', given as unknown as RunOptions);
  optionalFunction('search(onTrial)', given.onTrial);
  if (given.monitor !== undefined && typeof given.monitor !== 'string')
    refuse('search(monitor)', 'the name of a figure', given.monitor);
  const { seed = 0, signal, onProgress, ...run } = given;
  const prune = boolean('search(prune)', given.prune ?? false);
  const plan = planOf(strategy, given);
  if (given.splits !== undefined) checkSplits('search', given.splits);
  const standing = new Standing<P>();
  const library = boolean('search(ensemble)', given.ensemble ?? false) ? new Library<P>(standing) : undefined;
  const begun = now();
  // The first points may come of these already.
  if (plan.earlier.trials.length > 0) standing.judge(plan.earlier.monitor);
  const rounds = roundsOf(strategy, given.space, { ...plan, seed, keeps: library !== undefined, standing });
  let next = rounds.next([]);
  /** The candidates by their points, made once. */
  const made = new Map<P, Candidate<P>>();
  const make = ({ points }: Round<P>): Promise<Candidate<P>[]> =>
    inTurnsUntil(candidatesOf(points, given.pipeline, made), signal);
  // What the first points want of the targets holds for all.
  let candidates = await make(next.value as Round<P>);
  const wanted = wantedByAny(candidates);
  const data = await inTurnsUntil(readingDataset('search', given.x, given.y, wanted, given), signal);
  await inTurnsUntil(checkingAgainst(candidates, data, wanted), signal);
  const monitor = given.monitor ?? monitorOf(candidates);
  checkMonitor(candidates, monitor);
  checkEarlier(plan.earlier, monitor);
  standing.judge(monitor);
  // All points get the same rows and seeds.
  const splits = await splitJobs(
    'search',
    given.splits ?? defaultSplits(data, seed),
    data,
    {
      seed,
      ...(signal && { signal }),
    },
    library && { model: true },
  );
  const best = () => standing.bestTold;
  const progress = new Progress<P>({ onProgress, best, seconds: plan.seconds, splits: splits.length, begun });
  const trials: Trial<P>[] = [];
  while (!next.done) {
    const { share, left } = next.value;
    const shares = candidates.map((_, i) => (typeof share === 'number' ? share : (share[i] as number)));
    const sound = shares.filter((_, i) => candidates[i]?.error === undefined);
    progress.begin(sound, left(sound.length));
    const onTrial = (trial: Trial<P>, i: number) => {
      // Also for onProgress, which tells it.
      const bestSoFar = standing.tell(trial, shares[i] as number);
      return given.onTrial?.(trial, bestSoFar);
    };
    const ran = await runTrials(candidates, shares, {
      ...run,
      ...(signal && { signal }),
      splits,
      data,
      monitor,
      prune,
      progress,
      onTrial,
    });
    for (const [i, trial] of ran.entries()) standing.add(trial, shares[i] as number);
    for (const trial of ran) trials.push(trial);
    library?.add(ran);
    if (plan.seconds !== undefined && now() - begun >= plan.seconds * 1000) break;
    next = rounds.next(ran);
    if (next.done) break;
    candidates = await make(next.value);
    await inTurnsUntil(checkingAgainst(candidates, data, wanted), signal);
    markMonitor(candidates, monitor);
  }
  await progress.end();
  const found = standing.best;
  if (!found) {
    const [first] = trials as [Trial<P>];
    const message = `search: every trial failed; the first one: ${first.error}`;
    throw new SimdenseError('ARGUMENT', message, { cause: causes.get(first) });
  }
  return {
    best: { parameters: found.parameters, score: found.score as Score },
    trials,
    ...(await library?.choose(data, splits, signal)),
    async refit(o) {
      noMore('refit', arguments, 1);
      const { callbacks = [], signal } = options('refit', o, ['callbacks', 'signal']);
      const { pipeline } = made.get(found.parameters) as Candidate<P>;
      return fitDataset('refit', pipeline as Pipeline, data, { seed, callbacks, ...(signal && { signal }) });
    },
    monitor,
    space: given.space,
    importance: () => importanceOf(given.space, trials, seed),
    toCsv: () => tableOf(given.space, trials, monitor),
  };
}

/** The options of a search beside those of all evaluations. */
const own = [
  'space',
  'pipeline',
  'x',
  'y',
  'strategy',
  'trials',
  'seconds',
  'halving',
  'first',
  'earlier',
  'splits',
  'monitor',
  'ensemble',
  'prune',
  'onTrial',
] as const;

/** Five folds, or one held-out part if a class has fewer than five rows. */
function defaultSplits(data: Dataset, seed: number): Iterable<Split> {
  const by = splitBy(data);
  try {
    return kFold(rowsOf(data), { folds: 5, seed, ...by });
  } catch {
    return holdOut(rowsOf(data), { seed, ...by });
  }
}
