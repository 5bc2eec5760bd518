// Errors on their way between threads and machines: plain data that keeps what a SimdenseError says.
import { type ErrorCode, SimdenseError } from '../base/errors.js';

export interface PlainError {
  readonly message: string;
  readonly code?: ErrorCode;
}

export function toPlainError(cause: unknown): PlainError {
  if (cause instanceof SimdenseError) return { message: cause.message, code: cause.code };
  return { message: cause instanceof Error ? cause.message : String(cause) };
}

export function fromPlainError({ message, code }: PlainError): Error {
  return code ? new SimdenseError(code, message) : new Error(message);
}
