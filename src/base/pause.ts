import { now, turn } from './turn.js';

/** Milliseconds between pauses, so that a page draws 60 frames a second and Node answers requests. */
const INTERVAL = 12;

/** The time of the last pause. It is shared by all work, so that many short training runs pause as often as a long one. */
let lastPause = /* @__PURE__ */ now();

/** Tells when a pause is due: INTERVAL milliseconds after the last one, which other work may have made. */
export class Pacer {
  get due(): boolean {
    return now() >= lastPause + INTERVAL;
  }

  async pause(): Promise<void> {
    await turn();
    lastPause = now();
  }
}

/** Runs an iterator to its end, and pauses between its steps when a pause is due. If `pause` throws, the work ends. */
export async function inTurns<T>(work: Iterator<void, T>, pacer: Pacer, pause: () => Promise<void>): Promise<T> {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
    if (pacer.due) await pause();
  }
}

/** Runs an iterator to its end, with pauses. Rejects with the signal's reason once the signal aborts. */
export function inTurnsUntil<T>(work: Iterator<void, T>, signal: AbortSignal | undefined): Promise<T> {
  const pacer = new Pacer();
  return inTurns(work, pacer, async () => {
    await pacer.pause();
    signal?.throwIfAborted();
  });
}

/** Runs an iterator to its end without pauses, for synchronous callers. */
export function atOnce<T>(work: Iterator<void, T>): T {
  for (;;) {
    const { done, value } = work.next();
    if (done) return value;
  }
}
