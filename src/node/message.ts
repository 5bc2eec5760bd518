// A job as data, named by its content: what machines send each other, and what a result is kept under.
import { version } from '../base/version.js';
import type { PlainError } from '../evaluate/plain-error.js';
import { encode } from './codec.js';
import { hashOf } from './hash.js';

/** What a job says of its set. */
export interface DataReference {
  readonly hash: string;
  /** A folder or a URL where it lies, if it has to be said. */
  readonly at?: string;
}

export interface JobMessage {
  readonly version: string;
  readonly task: string;
  readonly data?: DataReference;
  /** Typed arrays encoded. */
  readonly job: unknown;
}

/** A training that fails fails everywhere alike: its error is a result, and is not tried again. */
export type Answer = { readonly result: unknown } | { readonly error: PlainError };

export function message(task: string, job: unknown, data: DataReference | undefined): JobMessage {
  return { version, task, ...(data && { data }), job: encode(job) };
}

/** A job's name is its content: the same job is not run twice, whoever asks for it. */
export function idOf(job: JobMessage): string {
  return hashOf(JSON.stringify(job));
}
