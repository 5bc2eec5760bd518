import { constants } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { noMore } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { type CsvOptions, parseCsv, type Table, type TargetTable } from '../data/csv.js';
import { parseIdx } from '../data/idx.js';
import type { Matrix } from '../data/matrix.js';
import { checkPath } from './save-file.js';

export { saveFile } from './save-file.js';

/** Most bytes of a table: what one string of this runtime holds, about 512 MB in Node. */
const LARGEST_TABLE = constants.MAX_STRING_LENGTH;
/** Most bytes of other files: what one array holds in every supported Node. */
const LARGEST = 2 ** 31 - 1;

/** Reads an IDX file (MNIST's format), compressed by gzip or not, of at most 2 GiB; see parseIdx. Rejects with SimdenseError 'FORMAT'. */
export function readIdx(path: string): Promise<Matrix> {
  noMore('readIdx', arguments, 1);
  return parseFile('readIdx', path, LARGEST, parseIdx);
}

/**
 * Reads a file of comma-separated values in UTF-8, compressed by gzip or not, of at most 512 MB (Node's longest string); see parseCsv. Rejects with its errors, and
 * 'FORMAT'. A larger file is refused before it is read, a compressed one before it takes the memory.
 */
export function readCsv(path: string, o: CsvOptions & { target: string | number }): Promise<TargetTable>;
export function readCsv(path: string, o?: CsvOptions): Promise<Table>;
export function readCsv(path: string, o?: CsvOptions): Promise<Table> {
  noMore('readCsv', arguments, 2);
  return parseFile('readCsv', path, LARGEST_TABLE, (bytes) => parseCsv(utf8(bytes), o));
}

function utf8(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff))
    throw new SimdenseError('FORMAT', 'the text is in UTF-16, expected UTF-8; save it again as "CSV UTF-8"');
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SimdenseError('FORMAT', 'the text is not in UTF-8; save it again as "CSV UTF-8"', { cause });
  }
}

/** Errors name the file. */
async function parseFile<T>(where: string, path: string, largest: number, parse: (bytes: Uint8Array) => T): Promise<T> {
  checkPath(where, path);
  const bytes = await readFileWithin(where, path, largest);
  try {
    const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return parse(zipped ? await unpack(bytes, largest) : bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const code = cause instanceof SimdenseError ? cause.code : 'FORMAT';
    // parseCsv(target): … of a file is readCsv(target): …
    const [, option = '', rest] = /^(?:parse(?:Idx|Csv)(\(\w+\))?: )?(.*)$/s.exec(reason) as RegExpExecArray;
    throw new SimdenseError(code, `${where}${option}: ${path}: ${rest}`, { cause });
  }
}

const megabytes = (bytes: number): string => `${Math.floor(bytes / 1e6)} MB`;

/** A whole file, or pipe, of at most so many bytes. */
async function readFileWithin(where: string, path: string, largest: number): Promise<Uint8Array> {
  const tooLarge = (what: string): never => {
    const message = `${where}: ${path}: ${what}, expected at most ${megabytes(largest)}; split it into smaller files`;
    throw new SimdenseError('FORMAT', message);
  };
  try {
    const status = await stat(path);
    if (status.size > largest) tooLarge(`the file has ${megabytes(status.size)}`);
    if (status.isFile() || status.isDirectory()) return await readFile(path);
    // A pipe, or a device: its end is not known.
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of createReadStream(path) as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > largest) tooLarge(`it holds more than ${megabytes(largest)}`);
      parts.push(part);
    }
    return Buffer.concat(parts);
  } catch (error) {
    // Of a folder the system does not say which.
    throw error instanceof SimdenseError ? error : Object.assign(error as Error, { path });
  }
}

/**
 * Unpacks twice: first only counting, so that the memory that is taken is that of a table that may be read, whatever a small file unpacks to. Counting stops at the limit.
 */
async function unpack(zipped: Uint8Array, largest: number): Promise<Uint8Array> {
  let size = 0;
  for await (const part of unpacked(zipped)) {
    size += part.length;
    if (size <= largest) continue;
    const message = `the file unpacks to more than ${megabytes(largest)}, which is the most that is read; split it into smaller files`;
    throw new SimdenseError('FORMAT', message);
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for await (const part of unpacked(zipped)) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

const unpacked = (zipped: Uint8Array): AsyncIterable<Buffer> =>
  Readable.from([zipped], { objectMode: false }).pipe(createGunzip({ chunkSize: 2 ** 18 }));
