// Workers on one shared memory, and what the first thread does while it waits for them; the other half is assembly/threads/crew.ts.
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
import type { Build } from '../engine.js';
import { LINE } from '../heap.js';
import { instantiate, reasonOf } from '../instantiate.js';
import type { Address, Kernels } from '../kernels.js';
import { spawn, type Thread } from './spawn.js';
import type { Orders } from './worker.js';

/** What the builds with threads export beside the kernels. */
interface CrewKernels extends Kernels {
  crewControl(): Address;
  setThreads(count: number, microseconds: number): void;
}

/** Pages of 64 KiB: what the module starts with, and the most it may have, which a small device may not be able to reserve. */
const INITIAL = 16;
const PAGE = 65_536;
/** Bytes that each worker has for itself: see `serve` in assembly/threads/crew.ts. */
const OWN = DRAW_BYTES + SUM_BYTES;
const MOST = [65536, 16384, 4096];

export interface CrewOptions {
  readonly threads: number;
  readonly relaxed: boolean;
  readonly wide: boolean;
  /** Milliseconds without any part finished after which a worker counts as lost; more than any part takes. */
  readonly patience?: number;
  /** Starts a worker; tests start others. */
  readonly start?: (orders: Orders, lost: (why: string) => void) => Thread;
}

/**
 * Microseconds of work from which a job is shared. A fork costs half a microsecond; but what a thread has computed lies in its own cache then, and comes
 * to the others line by line: on the machine of bench/RESULTS.md two threads gain on steps of 50 µs and more.
 */
const WORTH = 16;
/** Milliseconds that workers have to arrive. */
const ARRIVAL = 20_000;

/** Starts the workers. Throws SimdenseError 'UNSUPPORTED' where they do not come, 'OUT_OF_MEMORY' where there is no memory to share. */
export async function muster(load: () => WebAssembly.Module, o: CrewOptions): Promise<Build> {
  const { threads, relaxed, wide, patience = 30_000, start = spawn } = o;
  const memory = reserve(INITIAL + Math.ceil(((threads - 1) * OWN) / PAGE));
  const module = load();
  let lost: string | undefined;
  let dismissed = false;
  const lose = (why: string): void => {
    if (!dismissed) lost ??= why;
  };
  const check = (): void => {
    if (lost === undefined) return;
    const message = `engine: a thread was lost (${lost}); what was being computed is not complete. Dispose the engine and make another`;
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
    // By the clock and by turns, since a machine that slept has not waited.
    if (++waiting.turns > 100 && performance.now() - waiting.since > patience) lose('it does not answer');
    check();
    if (!mayWait) return;
    Atomics.store(words, FIRST_SLEEPS, 1);
    Atomics.wait(words, WAKE, Atomics.load(words, WAKE), 1);
    Atomics.store(words, FIRST_SLEEPS, 0);
  };
  const calls = instantiate(() => module, { env: { memory }, crew: { wait } }) as CrewKernels;
  const at = calls.crewControl();
  const first = Math.ceil(calls.heapStart() / LINE) * LINE;
  const heapStart = first + (threads - 1) * OWN;

  const workers: Thread[] = [];
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
      const orders = { module, memory, own, threads, words: first + (own - 1) * OWN, failed: at + FAILED * 4 };
      try {
        workers.push(start(orders, lose));
      } catch (error) {
        lose((error as Error).message);
      }
    }
    for (const begin = performance.now(); Atomics.load(control(), ARRIVED) < threads - 1; ) {
      if (performance.now() - begin > ARRIVAL) lose(`it did not start in ${ARRIVAL / 1000} s`);
      if (lost !== undefined)
        throw new SimdenseError('UNSUPPORTED', `createEngine(threads): no worker can be started here: ${lost}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  } catch (error) {
    dismiss();
    throw error;
  }
  for (const worker of workers) worker.settle();
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

/** Whether this thread may sleep: a page's may not. */
function canWait(): boolean {
  try {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
    return true;
  } catch {
    return false;
  }
}
