// Packs several files into one: a line of JSON with their sizes and metadata, then the files.

import { isRecord, toBytes } from '../base/checks.js';
import { refuseNewer } from '../base/written.js';
import { isCount, type Metadata, parse, refuse } from '../train/safetensors.js';

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

/** The format of a file that begins as those of packFiles do; NaN for other files. */
function formatOf(bytes: Uint8Array): number {
  const beginning = new TextDecoder('latin1').decode(bytes.subarray(0, MAGIC.length + 4));
  return Number(/^simdense files (\d+)\n/.exec(beginning)?.[1]);
}

/** Whether a file is one of packFiles, of any format. */
export const areFiles = (bytes: Uint8Array): boolean => formatOf(bytes) > 0;

/** Reads a file that packFiles has made; the files are views of it. Throws SimdenseError 'FORMAT' for anything else. */
export function unpackFiles(where: string, given: Uint8Array): { files: Uint8Array[]; metadata: Metadata } {
  const bytes = toBytes(`${where}(bytes)`, given);
  const format = formatOf(bytes);
  refuseNewer(where, format, FORMAT);
  const end = bytes.subarray(0, MOST_HEADER).indexOf(10, MAGIC.length);
  if (format !== FORMAT || end < 0) refuse(where, 'not a file of several models; loadPipeline reads those of one');
  const { sizes, metadata } = parse(where, bytes.subarray(MAGIC.length, end));
  let at = end + 1;
  const files = (Array.isArray(sizes) && sizes.every(isCount) ? sizes : []).map((size) => {
    at += size;
    return bytes.subarray(at - size, at);
  });
  const texts = isRecord(metadata) && Object.values(metadata).every((value) => typeof value === 'string');
  if (!texts || at !== bytes.length) refuse(where, 'the sizes in the header do not add up to the size of the file');
  return { files, metadata: metadata as Metadata };
}
