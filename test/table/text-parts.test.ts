// The parts of a text are together the text, however its bytes come.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textParts } from '../../src/table/readers/text-parts.js';

const blocks = (bytes: Uint8Array, sizes: readonly number[]): Uint8Array[] => {
  const out: Uint8Array[] = [];
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = sizes[i % sizes.length] as number;
    out.push(bytes.subarray(at, at + size));
    at += size;
  }
  return out;
};

test('whatever characters they cut', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '€', '😀', '\n', 'zz'), maxLength: 300 });
  const sizes = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(text, sizes, fc.constantFrom(1, 3000), (some, cuts, times) => {
      const whole = some.repeat(times);
      const bytes = blocks(
        new TextEncoder().encode(whole),
        cuts.map((size) => size * times),
      );
      return [...textParts(bytes, { encoding: 'utf-8' })].join('') === whole;
    }),
    { numRuns: 300 },
  );
});

test('bytes that are no UTF-8 are told, also after many that are', () => {
  const bytes = new Uint8Array(1e6).fill(97);
  bytes[999_000] = 0xe9;
  expect(() => [...textParts([bytes], { encoding: 'utf-8' })]).toThrow();
});
