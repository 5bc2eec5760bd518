// Reads Parquet, by hyparquet.
import { SimdenseError } from '../../base/errors.js';
import { inTurns, Pacer } from '../../base/pause.js';
import { brotliBy, gzipBy } from './checked-pages.js';
import { joined } from './joined.js';
import { checkCells } from './limits.js';
import { lz4Hadoop, lz4Raw } from './lz4.js';
import { checkPages, codecsOf, leavesOf } from './parquet-pages.js';
import { asFormat, missingPeer } from './peer.js';
import type { Reader } from './reader.js';
import { checkSnappy } from './snappy.js';
import { zstdBy } from './zstd.js';

/** Cells after which a pause may be due. */
const TURN = 2 ** 13;
const MILLIS_A_DAY = 86_400_000;

/**
 * Each column keeps its type: dates and timestamps are instants in UTC, to the millisecond; decimals are numbers; categories are their
 * texts; lists, structs and maps are JSON, as in a JSON file.
 */
export const readParquet: Reader = async (bytes, sheet) => {
  const library = await loadParquet();
  await asFormat('Parquet', async () => {
    const { parquetMetadata, parquetRead, parquetSchema } = library;
    // A view of a larger buffer would give the library the wrong bytes.
    const own = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength ? bytes : joined([bytes, empty]);
    const buffer = own.buffer as ArrayBuffer;
    const metadata = parquetMetadata(buffer, { parsers, geoparquet: false });
    for (const element of metadata.schema) if (asBytes.has(element.converted_type)) delete element.converted_type;
    const columns = parquetSchema(metadata).children;
    const groups = metadata.row_groups.map(({ num_rows }) => Number(num_rows));
    const rows = groups.reduce((sum, count) => sum + checkedRows(count), 0);
    const names = new Set(columns.map(({ element }) => element.name));
    if (names.size < columns.length)
      throw new SimdenseError('UNSUPPORTED', 'readTable: two columns of the Parquet file have one name');
    checkCells('Parquet', bytes.length, rows, columns.length);
    const others = codecsOf(metadata).filter((codec) => codec !== 'UNCOMPRESSED' && codec !== 'SNAPPY');
    const compressors = others.length > 0 ? await loadCompressors(others) : {};
    const pacer = new Pacer();
    const unpack = { SNAPPY: snappyBy(library.snappyUncompress), ...compressors };
    await inTurns(checkPages(library.parquetHeader, own, metadata, leavesOf(columns), unpack), pacer, () =>
      pacer.pause(),
    );
    const file = { byteLength: own.length, slice: (from: number, to?: number) => buffer.slice(from, to) };
    for (const { element } of columns) {
      const column = sheet.addColumn(element.name);
      const seconds = secondsOf(element);
      column.times = seconds !== undefined;
      column.rounded = element.converted_type === 'DECIMAL' || element.logical_type?.type === 'DECIMAL';
      let start = 0;
      for (const count of groups) {
        const chunks: ArrayLike<unknown>[] = [];
        await parquetRead({
          file,
          metadata,
          compressors,
          parsers,
          geoparquet: false,
          columns: [element.name],
          rowStart: start,
          rowEnd: start + count,
          onChunk: ({ columnData }) => void chunks.push(columnData),
        });
        const found = chunks.reduce((sum, { length }) => sum + length, 0);
        if (found !== count)
          throw new Error(`column ${JSON.stringify(element.name)} has ${found} cells in a group of ${count} rows`);
        for (const chunk of chunks)
          for (let i = 0; i < chunk.length; i++) {
            if (i % TURN === 0 && pacer.due) await pacer.pause();
            const cell = chunk[i];
            column.value(seconds !== undefined && typeof cell !== 'object' ? Number(cell) / seconds : cell);
          }
        start += count;
      }
    }
  });
};

const empty = new Uint8Array();

/** Types that the library refuses, and with them the whole file. Without their names they are bytes, which are missing cells, and the table says so. */
const asBytes: ReadonlySet<string | undefined> = new Set(['INTERVAL', 'BSON']);

const snappyBy =
  (uncompress: (bytes: Uint8Array, into: Uint8Array) => void) =>
  (bytes: Uint8Array, size: number): Uint8Array => {
    checkSnappy(bytes, size);
    const into = new Uint8Array(size);
    uncompress(bytes, into);
    return into;
  };

function checkedRows(count: number): number {
  if (Number.isSafeInteger(count) && count >= 0) return count;
  throw new Error(`a group of ${count} rows`);
}

/** Instants beyond what a Date can be are no dates. */
function dateOf(milliseconds: number): Date {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) throw new Error(`a date ${milliseconds} milliseconds from 1970`);
  return date;
}

/** The instant in milliseconds, rounded down: before 1970 too. */
function down(value: bigint, by: bigint): Date {
  const whole = value / by;
  return dateOf(Number(value < 0n && whole * by !== value ? whole - 1n : whole));
}

const parsers = {
  timestampFromMilliseconds: (value: bigint | undefined) => (value === undefined ? undefined : dateOf(Number(value))),
  timestampFromMicroseconds: (value: bigint | undefined) => (value === undefined ? undefined : down(value, 1000n)),
  timestampFromNanoseconds: (value: bigint | undefined) => (value === undefined ? undefined : down(value, 1_000_000n)),
  dateFromDays: (days: number | undefined) => (days === undefined ? undefined : dateOf(days * MILLIS_A_DAY)),
  stringFromBytes: (bytes: Uint8Array | undefined) => bytes && textOf(bytes),
};
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Old programs do not say whether a column holds texts or bytes: what is no UTF-8 is bytes. */
function textOf(bytes: Uint8Array): string | Uint8Array {
  try {
    return utf8.decode(bytes);
  } catch {
    return bytes;
  }
}

interface Element {
  readonly converted_type?: string;
  readonly logical_type?: { readonly type: string; readonly unit?: string };
}

/** By what a time of the day is divided to be seconds; undefined for other columns. */
function secondsOf({ converted_type, logical_type }: Element): number | undefined {
  const unit = logical_type?.type === 'TIME' ? logical_type.unit : undefined;
  if (unit === 'MILLIS' || converted_type === 'TIME_MILLIS') return 1e3;
  if (unit === 'MICROS' || converted_type === 'TIME_MICROS') return 1e6;
  return unit === 'NANOS' ? 1e9 : undefined;
}

async function loadParquet() {
  try {
    const main = await import('hyparquet');
    const { parquetHeader } = await import('hyparquet/src/column.js');
    return { ...main, parquetHeader };
  } catch (cause) {
    const others = ', and for a file that is compressed by other than Snappy, such as ZSTD, hyparquet-compressors too';
    throw missingPeer('Parquet', `hyparquet${others}`, cause);
  }
}

async function loadCompressors(codecs: readonly string[]) {
  try {
    const { compressors, decompressZstd } = await import('hyparquet-compressors');
    // Theirs takes as much memory as the file claims.
    const { GZIP, BROTLI } = compressors;
    const checked = { ...(GZIP && { GZIP: gzipBy(GZIP) }), ...(BROTLI && { BROTLI: brotliBy(BROTLI) }) };
    return { ...compressors, ...checked, ZSTD: zstdBy(decompressZstd), LZ4: lz4Hadoop, LZ4_RAW: lz4Raw };
  } catch (cause) {
    throw missingPeer(`Parquet compressed by ${codecs.join(' and ')}`, 'hyparquet hyparquet-compressors', cause);
  }
}
