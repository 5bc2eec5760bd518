import { visible } from './visible.js';

/** The kind of an error, for programs. The message explains it to people. */
export type ErrorCode =
  /** An option or argument has an invalid value. */
  | 'ARGUMENT'
  /** Rows or columns do not fit together. */
  | 'SHAPE'
  /** The data cannot be used: NaN, infinity, a label out of range, no rows; or an output exceeds float32. */
  | 'DATA'
  /** The bytes do not follow the format. */
  | 'FORMAT'
  /** Called too early, such as before compile. */
  | 'STATE'
  /** The model is training, or is computing a custom loss or metric. */
  | 'BUSY'
  /** Used after dispose. */
  | 'DISPOSED'
  /** The loss is no longer finite. */
  | 'DIVERGED'
  /** No more memory can be reserved. */
  | 'OUT_OF_MEMORY'
  /** A thread of the engine was lost, so the engine can only be disposed of. */
  | 'THREAD_LOST'
  /** A server does not respond. */
  | 'UNREACHABLE'
  /** This runtime, build or file format does not support it. */
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
    // Error.prototype may be frozen: then an assignment throws.
    Object.defineProperty(this, 'name', { value: `SimdenseError [${code}]`, writable: true });
    const V8: { stackTraceLimit?: number; captureStackTrace?(error: Error, above: unknown): void } = Error;
    const { stackTraceLimit: limit } = V8;
    // V8 keeps 10 frames, which may all be simdense's. Reflect.set, since Error may be frozen.
    if (limit) Reflect.set(V8, 'stackTraceLimit', 4 * limit);
    // Write the stack again: with the name in its header, and the caller's line.
    V8.captureStackTrace?.(this, new.target);
    if (limit) Reflect.set(V8, 'stackTraceLimit', limit);
  }
}
