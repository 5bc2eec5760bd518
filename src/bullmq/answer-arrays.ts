// Stores the large arrays of an answer, such as a network, in Redis beside it: as bytes, in parts, so that neither JSON nor one long reply blocks the reader.
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { isRecord } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { untilAborted } from '../base/until-aborted.js';

/** Bytes of one command. */
const PART = 2 ** 20;

/** An answer's reference to its large arrays. */
export interface StoredArrays {
  /** A name of its own: another worker may answer the same job. */
  readonly name: string;
  /** The size of each array in bytes. */
  readonly lengths: readonly number[];
}

/**
 * Appends a part if exactly the earlier parts are there. So a command that ioredis sends again after a broken connection appends nothing,
 * and a key that was lost in between does not get only its tail. The key expires even if the next part is never written.
 */
const WRITE = `
if redis.call('STRLEN', KEYS[1]) == tonumber(ARGV[1]) then redis.call('APPEND', KEYS[1], ARGV[2]) end
redis.call('EXPIRE', KEYS[1], ARGV[3])`;

const keyOf = (queue: string, job: string, { name }: StoredArrays): string => `simdense:${queue}:answer:${job}:${name}`;

/** Writes large arrays to Redis, and returns the reference to them. */
export async function storeArrays(
  client: Redis,
  queue: string,
  job: string,
  arrays: readonly Uint8Array[],
  { seconds, signal }: { seconds: number; signal: AbortSignal },
): Promise<StoredArrays> {
  const apart = { name: randomUUID(), lengths: arrays.map(({ length }) => length) };
  const key = keyOf(queue, job, apart);
  let written = 0;
  for (const array of arrays) {
    for (let from = 0; from < array.length; from += PART) {
      const part = array.subarray(from, from + PART);
      await untilAborted(client.call('EVAL', [WRITE, 1, key, written, Buffer.from(part), seconds]), signal);
      written += part.length;
    }
  }
  return apart;
}

/** Checks the reference in an answer from a queue that others can write to. Throws SimdenseError 'FORMAT' for what is not one, and for more than `most` bytes. */
export function checkStoredArrays(value: unknown, most: number): StoredArrays {
  const { name, lengths } = isRecord(value) ? value : {};
  const sound =
    typeof name === 'string' &&
    /^[0-9a-f-]{36}$/.test(name) &&
    Array.isArray(lengths) &&
    lengths.every((length) => Number.isSafeInteger(length) && length >= 0);
  if (!sound) throw new SimdenseError('FORMAT', 'the answer does not say where its arrays are');
  const size = sizeOf(value as unknown as StoredArrays);
  if (size > most)
    throw new SimdenseError(
      'FORMAT',
      `the answer's arrays have ${size} bytes; a result of this training run has at most ${most}`,
    );
  return value as unknown as StoredArrays;
}

const sizeOf = ({ lengths }: StoredArrays): number => lengths.reduce((sum, length) => sum + length, 0);

/** The arrays; undefined if they have been lost from Redis. Throws SimdenseError 'FORMAT' for another number of bytes. */
export async function readStoredArrays(
  client: Redis,
  queue: string,
  job: string,
  apart: StoredArrays,
): Promise<Uint8Array[] | undefined> {
  const key = keyOf(queue, job, apart);
  // A value of another type counts as lost.
  const there = await client.strlen(key).catch((error: Error) => {
    if (error.message.startsWith('WRONGTYPE')) return 0;
    throw error;
  });
  const size = sizeOf(apart);
  if (there === 0 && size > 0) return undefined;
  if (there !== size)
    throw new SimdenseError('FORMAT', `the answer's arrays should have ${size} bytes, but there are ${there}`);
  const arrays: Uint8Array[] = [];
  let begin = 0;
  for (const length of apart.lengths) {
    const array = new Uint8Array(length);
    for (let from = 0; from < length; from += PART) {
      const to = Math.min(length, from + PART);
      const part = await client.getrangeBuffer(key, begin + from, begin + to - 1);
      if (part.length !== to - from) return undefined;
      array.set(part, from);
    }
    arrays.push(array);
    begin += length;
  }
  return arrays;
}

/** Removes arrays that nobody will read any more. */
export async function dropStoredArrays(client: Redis, queue: string, job: string, apart: StoredArrays): Promise<void> {
  await client.del(keyOf(queue, job, apart));
}
