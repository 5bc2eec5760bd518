// Measures in interleaved rounds: every task runs once a round, so that other load on the machine affects all alike.
import { Bench } from 'tinybench';
import { now, turn } from '../base/turn.js';

export interface Run {
  readonly name: string;
  run(): void;
}

export interface Task extends Run {
  /** Number of steps in a call of `run`, by which its time is divided. */
  readonly steps: number;
}

/** Microseconds of a call: the median, the quartiles, and how many samples there are. */
export interface Times {
  readonly median: number;
  readonly low: number;
  readonly high: number;
  readonly samples: number;
}

/** How many calls last about `milliseconds`. The calls that find out also warm up V8's optimising compiler. */
export function stepsFor(step: () => void, milliseconds: number, warmUp = 300): number {
  const begin = performance.now();
  let calls = 0;
  for (; performance.now() - begin < warmUp || calls < 3; calls++) step();
  const again = performance.now();
  const trial = Math.max(3, Math.floor(calls / 4));
  for (let i = 0; i < trial; i++) step();
  return Math.max(1, Math.round((milliseconds * trial) / (performance.now() - again)));
}

/** A task with as many steps as last about `milliseconds`. */
export function repeated(name: string, step: () => void, milliseconds = 4): Task {
  return taskOf({ name, run: step }, stepsFor(step, milliseconds));
}

const taskOf = ({ name, run }: Run, steps: number): Task => ({
  name,
  steps,
  run() {
    for (let i = 0; i < steps; i++) run();
  },
});

const eightTimes = ({ name, run, steps }: Task): Task => ({ ...taskOf({ name, run }, 8), steps: 8 * steps });

/** Microseconds of a step of each task, each run once, in order. */
async function sampled(tasks: readonly Task[]): Promise<number[]> {
  const bench = new Bench({ iterations: 1, time: 0, warmup: false, retainSamples: true });
  // Told that it is not asynchronous, tinybench need not call it once more to find out.
  for (const { name, run } of tasks) bench.add(name, run, { async: false });
  await bench.run();
  return bench.tasks.map(({ name, result }, i) => {
    if ('error' in result) throw result.error;
    if (!('latency' in result)) throw new Error(`${name} did not finish`);
    return (result.latency.mean * 1000) / tasks[i]!.steps;
  });
}

/** Median microseconds of a step for each task, over `rounds` rounds. */
export async function interleaved(tasks: readonly Task[], rounds: number): Promise<Map<string, number>> {
  const times = tasks.map((): number[] => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, time] of (await sampled(tasks)).entries()) times[i]!.push(time);
  return new Map(tasks.map(({ name }, i) => [name, median(times[i]!)]));
}

/** Milliseconds of a sample, at least and at most, and at least so many ticks of the clock. */
const [SHORTEST, LONGEST, TICKS] = [2, 8, 40];
/** Milliseconds of warming up, at most. */
const WARM_UP = 120;
/** Rounds, at least and at most. */
const [FEWEST, MOST] = [3, 99];

/**
 * Times of each run, measured for about `milliseconds` altogether. A run that takes more than half of its share has one sample alone, unless `thorough`: then each has at least
 * three. Lets the event loop turn between samples. Rejects with the signal's reason once it aborts.
 */
