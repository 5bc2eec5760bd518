// The whole measurement, for a command and a page.
import { noMore, optionalFunction, optionalSignal, options, positiveNumber } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { now, turn } from '../base/turn.js';
import { version } from '../base/version.js';
import { type Choice, choices, coreCount } from '../engine/fastest.js';
import { mayBeWide } from '../engine/wide.js';
import { createEngine, type Engine, supports } from '../index.js';
import { createKernels, type Kernels } from '../kernels/index.js';
import { machineOf } from './machine.js';
import { compared, type Run, type Times } from './measure.js';
import { choiceName, recommend, speedupOf } from './recommendation.js';
import type { BenchResults, Line, OptionTimes, OptionWork } from './results.js';
import { speedOf, tileRuns } from './tile.js';
import { type Workload, workloads } from './workloads.js';
import { gemmRun, kernelParts, predictPart, stepParts, stepRun, type Work } from './works.js';

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
  /** About how many seconds it takes; 15 by default. A machine that is slow, or with many options, takes longer. */
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
/** JavaScript is left out where one call would take more than so many times a work's time. */
const PATIENCE = 2.5;

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
  const seconds = positiveNumber('bench(seconds)', given.seconds ?? 15);
  optionalSignal('bench(signal)', signal);
  optionalFunction('bench(onProgress)', onProgress);
  const begin = now();
  using engine = await createEngine();
  using kernels = await createKernels({ memory: MEMORY });
  const parts = [...kernelParts(kernels), ...stepParts(engine), predictPart(engine)];
  let results: BenchResults = {
    simdense: version,
    date: new Date().toISOString(),
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
  const budget = new Budget(seconds - (now() - begin) / 1000, weights);
  await tell('the peak');
  const tile = await fastestTile(engine, budget.take(PEAK), signal);
  results = { ...results, peak: tile.speed };
  const rates = { plain: 0, blocked: 0 };
  for (const { weight, make } of parts) {
    const work = make();
    try {
      await tell(`${work.name}, ${work.about}`);
      const { line, peak } = await lineOf(work, tile.run, rates, budget.take(weight), signal);
      results = { ...results, peak: Math.max(results.peak, peak), lines: [...results.lines, line] };
    } finally {
      work.dispose?.();
    }
  }
  await tell('the options');
  const measured = await optionTimes(budget.take(OPTIONS), signal);
  results = { ...results, ...measured, ...recommend(measured.options) };
  await tell('');
  return results;
}

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
 * Measures a work, with the fastest tile in the same rounds, so that its share of the peak does not depend on what else the machine does. `rates` are the FLOP/ms of
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
  const fits = (version: 'plain' | 'blocked'): boolean =>
    !flops || !rates[version] || flops / rates[version] <= milliseconds * PATIENCE;
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
    ...(gigaflops && { gigaflops, ...(peak > 0 && { share: gigaflops / peak }) }),
  };
  return { line, peak };
}

interface Candidate {
  readonly choice: Choice;
  readonly engine: Engine;
  readonly kernels: Kernels;
  readonly runs: Readonly<Record<OptionWork, () => void>>;
}

/** Times the works by each choice of options that this runtime has. */
async function optionTimes(
  milliseconds: number,
  signal: AbortSignal | undefined,
): Promise<Pick<BenchResults, 'options' | 'absent'>> {
  const begin = now();
  const absent = absentOf();
  const made: Candidate[] = [];
  try {
    for (const choice of choices()) {
      signal?.throwIfAborted();
      const candidate = await candidateOf(choice, absent);
      if (!candidate) continue;
      made.push(candidate);
      // Before the next engine, which may be wide: V8's flag holds for all that is optimised later.
      await compared(runsOf([candidate]), 60, signal);
    }
    const times = await compared(runsOf(made), Math.max(10, milliseconds - (now() - begin)), signal);
    const of = ({ choice }: Candidate): OptionTimes['times'] => {
      const time = (work: OptionWork): Times => times.get(`${choiceName(choice)}: ${work}`) as Times;
      return { W2: time('W2'), W3: time('W3'), 'gemm 512': time('gemm 512') };
    };
    const [plain] = made.map(of) as [OptionTimes['times']];
    const list = made.map((candidate): OptionTimes => {
      const { choice, engine } = candidate;
      return { choice, kernels: engine.kernels, times: of(candidate), speedup: speedupOf(of(candidate), plain) };
    });
    return { options: list, absent };
  } finally {
    for (const { engine, kernels } of made) {
      engine.dispose();
      kernels.dispose();
    }
  }
}

const runsOf = (candidates: readonly Candidate[]): Run[] =>
  candidates.flatMap(({ choice, runs }) =>
    Object.entries(runs).map(([work, run]) => ({ name: `${choiceName(choice)}: ${work}`, run })),
  );

async function candidateOf(choice: Choice, absent: { option: string; why: string }[]): Promise<Candidate | undefined> {
  let engine: Engine | undefined;
  const leaveOut = (why: string): undefined => {
    engine?.dispose();
    absent.push({ option: choiceName(choice), why });
  };
  try {
    engine = await createEngine(choice);
    if (choice.wide && !engine.wide) return leaveOut('V8 does not make wide faster here');
    const kernels = await createKernels({ ...choice, memory: MEMORY / 4 });
    const [, w2, w3] = workloads as readonly Workload[] as [Workload, Workload, Workload];
    const runs = { W2: stepRun(w2, engine).run, W3: stepRun(w3, engine).run, 'gemm 512': gemmRun(kernels, 512) };
    return { choice, engine, kernels, runs };
  } catch (error) {
    if (error instanceof SimdenseError) return leaveOut(error.message);
    throw error;
  }
}

function absentOf(): { option: string; why: string }[] {
  const has = supports();
  const page =
    typeof document !== 'undefined' || typeof (globalThis as { importScripts?: unknown }).importScripts === 'function';
  return [
    ...(has.relaxed ? [] : [{ option: 'relaxed', why: 'this runtime has no relaxed SIMD' }]),
    ...(mayBeWide() ? [] : [{ option: 'wide', why: 'only V8 in Node from 22 on has it' }]),
    ...(has.threads
      ? coreCount() > 1
        ? []
        : [{ option: 'threads', why: 'this machine has one core' }]
      : [
          {
            option: 'threads',
            why: page ? 'this page is not cross-origin isolated' : 'this runtime cannot start them',
          },
        ]),
  ];
}
