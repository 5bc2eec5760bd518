import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, encode } from '../../src/node/codec.js';

test('numbers, typed arrays and names of every kind come back to the same bits', () => {
  const leaf = fc.oneof(
    fc.double(),
    fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, null, true),
    fc.string(),
    fc.float32Array(),
    fc.int32Array(),
    fc.uint8Array(),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ depthSize: 'small' }, leaf, tie('list'), tie('object')),
    list: fc.array(tie('tree'), { maxLength: 5 }),
    object: fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$typed', '$number', '$object')), tie('tree'), {
      maxKeys: 5,
    }),
  }));
  fc.assert(
    fc.property(tree, (value) => {
      const back = decode(JSON.parse(JSON.stringify(encode(value))));
      expect(bits(back)).toEqual(bits(value));
    }),
    { numRuns: 500 },
  );
});

/** Turns objects into lists of entries, to ignore prototypes: fast-check makes objects without one. */
function bits(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bits);
  if (ArrayBuffer.isView(value) || typeof value !== 'object' || value === null) return value;
  return Object.entries(value).map(([key, inner]) => [key, bits(inner)]);
}

test('a part of a buffer is sent alone', () => {
  const all = Float32Array.of(1, 2, 3, 4);
  expect(decode(encode(all.subarray(1, 3)))).toEqual(Float32Array.of(2, 3));
});

test.each([
  { $typed: 'Map', bytes: '' },
  { $typed: 'Float32Array', bytes: 'AAA=' },
  { $typed: 'Float32Array' },
  { $number: '1' },
  { $object: 3 },
  JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`),
])('what it does not write is refused: %#', (value) => {
  expect(() => decode(value)).toThrow(expect.objectContaining({ code: 'FORMAT' }));
});
