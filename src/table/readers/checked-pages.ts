// Decompresses pages of Parquet whose library takes broken data for zeros: gzip by its checksums, brotli by its length.
import { crc32 } from './crc32.js';

/** Members of gzip data: https://www.rfc-editor.org/rfc/rfc1952#section-2.3. */
const MAGIC = [31, 139, 8] as const;
/** The checksum and the length behind a member. */
const TRAILER = 8;
/** Places that look like the beginning of a member, after which one gives up: each makes a try. */
const MOST_TRIES = 64;

type Gunzip = (bytes: Uint8Array, size: number) => Uint8Array | undefined;

const isMember = (bytes: Uint8Array, at: number): boolean => MAGIC.every((byte, i) => bytes[at + i] === byte);

/** The content of gzip data of one member or several, which has exactly `size` bytes. Throws an Error for a wrong checksum or length. */
export const gzipBy =
  (gunzip: Gunzip) =>
  (bytes: Uint8Array, size: number): Uint8Array => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const out = new Uint8Array(size);
    let [from, to, tries] = [0, 0, 0];
    // Nothing tells where a member ends but that its checksum is right there.
    for (let end = TRAILER + 1; end <= bytes.length; end++) {
      if (end < bytes.length && !isMember(bytes, end)) continue;
      if (tries++ === MOST_TRIES || !isMember(bytes, from)) break;
      const own = view.getUint32(end - 4, true);
      if (own > size - to) continue;
      const content = contentOf(gunzip, bytes.subarray(from, end), own);
      if (!content || crc32([content]) !== view.getUint32(end - TRAILER, true)) continue;
      out.set(content, to);
      [from, to] = [end, to + own];
    }
    if (from !== bytes.length || to !== size) throw new Error('gzip data with a wrong checksum or length');
    return out;
  };

function contentOf(gunzip: Gunzip, bytes: Uint8Array, size: number): Uint8Array | undefined {
  try {
    return gunzip(bytes, size);
  } catch {
    return undefined;
  }
}

/** What is used of Node's own decoder, which finds more that is broken. */
interface Zlib {
  brotliDecompressSync?(
    bytes: Uint8Array,
    o: { info: true; maxOutputLength: number },
  ): { readonly buffer?: Uint8Array; readonly engine?: { readonly bytesWritten?: number } };
}
const { process } = globalThis as { process?: { getBuiltinModule?(name: string): unknown } };

/**
 * The content of brotli data, which has exactly `size` bytes: by Node's decoder where there is one, else by the library's. Brotli has no checksum. Throws an Error for data of another length; Node's
 * also for what is behind the data.
 */
export const brotliBy =
  (decompress: (bytes: Uint8Array, size: never) => unknown) =>
  (bytes: Uint8Array, size: number): Uint8Array => {
    const zlib = process?.getBuiltinModule?.('node:zlib') as Zlib | undefined;
    const { buffer, engine } = zlib?.brotliDecompressSync?.(bytes, { info: true, maxOutputLength: size + 1 }) ?? {};
    if (!buffer) return brotliByLibrary(decompress, bytes, size);
    if (buffer.length !== size) throw wrongLength(size);
    if (engine?.bytesWritten !== undefined && engine.bytesWritten !== bytes.length)
      throw new Error('brotli data with more behind them');
    return new Uint8Array(buffer.buffer, buffer.byteOffset, size);
  };

const wrongLength = (size: number): Error => new Error(`brotli data of another length than ${size}`);

/** As `brotliBy`, by the library, which leaves what is not there as it was: the end is looked at for that. */
export function brotliByLibrary(
  decompress: (bytes: Uint8Array, size: never) => unknown,
  bytes: Uint8Array,
  size: number,
): Uint8Array {
  // The library makes its output by new Uint8Array(size), which is a view where size is a buffer.
  const filledBy = (fill: number): Uint8Array => {
    const out = new Uint8Array(size).fill(fill);
    decompress(bytes, out.buffer as never);
    return out;
  };
  const out = filledBy(0);
  // It is written from the beginning to the end.
  if (size > 0 && out[size - 1] === 0 && filledBy(1)[size - 1] === 1) throw wrongLength(size);
  return out;
}
