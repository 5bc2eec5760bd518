// Walks through what snappy has compressed before a library unpacks it: format description, github.com/google/snappy, format_description.txt.

/** Bits of the first byte of a part that say what it is. */
const KIND = 3;
/** Literals of more bytes have their length in 1 to 4 bytes behind the first. */
const SHORT = 60;

/**
 * Throws an Error unless the parts go forward, end with the input, and give so many bytes. The library takes a length of 2³¹ and more for a negative one, and goes
 * back and forth in a spoilt file for seconds.
 */
export function checkSnappy(bytes: Uint8Array, size: number): void {
  let at = 0;
  while (at < bytes.length && (bytes[at] as number) >= 128) at++;
  at++;
  let out = 0;
  while (at < bytes.length) {
    const first = bytes[at++] as number;
    const kind = first & KIND;
    if (kind === 0) {
      let length = (first >>> 2) + 1;
      if (length > SHORT) {
        const width = length - SHORT;
        length = 1;
        for (let i = 0; i < width; i++) length += (bytes[at + i] ?? 0) * 2 ** (8 * i);
        at += width;
      }
      at += length;
      out += length;
    } else {
      out += kind === 1 ? ((first >>> 2) & 7) + 4 : (first >>> 2) + 1;
      at += kind === 1 ? 1 : kind === 2 ? 2 : 4;
    }
    if (at > bytes.length || out > size) throw new Error('snappy data that do not fit');
  }
  if (out !== size) throw new Error(`snappy data of ${out} bytes, expected ${size}`);
}
