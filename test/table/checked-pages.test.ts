// Pages of Parquet that are broken within: what zlib has compressed is unpacked as zlib does, or refused.
import { readFileSync } from 'node:fs';
import { brotliCompressSync, brotliDecompressSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { compressors } from 'hyparquet-compressors';
import { describe, expect, test } from 'vitest';
import { readTable } from '../../src/table/index.js';
import { brotliBy, brotliByLibrary, gzipBy } from '../../src/table/readers/checked-pages.js';

type Decompress = (bytes: Uint8Array, size: number) => Uint8Array;
const gunzip = gzipBy(compressors.GZIP as Decompress);
const brotli = brotliBy(compressors.BROTLI as Decompress);
const byLibrary: Decompress = (bytes, size) => brotliByLibrary(compressors.BROTLI as Decompress, bytes, size);
const texts = fc
  .array(fc.constantFrom(0, 1, 7, 255, 31, 139, 8), { maxLength: 400 })
  .map((all) => Uint8Array.from(all));
const tried = (unpack: () => Uint8Array): Uint8Array | undefined => {
  try {
    return Uint8Array.from(unpack());
  } catch {
    return undefined;
  }
};

describe('gzip', () => {
  test('one member, and several', () => {
    fc.assert(
      fc.property(fc.array(texts, { minLength: 1, maxLength: 4 }), (parts) => {
        const packed = new Uint8Array(Buffer.concat(parts.map((part) => gzipSync(part))));
        const whole = new Uint8Array(Buffer.concat(parts));
        expect(gunzip(packed, whole.length)).toEqual(whole);
        expect(() => gunzip(packed, whole.length + 1)).toThrow('wrong checksum or length');
      }),
    );
  });
  test('with a byte changed behind the header it is refused, or the content is the same', () => {
    fc.assert(
      fc.property(texts, fc.nat(), fc.integer({ min: 1, max: 255 }), (content, place, change) => {
        const packed = new Uint8Array(gzipSync(content));
        const at = 10 + (place % (packed.length - 10));
        packed[at] = (packed[at] as number) ^ change;
        const own = tried(() => gunzip(packed, content.length));
        if (own) expect(own).toEqual(content);
      }),
    );
  });
  test('nothing before or behind it', () => {
    const packed = gzipSync('a table');
    for (const more of [Buffer.concat([packed, Buffer.from('1')]), packed.subarray(10), packed.subarray(0, -1)])
      expect(() => gunzip(new Uint8Array(more), 7)).toThrow('wrong checksum or length');
  });
});

describe.each([
  ['by the decoder of this runtime', brotli],
  ['by the library', byLibrary],
])('brotli, %s', (_, unpack) => {
  test('of the length that is said, and of no other', () => {
    fc.assert(
      fc.property(texts, (content) => {
        const packed = new Uint8Array(brotliCompressSync(content));
        expect(Uint8Array.from(unpack(packed, content.length))).toEqual(content);
        for (const size of [content.length + 1, content.length - 1])
          if (size > 0) expect(() => unpack(packed, size)).toThrow();
      }),
    );
  });
});

test('brotli: what zlib refuses is refused, and so is what stands behind', () => {
  fc.assert(
    fc.property(texts, fc.nat(), fc.integer({ min: 1, max: 255 }), (content, place, change) => {
      const packed = new Uint8Array(brotliCompressSync(content));
      packed[place % packed.length] = (packed[place % packed.length] as number) ^ change;
      const own = tried(() => brotli(packed, content.length));
      if (own) expect(own).toEqual(Uint8Array.from(brotliDecompressSync(packed)));
    }),
  );
  const packed = Buffer.concat([brotliCompressSync('a table'), Buffer.from('1')]);
  expect(() => brotli(new Uint8Array(packed), 7)).toThrow('with more behind them');
});

test.each(['gzip', 'brotli'])('a file with a byte changed in a page: %s', async (codec) => {
  const bytes = new Uint8Array(readFileSync(`test/golden/formats/table-${codec}.parquet`));
  const { data } = await readTable(bytes);
  // The first page begins behind PAR1 and its header. Its middle is compressed bytes.
  let refused = 0;
  for (let at = 60; at < 90; at++) {
    const broken = bytes.slice();
    broken[at] = (broken[at] as number) ^ 0x55;
    const read = await readTable(broken).catch((error) => error);
    if (read instanceof Error) {
      refused++;
      expect(read.message).toMatch(/^readTable: the Parquet file is broken or cut short/);
      expect(read.message).not.toMatch(/destructure|undefined|of null/);
    } else if (codec === 'gzip') expect(read.data).toEqual(data);
  }
  expect(refused).toBeGreaterThan(0);
});
