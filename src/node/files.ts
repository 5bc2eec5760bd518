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

/** The most bytes of a table: the longest string of this runtime, about 512 MB in Node. */
const LARGEST_TABLE = constants.MAX_STRING_LENGTH;
/** The most bytes of other files: the largest array of every supported Node. */
const LARGEST = 2 ** 31 - 1;

/**
 * Reads an IDX file, the format of MNIST; see parseIdx. The file may be compressed with gzip.
 *
 * @param path The path of the file; at most 2 GiB.
 * @returns A matrix with one row for each item; the numbers stay bytes.
 * @throws SimdenseError 'FORMAT' for a file that is not IDX, or too large.
 * @throws SimdenseError 'ARGUMENT' for what is not a path. It also rejects with the system's error if the file cannot be read.
 * @example
 * const images = await readIdx('images.idx.gz');
 * images.columns; // 784
 */
export function readIdx(path: string): Promise<Matrix> {
  noMore('readIdx', arguments, 1);
  return parseFile('readIdx', path, LARGEST, parseIdx);
}

/**
 * Reads a CSV file in UTF-8; see parseCsv. The file may be compressed with gzip.
 *
 * @param path The path of the file. It may have at most 512 MB, the longest string in Node; a larger file is refused before it is read or
 * decompressed into memory.
 * @param o Options of parseCsv; see CsvOptions.
 * @returns The table; with `target` set, its target too.
 * @throws SimdenseError 'FORMAT' for a file that is not CSV in UTF-8, or too large.
 * @throws SimdenseError 'ARGUMENT' or 'DATA' as parseCsv does. It also rejects with the system's error if the file cannot be read.
 * @example
 * const { names, x, target } = await readCsv('iris.csv', { target: 'species' });
 * x.rows; // 150
 * names; // ['sepal length', 'sepal width', 'petal length', 'petal width']
 * target[0]; // 'setosa'
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

/** Reads, decompresses and parses a file. Error messages name it. */
async function parseFile<T>(where: string, path: string, largest: number, parse: (bytes: Uint8Array) => T): Promise<T> {
  checkPath(where, path);
  const bytes = await readFileWithin(where, path, largest);
  try {
    const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return parse(zipped ? await unpack(bytes, largest) : bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const code = cause instanceof SimdenseError ? cause.code : 'FORMAT';
    // Turns parseCsv(target): … into readCsv(target): …
    const [, option = '', rest] = /^(?:parse(?:Idx|Csv)(\(\w+\))?: )?(.*)$/s.exec(reason) as RegExpExecArray;
    throw new SimdenseError(code, `${where}${option}: ${path}: ${rest}`, { cause });
  }
}

const megabytes = (bytes: number): string => `${Math.floor(bytes / 1e6)} MB`;

/** The bytes of a whole file or pipe, at most `largest`. */
async function readFileWithin(where: string, path: string, largest: number): Promise<Uint8Array> {
  const tooLarge = (what: string): never => {
    const message = `${where}: ${path}: ${what}, expected at most ${megabytes(largest)}; split it into smaller files`;
    throw new SimdenseError('FORMAT', message);
  };
  try {
    const status = await stat(path);
    if (status.size > largest) tooLarge(`the file has ${megabytes(status.size)}`);
    if (status.isFile() || status.isDirectory()) return await readFile(path);
    // A pipe or a device: its size is unknown.
    const parts: Buffer[] = [];
    let size = 0;
    for await (const part of createReadStream(path) as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > largest) tooLarge(`it holds more than ${megabytes(largest)}`);
      parts.push(part);
    }
    return Buffer.concat(parts);
  } catch (error) {
    // For a folder the system's error does not name it.
    throw error instanceof SimdenseError ? error : Object.assign(error as Error, { path });
  }
}

/**
 * Decompresses twice: the first time only to count the bytes, so that a small file that expands to a huge one takes no memory. Counting
 * stops at the limit.
 */
async function unpack(zipped: Uint8Array, largest: number): Promise<Uint8Array> {
  let size = 0;
  for await (const part of unpacked(zipped)) {
    size += part.length;
    if (size <= largest) continue;
    const message = `the file decompresses to more than ${megabytes(largest)}, the most that can be read; split it into smaller files`;
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
