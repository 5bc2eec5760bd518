import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { SimdenseError } from '../base/errors.js';
import { parseIdx } from '../data/idx.js';
import type { Matrix } from '../data/matrix.js';

/** Most bytes that a compressed file may unpack to: 2 GiB, what one buffer holds. */
const LARGEST = 2 ** 31 - 1;

/** Reads an IDX file (MNIST's format), compressed by gzip or not; see parseIdx. Rejects with SimdenseError 'FORMAT'. */
export async function readIdx(path: string): Promise<Matrix> {
  const bytes = await readFile(path);
  try {
    return parseIdx(
      bytes[0] === 0x1f && bytes[1] === 0x8b ? await promisify(gunzip)(bytes, { maxOutputLength: LARGEST }) : bytes,
    );
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SimdenseError('FORMAT', `readIdx: ${path}: ${reason.replace(/^parseIdx: /, '')}`, { cause });
  }
}
