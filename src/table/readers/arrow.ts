// Reads Arrow: files (Feather, version 2) and streams, by flechette.

import { SimdenseError } from '../../base/errors.js';
import { Pacer } from '../../base/pause.js';
import { type ArrowBatch, checkArrowBatch } from './arrow-batches.js';
import { arrowMessages } from './arrow-messages.js';
import { joined } from './joined.js';
import { lz4Frame } from './lz4.js';
import { asFormat, missingPeer } from './peer.js';
import type { Reader } from './reader.js';
import { zstdBy } from './zstd.js';

/** Of the types of a column: https://github.com/apache/arrow/blob/main/format/Schema.fbs. */
const [DECIMAL, DATE, TIME, TIMESTAMP, DURATION] = [7, 8, 9, 10, 18];
const LZ4 = 0;
const ZSTD = 1;
/** Cells after which a pause may be due. */
const TURN = 2 ** 13;
/** A file begins with 'ARROW1' and two zeros, and goes on as a stream. */
const MARK = 8;

/**
 * Each column keeps its type: dates and timestamps are instants in UTC, to the millisecond; times of the day and durations seconds;
 * decimals numbers; categories are their texts; lists, structs and maps are JSON, as in a JSON file.
 */
export const readArrow: Reader = async (bytes, sheet) => {
  await asFormat('Arrow', async () => {
    // What is not aligned in memory cannot be viewed as numbers.
    const own = bytes.byteOffset % 8 === 0 ? bytes : joined([new Uint8Array(), bytes]);
    const isFile = own[0] === 0x41;
    const { messages, codecs } = arrowMessages(isFile ? own.subarray(MARK) : own);
    const library = await loadArrow([...codecs].includes(ZSTD));
    for (const codec of codecs) await loadCodec(library, codec);
    const table = library.tableFromIPC(messages as Uint8Array[], { useBigInt: true });
    const { fields } = table.schema;
    const columns = fields.map((_, i) => table.getChildAt(i) as { readonly data: readonly ArrowBatch[] });
    const batches = new Set(columns.map(({ data }) => data.map(({ length }) => length).join()));
    if (batches.size > 1) throw new Error('the columns differ in length');
    const pacer = new Pacer();
    const checked = new Set<ArrowBatch>();
    for (const [i, { name, type }] of fields.entries()) {
      const column = sheet.addColumn(name);
      const read = cellOf(type);
      column.times = isTime(type);
      column.rounded = isDecimal(type);
      for (const batch of columns[i]?.data ?? []) {
        for (const each of [batch, ...(batch.dictionary?.data ?? [])]) if (!checked.has(each)) checkArrowBatch(each);
        for (const each of batch.dictionary?.data ?? []) checked.add(each);
        for (const cell of batch as unknown as Iterable<unknown>) {
          column.value(cell === null ? null : read(cell));
          if (column.length % TURN === 0 && pacer.due) await pacer.pause();
        }
      }
    }
  });
};

interface CellType {
  readonly typeId: number;
  readonly unit?: number;
  readonly scale?: number;
  readonly dictionary?: unknown;
}

const isTime = ({ typeId, dictionary }: CellType): boolean =>
  dictionary ? isTime(dictionary as CellType) : typeId === TIME || typeId === DURATION;

const isDecimal = ({ typeId, dictionary }: CellType): boolean =>
  dictionary ? isDecimal(dictionary as CellType) : typeId === DECIMAL;

/** How the cells of a type are read from what the library gives. */
function cellOf(type: CellType): (cell: unknown) => unknown {
  const { typeId, unit = 0, scale = 0, dictionary } = type;
  if (dictionary) return cellOf(dictionary as CellType);
  if (typeId === DATE || typeId === TIMESTAMP)
    return (cell: unknown): unknown => {
      const date = new Date(Math.floor(cell as number));
      if (Number.isNaN(date.getTime())) throw new Error(`a date ${cell} milliseconds from 1970`);
      return date;
    };
  // The library adds whole and decimals, and rounds twice.
  if (typeId === DECIMAL)
    return (cell: unknown): unknown => {
      const whole = Math.round((cell as number) * 10 ** scale);
      return Number.isSafeInteger(whole) ? whole / 10 ** scale : cell;
    };
  if (isTime(type)) return (cell: unknown): unknown => Number(cell) / 10 ** (3 * unit);
  return (cell: unknown): unknown => {
    if (cell === undefined) throw new Error('a column ends early');
    return cell;
  };
}

type Library = typeof import('@uwdata/flechette');

const missingZstd = (cause: unknown): SimdenseError =>
  missingPeer('Arrow compressed by ZSTD', '@uwdata/flechette@2.6 hyparquet-compressors', cause);

/** `packed`: by ZSTD, which needs one more library. */
async function loadArrow(packed: boolean): Promise<Library> {
  try {
    return await import('@uwdata/flechette');
  } catch (cause) {
    throw packed ? missingZstd(cause) : missingPeer('Arrow', '@uwdata/flechette@2.6', cause);
  }
}

/** Gives the library a compression, unless it has it already. */
async function loadCodec({ getCompressionCodec, setCompressionCodec }: Library, id: number): Promise<void> {
  if (id !== LZ4 && id !== ZSTD) throw new SimdenseError('FORMAT', `readTable: the Arrow file has compression ${id}`);
  if (getCompressionCodec(id)) return;
  const encode = (): never => {
    throw new SimdenseError('UNSUPPORTED', 'readTable: only what reads is there');
  };
  setCompressionCodec(id, { encode, decode: id === LZ4 ? lz4Frame : await loadZstd() });
}

async function loadZstd(): Promise<(bytes: Uint8Array, size: number) => Uint8Array> {
  try {
    const { decompressZstd } = await import('hyparquet-compressors');
    return zstdBy(decompressZstd);
  } catch (cause) {
    throw missingZstd(cause);
  }
}
