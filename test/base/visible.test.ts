// Text for people contains no characters that control a terminal or change the direction of text, whatever its source.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refuse, show } from '../../src/base/checks.js';
import { SimdenseError } from '../../src/base/errors.js';
import { visible } from '../../src/base/visible.js';
import { Matrix } from '../../src/index.js';

/** The direction controls of Unicode's UAX 9, and the terminal controls of ECMA-48: C0, DEL and C1. */
const obeyed = (code: number): boolean =>
  code < 0x20 ||
  (code >= 0x7f && code < 0xa0) ||
  [0x61c, 0x200e, 0x200f, 0x2028, 0x2029].includes(code) ||
  (code >= 0x202a && code <= 0x202e) ||
  (code >= 0x2066 && code <= 0x2069);

const harmless = (text: string): boolean =>
  !/\p{Cs}/u.test(text) && !Array.from(text, (char) => char.codePointAt(0) as number).some(obeyed);

/** Texts of any code units, including lone surrogates. */
const anyUnits = fc
  .array(fc.oneof(fc.nat(0xffff), fc.nat(0x2ff), fc.integer({ min: 0x2000, max: 0x20ff })), { maxLength: 60 })
  .map((units) => units.map((unit) => String.fromCharCode(unit)).join(''));

describe('first-contact row 72', () => {
  test('texts of any code units become harmless, and stay as they are then', () => {
    fc.assert(
      fc.property(anyUnits, (text) => {
        const seen = visible(text);
        expect(harmless(seen)).toBe(true);
        expect(visible(seen)).toBe(seen);
      }),
    );
  });

  test('what hides: a soft hyphen', () => {
    expect(visible('pass\u00adword')).toBe('pass\\u00adword');
  });

  test('what can be read stays: accents, emoji of several parts, Arabic, Hebrew', () => {
    const text = 'größe 👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 مرحبا שלום 価格';
    expect(visible(text)).toBe(text);
  });

  test('is escaped as JavaScript writes it', () => {
    expect(visible('a\u001b[2Jb\u0007\n\u202ec\ud800')).toBe('a\\u001b[2Jb\\u0007\\u000a\\u202ec\\ud800');
  });

  test('every message of a SimdenseError is harmless, whatever it was given', () => {
    fc.assert(
      fc.property(anyUnits, (text) => {
        const named = { constructor: { name: text } };
        for (const value of [text, named, Symbol(text), [text]]) {
          expect(harmless(show(value))).toBe(true);
          expect(() => refuse(text, 'something else', value)).toThrow(SimdenseError);
        }
        expect(harmless(new SimdenseError('DATA', `x: ${text}`).message)).toBe(true);
      }),
    );
    expect(() => new Matrix('\u001b[31m' as never, 1)).toThrow('Matrix(data): expected numbers, got "\\u001b[31m"');
  });

  test('a long text is cut between characters', () => {
    expect(show(`${'a'.repeat(36)}😀${'b'.repeat(9)}`)).toBe(`"${'a'.repeat(36)}…"`);
    expect(show(Symbol('c'.repeat(90))).length).toBeLessThan(42);
  });
});
