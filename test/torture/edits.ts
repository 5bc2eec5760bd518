// Ways to spoil bytes and texts, as fast-check draws them.
import fc from 'fast-check';

export interface Edit {
  readonly kind: 'set' | 'flip' | 'cut' | 'insert' | 'repeat' | 'swap' | 'number';
  readonly at: number;
  readonly value: number;
}

const edit: fc.Arbitrary<Edit> = fc.record({
  kind: fc.constantFrom('set', 'flip', 'cut', 'insert', 'repeat', 'swap', 'number'),
  at: fc.nat(1 << 20),
  value: fc.nat(255),
});
export const edits = fc.array(edit, { minLength: 1, maxLength: 5 });

/** Digits that parsers trip over. */
const numbers = ['0', '-1', '1e999', '4294967296', '99999999999999999999', 'null', '"', '{', '[]', '__proto__', 'NaN'];

export function spoil(bytes: Uint8Array, all: readonly Edit[]): Uint8Array {
  let out: Uint8Array = bytes.slice();
  for (const { kind, at, value } of all) {
    if (out.length === 0) return out;
    // Half of the edits are near the beginning, where headers are.
    const place = (value & 1 ? at : at % 512) % out.length;
    if (kind === 'set') out[place] = value;
    else if (kind === 'flip') out[place] = (out[place] as number) ^ (1 << (value & 7));
    else if (kind === 'cut')
      out = value & 2 ? out.slice(0, place) : join(out.subarray(0, place), out.subarray(place + (value >> 2)));
    else if (kind === 'insert') out = join(out.subarray(0, place), Uint8Array.of(value), out.subarray(place));
    else if (kind === 'repeat')
      out = join(out.subarray(0, place), out.subarray(Math.max(0, place - value)), out.subarray(place));
    else if (kind === 'swap')
      [out[place], out[at % out.length]] = [out[at % out.length] as number, out[place] as number];
    else
      out = join(
        out.subarray(0, place),
        new TextEncoder().encode(numbers[value % numbers.length] as string),
        out.subarray(place),
      );
    if (out.length > 1 << 16) out = out.slice(0, 1 << 16);
  }
  return out;
}

function join(...parts: Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
