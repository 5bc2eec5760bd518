// How the readers of other libraries' models refuse: what is wrong with a file, and what no layer here can be.
import { isRecord, show, toBytes } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { bytesOf } from '../base/typed-arrays.js';

export const broken = (where: string, reason: string): SimdenseError =>
  new SimdenseError('FORMAT', `${where}: ${reason}`);

export const unsupported = (where: string, reason: string): SimdenseError =>
  new SimdenseError('UNSUPPORTED', `${where}: ${reason}`);

/** What reading gives. What contradicts itself, so that it cannot be built, is the file's fault. */
export function ofFile<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw blamed(where, cause);
  }
}

/** The error of a file, for one that building its network has thrown. */
export function blamed(where: string, cause: unknown): unknown {
  if (!(cause instanceof SimdenseError)) return cause;
  const { code, message } = cause;
  if (!['ARGUMENT', 'SHAPE', 'DATA'].includes(code) || message.startsWith(where)) return cause;
  return new SimdenseError('FORMAT', `${where}: the network cannot be built: ${message}`, { cause });
}

/** A JSON object of a text, of bytes, or of what JSON can be made of. Throws SimdenseError 'FORMAT' or 'ARGUMENT'. */
export function jsonOf(where: string, name: string, given: unknown): Record<string, unknown> {
  const expected = 'a JSON object, its text or its bytes';
  const bytes = bytesOf(given);
  if (typeof given !== 'string' && !bytes && (typeof given !== 'object' || given === null || Array.isArray(given)))
    throw new SimdenseError('ARGUMENT', `${where}(${name}): expected ${expected}, got ${show(given)}`);
  let text: string;
  if (typeof given === 'string') text = given;
  else if (bytes) text = new TextDecoder().decode(toBytes(`${where}(${name})`, bytes));
  else {
    try {
      text = JSON.stringify(given, (_, value) => (ArrayBuffer.isView(value) ? Array.from(value as Uint8Array) : value));
    } catch (cause) {
      throw new SimdenseError('ARGUMENT', `${where}(${name}): expected ${expected}, got ${show(given)}`, { cause });
    }
  }
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    if (isRecord(value)) return value;
  } catch {
    // The error is thrown below.
  }
  throw broken(where, `the ${name} is not a JSON object`);
}

/** A part of JSON that is to be an object. */
export function recordAt(where: string, what: string, value: unknown): Record<string, unknown> {
  if (isRecord(value)) return value;
  throw broken(where, `${what} is ${show(value)}, expected an object`);
}

/** A part of JSON that is to be a list. */
export function listAt(where: string, what: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw broken(where, `${what} is ${show(value)}, expected a list`);
}
