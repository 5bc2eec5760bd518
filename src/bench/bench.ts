// The whole measurement, for a command and a page.
import { noMore, optionalFunction, optionalSignal, options, refuse } from '../base/checks.js';
import { now, turn } from '../base/turn.js';
import { version } from '../base/version.js';
import { createEngine, type Engine } from '../index.js';
import { LEAST_SECONDS, MOST_SECONDS, SECONDS } from './limits.js';
import { machineOf } from './machine.js';
import { compared, type Run, type Times } from './measure.js';
import { optionChoices, optionTimes } from './options.js';
import { recommend } from './recommendation.js';
import type { BenchResults, Line } from './results.js';
import { speedOf, tileRuns } from './tile.js';
import { kernelParts, predictPart, settledKernels, stepParts, type Work } from './works.js';

/** What is known so far. */
export interface BenchProgress {
  /** Parts that are done, of all. */
  readonly done: number;
  readonly total: number;
  /** What is measured next; '' at the end. */
  readonly next: string;
  readonly results: BenchResults;
}

export interface BenchOptions {
  /** About how many seconds it takes, from 8 to 600; 15 by default. A machine that is slow or busy takes longer. */
  seconds?: number;
  /** Ends the measurement when it aborts. */
  signal?: AbortSignal;
  /** Called before each part and at the end. */
  onProgress?(progress: BenchProgress): void;
}

/** Bytes for the arrays of the kernels' works. */
const MEMORY = 32 * 2 ** 20;
/** The shares of the time of what is not a work. */
const PEAK = 0.6;
const OPTIONS = 4;
/** Milliseconds besides for each choice of options: its engine and its kernels are made and warmed up. */
const MAKING = 400;
/** JavaScript is left out where one call of both versions would take more than so many times a work's time. */
const PATIENCE = 1.2;

/** Milliseconds of a part, at least, also when the time is up. */
const LEAST = 20;
/** The shortest time of a part as a share of what it gets on a machine that is in time. */
const LATE = 0.4;

/** The time that is left, divided by the weights of what is left. */
class Budget {
  readonly #end: number;
  /** Milliseconds of a weight of 1. */
  readonly #planned: number;
  #weights: number;

  constructor(seconds: number, weights: number) {
    this.#end = now() + seconds * 1000;
    this.#weights = weights;
    this.#planned = (Math.max(0, seconds) * 1000) / weights;
  }

