// Stores a data set for the workers: in Redis under its hash, or in a folder that they can read.
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { SimdenseError } from '../base/errors.js';
import type { Dataset } from '../evaluate/dataset.js';
import { saveFile } from '../node/files.js';
import { hashInTurns } from '../node/hash.js';
import type { DataReference } from '../node/message.js';
import { packDataset } from '../node/packed-dataset.js';
import { fileName } from './data-file.js';
import type { Place } from './place.js';

/** The most bytes of a data set in Redis, whose own limit for a value is 512 MB. */
export const MOST_IN_REDIS = 256 * 2 ** 20;
/** Seconds that a data set stays in Redis after its last use. */
const KEPT = 7 * 24 * 3600;
/** A data set is written again at most once in this many milliseconds, however many jobs have found it broken. */
const ONCE = 5000;

/** Returns the size of the stored data set and extends its life; -1 for a value of another type, 0 if there is none. */
const KEEP = `
redis.call('EXPIRE', KEYS[1], ARGV[1])
local kind = redis.call('TYPE', KEYS[1]).ok
if kind ~= 'string' and kind ~= 'none' then return -1 end
return redis.call('STRLEN', KEYS[1])`;

/** The key of a data set in Redis. */
export const keyOf = (queue: string, hash: string): string => `simdense:${queue}:data:${hash}`;

/** A data set that is stored for workers. */
export class StoredData {
  readonly reference: DataReference;
  readonly #set: Dataset;
  readonly #client: Redis;
  readonly #key: string;
  readonly #place: Place | undefined;
  readonly #length: number;
  #renewed = Number.NEGATIVE_INFINITY;

  private constructor(
    client: Redis,
    queue: string,
    set: Dataset,
    { hash, length }: { hash: string; length: number },
    place: Place | undefined,
  ) {
    this.reference = { hash };
    this.#length = length;
    this.#set = set;
    this.#client = client;
    this.#key = keyOf(queue, hash);
    this.#place = place;
  }

  /** Stores a data set. Rejects with SimdenseError 'ARGUMENT' if it is too large for Redis. */
  static async store(client: Redis, queue: string, set: Dataset, place: Place | undefined): Promise<StoredData> {
    const bytes = packDataset(set);
    if (!place && bytes.length > MOST_IN_REDIS) {
      const size = `${Math.ceil(bytes.length / 2 ** 20)} MB of data are too much for Redis (at most ${MOST_IN_REDIS / 2 ** 20})`;
      throw new SimdenseError(
        'ARGUMENT',
        `bullmq: ${size}; name a folder or URL that the workers can read, here with bullmq({ data }) and there with npx simdense worker --data`,
      );
    }
    const description = { hash: await hashInTurns(bytes), length: bytes.length };
    const stored = new StoredData(client, queue, set, description, place);
    await stored.#put(() => bytes);
    return stored;
  }

  /** Writes the data set to Redis again, whatever is there. */
  async renew(): Promise<void> {
    if (performance.now() - this.#renewed < ONCE) return;
    this.#renewed = performance.now();
    await this.#client.set(this.#key, Buffer.from(packDataset(this.#set)), 'EX', KEPT);
  }

  /** Stores the data set again if it has been lost; in Redis also if there is a value of another length or type. */
  keep(): Promise<void> {
    return this.#put(() => packDataset(this.#set));
  }

  async #put(bytes: () => Uint8Array): Promise<void> {
    const place = this.#place;
    if (!place) {
      const length = (await this.#client.eval(KEEP, 1, this.#key, KEPT)) as number;
      if (length !== this.#length) await this.#client.set(this.#key, Buffer.from(bytes()), 'EX', KEPT);
    } else if ('folder' in place) {
      const path = join(place.folder, fileName(this.reference.hash));
      await mkdir(place.folder, { recursive: true });
      await access(path).catch(() => saveFile(path, bytes()));
    }
    // Under a URL the file must already be there: see dataFile.
  }
}
