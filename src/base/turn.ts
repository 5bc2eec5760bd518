// Lets the event loop turn. The host's functions are read when this file is loaded, so that a test that replaces timers later, as Jest's and Vitest's fake timers do,
// does not make a training run hang.

type Host = {
  scheduler?: { yield?(): Promise<void> };
  setImmediate?(callback: () => void): void;
  setTimeout(callback: () => void, milliseconds: number): void;
};

const host = globalThis as unknown as Host;
const { scheduler, setImmediate, setTimeout } = host;
const clock = performance;
const readClock = clock.now;

/** Milliseconds of a clock that fake timers do not stop. */
export function now(): number {
  return readClock.call(clock);
}

/** Whether a timer is fake. Those of @sinonjs/fake-timers, which Jest and Vitest use, have a property `clock`. */
const isFake = (timer: unknown): boolean => typeof timer === 'function' && 'clock' in timer;

/** Lets the event loop turn once, by the fastest function that the host has. */
export function turn(): Promise<void> {
  if (scheduler?.yield) return scheduler.yield();
  return new Promise((resolve) => {
    // This file was loaded while timers were fake; messages are never fake.
    if (isFake(setImmediate) || isFake(setTimeout)) return byMessage(resolve);
    try {
      if (!setImmediate) throw new Error('none');
      setImmediate(resolve);
    } catch {
      // Pages without scheduler.yield have no setImmediate, and Next's edge sandbox has one that throws.
      setTimeout(resolve, 0);
    }
  });
}

function byMessage(resolve: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    resolve();
  };
  port2.postMessage(0);
}
