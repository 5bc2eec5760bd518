// Records the kernel calls of a training step, as a program that assembly/replay repeats: calls the step with kernels that only note their arguments.
import type { Engine } from '../engine/engine.js';
import { replayed } from '../engine/generated/replay.js';
import type { Address } from '../engine/kernels.js';
import { inLine, panelRows } from '../nn/layout.js';
import type { TrainableNetwork } from '../nn/trainable-network.js';
import type { Batch } from './batch.js';
import type { TargetData } from './targets.js';
import type { Trainer } from './trainer.js';

/** The number of a kernel, and its arguments. */
type Call = readonly [kernel: number, ...given: number[]];

/** Words of a call and of a number that moves, and float64s of a step's results: see assembly/replay/index.ts. */
const CALL_WORDS = 16;
export const [MOVE_WORDS, RESULTS] = [3, 3];
/** The most steps in a call, and bytes of the predictions that they keep for metrics. */
export const MOST_STEPS = 64;
const MOST_BYTES = 2 ** 20;
/** The most outputs whose right rows it counts. */
const MOST_COUNTED = 64;
/** Bytes of the constants of its kernels. */
const CONSTANTS_BYTES = 256;

const numbers = /* @__PURE__ */ new Map(replayed.map(([name], number) => [name as string, number]));
const optimizers = ['adagrad', 'adam', 'lion', 'rmsprop', 'sgd'];
const nameOf = ([kernel]: Call): string => (replayed[kernel] as (typeof replayed)[number])[0];
const typesOf = ([kernel]: Call): string => (replayed[kernel] as (typeof replayed)[number])[1];

/** A number that changes from step to step: its address, its value in the recorded step, and what each batch of the data set, step of the model, and step of the call adds. */
interface Move {
  readonly place: Address;
  readonly first: number;
  readonly byBatch: number;
  readonly byStep: number;
  readonly byCall: number;
}

/** A recorded step for batches of so many rows. */
export interface Recording {
  /** The network's workspace, and the place of the targets: if they have moved, the calls are out of date. */
  readonly binding: unknown;
  readonly target: Address;
  readonly block: Address;
  /** The first row and the step of the recorded batch. */
  readonly from: number;
  readonly step: number;
  readonly room: number;
  readonly calls: Address;
  readonly count: number;
  readonly counted: Address;
  readonly moves: Address;
  readonly moving: readonly Move[];
  readonly places: Address;
  readonly rates: number;
  readonly values: Address;
  readonly results: Address;
  readonly constants: Address;
  /** Unpacked predictions; 0 if no metric reads them. */
  readonly predictions: Address;
  /** The optimizer's kernel, and which of its arguments are floats. */
  readonly update: string;
  readonly floats: readonly number[];
}

/** The parts of a run. */
export interface Run {
  readonly network: TrainableNetwork;
  readonly trainer: Trainer;
  readonly staging: Batch;
}

/** Loads the batch of `rows` rows from row `from` of the epoch on. */
type Load = (from: number, rows: number) => void;

/** A block of memory; 0 if there is none: what does not fit is not replayed. */
export function taken(engine: Engine, bytes: number): Address {
  try {
    return engine.allocate(bytes);
  } catch {
    return 0;
  }
}

