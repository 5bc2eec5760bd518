// What Parquet's runs and ZSTD's and LZ4's frames claim.
import { describe, expect, test } from 'vitest';
import { lz4Frame } from '../../src/table/readers/lz4.js';
import { checkPage1 } from '../../src/table/readers/parquet-runs.js';
import { checkSnappy } from '../../src/table/readers/snappy.js';
import { zstdBy } from '../../src/table/readers/zstd.js';

describe('runs of a Parquet page', () => {
  const column = { type: 'INT32', definition: 1, repetition: 0 };
  const page = { encoding: 'PLAIN', num_values: 10 };
  const check = (...runs: number[]) => checkPage1(Uint8Array.of(runs.length, 0, 0, 0, ...runs), page, column);
  test('as many values as there are', () => {
    expect(() => check(20, 1)).not.toThrow();
    expect(() => check(10, 1, 3, 0xff)).not.toThrow();
    expect(() => check(3, 0xff, 3, 0xff)).not.toThrow();
  });
  test('a value that is repeated 2³¹ times, and bits', () => {
    expect(() => check(0xfe, 0xff, 0xff, 0xff, 0x0f, 1)).toThrow('a run of 2147483647 values, where 10 are left');
    expect(() => check(0xff, 0xff, 0xff, 0x07, 1)).toThrow(/a run of \d+ values/);
    const indices = Uint8Array.of(8, 0xfe, 0xff, 0xff, 0xff, 0x0f, 1);
    const required = { ...column, definition: 0 };
    expect(() => checkPage1(indices, { ...page, encoding: 'RLE_DICTIONARY' }, required)).toThrow(/a run of/);
    expect(() => checkPage1(indices, page, required)).not.toThrow();
  });
});

test('ZSTD: the library writes into a memory of the right size, which it does not make a text of', () => {
  const unpack = zstdBy((bytes, into) => {
    expect(String(into)).toBe('');
    into.set(bytes);
    return into;
  });
  expect(unpack(Uint8Array.of(1, 2), 2)).toEqual(Uint8Array.of(1, 2));
  expect(() => zstdBy((bytes) => bytes)(Uint8Array.of(1), 2)).toThrow('ZSTD of 1 bytes, expected 2');
});

test('LZ4: stored blocks, matches that overlap, and lengths that are wrong', () => {
  const frame = (...blocks: number[]): Uint8Array =>
    Uint8Array.of(0x04, 0x22, 0x4d, 0x18, 0x60, 0x40, 0, ...blocks, 0, 0, 0, 0);
  expect(lz4Frame(frame(2, 0, 0, 0x80, 7, 8), 2)).toEqual(Uint8Array.of(7, 8));
  // A literal, and it again 7 times; then a last literal.
  const again = frame(6, 0, 0, 0, 0x13, 9, 1, 0, 0x10, 5);
  expect(lz4Frame(again, 9)).toEqual(Uint8Array.of(9, 9, 9, 9, 9, 9, 9, 9, 5));
  expect(() => lz4Frame(again, 8)).toThrow(RangeError);
  expect(() => lz4Frame(again, 10)).toThrow('LZ4 of 9 bytes, expected 10');
  expect(() => lz4Frame(frame(4, 0, 0, 0, 0x10, 9, 2, 0), 9)).toThrow('an LZ4 match beyond the end');
  expect(() => lz4Frame(Uint8Array.of(1, 2, 3, 4), 1)).toThrow('no LZ4 frame');
});

describe('snappy', () => {
  // The first example of its format description: a literal of one byte, and a copy of it.
  const ok = Uint8Array.of(5, 0x00, 97, 0x01, 0x01);
  test('a literal and a copy fit', () => {
    expect(() => checkSnappy(ok, 5)).not.toThrow();
  });

  test.each([
    ['a length of 2³¹ and more', Uint8Array.of(5, 0xfc, 0xff, 0xff, 0xff, 0xff, 0, 0)],
    ['more than there is', Uint8Array.of(5, 0xf0, 200, 1, 2)],
    ['fewer bytes than expected', Uint8Array.of(5, 0x00, 97)],
    ['nothing', new Uint8Array()],
  ])('%s', (_, bytes) => {
    expect(() => checkSnappy(bytes, 5)).toThrow(/^snappy data/);
  });
});
