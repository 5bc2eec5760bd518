// LZ4 as Parquet has it: what is spoilt ends, and quickly.
import { expect, test } from 'vitest';
import { lz4Hadoop, lz4Raw } from '../../src/table/readers/lz4.js';

/** "abcabcabcabc…": three literals, a match of 17 three bytes back, and five last literals, as the format demands. */
const block = Uint8Array.of(0x3d, 0x61, 0x62, 0x63, 3, 0, 0x50, 0x76, 0x77, 0x78, 0x79, 0x7a);
const content = 'abcabcabcabcabcabcabvwxyz';
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const lengths = (own: number, packed: number): number[] => [
  ...new Uint8Array(new Uint32Array([own, packed]).buffer.slice(0)).slice(0, 4).reverse(),
  ...new Uint8Array(new Uint32Array([packed]).buffer).reverse(),
];

test('a block, alone and behind lengths', () => {
  expect(text(lz4Raw(block, 25))).toBe(content);
  expect(text(lz4Hadoop(block, 25))).toBe(content);
  const framed = Uint8Array.from([...lengths(25, 12), ...block, ...lengths(25, 12), ...block]);
  expect(text(lz4Hadoop(framed, 50))).toBe(content + content);
});

test('lengths below 0, which go back for ever in hyparquet-compressors, are refused', () => {
  for (const packed of [-8, -1, -16, 2 ** 31])
    expect(() => lz4Hadoop(Uint8Array.from([...lengths(0, packed), ...block]), 25)).toThrow(RangeError);
});

test('every other byte of a frame ends in its content, other content of that length, or a RangeError', () => {
  const framed = Uint8Array.from([...lengths(25, 12), ...block, ...lengths(25, 12), ...block]);
  for (let at = 0; at < framed.length; at++)
    for (let byte = 0; byte < 256; byte++) {
      const spoilt = framed.slice();
      spoilt[at] = byte;
      let length = 50;
      try {
        ({ length } = lz4Hadoop(spoilt, 50));
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
      }
      if (length !== 50) throw new Error(`${length} bytes`);
    }
});
