import { createHash } from 'node:crypto';

/** SHA-256 in hexadecimal: what jobs, sets and results are known by. */
export function hashOf(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
