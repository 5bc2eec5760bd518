// Finds jobs that no worker has and none will ever take. BullMQ itself leaves no such jobs, but others who write to Redis may.
import { LONGEST_LOCK } from './limits.js';
import type { Standing } from './scripts.js';

/** Milliseconds before a failed job is retried; doubled for each further attempt. */
export const BACKOFF = 500;
/** How long jobs may be where no worker can take them, in milliseconds. */
export const IDLE = 60_000;
/** How far a worker's clock, which decides when a delayed job is due, may be ahead, in milliseconds. */
const SKEW = 3_600_000;

/** Decides which jobs of a run are abandoned, from their places in the queue. */
export class AbandonedJobs {
  readonly #attempts: number;
  readonly #idle: number;
  /** Since when jobs are active without a lock. */
  readonly #unlocked = new Map<string, number>();

  constructor(attempts: number, idle: number) {
    this.#attempts = attempts;
    this.#idle = idle;
  }

  /** Whether a job at this place is abandoned. An active job without a lock is, once it has been seen so for the idle time. */
  has(id: string, { at, milliseconds }: Standing, now: number): boolean {
    if (at !== 'active' || milliseconds !== -2) this.#unlocked.delete(id);
    if (at === 'delayed') {
      const most = BACKOFF * 2 ** (this.#attempts - 1) + SKEW;
      return !(milliseconds < Date.now() + most);
    }
    if (at !== 'active') return at === 'nowhere';
    if (milliseconds === -1 || milliseconds > LONGEST_LOCK) return true;
    if (milliseconds !== -2) return false;
    // Its worker has died. Another worker will notice, if there is one.
    const since = this.#unlocked.get(id) ?? now;
    this.#unlocked.set(id, since);
    return now - since > this.#idle;
  }

  /** Forgets a job that is removed from the queue. */
  forget(id: string): void {
    this.#unlocked.delete(id);
  }
}
