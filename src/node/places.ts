// The bytes at a place: a file, a URL, or what the program is given by its standard input.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';

/** Bytes that are read at a time. */
const BLOCK = 2 ** 20;

export interface Place {
  /** Its name in messages. */
  readonly name: string;
  /** The path, if it is a regular file. */
  readonly path?: string;
  readonly bytes: AsyncGenerator<Uint8Array>;
}

/** Opens a place. Throws SimdenseError 'ARGUMENT' for what is not there, 'UNREACHABLE' and 'FORMAT'. */
export async function openPlace(where: string, place: unknown): Promise<Place> {
  if (place === '-') return { name: 'standard input', bytes: named(where, 'standard input', process.stdin) };
  if (typeof place === 'string' && place !== '' && !/[\r\n\0]/.test(place)) {
    if (!/^[a-z][a-z\d+.-]+:\/\//i.test(place)) return openFile(where, place);
    if (URL.canParse(place)) return openUrl(where, new URL(place));
  } else if (Object.prototype.toString.call(place) === '[object URL]') return openUrl(where, place as URL);
  const hint = '; readTable of simdense/table reads texts, bytes, objects and streams';
  return refuse(`${where}(place)`, 'a path, a URL or - for the standard input', place, hint);
}

async function openUrl(where: string, url: URL): Promise<Place> {
  if (url.protocol === 'file:') return openFile(where, fileURLToPath(url));
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return refuse(`${where}(place)`, 'an http, https or file URL', url.href);
  // A password is nobody's business in a message.
  const name = `${url.origin}${url.pathname}`;
  let response: Response;
  try {
    response = await fetch(withoutUser(url), { headers: headersFor(url) });
  } catch (cause) {
    throw new SimdenseError('UNREACHABLE', `${where}: ${name}: ${reasonOf(cause)}`, { cause });
  }
  const { ok, status, statusText, headers, body } = response;
  if (!ok) {
    await body?.cancel().catch(() => {});
    const message = `${where}: ${name}: the server answers ${`${status} ${statusText}`.trim()}`;
    throw new SimdenseError(status >= 500 || status === 429 ? 'UNREACHABLE' : 'ARGUMENT', message);
  }
  if (/^text\/html\b/i.test(headers.get('content-type') ?? '')) {
    await body?.cancel().catch(() => {});
    const message = `${where}: ${name}: the answer is a web page (text/html), no table; is there a link to the file itself?`;
    throw new SimdenseError('FORMAT', message);
  }
  return { name, bytes: named(where, name, (body ?? []) as unknown as AsyncIterable<Uint8Array>) };
}

/** fetch refuses a URL with a user's name. */
function withoutUser(url: URL): URL {
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  return plain;
}

function headersFor({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(user).toString('base64')}` };
}

/** Why fetch failed: Node says it in the cause. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { message?: string; code?: string } };
  const reason = cause?.message || cause?.code || message;
  return /redirect/i.test(reason) ? 'the server redirects in a circle, or too often' : `no answer: ${reason}`;
}

async function openFile(where: string, path: string): Promise<Place> {
  try {
    const status = await stat(path);
    if (status.isDirectory()) throw new SimdenseError('ARGUMENT', `${where}: ${path}: this is a folder, not a file`);
    const bytes = named(where, path, createReadStream(path, { highWaterMark: BLOCK }));
    return { name: path, bytes, ...(status.isFile() ? { path } : {}) };
  } catch (cause) {
    throw fileError(where, path, cause);
  }
}

function fileError(where: string, path: string, cause: unknown): unknown {
  if (cause instanceof SimdenseError) return cause;
  const { code, message } = cause as { code?: string; message: string };
  const reason =
    code === 'ENOENT' ? 'there is no such file' : code === 'EACCES' ? 'reading it is not allowed' : message;
  return new SimdenseError('ARGUMENT', `${where}: ${path}: ${reason}`, { cause });
}

/** The bytes, with errors that name the place. */
async function* named(where: string, name: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (cause) {
    if ((cause as { syscall?: string }).syscall) throw fileError(where, name, cause);
    const message = `${where}: ${name}: the transfer breaks off: ${(cause as Error).message}`;
    throw new SimdenseError('UNREACHABLE', message, { cause });
  }
}
