// Which options pay here: the candidates, the rule that decides between them, and the trial of createEngine('fastest').
import { SimdenseError } from '../base/errors.js';
import { smallest } from '../base/extremes.js';
import type { Engine } from './engine.js';
import { features } from './features.js';
import { disableRevectorization, isRevectorizing, mayBeWide } from './wide.js';

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
const WARM_UP = 5;
const ROUNDS = 9;

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

/** Makes the engines of a list, without those that cannot be made or that say themselves that wide does not pay. */
async function candidatesOf(list: readonly Choice[], make: (choice: Choice) => Promise<Engine>): Promise<Candidate[]> {
  const made: Candidate[] = [];
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
    // Before the next engine, which may be wide: V8's flag holds for all that is optimised later.
    for (let i = 0; i < WARM_UP; i++) candidate.run();
    made.push(candidate);
  }
  return made;
}

/** Times the products on engines with each of these options, in interleaved rounds. */
async function timed(list: readonly Choice[], make: (choice: Choice) => Promise<Engine>): Promise<TimedChoice[]> {
  const candidates = await candidatesOf(list, make);
  try {
    for (let round = 0; round < ROUNDS; round++) {
      for (const { run, times } of candidates) {
        const begin = performance.now();
        run();
        times.push(performance.now() - begin);
      }
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  } finally {
    for (const { engine } of candidates) engine.dispose();
  }
  return candidates.map(({ choice, times }) => ({ choice, time: median(times) }));
}

const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[times.length >> 1] as number;

let found: Promise<Choice> | undefined;

/** The options that are the fastest here, measured on the first call. `make` makes an engine. */
export function fastestChoice(make: (choice: Choice) => Promise<Engine>): Promise<Choice> {
  found ??= measured(make).catch((error) => {
    found = undefined;
    throw error;
  });
  return found;
}

async function measured(make: (choice: Choice) => Promise<Engine>): Promise<Choice> {
  const all = choices();
  if (all.length === 1) return {};
  const wasOn = isRevectorizing();
  const list = await timed(all, make);
  const { choice } = list.length > 0 ? recommended(list) : { choice: {} as Choice };
  if (!choice.wide && !wasOn) disableRevectorization();
  return choice;
}
