// Libraries that read some formats. They are no dependencies: each is loaded when a file comes that needs it. Each `await import(…)` stands
// by itself in a `try`: so bundlers only warn where a library is not installed.
import { SimdenseError } from '../../base/errors.js';

/** What is thrown where a library cannot be loaded: mostly because it is not installed. */
export const missingPeer = (what: string, install: string, cause: unknown): SimdenseError =>
  new SimdenseError('UNSUPPORTED', `readTable: ${what} is read by a library of its own: npm install ${install}`, {
    cause,
  });

/** Runs a reader whose library throws errors of all kinds for a spoilt file: each becomes 'FORMAT'. */
export async function asFormat<T>(what: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof SimdenseError) throw cause;
    // What a library says of its own variables tells nothing of the file.
    const inside = cause instanceof TypeError || cause instanceof ReferenceError;
    const reason = inside ? 'a part of it is not there' : cause instanceof Error ? cause.message : String(cause);
    throw new SimdenseError('FORMAT', `readTable: the ${what} file is broken or cut short: ${reason}`, { cause });
  }
}
