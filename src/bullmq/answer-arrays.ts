// Large arrays of an answer, such as a network: they lie in Redis beside it, as bytes, and are written and read in parts. Neither JSON nor one long reply holds up who reads them.
import { randomUUID } from 'node:crypto';
import type { Redis } from 'ioredis';
import { isRecord } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { untilAborted } from '../base/until-aborted.js';

/** Bytes of one command. */
const PART = 2 ** 20;

/** What an answer says of its arrays. */
export interface StoredArrays {
  /** Of this writing: another worker may write an answer to the same job. */
  readonly name: string;
  /** Bytes of each. */
  readonly lengths: readonly number[];
}

/**
 * Adds a part where so many bytes are there: a command that a broken connection makes ioredis send again adds nothing, and of a key that was lost meanwhile no tail is left. The
 * key ends by itself, also where the next part is never written.
 */
const WRITE = `
if redis.call('STRLEN', KEYS[1]) == tonumber(ARGV[1]) then redis.call('APPEND', KEYS[1], ARGV[2]) end
redis.call('EXPIRE', KEYS[1], ARGV[3])`;

const keyOf = (queue: string, job: string, { name }: StoredArrays): string => `simdense:${queue}:answer:${job}:${name}`;

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

/** What an answer says of its arrays, from a queue that others can write to. Throws SimdenseError 'FORMAT' for what says nothing, and for more than `most` bytes. */
export function checkStoredArrays(value: unknown, most: number): StoredArrays {
  const { name, lengths } = isRecord(value) ? value : {};
  const sound =
    typeof name === 'string' &&
    /^[0-9a-f-]{36}$/.test(name) &&
    Array.isArray(lengths) &&
    lengths.every((length) => Number.isSafeInteger(length) && length >= 0);
  if (!sound) throw new SimdenseError('FORMAT', 'the answer does not say where its arrays lie');
  const size = sizeOf(value as unknown as StoredArrays);
  if (size > most)
    throw new SimdenseError(
      'FORMAT',
      `the answer's arrays have ${size} bytes; a result of this training has at most ${most}`,
    );
  return value as unknown as StoredArrays;
}

const sizeOf = ({ lengths }: StoredArrays): number => lengths.reduce((sum, length) => sum + length, 0);

/** The arrays; nothing where they have been lost from Redis. Throws SimdenseError 'FORMAT' where there are other bytes. */
export async function readStoredArrays(
  client: Redis,
  queue: string,
  job: string,
  apart: StoredArrays,
): Promise<Uint8Array[] | undefined> {
  const key = keyOf(queue, job, apart);
  // Of another type it is lost as well.
  const there = await client.strlen(key).catch((error: Error) => {
    if (error.message.startsWith('WRONGTYPE')) return 0;
    throw error;
  });
  const size = sizeOf(apart);
  if (there === 0 && size > 0) return undefined;
  if (there !== size) throw new SimdenseError('FORMAT', `the answer has ${there} bytes, and says ${size}`);
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

/** Removes arrays that nobody will read. */
export async function dropStoredArrays(client: Redis, queue: string, job: string, apart: StoredArrays): Promise<void> {
  await client.del(keyOf(queue, job, apart));
}
