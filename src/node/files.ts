import { open, readFile, rename, rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { refuse, toBytes } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { type CsvOptions, parseCsv, type Table } from '../data/csv.js';
import { parseIdx } from '../data/idx.js';
import type { Matrix } from '../data/matrix.js';

/** Most bytes that a compressed file may unpack to: 2 GiB, what one buffer holds. */
const LARGEST = 2 ** 31 - 1;

/** Reads an IDX file (MNIST's format), compressed by gzip or not; see parseIdx. Rejects with SimdenseError 'FORMAT'. */
export function readIdx(path: string): Promise<Matrix> {
  return parseFile('readIdx', path, parseIdx);
}

/** Reads a file of comma-separated values in UTF-8, compressed by gzip or not; see parseCsv. Rejects with its errors, and 'FORMAT'. */
export function readCsv(path: string, o?: CsvOptions): Promise<Table> {
  return parseFile('readCsv', path, (bytes) => parseCsv(utf8(bytes), o));
}

function utf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new SimdenseError('FORMAT', 'the text is not in UTF-8', { cause });
  }
}

/** Errors name the file. */
async function parseFile<T>(where: string, path: string, parse: (bytes: Uint8Array) => T): Promise<T> {
  checkPath(where, path);
  const bytes = await readFile(path);
  try {
    const zipped = bytes[0] === 0x1f && bytes[1] === 0x8b;
    return parse(zipped ? await promisify(gunzip)(bytes, { maxOutputLength: LARGEST }) : bytes);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const code = cause instanceof SimdenseError ? cause.code : 'FORMAT';
    // parseCsv(target): … of a file is readCsv(target): …
    const [, option = '', rest] = /^(?:parse(?:Idx|Csv)(\(\w+\))?: )?(.*)$/s.exec(reason) as RegExpExecArray;
    throw new SimdenseError(code, `${where}${option}: ${path}: ${rest}`, { cause });
  }
}

function checkPath(where: string, path: unknown): void {
  if (typeof path !== 'string' || path === '') refuse(`${where}(path)`, 'the path of a file', path);
}

/**
 * Writes a file whole or not at all: to another name beside it, through to the disk, and then over the old one. Rejects with the system's error;
 * then what was there is there still.
 */
export async function saveFile(path: string, bytes: Uint8Array): Promise<void> {
  checkPath('saveFile', path);
  const checked = toBytes('saveFile(bytes)', bytes);
  const beside = `${path}.${process.pid}-${Math.random().toString(36).slice(2, 10)}.tmp`;
  try {
    const file = await open(beside, 'wx');
    try {
      await file.writeFile(checked);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true }).catch(() => {});
    // It names the file that was asked for.
    const { message } = error as Error;
    throw Object.assign(error as Error, { path, message: message.replaceAll(beside, path) });
  }
}
