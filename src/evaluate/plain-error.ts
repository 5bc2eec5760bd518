// Errors as plain data, for sending between threads and machines. Code, message and cause are kept.
import { isRecord } from '../base/checks.js';
import { type ErrorCode, SimdenseError } from '../base/errors.js';
import { visible } from '../base/visible.js';

/** An error as plain data. */
export interface PlainError {
  readonly message: string;
  readonly code?: ErrorCode;
  readonly cause?: PlainError;
}

/** All error codes; the compiler refuses the table if one is missing. */
const codes: Readonly<Record<ErrorCode, true>> = {
  ARGUMENT: true,
  SHAPE: true,
  DATA: true,
  FORMAT: true,
  STATE: true,
  BUSY: true,
  DISPOSED: true,
  DIVERGED: true,
  OUT_OF_MEMORY: true,
  THREAD_LOST: true,
  UNREACHABLE: true,
  UNSUPPORTED: true,
};
/** How many levels of causes are kept. */
const DEEPEST = 4;
/** How many characters of a message are kept. */
const LONGEST = 4000;

export function toPlainError(thrown: unknown, depth = 0): PlainError {
  if (!(thrown instanceof Error)) return { message: String(thrown) };
  const { message, cause } = thrown;
  return {
    message,
    ...(thrown instanceof SimdenseError && { code: thrown.code }),
    ...(cause !== undefined && depth < DEEPEST && { cause: toPlainError(cause, depth + 1) }),
  };
}

export function fromPlainError({ message, code, cause }: PlainError): Error {
  const options = cause && { cause: fromPlainError(cause) };
  return code ? new SimdenseError(code, message, options) : new Error(message, options);
}

/** The error, with the place where it happened as the last of its causes. `stack` is the stack there, where it is known. */
export function happenedIn(error: Error, place: string, stack?: string): Error {
  let last = error;
  while (last.cause instanceof Error) last = last.cause;
  const cause = new Error(place);
  cause.stack = `Error: ${place}${stack === undefined ? '' : `\n${stack}`}`;
  // As `new Error` defines a cause.
  if (last.cause === undefined)
    Object.defineProperty(last, 'cause', { value: cause, writable: true, configurable: true });
  return error;
}

/** Checks an error that another machine has sent. Throws SimdenseError 'FORMAT' if it is not one. */
export function readPlainError(value: unknown, depth = 0): PlainError {
  const wrong = (what: string): never => {
    throw new SimdenseError('FORMAT', `an error ${what}`);
  };
  if (!isRecord(value) || depth > DEEPEST) return wrong('is not one');
  const { message, code, cause } = value;
  if (typeof message !== 'string') return wrong('has no message');
  if (code !== undefined && !(typeof code === 'string' && Object.hasOwn(codes, code)))
    return wrong('has a code that simdense does not have');
  return {
    message: plainText(message),
    ...(code !== undefined && { code: code as ErrorCode }),
    ...(cause !== undefined && { cause: readPlainError(cause, depth + 1) }),
  };
}

/** Makes text from elsewhere safe to print: shortens it, and escapes control codes and invisible characters. */
export function plainText(text: string): string {
  return visible(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}
