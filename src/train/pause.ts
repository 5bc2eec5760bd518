/** Milliseconds between pauses: a page keeps 60 frames a second, and Node answers requests. */
const INTERVAL = 12;

type Host = {
  scheduler?: { yield?(): Promise<void> };
  setImmediate(callback: () => void): void;
};

/** Lets the event loop turn once: by what the host has, the quickest first. */
export function turn(): Promise<void> {
  const host = globalThis as unknown as Host;
  if (host.scheduler?.yield) return host.scheduler.yield();
  return new Promise((resolve) => {
    try {
      host.setImmediate(resolve);
    } catch {
      // Pages without scheduler.yield have none, and Next's edge sandbox has one that throws.
      setTimeout(resolve, 0);
    }
  });
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
