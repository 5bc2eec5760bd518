// Watches whether a worker still owns its job, by BullMQ's lock: it disappears when the coordinator aborts, or another worker is given the job.
import type { Redis } from 'ioredis';

/** Milliseconds between two checks. */
const LOOK = 1000;

/** Watches a lock until `end` is called; `lost` aborts once the lock has another token. Without an answer from Redis the lock counts as held. */
export class JobLock {
  readonly #client: Redis;
  readonly #key: string;
  readonly #token: string;
  readonly #lost = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ended = false;

  constructor(client: Redis, key: string, token: string) {
    this.#client = client;
    this.#key = key;
    this.#token = token;
    this.#later();
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  end(): void {
    this.#ended = true;
    clearTimeout(this.#timer);
  }

  #later(): void {
    if (!this.#ended) this.#timer = setTimeout(() => this.#look(), LOOK);
  }

  async #look(): Promise<void> {
    const holder = await this.#client.get(this.#key).catch(() => this.#token);
    if (holder !== this.#token) this.#lost.abort();
    else this.#later();
  }
}
