// Which options pay here: the candidates, the rule that decides between them, and the trial of createEngine('fastest').
import { SimdenseError } from '../base/errors.js';
import { smallest } from '../base/extremes.js';
import type { Engine } from './engine.js';
import { features } from './features.js';
import { mayBeWide, restoreRevectorization, setRevectorization } from './wide.js';

/** Options of an engine that may make it faster. Absent ones are off. */
export interface Choice {
  readonly threads?: number;
  readonly relaxed?: true;
  readonly wide?: true;
}

/** More threads than these gain little on a step, and each has memory of its own. */
const MOST_THREADS = 16;
/** Options are worth it if they take at most this share of the time without them. */
const WORTH = 0.95;

type Host = {
  process?: { getBuiltinModule?(name: 'node:os'): { availableParallelism?(): number } | undefined };
  navigator?: { hardwareConcurrency?: number };
};

/** How many threads the machine runs at a time. */
export function coreCount(): number {
  const { process, navigator } = globalThis as Host;
  return process?.getBuiltinModule?.('node:os')?.availableParallelism?.() ?? navigator?.hardwareConcurrency ?? 1;
}

/** The options that this runtime has, each with every other: without threads first, without relaxed first, fewer before more. Wide engines come last of each. */
export function choices(cores = coreCount()): Choice[] {
  const has = features();
  const counts = has.threads && cores > 1 ? [1, Math.min(cores, MOST_THREADS)] : [1];
  const off = [false];
  return counts.flatMap((threads) =>
    (has.relaxed ? [false, true] : off).flatMap((relaxed) =>
      (mayBeWide() ? [false, true] : off).map(
        (wide): Choice => ({
          ...(relaxed && { relaxed }),
          ...(wide && { wide }),
          ...(threads > 1 && { threads }),
        }),
      ),
    ),
  );
}

/** A choice, and the time of the same work with it, in any unit. */
export interface TimedChoice {
  readonly choice: Choice;
  readonly time: number;
}

/** Choices that keep the bits come before those that do not, and fewer options before more. */
const cost = ({ relaxed, wide, threads }: Choice): number =>
  (relaxed ? 3 : 0) + (wide ? 1 : 0) + (threads === undefined ? 0 : 1);

/**
 * The choice that is recommended: the one with the fewest options, without `relaxed` if it can be, that saves 5 % of the time without
 * options and comes within 5 % of the fastest. It is no option if that comes within 5 % itself. `sameBits` leaves out `relaxed`, which changes the bits.
 */
export function recommended(timed: readonly TimedChoice[], { sameBits = false } = {}): TimedChoice {
  const allowed = timed.filter(({ choice }) => !(sameBits && choice.relaxed));
  const least = smallest(allowed.map(({ time }) => time));
  const plain = allowed.find(({ choice }) => cost(choice) === 0);
  if (plain && plain.time * WORTH <= least) return plain;
  const most = plain ? plain.time * WORTH : Number.POSITIVE_INFINITY;
  return allowed
    .filter(({ time }) => time * WORTH <= least && time <= most)
    .sort((one, other) => cost(one.choice) - cost(other.choice))[0] as TimedChoice;
}

/** Columns of a panel, and bytes of one of its rows. */
const [PANEL, LINE] = [16, 64];

/** Memory for so many rows and columns in panels, with a row more between them. */
export const panelsFor = (engine: Engine, rows: number, columns: number): number =>
  engine.allocate((columns / PANEL) * (rows + 1) * LINE);

/** The sizes of the trial: the second layer of a network 784-512-256-10 on 128 rows. */
const [ROWS, INPUTS, UNITS] = [128, 512, 256];
/** Milliseconds after which V8 has optimised both products; the tiles below them were optimised when they were timed. */
const WARM_UP = 60;
const ROUNDS = 41;

