// A job as data, named by its content: what machines send each other, and what a result is kept under.
import { isRecord, options, refuse } from '../base/checks.js';
import { version } from '../base/version.js';
import type { PlainError } from '../evaluate/plain-error.js';
import { encode } from './codec.js';
import { hashOf } from './hash.js';

/** What a job says of its set: its content's hash, and not where it lies. */
export interface DataReference {
  readonly hash: string;
}

export interface JobMessage {
  readonly version: string;
  readonly task: string;
  readonly data?: DataReference;
  /** Typed arrays encoded. */
  readonly job: unknown;
}

/** A training that fails fails everywhere alike: its error is a result, and is not tried again. */
export type Answer = { readonly result: unknown; readonly apart?: unknown } | { readonly error: PlainError };

export function message(task: string, job: unknown, data: DataReference | undefined): JobMessage {
  return { version, task, ...(data && { data }), job: encode(job) };
}

/** A job's name is its content: the same job is not run twice, whoever asks for it. */
export function idOf(job: JobMessage): string {
  return hashOf(textOf(job));
}

/** A job as it is written. */
export const textOf = (job: JobMessage): string => JSON.stringify(job);

/** Whether this is a hash as hashOf writes it: safe as a part of a file's or a key's name. */
export const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

/** A job's envelope from a queue that others can write to; its job is checked by its task. Throws SimdenseError 'ARGUMENT'. */
export function checkMessage(value: unknown): JobMessage {
  if (!isRecord(value)) refuse('a job of the queue', 'a message of simdense', value);
  const { task, data } = options('a job of the queue', value as unknown as JobMessage, [
    'version',
    'task',
    'data',
    'job',
  ]);
  if (typeof task !== 'string') refuse('a job of the queue: task', 'a name', task);
  if (data !== undefined) {
    options('a job of the queue: data', data, ['hash']);
    if (!isHash(data.hash)) refuse('a job of the queue: data', 'a hash', data.hash);
  }
  return value as unknown as JobMessage;
}
