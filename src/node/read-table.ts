import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { isRecord, noMore, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { type ReadTableOptions, readTable as readSource, type Table, type TableSource } from '../table/index.js';
import { checkedOptions } from '../table/options.js';
import { isGzip } from '../table/readers/formats.js';
import { checkExpansion } from '../table/readers/limits.js';
import { openPlace, type Place } from './places.js';
import { isSqlite, type SqliteOptions, sqliteRows } from './sqlite.js';

export interface ReadPlaceOptions extends ReadTableOptions, SqliteOptions {}

/**
 * Reads a table from a file, a URL or the standard input: CSV and its kin, JSON, JSON Lines, Parquet, Arrow, xlsx and SQLite, each also
 * compressed by gzip. See readTable of simdense/table, which finds out what the columns are.
 *
 * CSV, JSON Lines and Arrow's streams are read part by part, so a file may be larger than 512 MB, the longest text. SQLite is read by
 * node:sqlite (Node 22.13 and later, Deno), Parquet by hyparquet and Arrow by @uwdata/flechette, which are installed beside simdense.
 *
 * @param place - A path; an http, https or file URL, as a text or a URL; or '-' for the standard input.
 * @param options - Those of readTable of simdense/table; for SQLite, `table` or `query` too.
 * @returns The table.
 * @throws SimdenseError 'ARGUMENT' for a file that is not there or cannot be opened, and what the server answers with 4xx; 'UNREACHABLE'
 *   if the server does not answer, fails or redirects in a circle; 'UNSUPPORTED' for what this runtime cannot read, and what expands to
 *   more than 64 MB and 200 times its size; 'FORMAT' and 'DATA' as readTable of simdense/table.
 * @example
 * const table = await readTable('iris.csv', { kinds: { species: 'category' } });
 * table.rows; // 150
 */
export async function readTable(place: string | URL, options?: ReadPlaceOptions): Promise<Table> {
  noMore('readTable', arguments, 2);
  if (options !== undefined && !isRecord(options as unknown)) refuse('readTable', 'an object with options', options);
  const { table, query, ...others }: ReadPlaceOptions = options ?? {};
  const o = checkedOptions('readTable', others);
  for (const [name, value] of Object.entries({ table, query }))
    if (value !== undefined && (typeof value !== 'string' || value === ''))
      refuse(`readTable: ${name}`, 'a text', value);
  if (table !== undefined && query !== undefined)
    throw new SimdenseError('ARGUMENT', 'readTable: table and query are both set; a query names its tables itself');
  const opened = await openPlace('readTable', place);
  const which = { ...(table === undefined ? {} : { table }), ...(query === undefined ? {} : { query }) };
  try {
    return await readContent(opened, o, which);
  } catch (error) {
    throw withPlace(error, opened.name);
  } finally {
    await opened.bytes.return(undefined);
  }
}

/** Reads the bytes of a place, by checked options; `which` is refused for what is no SQLite, whose tables may be called sheets. */
export async function readContent(
  { path, bytes }: Pick<Place, 'path'> & { readonly bytes: AsyncIterable<Uint8Array> },
  o: ReadTableOptions,
  which: SqliteOptions,
): Promise<Table> {
  const [first, all] = await peeked(bytes);
  const [content, unpacked] = isGzip(first) ? await peeked(gunzipped(all)) : [first, all];
  if (!isSqlite(content)) {
    for (const [name, value] of Object.entries(which))
      if (value !== undefined) throw new SimdenseError('ARGUMENT', `readTable: ${name}: is only for SQLite`);
    return readSource(unpacked, o);
  }
  const { sheet, ...others } = o;
  const rows = (file: string): Promise<Table> =>
    readSource(sqliteRows(file, { ...(typeof sheet === 'string' && { table: sheet }), ...which }) as TableSource, {
      ...others,
      ...(typeof sheet === 'number' && { sheet }),
    });
  return path !== undefined && content === first ? rows(path) : withFile(unpacked, rows);
}

/** The first bytes, and all of them. */
async function peeked(bytes: AsyncIterable<Uint8Array>): Promise<[Uint8Array, AsyncGenerator<Uint8Array>]> {
  const items = bytes[Symbol.asyncIterator]();
  const parts: Uint8Array[] = [];
  let first = new Uint8Array();
  // A pipe may give its first bytes one by one.
  while (first.length < 16) {
    const { value, done } = await items.next();
    if (done) break;
    parts.push(value);
    first = new Uint8Array(Buffer.concat([first, value]));
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* parts;
    for (let next = await items.next(); !next.done; next = await items.next()) yield next.value;
  }
  return [first, all()];
}

/** The content of a gzip file, as far as it may expand. */
async function* gunzipped(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let [packed, size] = [0, 0];
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const part of bytes) {
      packed += part.length;
      yield part;
    }
  }
  const source = Readable.from(counted(), { objectMode: false });
  const unpacked = createGunzip({ chunkSize: 2 ** 18 });
  const flow = pipeline(source, unpacked);
  flow.catch(() => {});
  try {
    for await (const part of unpacked as AsyncIterable<Buffer>) {
      size += part.length;
      checkExpansion('gzip', packed, size);
      yield part;
    }
    await flow;
  } catch (cause) {
    if (cause instanceof SimdenseError) throw cause;
    throw new SimdenseError('FORMAT', 'readTable: the gzip file is broken or cut short', { cause });
  }
}

/** Gives the bytes as a file, while something is done with it. */
async function withFile<T>(bytes: AsyncIterable<Uint8Array>, use: (path: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'simdense-'));
  try {
    const path = join(folder, 'table.sqlite');
    await pipeline(bytes, createWriteStream(path));
    return await use(path);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The error, with the place in its message. */
function withPlace(error: unknown, name: string): unknown {
  if (!(error instanceof SimdenseError)) return error;
  const { code, message } = error;
  const start = 'readTable: ';
  if (!message.startsWith(start) || message.startsWith(`${start}${name}: `)) return error;
  return new SimdenseError(code, `${start}${name}: ${message.slice(start.length)}`, { cause: error });
}
