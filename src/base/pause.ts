import { now, turn } from './turn.js';

/** Milliseconds between pauses: a page keeps 60 frames a second, and Node answers requests. */
const INTERVAL = 12;

/** When the event loop last turned for any work: many short trainings, none of which lasts an interval, would else keep it from turning. */
let turned = /* @__PURE__ */ now();

/** Says when a pause is due, INTERVAL milliseconds after the last one of anybody. */
export class Pacer {
  get due(): boolean {
    return now() >= turned + INTERVAL;
  }

  async pause(): Promise<void> {
    await turn();
    turned = now();
  }
}

/** Runs to its end what stops between two batches, and lets the event loop turn whenever a pause is due. `pause` may throw, which ends it. */
export async function inTurns<T>(work: Iterator<void, T>, pacer: Pacer, pause: () => Promise<void>): Promise<T> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (pacer.due) await pause();
  }
}

/** Runs it to its end and lets the event loop turn; rejects with the signal's reason where it has aborted. */
export function inTurnsUntil<T>(work: Iterator<void, T>, signal: AbortSignal | undefined): Promise<T> {
  const pacer = new Pacer();
  return inTurns(work, pacer, async () => {
    await pacer.pause();
    signal?.throwIfAborted();
  });
}

/** The same at once, for callers that do not wait. */
export function atOnce<T>(work: Iterator<void, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
