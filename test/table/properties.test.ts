// What holds for every table and every option.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encoderOf } from '../../src/table/encoders/encoder.js';
import { anyOptions, anyTable, bits, column, encode, fitted, records, selected, table } from './columns.js';

/** A table of which some cell of some column is there, and an encoder of it; undefined where nothing is left to learn from. */
const anyFitted = fc.tuple(anyTable, anyOptions).map(([data, options]) => {
  try {
    return { data, options, encoder: fitted(data, options) };
  } catch {
    return undefined;
  }
});

test('an encoder is fitted, but for tables without any cell', () => {
  fc.assert(
    fc.property(anyTable, anyOptions, (data, options) => {
      const empty = data.columns.every(({ cells }) =>
        'codes' in cells ? cells.codes.every((code) => code < 0) : cells.values.every(Number.isNaN),
      );
      fc.pre(!empty);
      try {
        expect(fitted(data, options).features.length).toBeGreaterThan(0);
      } catch (error) {
        // Without a scale, numbers such as 1e300 are beyond float32.
        expect([String(error), options.number?.scale]).toEqual([
          expect.stringMatching(/float32 (rounds|holds)/),
          'none',
        ]);
      }
    }),
  );
});

test('no feature is NaN or infinite, and no two features have one name', () => {
  fc.assert(
    fc.property(anyFitted, anyTable, (made, other) => {
      fc.pre(made !== undefined);
      const { data, encoder } = made!;
      expect(encode(encoder, data).every(Number.isFinite)).toBe(true);
      expect(new Set(encoder.features).size).toBe(encoder.features.length);
      // Cells of any other table in the same kinds.
      const cells = {
        ...data,
        rows: other.rows,
        columns: data.columns.map((each) => ({ ...each, ...pad(other, each.holds) })),
      };
      expect(encode(encoder, cells).every(Number.isFinite)).toBe(true);
    }),
    { numRuns: 300 },
  );
});

/** The cells of a column that holds the same, or missing ones. */
function pad(other: ReturnType<typeof table>, holds: string) {
  const found = other.columns.find((each) => each.holds === holds);
  if (found) return { cells: found.cells };
  const none =
    holds === 'text'
      ? column('', 'text', Array(other.rows).fill(null))
      : column('', 'number', Array(other.rows).fill(null));
  return { cells: none.cells };
}

test('records, and the encoder from JSON, give the bits of the table', () => {
  fc.assert(
    fc.property(anyFitted, (made) => {
      fc.pre(made !== undefined);
      const { data, encoder } = made!;
      const expected = bits(encode(encoder, data));
      expect(bits(encoder.encodeRecords(records(data)).data)).toEqual(expected);
      const again = encoderOf(JSON.parse(JSON.stringify(encoder)));
      expect(bits(encode(again, data))).toEqual(expected);
      expect(again.features).toEqual(encoder.features);
      expect(JSON.stringify(again)).toBe(JSON.stringify(encoder));
    }),
    { numRuns: 300 },
  );
});

test('fitting on rows is fitting on the table of those rows, in any order', () => {
  fc.assert(
    fc.property(
      anyTable,
      anyOptions,
      fc.infiniteStream(fc.nat()),
      fc.integer({ min: 1, max: 20 }),
      (data, options, stream, count) => {
        const rows = Int32Array.from({ length: count }, () => stream.next().value! % data.rows);
        const part = selected(data, rows);
        let encoder: ReturnType<typeof fitted>;
        try {
          encoder = fitted(part, options);
        } catch {
          expect(() => fitted(data, options, rows)).toThrow(/no column is left|float32 rounds|float32 holds/);
          return;
        }
        expect(fitted(data, options, rows).toJSON()).toEqual(encoder.toJSON());
        expect(fitted(data, options, rows.slice().reverse()).toJSON()).toEqual(encoder.toJSON());
        expect(bits(encode(encoder, data, rows))).toEqual(bits(encode(encoder, part)));
      },
    ),
  );
});

test('Unix seconds that are 200 apart keep their differences (a table of 200 of them has 200 distinct features)', () => {
  const seconds = column(
    'at',
    'number',
    Array.from({ length: 200 }, (_, i) => 1.7e9 + 200 * i),
  );
  for (const scale of ['standard', 'robust', 'quantile', 'minMax', 'spread'] as const) {
    const encoder = fitted(table(seconds), { number: { scale } });
    const numbers = encode(encoder, table(seconds));
    expect(new Set(numbers).size).toBe(200);
    expect(numbers).toEqual(numbers.slice().sort());
  }
});
