// Who wrote a file, and the formats of what stands in it.
import { isRecord, show } from './checks.js';
import { SimdenseError } from './errors.js';
import { version } from './version.js';

/** What the metadata of every file say of who wrote it. */
export const written = { writer: `simdense ${version}` };

/** Throws SimdenseError 'FORMAT' for a format above the newest that this version reads. */
export function refuseNewer(where: string, format: unknown, newest: number, writer = 'a newer simdense'): void {
  if ((format as number) > newest) {
    const message = `the file has format ${show(format)}, written by ${show(writer)}; ${written.writer} reads up to ${newest}: update it`;
    throw new SimdenseError('FORMAT', `${where}: ${message}`);
  }
}

/**
 * What a file's metadata say under this name, of a format up to the newest: a format is raised by whatever an older version would misread. Throws SimdenseError
 * 'FORMAT' with `missing` where there is nothing, and for anything else than what is sound.
 */
export function readPart(
  where: string,
  metadata: Readonly<Record<string, string>>,
  name: string,
  missing: string,
  newest: number,
  isSound: (part: Record<string, unknown>) => boolean,
): Record<string, unknown> {
  const text = metadata[name];
  let part: unknown;
  try {
    part = JSON.parse(text as string);
  } catch {
    // Answered below.
  }
  if (isRecord(part)) {
    const { version: format } = part;
    refuseNewer(where, format, newest, metadata['writer']);
    if ((format as number) > 0 && isSound(part)) return part;
  }
  const message = text === undefined ? missing : `its ${show(name)} is none that simdense writes`;
  throw new SimdenseError('FORMAT', `${where}: ${message}`);
}
