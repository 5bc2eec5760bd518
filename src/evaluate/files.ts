// Packs several files into one: a line of JSON with their sizes and metadata, then the files.

import { isRecord, toBytes } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { refuseNewer } from '../base/written.js';
import type { Metadata } from '../train/safetensors.js';

const FORMAT = 1;
const MAGIC = `simdense files ${FORMAT}\n`;
const MOST_HEADER = 2 ** 24;

/** Packs files and metadata into one file. */
export function packFiles(files: readonly Uint8Array[], metadata: Metadata): Uint8Array {
  const header = new TextEncoder().encode(
    `${MAGIC}${JSON.stringify({ sizes: files.map(({ length }) => length), metadata })}\n`,
  );
  const bytes = new Uint8Array(files.reduce((sum, { length }) => sum + length, header.length));
  bytes.set(header);
  let at = header.length;
  for (const file of files) {
    bytes.set(file, at);
    at += file.length;
  }
  return bytes;
}

/** Reads a file that packFiles has made; the files are views of it. Throws SimdenseError 'FORMAT' for anything else. */
export function unpackFiles(
  where: string,
  given: Uint8Array,
): { files: Uint8Array[]; metadata: Record<string, string> } {
  const bytes = toBytes(`${where}(bytes)`, given);
  const refuse = (reason: string): never => {
    throw new SimdenseError('FORMAT', `${where}: ${reason}`);
  };
  const start = MAGIC.length;
  const beginning = new TextDecoder('latin1').decode(bytes.subarray(0, start + 4));
  refuseNewer(where, Number(/^simdense files (\d+)\n/.exec(beginning)?.[1]), FORMAT, undefined);
  if (!beginning.startsWith(MAGIC)) refuse('not a file of several simdense files');
  const end = bytes.subarray(0, MOST_HEADER).indexOf(10, start);
  if (end < 0) refuse('the header has no end');
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, end)));
  } catch {
    refuse('the header is not JSON');
  }
  const { sizes, metadata } = (isRecord(header) ? header : {}) as { sizes?: unknown; metadata?: unknown };
  const counts =
    Array.isArray(sizes) && sizes.every((size) => Number.isSafeInteger(size) && size > 0) ? (sizes as number[]) : [];
  const texts = isRecord(metadata) && Object.values(metadata).every((value) => typeof value === 'string');
  if (!texts || counts.reduce((sum, size) => sum + size, end + 1) !== bytes.length)
    refuse('the sizes in the header do not add up to the size of the file');
  let at = end + 1;
  const files = counts.map((size) => {
    at += size;
    return bytes.subarray(at - size, at);
  });
  return { files, metadata: metadata as Metadata };
}