  /** Milliseconds for a part of this weight. */
  take(weight: number): number {
    const milliseconds = (Math.max(0, this.#end - now()) * weight) / this.#weights;
    this.#weights -= weight;
    return Math.max(LEAST, milliseconds, this.#planned * weight * LATE);
  }
}

/**
 * Measures what this machine and this runtime give: kernels by size, training steps, the prediction of one row, each beside plain JavaScript, and the options of an engine that pay here.
 *
 * All times are medians of interleaved rounds, by tinybench.
 * @param o The options; all have defaults.
 * @returns The results, plain data.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range.
 */
export async function bench(o?: BenchOptions): Promise<BenchResults> {
  noMore('bench', arguments, 1);
  const given = options('bench', o, ['seconds', 'signal', 'onProgress']);
  const { signal, onProgress } = given;
  const seconds = given.seconds ?? SECONDS;
  if (typeof seconds !== 'number' || !(seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS))
    refuse('bench(seconds)', `a number from ${LEAST_SECONDS} to ${MOST_SECONDS}`, seconds);
  optionalSignal('bench(signal)', signal);
  optionalFunction('bench(onProgress)', onProgress);
  const begin = now();
  using engine = await createEngine();
  using kernels = await settledKernels({ memory: MEMORY });
  const parts = [...kernelParts(kernels), ...stepParts(engine), predictPart(engine)];
  let results: BenchResults = {
    simdense: version,
    date: new Date().toISOString(),
    unit: 'µs',
    machine: machineOf(),
    kernels: engine.kernels,
    peak: 0,
    lines: [],
    options: [],
    absent: [],
    seconds: 0,
  };
  const total = parts.length + 2;
  let done = 0;
  const tell = async (next: string): Promise<void> => {
    results = { ...results, seconds: (now() - begin) / 1000 };
    onProgress?.({ done, total, next, results });
    done++;
    await turn();
    signal?.throwIfAborted();
  };
  const weights = parts.reduce((sum, { weight }) => sum + weight, PEAK + OPTIONS);
  const making = optionChoices().length * MAKING;
  const budget = new Budget(seconds - (now() - begin + making) / 1000, weights);
  await tell('the peak');
  const tile = await fastestTile(engine, budget.take(PEAK), signal);
  results = { ...results, peak: tile.speed };
  const rates = { plain: 0, blocked: 0 };
  for (const { weight, make } of parts) {
    const work = make();
    try {
      await tell(`${work.name}, ${work.about}`);
      const { line, peak } = await lineOf(work, tile.run, rates, budget.take(weight), signal);
      results = withShares({
        ...results,
        peak: Math.max(results.peak, peak, work.atPeak ? (line.gigaflops as number) : 0),
        lines: [...results.lines, line],
      });
    } finally {
      work.dispose?.();
    }
  }
  await tell('the options');
  const measured = await optionTimes(budget.take(OPTIONS) + making, signal);
  results = { ...results, ...measured, ...recommend(measured.options) };
  await tell('');
  return results;
}

/** The results with each line's share of the peak so far. */
const withShares = (results: BenchResults): BenchResults => ({
  ...results,
  lines: results.lines.map((line) =>
    line.share === undefined ? line : { ...line, share: (line.gigaflops as number) / results.peak },
  ),
});

/** The fastest tile on numbers in the first-level cache, and its GFLOP/s. */
async function fastestTile(
  engine: Engine,
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<{ run: Run; speed: number }> {
  const runs = tileRuns(engine);
  const times = await compared(runs, milliseconds, signal);
  const tiles = runs.map((run) => ({ run, speed: speedOf((times.get(run.name) as Times).median) }));
  return tiles.reduce((best, next) => (next.speed > best.speed ? next : best));
}

/**
 * Measures a work, with the fastest tile in the same rounds, so that the peak is looked for under the same load. `rates` are the FLOP/ms of
 * JavaScript so far, by which calls that would take too long are left out.
 */
async function lineOf(
  work: Work,
  tile: Run,
  rates: { plain: number; blocked: number },
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<{ line: Line; peak: number }> {
  const { group, name, about, flops, atPeak } = work;
  let patience = milliseconds * PATIENCE;
  const fits = (version: 'plain' | 'blocked'): boolean => {
    const needed = flops && rates[version] ? flops / rates[version] : 0;
    if (needed > patience) return false;
    patience -= needed;
    return true;
  };
  const runs: Run[] = [{ name: 'simdense', run: work.simdense }];
  if (fits('plain')) runs.push({ name: 'plain', run: work.plain });
  if (work.blocked && fits('blocked')) runs.push({ name: 'blocked', run: work.blocked });
  if (atPeak) runs.push({ name: 'peak', run: tile.run });
  const times = await compared(runs, milliseconds, signal);
  const [simdense, naive, fast, top] = ['simdense', 'plain', 'blocked', 'peak'].map((each) => times.get(each)) as [
    Times,
    Times?,
    Times?,
    Times?,
  ];
  // The highest so far: other programs only lower it.
  if (atPeak && flops && naive) rates.plain = Math.max(rates.plain, flops / (naive.median / 1000));
  if (atPeak && flops && fast) rates.blocked = Math.max(rates.blocked, flops / (fast.median / 1000));
  const peak = top ? speedOf(top.median) : 0;
  const gigaflops = flops && flops / simdense.median / 1000;
  const line = {
    ...{ group, name, about, simdense },
    ...(naive && { plain: naive }),
    ...(fast && { blocked: fast }),
    ...(gigaflops && { gigaflops, ...(atPeak && { share: 1 }) }),
  };
  return { line, peak };
}
