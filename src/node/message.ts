// A job as data, named by its content. Machines send it to each other, and results are stored under its name.
import { isRecord, options, refuse } from '../base/checks.js';
import { version } from '../base/version.js';
import type { PlainError } from '../evaluate/plain-error.js';
import { encode } from './codec.js';
import { hashOf } from './hash.js';

/** A job's reference to its data set: the hash of the content, not a location. */
export interface DataReference {
  readonly hash: string;
}

/** A job, as it is sent. */
export interface JobMessage {
  readonly version: string;
  readonly task: string;
  readonly data?: DataReference;
  /** The job, encoded by codec.ts. */
  readonly job: unknown;
}

/** The answer to a job. A failed training run would fail everywhere, so its error is an answer and the job is not retried. */
export type Answer = { readonly result: unknown; readonly apart?: unknown } | { readonly error: PlainError };

/** A job with its task and data, as a message. */
export function message(task: string, job: unknown, data: DataReference | undefined): JobMessage {
  return { version, task, ...(data && { data }), job: encode(job) };
}

/** The name of a job: the hash of its content, so that the same job is not run twice, whoever asks for it. */
export function idOf(job: JobMessage): string {
  return hashOf(textOf(job));
}

/** The text of a job. */
export const textOf = (job: JobMessage): string => JSON.stringify(job);

/** Whether a value is a hash as hashOf writes it, and so safe as part of a file name or a key. */
export const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);

/** Checks the envelope of a message from a queue that others can write to; the task checks the job. Throws SimdenseError 'ARGUMENT'. */
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
