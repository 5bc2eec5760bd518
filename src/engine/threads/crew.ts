// Starts workers on one shared memory, and makes the first thread wait for them. The other half is assembly/threads/crew.ts.
import {
  ARRIVED,
  CONTROL,
  DISMISSED,
  DRAW_BYTES,
  FAILED,
  FIRST_SLEEPS,
  JOB_NUMBER,
  SUM_BYTES,
  WAKE,
} from '../../../assembly/threads/control.js';
import { SimdenseError } from '../../base/errors.js';
import type { KernelInstance } from '../engine.js';
import { LINE_BYTES } from '../heap.js';
import { instantiate, reasonOf } from '../instantiate.js';
import type { Address, Kernels } from '../kernels.js';
import { startWorker, type WorkerData, type WorkerHandle } from './worker.js';

/** The additional exports of the builds with threads. */
interface CrewKernels extends Kernels {
  crewControl(): Address;
  setThreads(count: number, microseconds: number): void;
}

/** The initial size of the memory, in pages of 64 KiB. */
const INITIAL = 16;
const PAGE = 65_536;
/** Bytes of each worker's own workspace: see `serve` in assembly/threads/crew.ts. */
const OWN = DRAW_BYTES + SUM_BYTES;
/** Maximum sizes of the memory to try, in pages: a small device may not be able to reserve the largest. */
const MOST = [65536, 16384, 4096];

export interface CrewOptions {
  readonly threads: number;
  readonly relaxed: boolean;
  readonly wide: boolean;
  /** Milliseconds without progress after which a worker counts as lost; longer than any part of a job takes. */
  readonly patience?: number;
  /** The function that the errors name; 'createEngine' by default. */
  readonly where?: string;
  /** The memory, for kernels whose memory does not grow; by default one that grows as far as it can. */
  readonly memory?: WebAssembly.Memory;
  /** Bytes of each worker's own workspace; OWN by default. */
  readonly room?: number;
  /** Starts a worker. Tests replace it. */
  readonly start?: (data: WorkerData, lost: (why: string) => void) => WorkerHandle;
}

/**
 * The least work of a shared job, in microseconds. A fork costs half a microsecond, but the results of a thread lie in its own cache, and other threads fetch
 * them line by line. On the machine of bench/RESULTS.md two threads gain on steps of 50 µs and more.
 */
const WORTH = 16;
/** Milliseconds within which all workers must start. */
const ARRIVAL = 20_000;

/** Starts the workers. Throws SimdenseError 'UNSUPPORTED' if they do not start, 'OUT_OF_MEMORY' if no shared memory can be reserved. */
export async function startCrew(load: () => WebAssembly.Module, o: CrewOptions): Promise<KernelInstance> {
  const { threads, relaxed, wide, patience = 30_000, where = 'createEngine', room = OWN, start = startWorker } = o;
  const memory = o.memory ?? reserve(INITIAL + Math.ceil(((threads - 1) * OWN) / PAGE));
  const module = load();
  let lost: string | undefined;
  let dismissed = false;
  const lose = (why: string): void => {
    if (!dismissed) lost ??= why;
  };
  const check = (): void => {
    if (lost === undefined) return;
    const message = `engine: a thread was lost (${lost}), so the last computation is incomplete. Dispose of the engine and make another`;
    throw new SimdenseError('THREAD_LOST', message);
  };
  const control = (): Int32Array => new Int32Array(memory.buffer, at, CONTROL);

  const waiting = { job: 0, done: 0, since: 0, turns: 0 };
  const mayWait = canWait();
  const wait = (done: number): void => {
    const words = control();
    if (Atomics.load(words, FAILED)) lose('it failed');
    const job = Atomics.load(words, JOB_NUMBER);
    if (job !== waiting.job || done !== waiting.done) {
      Object.assign(waiting, { job, done, since: performance.now(), turns: 0 });
    }
    // Require elapsed time and many turns: a machine that slept has elapsed time without waiting.
    if (++waiting.turns > 100 && performance.now() - waiting.since > patience) lose('it does not answer');
    check();
    if (!mayWait) return;
    Atomics.store(words, FIRST_SLEEPS, 1);
    Atomics.wait(words, WAKE, Atomics.load(words, WAKE), 1);
    Atomics.store(words, FIRST_SLEEPS, 0);
  };
  const calls = instantiate(() => module, { env: { memory }, crew: { wait } }) as CrewKernels;
  const at = calls.crewControl();
  const first = Math.ceil(calls.heapStart() / LINE_BYTES) * LINE_BYTES;
  const heapStart = first + (threads - 1) * room;

  const workers: WorkerHandle[] = [];
  const dismiss = (): void => {
    if (dismissed) return;
    dismissed = true;
    const words = control();
    Atomics.store(words, DISMISSED, 1);
    Atomics.add(words, JOB_NUMBER, 1);
    Atomics.notify(words, JOB_NUMBER);
    for (const worker of workers) worker.end();
  };
  try {
    for (let own = 1; own < threads; own++) {
      const data = { module, memory, own, threads, words: first + (own - 1) * room, failed: at + FAILED * 4 };
      try {
        workers.push(start(data, lose));
      } catch (error) {
        lose((error as Error).message);
      }
    }
    for (const begin = performance.now(); Atomics.load(control(), ARRIVED) < threads - 1; ) {
      if (performance.now() - begin > ARRIVAL) lose(`it did not start in ${ARRIVAL / 1000} s`);
      if (lost !== undefined)
        throw new SimdenseError('UNSUPPORTED', `${where}(threads): no worker can be started here: ${lost}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  } catch (error) {
    dismiss();
    throw error;
  }
  for (const worker of workers) worker.markStarted();
  calls.setThreads(threads, WORTH);
  return { calls, threads, relaxed, wide, heapStart, check, dismiss };
}

function reserve(initial: number): WebAssembly.Memory {
  let cause: unknown;
  for (const maximum of MOST) {
    try {
      return new WebAssembly.Memory({ initial, maximum, shared: true });
    } catch (error) {
      cause = error;
    }
  }
  throw reasonOf('createEngine(threads)', cause);
}

/** Whether this thread may block, which a page's main thread may not. */
function canWait(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
    return true;
  } catch {
    return false;
  }
}
