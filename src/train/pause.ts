import { now, turn } from '../base/turn.js';

/** Milliseconds between pauses: a page keeps 60 frames a second, and Node answers requests. */
const INTERVAL = 12;

/** Says when a pause is due, every INTERVAL milliseconds. */
export class Pacer {
  #next = now() + INTERVAL;

  get due(): boolean {
    return now() >= this.#next;
  }

  async pause(): Promise<void> {
    await turn();
    this.paused();
  }

  /** The event loop has turned just now. */
  paused(): void {
    this.#next = now() + INTERVAL;
  }
}

/** Lets the event loop turn; throws the signal's reason where it has aborted. */
export async function pauseFor(signal: AbortSignal | undefined): Promise<void> {
  await turn();
  signal?.throwIfAborted();
}

/** Runs to its end what stops between two batches, and lets the event loop turn whenever a pause is due. `pause` may throw, which ends it. */
export async function inTurns<T>(work: Iterator<void, T>, pacer: Pacer, pause: () => Promise<void>): Promise<T> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (!pacer.due) continue;
    await pause();
    pacer.paused();
  }
}

/** The same at once, for callers that do not wait. */
export function atOnce<T>(work: Iterator<void, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