/** Makes a function that runs the products of the trial. */
function trialOf(engine: Engine): () => void {
  const { calls } = engine;
  const [x, y] = [panelsFor(engine, ROWS, INPUTS), panelsFor(engine, ROWS, UNITS)];
  const [w, gradient] = [engine.allocate(INPUTS * UNITS * 4), engine.allocate(INPUTS * UNITS * 4)];
  return () => {
    calls.denseForward(ROWS, INPUTS, UNITS, x, w, 0, y);
    calls.denseKernelGradient(ROWS, INPUTS, UNITS, x, y, gradient);
  };
}

interface Candidate {
  readonly choice: Choice;
  readonly engine: Engine;
  readonly times: number[];
  run(): void;
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

/** Makes an engine with these options. */
type Make = (choice: Choice) => Promise<Engine>;

/** Makes the engines of a list, warm, and adds them to `made`, without those that cannot be made or that say themselves that wide does not pay. */
async function addCandidates(made: Candidate[], list: readonly Choice[], make: Make): Promise<void> {
  for (const choice of list) {
    let engine: Engine;
    try {
      engine = await make(choice);
    } catch (error) {
      if (error instanceof SimdenseError) continue;
      throw error;
    }
    if (choice.wide && !engine.wide) {
      engine.dispose();
      continue;
    }
    const candidate = { choice, engine, times: [], run: trialOf(engine) };
    made.push(candidate);
    for (const begin = performance.now(); performance.now() - begin < WARM_UP; await turn()) candidate.run();
  }
}

function disposeAll(candidates: readonly Candidate[]): void {
  for (const { engine } of candidates) engine.dispose();
}

/** Times the products by each candidate, in interleaved rounds. */
async function timed(candidates: readonly Candidate[]): Promise<TimedChoice[]> {
  for (const { times } of candidates) times.length = 0;
  for (let round = 0; round < ROUNDS; round++) {
    for (const { run, times } of candidates) {
      const begin = performance.now();
      run();
      times.push(performance.now() - begin);
    }
    await turn();
  }
  return candidates.map(({ choice, times }) => ({ choice, time: timeOf(choice, times) }));
}

/**
 * The time that stands for all rounds of a candidate. With one thread it is the lower quartile, which other programs hardly change. With threads it is the upper one: they pay
 * if other programs leave them the cores in most rounds.
 */
function timeOf({ threads }: Choice, times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * (threads === undefined ? 0.25 : 0.75))] as number;
}

let found: Promise<Choice> | undefined;

/** The options that are the fastest here, measured on the first call. `make` makes an engine for the trial, under the flags of V8 that it finds. */
export function fastestChoice(make: Make): Promise<Choice> {
  found ??= measured(make).catch((error) => {
    found = undefined;
    throw error;
  });
  return found;
}

/**
 * V8 optimises functions when they have run for a while, under the flags of that moment. So all engines that are not wide are made, warmed up and timed before the flag is
 * turned on; the wide ones follow, beside the engine without options, by which the times of both halves are compared.
 */
async function measured(make: Make): Promise<Choice> {
  const all = choices();
  if (all.length === 1) return {};
  const made: Candidate[] = [];
  try {
    setRevectorization(false);
    await addCandidates(
      made,
      all.filter(({ wide }) => !wide),
      make,
    );
    const list = await timed(made);
    const [plain] = made;
    if (!plain) return {};
    const count = made.length;
    if (mayBeWide()) {
      setRevectorization(true);
      await addCandidates(
        made,
        all.filter(({ wide }) => wide),
        make,
      );
    }
    const wide = made.slice(count);
    const wides = wide.length > 0 ? await timedBeside(plain, (list[0] as TimedChoice).time, wide) : [];
    return recommended([...list, ...wides]).choice;
  } finally {
    restoreRevectorization();
    disposeAll(made);
  }
}

/** Times candidates beside one that took `before` earlier, and gives what they would have taken then. */
async function timedBeside(plain: Candidate, before: number, candidates: readonly Candidate[]): Promise<TimedChoice[]> {
  const [again, ...list] = (await timed([plain, ...candidates])) as [TimedChoice, ...TimedChoice[]];
  return list.map(({ choice, time }) => ({ choice, time: time * (before / again.time) }));
}
