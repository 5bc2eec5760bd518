// The files that are given to a command.
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { SimdenseError } from '../base/errors.js';
import { openPlace } from '../node/places.js';
import type { Call } from './command.js';

/** Stands for standard input. */
export const STDIN = '-';

/** The files given to a command. Throws SimdenseError 'ARGUMENT' unless there are as many as its usage names before the options. */
export function filesOf({ positionals }: Call, { name, usage }: { name: string; usage: string }): string[] {
  const names = (usage.split('--')[0] as string).split(' ').filter(Boolean);
  if (positionals.length !== names.length || positionals.includes('')) {
    const count = ['no file', 'one file', 'two files'][names.length];
    throw new SimdenseError('ARGUMENT', `expected ${count}: simdense ${name} ${usage}`.trimEnd());
  }
  return [...positionals];
}

/** Whether a place is a URL and no path. */
export const isUrl = (path: string): boolean => /^[a-z][a-z\d+.-]+:\/\//i.test(path);

/** The name of a file without its folder, and of what a URL names; a URL without a path has its host's. */
function nameOf(path: string): string {
  if (!isUrl(path) || !URL.canParse(path)) return basename(path);
  const { pathname, hostname } = new URL(path);
  return basename(decoded(pathname)) || hostname;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A file's name without folder, .gz and ending; 'stdin' for standard input. */
export const stem = (path: string): string =>
  path === STDIN
    ? 'stdin'
    : nameOf(path)
        .replace(/(\.gz)?$/, '')
        .replace(/\.[^.]*$/, '');

/** How a file is called in titles. */
export const titleOf = (path: string): string => (path === STDIN ? 'standard input' : nameOf(path));

/** Larger files are kept in parts. */
const LARGEST = 2 ** 30;

/** The bytes of a file, in parts. */
export type Bytes = Iterable<Uint8Array> | AsyncIterable<Uint8Array>;

/**
 * A function that gives the bytes of a file, a URL or the standard input, as often as it is called; those that come only once are kept. The
 * system's error names the path.
 */
export async function bytesOf(path: string): Promise<() => Bytes> {
  if (isUrl(path)) {
    const fetched = await fetchedFrom(path);
    return () => fetched;
  }
  try {
    const status = path === STDIN ? undefined : await stat(path);
    if (status?.isFile() && status.size > LARGEST) return () => createReadStream(path, { highWaterMark: 2 ** 20 });
    if (status?.isFile() || status?.isDirectory()) {
      const bytes = await readFile(path);
      return () => [bytes];
    }
    const parts = await kept(path === STDIN ? process.stdin : createReadStream(path));
    return () => parts;
  } catch (error) {
    // For a folder the system's error does not name it.
    throw Object.assign(error as Error, { path });
  }
}

async function fetchedFrom(url: string): Promise<Uint8Array[]> {
  try {
    return await kept((await openPlace('', url)).bytes);
  } catch (error) {
    if (error instanceof SimdenseError) error.message = error.message.replace(/^(\(place\))?: /, '');
    throw error;
  }
}

async function kept(bytes: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return parts;
}
