import { createHash } from 'node:crypto';
import { version } from '../base/version.js';
import { bytesOf, isUrl, STDIN } from './files.js';

/** What repeats a training beside its command: the version, the day, and what the file was. */
export async function provenanceOf(path: string): Promise<Record<string, string>> {
  const day = new Date().toISOString().slice(0, 10);
  if (path === STDIN || isUrl(path)) return { simdense: version, trained: day };
  const hash = createHash('sha256');
  for await (const part of (await bytesOf(path))()) hash.update(part);
  return { simdense: version, trained: day, 'SHA-256 of the file': hash.digest('hex') };
}
