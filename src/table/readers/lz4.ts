// Decompresses LZ4, as pandas and Arrow write Feather: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md. Checksums are not
// looked at: Arrow's lengths are.

const MAGIC = 0x184d2204;

/** The content of a frame, which has exactly `size` bytes. Throws a RangeError otherwise. */
export function lz4Frame(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) throw new RangeError('no LZ4 frame');
  const flags = view.getUint8(4);
  // Magic, flags and block size; then the content's size and a dictionary's id, if there are; and a checksum.
  let at = 6 + (flags & 0x08 ? 8 : 0) + (flags & 0x01 ? 4 : 0) + 1;
  let end = 0;
  for (;;) {
    const mark = view.getUint32(at, true);
    at += 4;
    if (mark === 0) break;
    const length = mark & 0x7fffffff;
    if (at + length > bytes.length) throw new RangeError('an LZ4 block beyond the end');
    const block = bytes.subarray(at, at + length);
    if (mark >>> 31) {
      out.set(block, end);
      end += length;
    } else end = lz4Block(block, out, end);
    at += length + (flags & 0x10 ? 4 : 0);
  }
  if (end !== size) throw new RangeError(`LZ4 of ${end} bytes, expected ${size}`);
  return out;
}

/** The content of one block, which has exactly `size` bytes: Parquet's LZ4_RAW. Throws a RangeError otherwise. */
export function lz4Raw(bytes: Uint8Array, size: number): Uint8Array {
  const out = new Uint8Array(size);
  const end = lz4Block(bytes, out, 0);
  if (end !== size) throw new RangeError(`LZ4 of ${end} bytes, expected ${size}`);
  return out;
}

/**
 * The content of Parquet's LZ4: blocks behind their two lengths, as Hadoop writes them, or one block. hyparquet-compressors reads the lengths as signed numbers: one of −8 goes back to itself,
 * for ever. Throws a RangeError for what is neither.
 */
export function lz4Hadoop(bytes: Uint8Array, size: number): Uint8Array {
  return hadoopBlocks(bytes, size) ?? lz4Raw(bytes, size);
}

function hadoopBlocks(bytes: Uint8Array, size: number): Uint8Array | undefined {
  const out = new Uint8Array(size);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let [at, to] = [0, 0];
  try {
    while (at < bytes.length) {
      const [own, packed] = [view.getUint32(at), view.getUint32(at + 4)];
      at += 8;
      if (packed > bytes.length - at || lz4Block(bytes.subarray(at, at + packed), out, to) !== to + own)
        return undefined;
      at += packed;
      to += own;
    }
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return to === size ? out : undefined;
}

/** Decompresses a block to `out` from a place on, and returns where it ends. */
function lz4Block(block: Uint8Array, out: Uint8Array, from: number): number {
  let at = 0;
  let to = from;
  const byte = (): number => {
    if (at >= block.length) throw new RangeError('an LZ4 block that breaks off');
    return block[at++] as number;
  };
  const lengthOf = (nibble: number): number => {
    let length = nibble;
    if (nibble < 15) return length;
    let more: number;
    do {
      more = byte();
      length += more;
    } while (more === 255);
    return length;
  };
  while (at < block.length) {
    const token = byte();
    const literals = lengthOf(token >> 4);
    if (at + literals > block.length || to + literals > out.length) throw new RangeError('LZ4 literals beyond the end');
    out.set(block.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    // The last sequence has no match.
    if (at === block.length) break;
    const offset = byte() | (byte() << 8);
    const matched = lengthOf(token & 15) + 4;
    if (offset === 0 || offset > to || to + matched > out.length) throw new RangeError('an LZ4 match beyond the end');
    // A match may overlap what it writes.
    for (const stop = to + matched; to < stop; to++) out[to] = out[to - offset] as number;
  }
  return to;
}
