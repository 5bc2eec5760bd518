// Where a set lies for the workers: in Redis under its hash, or in a folder or under a URL that they can read.
import { access, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { SimdenseError } from '../base/errors.js';
import type { Dataset } from '../evaluate/dataset.js';
import { saveFile } from '../node/files.js';
import { hashOf } from '../node/hash.js';
import type { DataReference } from '../node/message.js';
import { packDataset, unpackDataset } from '../node/packed-dataset.js';
import { fileName } from './data-file.js';

/** Most bytes of a set in Redis, whose own limit for a value is 512 MB. */
const MOST_IN_REDIS = 256 * 2 ** 20;
/** Seconds that a set stays in Redis after it was last asked for. */
const KEPT = 7 * 24 * 3600;

const keyOf = (queue: string, hash: string): string => `simdense:${queue}:data:${hash}`;
const isUrl = (place: string): boolean => /^https?:/i.test(place);

/** Puts a set where workers find it, once. */
export async function store(
  client: Redis,
  queue: string,
  set: Dataset,
  at: string | undefined,
): Promise<DataReference> {
  const bytes = packDataset(set);
  const hash = hashOf(bytes);
  if (at !== undefined) {
    // Under a URL it must be there already: see dataFile.
    if (!isUrl(at)) {
      const path = join(at, fileName(hash));
      await mkdir(at, { recursive: true });
      await access(path).catch(() => saveFile(path, bytes));
    }
    return { hash, at };
  }
  if (bytes.length > MOST_IN_REDIS) {
    const size = `${Math.ceil(bytes.length / 2 ** 20)} MB of data are too many for Redis (at most ${MOST_IN_REDIS / 2 ** 20})`;
    throw new SimdenseError(
      'ARGUMENT',
      `bullmq: ${size}; name a folder or URL that the workers can read: bullmq({ data })`,
    );
  }
  const key = keyOf(queue, hash);
  if (!(await client.expire(key, KEPT))) await client.set(key, Buffer.from(bytes), 'EX', KEPT);
  return { hash };
}

/** Sets that a worker keeps. */
const MOST_KEPT = 4;

/** Reads sets, each once, and keeps the last few. */
export class DataReader {
  readonly #client: Redis;
  readonly #queue: string;
  readonly #sets = new Map<string, Promise<Dataset>>();

  constructor(client: Redis, queue: string) {
    this.#client = client;
    this.#queue = queue;
  }

  async read(reference: DataReference): Promise<Dataset> {
    const { hash } = reference;
    if (!/^[0-9a-f]{64}$/.test(hash)) throw new SimdenseError('FORMAT', 'bullmq: the job names no data');
    const known = this.#sets.get(hash);
    const reading = known ?? this.#fetch(reference);
    // The last asked for stands last.
    this.#sets.delete(hash);
    this.#sets.set(hash, reading);
    const [oldest] = this.#sets.keys();
    if (this.#sets.size > MOST_KEPT && oldest) this.#sets.delete(oldest);
    try {
      return await reading;
    } catch (error) {
      this.#sets.delete(hash);
      throw error;
    }
  }

  async #fetch({ hash, at }: DataReference): Promise<Dataset> {
    return unpackDataset(await this.#bytes(hash, at), hash);
  }

  async #bytes(hash: string, at: string | undefined): Promise<Uint8Array> {
    if (at === undefined) {
      const bytes = await this.#client.getBuffer(keyOf(this.#queue, hash));
      if (!bytes) throw new SimdenseError('FORMAT', `bullmq: Redis does not hold the data ${hash} (any more)`);
      return bytes;
    }
    if (!isUrl(at)) return readFile(join(at, fileName(hash)));
    const url = `${at.replace(/\/$/, '')}/${fileName(hash)}`;
    const response = await fetch(url);
    if (!response.ok)
      throw new SimdenseError(
        'UNREACHABLE',
        `bullmq: ${url} answers ${response.status}; put the file of dataFile() there`,
      );
    return new Uint8Array(await response.arrayBuffer());
  }
}
