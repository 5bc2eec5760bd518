// Runs many batches in one call: records the kernel calls of a training step once, and lets assembly/replay repeat them. The calls are those of the step itself, in its
// order, so the bits are the same. Loaded by fits of many small steps, which take about as long to prepare as to compute.
import { load } from '#kernels/replay';
import { now } from '../base/turn.js';
import { checkThere } from '../data/rows.js';
import type { Engine } from '../engine/engine.js';
import type { Address } from '../engine/kernels.js';
import { inLine, panelRows } from '../nn/layout.js';
import type { TrainableNetwork } from '../nn/trainable-network.js';
import type { Batch } from './batch.js';
import type { Feed, Replaying } from './feed.js';
import type { Logs } from './history.js';
import type { Meters } from './meters.js';
import type { FitPlan } from './plan-fit.js';
import { MOST_STEPS, MOVE_WORDS, RESULTS, type Recording, type Run, record, taken } from './recording.js';
import type { Trainer } from './trainer.js';

/** What assembly/replay exports. */
interface ReplayKernels {
  replay(
    steps: number,
    calls: Address,
    count: number,
    counted: Address,
    moves: Address,
    moving: number,
    places: Address,
    rates: number,
    values: Address,
    results: Address,
  ): number;
  setPlain(plain: boolean): void;
  setConstants(at: Address): void;
}

/** Bytes of the rows, at the most: they are copied to linear memory, as those of classes are by the feed. */
const MOST_ROWS_BYTES = 8 * 2 ** 20;
/** Milliseconds of a call: after it, the run may pause. */
const [SHORT, LONG] = [1, 2];
let compiled: WebAssembly.Module | undefined;
const instances = /* @__PURE__ */ new WeakMap<Engine, ReplayKernels>();

/** The kernel that replays, on this engine's memory and kernels; undefined where the host compiles no modules. */
function kernelsOf(engine: Engine): ReplayKernels | undefined {
  try {
    compiled ??= load();
    const { memory } = engine.calls;
    let own = instances.get(engine);
    if (!own) {
      const { exports } = new WebAssembly.Instance(compiled, { env: { memory }, kernels: { ...engine.calls } });
      own = exports as unknown as ReplayKernels;
      own.setPlain(!engine.relaxed);
      instances.set(engine, own);
    }
    return own;
  } catch {
    return undefined;
  }
}

/** A replay for this run; undefined if more than kernels is to be called in each step. */
export function replayOf<Model>(
  { augment, callbacks }: FitPlan<Model>,
  trainer: Trainer,
  network: TrainableNetwork,
  staging: Batch,
  feed: Feed,
): Replay | undefined {
  const { x, weights } = feed.selection;
  const custom = [trainer.loss, ...trainer.metrics].some((each) => typeof each !== 'string');
  if (custom || weights || augment.length > 0 || x.data.byteLength > MOST_ROWS_BYTES) return undefined;
  if (network.engine.threads > 1 || callbacks.some((callback) => callback.onBatchEnd)) return undefined;
  const kernels = kernelsOf(network.engine);
  return kernels && new Replay({ trainer, network, staging }, feed, kernels);
}

export class Replay implements Replaying {
  /** The learning rate of the last step, and what its logs are. */
  rate = 0;
  logs: Logs = {};
  readonly #run: Run;
  readonly #feed: Feed;
  readonly #kernels: ReplayKernels;
  /** By the rows of a batch; null for steps that cannot be replayed. */
  readonly #recordings = new Map<number, Recording | null>();
  /** Steps in the next call. */
  #steps = 1;
  /** Rows and targets, where the feed has no copy. */
  #copy: Address = 0;

  constructor(run: Run, feed: Feed, kernels: ReplayKernels) {
    this.#run = run;
    this.#feed = feed;
    this.#kernels = kernels;
  }

