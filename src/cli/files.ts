// The files that are given to a command.
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { SimdenseError } from '../base/errors.js';
import type { Call } from './command.js';

/** Stands for standard input. */
export const STDIN = '-';

/** The files given to a command. Throws SimdenseError 'ARGUMENT' unless there are as many as its usage names before the options. */
export function filesOf({ positionals }: Call, { name, usage }: { name: string; usage: string }): string[] {
  const names = (usage.split('--')[0] as string).split(' ').filter(Boolean);
  if (positionals.length !== names.length || positionals.includes('')) {
    const count = ['no file', 'one file', 'two files'][names.length];
    throw new SimdenseError('ARGUMENT', `expected ${count}: simdense ${name} ${usage}`);
  }
  return [...positionals];
}

/** A file's name without folder, .gz and ending; 'stdin' for standard input. */
export const stem = (path: string): string =>
  path === STDIN
    ? 'stdin'
    : basename(path)
        .replace(/(\.gz)?$/, '')
        .replace(/\.[^.]*$/, '');

/** How a file is called in titles. */
export const titleOf = (path: string): string => (path === STDIN ? 'standard input' : basename(path));

/** Larger files are kept in parts. */
const LARGEST = 2 ** 30;

type Bytes = AsyncIterable<Uint8Array> | Uint8Array;

/** A function that gives the bytes of a file, as often as it is called; those of a pipe are kept. The system's error names the path. */
export async function bytesOf(path: string): Promise<() => Bytes> {
  try {
    const status = path === STDIN ? undefined : await stat(path);
    if (status?.isFile() && status.size > LARGEST) return () => createReadStream(path, { highWaterMark: 2 ** 20 });
    if (status?.isFile() || status?.isDirectory()) {
      const bytes = await readFile(path);
      return () => bytes;
    }
    const parts: Buffer[] = [];
    for await (const part of path === STDIN ? process.stdin : createReadStream(path)) parts.push(part as Buffer);
    const bytes = Buffer.concat(parts);
    return () => bytes;
  } catch (error) {
    // For a folder the system's error does not name it.
    throw Object.assign(error as Error, { path });
  }
}