/** Records two steps, since some numbers differ from one to the next. */
export function record(run: Run, y: TargetData, load: Load, from: number, rows: number): Recording | null {
  const { network, trainer, staging } = run;
  const { engine, outputs } = network;
  const step = trainer.steps;
  const one = callsOf(run, load, from, rows, step);
  const two = callsOf(run, load, from + rows, rows, step + 1);
  const updates = one?.filter((call) => optimizers.includes(nameOf(call)));
  if (!one || !two || !updates || one.length !== two.length) return null;
  const { metrics, units } = trainer;
  const counts =
    metrics.length === 1 && metrics[0] === 'accuracy' && y.classes !== undefined && outputs <= MOST_COUNTED;
  const unpacks = !counts && (metrics.length > 0 || (units !== undefined && !units.single));
  const size = unpacks ? rows * outputs * 4 : 0;
  const room = Math.max(1, Math.min(MOST_STEPS, Math.floor(MOST_BYTES / (size || 1))));
  const all = [...one];
  // Its last argument is an address, which follows.
  if (unpacks) all.push([numbers.get('unpackFloats') as number, rows, outputs, network.output, panelRows(rows), 0]);
  const floats = updates.length > 0 ? [...typesOf(updates[0] as Call)].flatMap((t, i) => (t === 'f' ? [i] : [])) : [];
  const rates = floats.length * updates.length;
  const most = all.length * (CALL_WORDS - 1);
  const at = inLine([
    all.length * CALL_WORDS * 4,
    CALL_WORDS * 4,
    most * MOVE_WORDS * 4,
    rates * 4,
    rates * room * 4,
    room * RESULTS * 8,
    CONSTANTS_BYTES,
    size * room,
  ]);
  const block = taken(engine, at.at(-1) as number);
  if (block === 0) return null;
  const [calls, counted, moves, places, values, results, constants, predictions] = at.map((place) => block + place) as [
    Address,
    Address,
    Address,
    Address,
    Address,
    Address,
    Address,
    Address,
  ];
  const refused = (): null => {
    engine.release(block);
    return null;
  };
  const moving: Move[] = [];
  let rate = places / 4;
  for (const [i, call] of all.entries()) {
    const [types, name] = [typesOf(call), nameOf(call)];
    const begin = calls / 4 + i * CALL_WORDS;
    engine.words[begin] = call[0];
    for (let a = 1; a < call.length; a++) {
      const place = begin + a;
      const [value, next] = [call[a] as number, two[i]?.[a] ?? (call[a] as number)];
      if (types[a - 1] === 'f') {
        engine.floats[place] = value;
        if (optimizers.includes(name)) engine.words[rate++] = place * 4;
        else if (!Object.is(value, next)) return refused();
        continue;
      }
      engine.words[place] = value;
      if (value === next) continue;
      const moved = { place: place * 4, first: value, byBatch: 0, byStep: 0, byCall: 0 };
      moving.push({ ...moved, [name.startsWith('pack') ? 'byBatch' : 'byStep']: next - value });
    }
    if (two[i] && two[i]?.[0] !== call[0]) return refused();
  }
  if (unpacks) {
    const place = calls + ((all.length - 1) * CALL_WORDS + 5) * 4;
    moving.push({ place, first: predictions, byBatch: 0, byStep: 0, byCall: size });
  }
  if (counts) engine.words.set([rows, outputs, network.output, staging.target], counted / 4);
  return {
    ...{ binding: network.binding, target: staging.target, block, from, step, room, calls, count: all.length },
    ...{ counted: counts ? counted : 0, moves, moving, places, rates, values, results, constants },
    ...{ predictions: unpacks ? predictions : 0, update: updates[0] ? nameOf(updates[0]) : 'sgd', floats },
  };
}

/** The calls of a step, instead of which nothing is computed; undefined if one of them cannot be replayed. */
function callsOf(
  { network, trainer }: Run,
  load: Load,
  from: number,
  rows: number,
  step: number,
): readonly Call[] | undefined {
  const calls = network.engine.calls as unknown as Record<string, unknown>;
  const real = { ...calls };
  const counts = [trainer.iteration, trainer.steps] as const;
  const list: Call[] = [];
  let all = true;
  for (const name of Object.keys(real)) {
    if (typeof real[name] !== 'function') continue;
    const kernel = numbers.get(name);
    calls[name] = (...given: readonly unknown[]): number => {
      if (kernel === undefined) all = false;
      else list.push([kernel, ...given.map(Number)]);
      return 0;
    };
  }
  try {
    trainer.steps = step;
    load(from, rows);
    trainer.step(rows);
  } finally {
    Object.assign(calls, real);
    [trainer.iteration, trainer.steps] = counts;
  }
  return all ? list : undefined;
}
