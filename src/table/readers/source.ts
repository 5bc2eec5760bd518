// What readTable is given: text, bytes or records, at once or by and by.
import { refuse, show } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import { bytesOf, isGone } from '../../base/typed-arrays.js';
import { isGzip } from './formats.js';
import { inflated } from './inflated.js';
import { joined } from './joined.js';
import type { TextSource } from './text-parts.js';

/** A source that has been looked at: a text or bytes, or records, of which those of a stream come only once. */
export type Given =
  | { readonly text: TextSource }
  | { readonly records: readonly unknown[] }
  | { readonly stream: AsyncGenerator<unknown> };

/** Looks at the source. What a stream of bytes or texts brings is collected. Throws SimdenseError 'ARGUMENT' and 'FORMAT'. */
export async function givenBy(where: string, source: unknown): Promise<Given> {
  if (typeof source === 'string') return { text: source };
  const bytes = bytesOf(source);
  if (bytes) {
    if (isGone(bytes)) refuse(where, 'a Uint8Array', source, ' whose buffer has been transferred, or has shrunk');
    return { text: await unzipped(where, [bytes]) };
  }
  if (source instanceof ArrayBuffer) return { text: await unzipped(where, [new Uint8Array(source)]) };
  if (Array.isArray(source)) return { records: source };
  const body = bodyOf(where, source);
  if (body) return givenBy(where, body);
  const items = itemsOf(source);
  if (!items)
    refuse(
      `${where}(source)`,
      'a text, the bytes of a file, a list of objects or a stream of these',
      source,
      hintFor(source),
    );
  const first = await items.next();
  if (first.done) return { records: [] };
  if (typeof first.value === 'string') return { text: await collectedText(where, first.value, items) };
  if (bytesOf(first.value)) return { text: await unzipped(where, await collectedBytes(where, first.value, items)) };
  return { stream: after(first.value, items) };
}

/** What a Response of fetch, a Blob or a File holds; undefined for other sources. Throws SimdenseError for an answer that is no table. */
function bodyOf(where: string, source: unknown): ReadableStream | Uint8Array | undefined {
  const tag = Object.prototype.toString.call(source);
  if (tag === '[object Blob]' || tag === '[object File]') return (source as Blob).stream();
  if (tag !== '[object Response]') return undefined;
  const { ok, status, statusText, body, bodyUsed, headers } = source as Response;
  if (!ok) throw new SimdenseError('ARGUMENT', `${where}: the answer is ${`${status} ${statusText}`.trim()}, no table`);
  if (/^text\/html\b/.test(headers.get('content-type') ?? ''))
    throw new SimdenseError('FORMAT', `${where}: the answer is a web page (text/html), no table`);
  if (bodyUsed) throw new SimdenseError('ARGUMENT', `${where}: the body of the Response has been read already`);
  return body ?? new Uint8Array();
}

const hintFor = (source: unknown): string =>
  source instanceof URL ? '; fetch(url) gives its body, and readTable of simdense/node reads files' : '';

/** Bytes that are kept as one array at least: a stream may give them one by one. */
const BLOCK = 2 ** 18;

type Items = AsyncIterator<unknown> | Iterator<unknown>;

function itemsOf(source: unknown): Items | undefined {
  const { getReader } = (source ?? {}) as Partial<ReadableStream>;
  const own = source as Partial<AsyncIterable<unknown> & Iterable<unknown>> | null | undefined;
  if (typeof own?.[Symbol.asyncIterator] === 'function') return (own as AsyncIterable<unknown>)[Symbol.asyncIterator]();
  // Safari's streams are not iterable.
  if (typeof getReader === 'function') {
    const reader = (source as ReadableStream).getReader();
    return { next: async () => (await reader.read()) as IteratorResult<unknown> };
  }
  return typeof own?.[Symbol.iterator] === 'function' ? (own as Iterable<unknown>)[Symbol.iterator]() : undefined;
}

async function* after(first: unknown, items: Items): AsyncGenerator<unknown> {
  yield first;
  for (let next = await items.next(); !next.done; next = await items.next()) yield next.value;
}

async function collectedText(where: string, first: string, items: Items): Promise<string> {
  const texts: string[] = [];
  for await (const text of after(first, items)) {
    if (typeof text !== 'string') throw mixed(where, text, 'texts');
    texts.push(text);
  }
  return texts.join('');
}

async function collectedBytes(where: string, first: unknown, items: Items): Promise<Uint8Array[]> {
  const parts: Uint8Array[] = [];
  let small: Uint8Array[] = [];
  let size = 0;
  for await (const part of after(first, items)) {
    const bytes = bytesOf(part);
    if (!bytes) throw mixed(where, part, 'bytes');
    small.push(bytes);
    size += bytes.length;
    if (size < BLOCK) continue;
    parts.push(joined(small));
    small = [];
    size = 0;
  }
  return [...parts, joined(small)];
}

const mixed = (where: string, value: unknown, what: string): SimdenseError =>
  new SimdenseError('ARGUMENT', `${where}: the stream gives ${show(value)} after ${what}`);

/** The bytes, decompressed where they are compressed by gzip. */
async function unzipped(where: string, parts: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
  const [first = new Uint8Array()] = parts;
  if (!isGzip(first)) return parts;
  const items = inflated('gzip', parts);
  const { value, done } = await items.next();
  return done ? [] : collectedBytes(where, value, items);
}
