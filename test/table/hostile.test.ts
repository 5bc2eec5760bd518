// Encoders from files that something has changed, and cells that nobody meant: refused, or numbers.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SimdenseError } from '../../src/base/errors.js';
import { type Encoder, encoderOf } from '../../src/table/encoders/encoder.js';
import { numberReader } from '../../src/table/encoders/read-cell.js';
import { anyOptions, anyTable, encode, fitted, records } from './columns.js';

const junk = fc.oneof(
  fc.constantFrom(
    null,
    true,
    '',
    'quantile',
    0,
    -1,
    1e308,
    -1e308,
    5e-324,
    1e9,
    [],
    {},
    [1],
    [[1, 2]],
    [[-1e308, 1e308]],
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Another value somewhere in a JSON value: at the place that `draw` leads to. */
function changed(value: unknown, by: unknown, draw: () => number): unknown {
  if (typeof value !== 'object' || value === null || draw() % 4 === 0) return by;
  const keys = Object.keys(value);
  if (keys.length === 0) return by;
  const key = keys[draw() % keys.length]!;
  const part = (value as Record<string, unknown>)[key];
  if (Array.isArray(value)) return value.map((each, i) => (String(i) === key ? changed(part, by, draw) : each));
  return { ...value, [key]: changed(part, by, draw) };
}

/** The outcome, where the only errors are ours. */
function outcome<T>(of: () => T): T | string {
  try {
    return of();
  } catch (error) {
    expect(error).toBeInstanceOf(SimdenseError);
    return (error as SimdenseError).code;
  }
}

test('a changed file is refused, or an encoder whose features are finite', () => {
  let [taken, refused] = [0, 0];
  fc.assert(
    fc.property(anyTable, anyOptions, junk, fc.infiniteStream(fc.nat()), (data, options, by, stream) => {
      const encoder = outcome(() => fitted(data, options));
      if (typeof encoder === 'string') return;
      const json = changed(JSON.parse(JSON.stringify(encoder)), by, () => stream.next().value!);
      const again = outcome(() => encoderOf(json)) as Encoder | string;
      if (typeof again === 'string') {
        refused++;
        expect(again).toBe('FORMAT');
        return;
      }
      taken++;
      expect(new Set(again.features).size).toBe(again.features.length);
      const numbers = outcome(() => encode(again, data));
      if (typeof numbers === 'string') expect(numbers).toBe('DATA');
      else expect(numbers.every(Number.isFinite)).toBe(true);
    }),
    { numRuns: 1000 },
  );
  expect([taken > 0, refused > 0]).toEqual([true, true]);
});

test('a cell of anything is refused, or a finite feature', () => {
  fc.assert(
    fc.property(
      anyTable,
      anyOptions,
      fc.array(fc.anything({ withBigInt: true, withDate: true, withTypedArray: true }), { minLength: 5, maxLength: 5 }),
      (data, options, cells) => {
        const encoder = outcome(() => fitted(data, options));
        if (typeof encoder === 'string') return;
        const record = Object.fromEntries(encoder.columns.map((name, i) => [name, cells[i]]));
        const numbers = outcome(() => encoder.encodeRecords([...records(data), record]).data);
        if (typeof numbers === 'string') expect(numbers).toBe('DATA');
        else expect(numbers.every(Number.isFinite)).toBe(true);
      },
    ),
    { numRuns: 1000 },
  );
});

test('a number is read as JavaScript writes it, with either sign of decimals', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(numberReader()(String(value))! + 0).toBe(value + 0);
      expect(numberReader({ decimal: ',' })(String(value).replace('.', ','))! + 0).toBe(value + 0);
    }),
  );
});

test('a text that takes long to read is read in linear time', () => {
  const lengths = [1e5, 1e6];
  for (const shape of ['1', '1,', ',111', '1.1', ' ', '-', '%', '1 111'])
    for (const length of lengths) {
      const began = performance.now();
      numberReader()(`${shape.repeat(length / shape.length)}x`);
      numberReader({ decimal: ',' })(`${shape.repeat(length / shape.length)}x`);
      expect(performance.now() - began).toBeLessThan(1000);
    }
});
