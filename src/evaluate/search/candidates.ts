// The points of a search with their pipelines, checked against the data before anything is trained.
import { isRecord, show } from '../../base/checks.js';
import { didYouMean } from '../../base/did-you-mean.js';
import { SimdenseError } from '../../base/errors.js';
import { trainingName } from '../../nn/figures.js';
import { metricAliases, metricNames } from '../../nn/metrics/names.js';
import type { Dataset } from '../dataset.js';
import { checkPipeline, type Pipeline, resolvePipeline, wantedOf } from '../pipeline.js';
import type { Wanted } from '../task.js';

export interface Candidate<P> {
  readonly parameters: P;
  pipeline?: Pipeline;
  /** The figures that it measures, once it is known to fit the data. */
  figures?: readonly string[];
  error?: string;
  /** What was thrown. */
  cause?: unknown;
}

/** The candidates of points; `made` has those of earlier rounds, and gets the new ones. */
export function* candidatesOf<P>(
  points: Iterable<P>,
  pipeline: (parameters: P) => Pipeline,
  made: Map<P, Candidate<P>>,
): Generator<undefined, Candidate<P>[]> {
  const candidates: Candidate<P>[] = [];
  for (const parameters of points) {
    let candidate = made.get(parameters);
    if (!candidate) {
      try {
        candidate = { parameters, pipeline: checkPipeline('search(pipeline)', pipeline(copyOf(parameters))) };
      } catch (error) {
        candidate = { parameters, error: messageOf(error), cause: error };
      }
      made.set(parameters, candidate);
    }
    candidates.push(candidate);
    yield;
  }
  return candidates;
}

/** What the caller's function changes is not what is told. */
const copyOf = <P>(parameters: P): P => (isRecord(parameters) ? { ...parameters } : parameters);

/** Throws SimdenseError 'ARGUMENT' where a pipeline says something else of the targets than what they were read by: all points learn the same. */
function checkWanted(pipeline: Pipeline, wanted: Wanted): void {
  const own = wantedOf(pipeline);
  for (const key of ['task', 'separator', 'positive'] as const)
    if (own[key] !== wanted[key])
      throw new SimdenseError(
        'ARGUMENT',
        `search(pipeline): ${key} is ${show(own[key])} here and ${show(wanted[key])} at another point; all points of a search learn the same targets`,
      );
}

/** Resolves each pipeline for the data, and notes its figures. */
export function* checkingAgainst<P>(
  candidates: readonly Candidate<P>[],
  data: Dataset,
  wanted: Wanted,
): Generator<undefined, void> {
  for (const candidate of candidates) {
    const { pipeline } = candidate;
    try {
      if (pipeline) checkWanted(pipeline, wanted);
      if (pipeline) candidate.figures = ['loss', ...resolvePipeline('search(pipeline)', pipeline, data).metrics];
    } catch (error) {
      Object.assign(candidate, { error: messageOf(error), cause: error });
    }
    yield;
  }
}

/** What is said of the targets by the first pipeline that says it. The others are checked against the data. */
export function wantedByAny<P>(candidates: readonly Candidate<P>[]): Wanted {
  const all = candidates.flatMap(({ pipeline }) => (pipeline ? [wantedOf(pipeline)] : []));
  const first = <K extends keyof Wanted>(key: K): Wanted[K] => all.find((each) => each[key] !== undefined)?.[key];
  const [task, separator] = [first('task'), first('separator')];
  return { task, separator, positive: first('positive'), numbers: first('numbers') };
}

/** Marks the candidates whose pipeline does not have the monitored figure. Throws SimdenseError 'ARGUMENT' if none has it. */
export function checkMonitor<P>(candidates: readonly Candidate<P>[], monitor: string): void {
  const sound = candidates.filter(({ figures }) => figures);
  markMonitor(sound, monitor);
  if (sound.length > 0 && sound.every(({ cause }) => cause)) throw sound[0]?.cause;
}

/** Marks the candidates whose pipeline does not have the monitored figure. */
export function markMonitor<P>(candidates: readonly Candidate<P>[], monitor: string): void {
  for (const candidate of candidates) {
    const cause = candidate.figures && lacks(monitor, candidate.figures);
    if (cause) Object.assign(candidate, { error: cause.message, cause });
  }
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

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export function monitorOf<P>(candidates: readonly Candidate<P>[]): string {
  const [loss = 'loss', ...metrics] = candidates.find(({ figures }) => figures)?.figures ?? [];
  // The loss includes the penalties on the weights, which depend on the point.
  return ['accuracy', 'r2'].find((name) => metrics.includes(name)) ?? metrics[0] ?? loss;
}
