// Reads data sets for a worker: by hash only, from Redis or from the one place that the worker's operator has named.
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Redis } from 'ioredis';
import { SimdenseError } from '../base/errors.js';
import type { Dataset } from '../evaluate/dataset.js';
import { type DataReference, isHash } from '../node/message.js';
import { unpackDataset } from '../node/packed-dataset.js';
import { fileName } from './data-file.js';
import { keyOf, MOST_IN_REDIS } from './data-store.js';
import type { Place } from './place.js';

/** How many data sets a worker keeps in memory. */
const MOST_KEPT = 4;

/** Limits for a data set outside of Redis. */
export interface Limits {
  /** The most bytes. */
  readonly size: number;
  /** Milliseconds until a URL must begin to answer. */
  readonly answer: number;
  /** Milliseconds until the answer must be complete. */
  readonly whole: number;
}

/** 2 GiB, the limit of a buffer; half a minute; ten minutes, enough for 2 GiB at 4 MB/s. */
const LIMITS: Limits = { size: 2 ** 31 - 1, answer: 30_000, whole: 600_000 };

/** The beginning of a worker's error if it cannot find the data. */
export const NO_DATA = 'bullmq: this worker cannot find the data';

/** The beginning of a worker's error if it finds something else instead of the data. */
export const BROKEN_DATA = 'bullmq: the data are broken';

/** Reads data sets, each once, and keeps the last few in memory. */
export class DataReader {
  readonly #client: Redis;
  readonly #queue: string;
  readonly #place: Place | undefined;
  readonly #limits: Limits;
  readonly #sets = new Map<string, Promise<Dataset>>();
  readonly #closing = new AbortController();

  constructor(client: Redis, queue: string, place?: Place, limits = LIMITS) {
    this.#client = client;
    this.#queue = queue;
    this.#place = place;
    this.#limits = limits;
  }

  /** The data set with this hash. */
  async read({ hash }: DataReference): Promise<Dataset> {
    if (!isHash(hash)) throw new SimdenseError('FORMAT', 'bullmq: the job names no data');
    const reading = this.#sets.get(hash) ?? this.#fetch(hash);
    // Move it to the end: the first entry is the least recently used.
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

  /** Aborts all downloads. */
  close(): void {
    this.#closing.abort(new SimdenseError('DISPOSED', 'bullmq: this worker is being closed'));
  }

  async #fetch(hash: string): Promise<Dataset> {
    const bytes = (await this.#fromRedis(hash)) ?? (await this.#fromPlace(hash));
    try {
      return await unpackDataset(bytes, hash);
    } catch (cause) {
      const what = `${BROKEN_DATA}: ${(cause as Error).message}`;
      throw new SimdenseError(
        'FORMAT',
        `${what}. Delete them and run again: the coordinator writes them again (under a URL, put the file of dataFile() there)`,
        {
          cause,
        },
      );
    }
  }

  async #fromRedis(hash: string): Promise<Uint8Array | undefined> {
    const key = keyOf(this.#queue, hash);
    const length = await this.#client.strlen(key).catch((error: Error) => {
      if (!error.message.startsWith('WRONGTYPE')) throw error;
      throw new SimdenseError('FORMAT', `${BROKEN_DATA}: Redis has a value of another type in place of ${hash}`);
    });
    if (length > MOST_IN_REDIS)
      throw new SimdenseError('FORMAT', `${BROKEN_DATA}: the data ${hash} in Redis are too large`);
    return (await this.#client.getBuffer(key)) ?? undefined;
  }

  async #fromPlace(hash: string): Promise<Uint8Array> {
    const place = this.#place;
    const name = fileName(hash);
    if (!place) {
      const start =
        "start it with the folder or URL of the coordinator's bullmq({ data }): npx simdense worker --data PLACE, or startBullmqWorker({ data })";
      throw new SimdenseError('UNREACHABLE', `${NO_DATA} ${hash} in Redis. If they are elsewhere, ${start}`);
    }
    if ('url' in place) return this.#download(new URL(name, place.url), name);
    const path = join(place.folder, name);
    // The system's errors would reveal the folder to whoever reads the queue.
    const failed = ({ code }: { code?: string }): never => {
      throw new SimdenseError('UNREACHABLE', `${NO_DATA}: no file ${name} in the folder of --data (${code})`);
    };
    const found = await stat(path).catch(failed);
    if (!found.isFile() || found.size > this.#limits.size)
      throw new SimdenseError('FORMAT', `${NO_DATA}: ${name} is not a file, or too large`);
    return readFile(path).catch(failed);
  }

  /** Downloads a file. Follows no redirect: the operator has not named that address. */
  async #download(url: URL, name: string): Promise<Uint8Array> {
    const { size, answer, whole } = this.#limits;
    const late = new AbortController();
    const tooLate = (what: string, ms: number): ReturnType<typeof setTimeout> => {
      const error = new SimdenseError('UNREACHABLE', `${NO_DATA}: the URL of --data ${what} within ${ms / 1000} s`);
      return setTimeout(() => late.abort(error), ms);
    };
    const begun = tooLate('did not begin to answer', answer);
    const ended = tooLate('did not finish its answer', whole);
    const signal = AbortSignal.any([this.#closing.signal, late.signal]);
    try {
      const response = await fetch(url, { redirect: 'manual', credentials: 'omit', signal });
      clearTimeout(begun);
      if (!response.ok) {
        await response.body?.cancel();
        throw new SimdenseError(
          'UNREACHABLE',
          `${NO_DATA}: the URL of --data answers ${response.status}; put the file of dataFile() there: ${name}`,
        );
      }
      return await bodyOf(response, size);
    } catch (cause) {
      if (cause instanceof SimdenseError) throw cause;
      signal.throwIfAborted();
      const { message, cause: inner } = cause as Error & { cause?: { code?: string } };
      // The system's messages would reveal the address.
      const reason = inner?.code ?? message;
      throw new SimdenseError('UNREACHABLE', `${NO_DATA}: the URL of --data does not answer (${reason})`);
    } finally {
      clearTimeout(begun);
      clearTimeout(ended);
    }
  }
}

/** The body of a response, at most `most` bytes, whatever its header says. */
async function bodyOf(response: Response, most: number): Promise<Uint8Array> {
  const tooLarge = new SimdenseError(
    'FORMAT',
    `${NO_DATA}: the file under the URL of --data has more than ${most} bytes`,
  );
  if (Number(response.headers.get('content-length')) > most) {
    await response.body?.cancel();
    throw tooLarge;
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop closes the connection.
  for await (const chunk of (response.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > most) throw tooLarge;
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
