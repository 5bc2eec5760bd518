// The version that wrote a file, and the formats of its contents.
import { isRecord, show } from './checks.js';
import { SimdenseError } from './errors.js';
import { version } from './version.js';

/** The part of every file's metadata that names the version that wrote it. */
export const written = { writer: `simdense ${version}` };

/** Throws SimdenseError 'FORMAT' for a format that is newer than this version can read. */
export function refuseNewer(where: string, format: unknown, newest: number, writer = 'a newer simdense'): void {
  if (typeof format === 'number' && format > newest) {
    const message = `the file has format ${show(format)}, written by ${show(writer)}; ${written.writer} reads up to ${newest}: update it`;
    throw new SimdenseError('FORMAT', `${where}: ${message}`);
  }
}

/**
 * Reads a part of a file's metadata. `newest` is the newest format that this version reads; a change that older versions would misread must raise the format. Throws
 * SimdenseError 'FORMAT': with the message `missing` if there is no such part, and if the part is not sound.
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
    // The code below throws the error.
  }
  if (isRecord(part)) {
    const { version: format } = part;
    refuseNewer(where, format, newest, metadata['writer']);
    if (Number.isSafeInteger(format) && (format as number) > 0 && isSound(part)) return part;
  }
  const message = text === undefined ? missing : `its part ${show(name)} is not as simdense writes it`;
  throw new SimdenseError('FORMAT', `${where}: ${message}`);
}
