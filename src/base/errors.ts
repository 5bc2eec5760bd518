import { visible } from './visible.js';

/** What went wrong, for programs; the message says it for people. */
export type ErrorCode =
  /** An option or argument has a value that it may not have. */
  | 'ARGUMENT'
  /** Rows or columns do not fit together. */
  | 'SHAPE'
  /** Data hold what cannot be learnt from, or predict what float32 cannot hold: NaN, infinity, a label out of range, no rows. */
  | 'DATA'
  /** Bytes are not what their format says. */
  | 'FORMAT'
  /** Called too early: the model is not compiled. */
  | 'STATE'
  /** The model is training, or its loss or metric is being computed. */
  | 'BUSY'
  /** Used after dispose. */
  | 'DISPOSED'
  /** The loss is no longer finite. */
  | 'DIVERGED'
  | 'OUT_OF_MEMORY'
  /** A thread of an engine was lost: the engine can only be disposed. */
  | 'THREAD_LOST'
  /** A server does not answer. */
  | 'UNREACHABLE'
  /** This runtime cannot do it. */
  | 'UNSUPPORTED';

/**
 * Every error that simdense throws on purpose. `code` is for programs, `message` for people. Invisible characters in a message are escaped, since it may quote data.
 *
 * @example
 * import { dense, SimdenseError } from 'simdense';
 *
 * try {
 *   dense({ units: 0 });
 * } catch (error) {
 *   if (error instanceof SimdenseError) console.log(error.code); // 'ARGUMENT'
 * }
 */
export class SimdenseError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(visible(message), options);
    this.code = code;
    this.name = `SimdenseError [${code}]`;
    Object.defineProperty(this, 'name', { enumerable: false });
    // The header of the stack was written before the name was there.
    (Error as { captureStackTrace?(error: Error, above: unknown): void }).captureStackTrace?.(this, new.target);
  }
}
