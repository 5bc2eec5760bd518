import { createHash } from 'node:crypto';
import { setImmediate as turn } from 'node:timers/promises';

/** SHA-256 in hexadecimal: the name of jobs, data sets and results. */
export function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

/** Bytes between two turns of the event loop: about 10 ms. */
const PART = 4 * 2 ** 20;

/** hashOf for many bytes. The event loop turns meanwhile, so that signals are heard and locks renewed. */
export async function hashInTurns(bytes: Uint8Array, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for (let from = 0; from < bytes.length; from += PART) {
    signal?.throwIfAborted();
    hash.update(bytes.subarray(from, from + PART));
    if (from + PART < bytes.length) await turn();
  }
  return hash.digest('hex');
}
