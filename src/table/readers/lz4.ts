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
