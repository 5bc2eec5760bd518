/** Milliseconds between pauses: a page keeps 60 frames a second, and Node answers requests. */
const INTERVAL = 12;

type Host = {
  scheduler?: { yield?(): Promise<void> };
  setImmediate?(callback: () => void): void;
  MessageChannel?: typeof MessageChannel;
};

/** Lets the event loop turn once: by what the host has, the quickest first. */
export function turn(): Promise<void> {
  const host = globalThis as Host;
  if (host.setImmediate) return new Promise((resolve) => host.setImmediate?.(resolve));
  if (host.scheduler?.yield) return host.scheduler.yield();
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Asks for a pause every INTERVAL milliseconds. */
export class Pacer {
  #next = performance.now() + INTERVAL;

  get due(): boolean {
    return performance.now() >= this.#next;
  }

  async pause(): Promise<void> {
    await turn();
    this.#next = performance.now() + INTERVAL;
  }
}