export async function compared(
  runs: readonly Run[],
  milliseconds: number,
  signal?: AbortSignal,
  { thorough = false } = {},
): Promise<Map<string, Times>> {
  const begin = now();
  const share = milliseconds / runs.length;
  const times = new Map<string, number[]>();
  const length = Math.max(Math.min(LONGEST, Math.max(SHORTEST, share / 12)), TICKS * tick());
  const tasks: Task[] = [];
  for (const run of runs) {
    const first = await firstTime(taskOf(run, 1), thorough ? Number.POSITIVE_INFINITY : (share / 2) * 1000);
    times.set(run.name, [first]);
    await turn();
    signal?.throwIfAborted();
    if (!thorough && first / 1000 > share / 2) continue;
    tasks.push(taskOf(run, calibrated(run.run, length, Math.min(WARM_UP, share / 5), first / 1000)));
    // What was slow before it was optimised does not count.
    times.set(run.name, []);
  }
  for (let round = 0; round < (tasks.length > 0 ? MOST : 0); round++) {
    const enough = tasks.every(({ name }) => times.get(name)!.length >= FEWEST);
    if (enough && now() - begin >= milliseconds) break;
    for (const [i, task] of tasks.entries()) {
      let [time] = (await sampled([task])) as [number];
      // Where other programs held the calls that told how many are needed, these are too few for the clock.
      for (let longer = task; (time * longer.steps) / 1000 < length / 4; ) {
        longer = eightTimes(longer);
        tasks[i] = longer;
        times.set(task.name, []);
        [time] = (await sampled([longer])) as [number];
      }
      times.get(task.name)!.push(time);
      await turn();
      signal?.throwIfAborted();
    }
  }
  return new Map([...times].map(([name, list]) => [name, timesOf(list)]));
}

/** Calls each run for some milliseconds, and at least three times, so that V8 optimises it. */
export async function warmedUp(runs: readonly Run[], milliseconds: number, signal?: AbortSignal): Promise<void> {
  for (const { run } of runs) {
    const begin = now();
    for (let calls = 0; calls < 3 || now() - begin < milliseconds; calls++) {
      run();
      await turn();
      signal?.throwIfAborted();
    }
  }
}

/** Microseconds that other programs may hold this one. */
const INTERRUPTION = 400_000;

/** The time of the first call. If it is above `limit`, but short enough that it may have been interrupted, it is called again, until two calls agree. */
async function firstTime(task: Task, limit: number): Promise<number> {
  let [first] = (await sampled([task])) as [number];
  for (let tries = 0; tries < 2 && first > limit && first < INTERRUPTION; tries++) {
    const [again] = (await sampled([task])) as [number];
    const agree = again > 0.7 * first;
    first = Math.min(first, again);
    if (agree) break;
  }
  return first;
}

/** Milliseconds of a batch whose time counts, at least. */
const COUNTS = 0.5;

/**
 * How many calls last about `length` milliseconds, after some that warm up for `warmUp`; `first` is what the first call took. The fastest batch counts, since others may
 * have been interrupted.
 */
function calibrated(call: () => void, length: number, warmUp: number, first: number): number {
  const counts = Math.max(COUNTS, 4 * tick());
  let least = Number.POSITIVE_INFINITY;
  let calls = 1;
  for (const begin = now(); now() - begin < warmUp || least === Number.POSITIVE_INFINITY; ) {
    const from = now();
    for (let i = 0; i < calls; i++) call();
    const took = now() - from;
    if (took >= counts) least = Math.min(least, took / calls);
    else calls *= 2;
    // A slow call needs no better estimate.
    if (first > length && took > length) break;
  }
  return Math.max(1, Math.round(length / Math.max(least, 1e-6)));
}

let ticking: number | undefined;

/** Milliseconds of the clock's resolution: the least difference that is seen. Pages have 0.1 ms, or 1 ms in Firefox. */
function tick(): number {
  if (ticking !== undefined) return ticking;
  ticking = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 5; i++) {
    const from = now();
    let to = from;
    while (to === from) to = now();
    ticking = Math.min(ticking, to - from);
  }
  return ticking;
}

/** The median and the quartiles of samples. */
export function timesOf(samples: readonly number[]): Times {
  const [low, middle, high] = [0.25, 0.5, 0.75].map((share) => quantile(samples, share)) as [number, number, number];
  return { median: middle, low, high, samples: samples.length };
}

export const median = (values: readonly number[]): number => quantile(values, 0.5);

/** The quantile by linear interpolation: definition 7 of Hyndman and Fan, 1996, NumPy's default. */
function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)]!, sorted[Math.ceil(at)]!];
  return below + (above - below) * (at - Math.floor(at));
}