  /**
   * Trains on up to `most` batches of `rows` rows each, from row `from` of the epoch on, and adds them to the meters. Returns how many: fewer before a batch whose loss is not finite,
   * and none if the steps cannot be replayed. All others are as if nothing had happened.
   */
  train(from: number, rows: number, most: number, meters: Meters): number {
    if (from === 0) this.#copyRows();
    if (this.#feed.y.numbers && !this.#copy) return 0;
    const recording = this.#recordingFor(from, rows);
    if (!recording) return 0;
    const { trainer, network } = this.#run;
    const { words } = network.engine;
    const steps = Math.min(most, this.#steps, recording.room);
    const [iteration, step] = [trainer.iteration, trainer.steps];
    const [batches, later] = [(from - recording.from) / rows, step - recording.step];
    for (const [i, { place, first, byBatch, byStep, byCall }] of recording.moving.entries()) {
      const at = recording.moves / 4 + i * MOVE_WORDS;
      words[at] = place;
      words[at + 1] = first + byBatch * batches + byStep * later;
      words[at + 2] = byBatch + byStep + byCall;
    }
    this.#drawRates(recording, steps);
    const begin = now();
    const { calls, count, counted, moves, moving, places, rates, values, results, predictions } = recording;
    this.#kernels.setConstants(recording.constants);
    const done = this.#kernels.replay(
      steps,
      calls,
      count,
      counted,
      moves,
      moving.length,
      places,
      rates,
      values,
      results,
    );
    const spent = now() - begin;
    if (spent < SHORT) this.#steps = Math.min(MOST_STEPS, steps * 2);
    else if (spent > LONG) this.#steps = Math.max(1, steps >> 1);
    trainer.iteration = iteration + done;
    trainer.steps = step + done;
    network.rows = rows;
    const figures = new Float64Array(network.engine.floats.buffer, results, done * RESULTS);
    for (let i = 0; i < done; i++) {
      const [loss, penalized, right] = [figures[i * RESULTS], figures[i * RESULTS + 1], figures[i * RESULTS + 2]] as [
        number,
        number,
        number,
      ];
      trainer.penalized = penalized;
      const stored = predictions ? predictions / 4 + i * rows * network.outputs : undefined;
      const hits = counted ? (right < 0 ? Number.NaN : right) : undefined;
      this.logs = { loss: meters.add(loss / rows + penalized, this.#feed, from + i * rows, rows, stored, hits) };
    }
    return done;
  }

  dispose(): void {
    for (const recording of this.#recordings.values()) this.#forget(recording);
    this.#recordings.clear();
    this.#run.network.engine.release(this.#copy);
  }

  /** Copies targets that are numbers, and their rows. Each epoch anew: between epochs their owner may have changed them, or taken them away. */
  #copyRows(): void {
    const { x, y } = this.#feed.selection;
    if (!y.numbers) return;
    checkThere('the rows x', x);
    checkThere('the targets y', y.numbers);
    const { engine } = this.#run.network;
    const [, targets, end] = this.#places();
    if (!this.#copy) this.#copy = taken(engine, end);
    if (!this.#copy) return;
    if (x.data instanceof Uint8Array) engine.bytes.set(x.data, this.#copy);
    else engine.floats.set(x.data, this.#copy / 4);
    engine.floats.set(y.numbers.data, (this.#copy + targets) / 4);
  }

  #places(): [number, number, number] {
    const { x, y } = this.#feed.selection;
    return inLine([x.data.byteLength, (y.numbers?.data.length ?? 0) * 4]) as [number, number, number];
  }

  /** Loads a batch as the feed would. */
  #load(from: number, count: number): void {
    const { selection, orderAt } = this.#feed;
    const { x, y } = selection;
    const { network, staging } = this.#run;
    if (!y.numbers) {
      this.#feed.load(from, count);
      return;
    }
    staging.loadWeights(undefined, undefined, 0, 0);
    const { inputs, outputs, input } = network;
    const { calls } = network.engine;
    const [order, skip] = orderAt ? [orderAt + from * 4, 0] : [0, from];
    const targets = this.#copy + this.#places()[1];
    if (x.data instanceof Uint8Array)
      calls.packBytes(count, inputs, this.#copy + skip * inputs, order, input, panelRows(count));
    else calls.packFloats(count, inputs, this.#copy + skip * inputs * 4, order, input, panelRows(count));
    calls.packFloats(count, outputs, targets + skip * outputs * 4, order, staging.target, panelRows(count));
  }

  #forget(recording: Recording | null | undefined): void {
    if (recording) this.#run.network.engine.release(recording.block);
  }

  /** Calls the trainer's updates, and keeps what they would pass to the optimizer's kernel. */
  #drawRates({ update, floats: positions, values }: Recording, steps: number): void {
    const { trainer, network } = this.#run;
    const { floats } = network.engine;
    let at = values / 4;
    const calls = network.engine.calls as unknown as Record<string, unknown>;
    const kernel = calls[update];
    calls[update] = (...given: readonly number[]) => {
      for (const i of positions) floats[at++] = given[i] as number;
    };
    try {
      for (let i = 0; i < steps; i++) {
        this.rate = trainer.learningRate;
        trainer.update();
      }
    } finally {
      calls[update] = kernel;
    }
  }

  #recordingFor(from: number, rows: number): Recording | null {
    const { network, staging } = this.#run;
    const known = this.#recordings.get(rows);
    if (known === null) return null;
    if (known && known.binding === network.binding && known.target === staging.target) return known;
    this.#forget(known);
    this.#recordings.delete(rows);
    const load = (first: number, count: number) => this.#load(first, count);
    const made = record(this.#run, this.#feed.y, load, from, rows);
    this.#recordings.set(rows, made);
    return made;
  }
}
