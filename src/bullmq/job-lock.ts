// Whether a job is still a worker's: BullMQ's lock says so, which ends with a coordinator's abort, or when another worker was given the job.
import type { Redis } from 'ioredis';

/** Milliseconds between two looks. */
const LOOK = 1000;

/** Looks until `end` is called; `lost` aborts once the lock is not this token's. While Redis is away nothing is lost. */
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
