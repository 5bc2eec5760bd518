// A record of a file's own texts is encoded to the bits of the file's row.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTable } from '../../src/table/index.js';
import { bits, encode, fitted } from './columns.js';

const options = { number: { scale: 'standard' }, category: { minFrequency: 1 }, text: {} } as const;

/** A file's cells as texts, by column; each column in one way of writing. */
const missing = fc.constantFrom('', 'NA', 'n/a', '?');
const digits = fc.integer({ min: -99999, max: 99999 });
const two = (number: number): string => String(number).padStart(2, '0');
const ways = {
  whole: digits.map(String),
  decimal: digits.map((n) => `${n},${two(Math.abs(n) % 100)}`),
  thousands: digits.map(
    (n) => `${n < 0 ? '\u2212' : ''}${Math.abs(n % 999) + 1}.${String(Math.abs(n * 7) % 1000).padStart(3, '0')},5`,
  ),
  percent: fc.nat(100).map((n) => `${n} %`),
  words: fc.constantFrom('ja', 'nein', 'Ja'),
  iso: fc
    .date({ min: new Date(0), max: new Date(2e12), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 19)),
  german: fc
    .tuple(fc.integer({ min: 1, max: 28 }), fc.integer({ min: 1, max: 12 }))
    .map(([d, m]) => `${two(d)}.${two(m)}.2021`),
  category: fc.constantFrom('red', 'green', 'None', 'été', '(rare)'),
} as const;
const names = Object.keys(ways) as (keyof typeof ways)[];

test('whatever its numbers, dates and words look like', async () => {
  // Of a few tables by chance all columns of a kind are something else.
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.tuple(
          ...names.map((name) => fc.oneof({ weight: 6, arbitrary: ways[name] }, { weight: 1, arbitrary: missing })),
        ),
        { minLength: 25, maxLength: 40 },
      ),
      async (rows) => {
        const text = [names.join(';'), ...rows.map((cells) => cells.join(';'))].join('\n');
        const { data } = await readTable(text);
        const encoder = fitted(data, { ...options, keepConstant: true });
        for (const kind of Object.values(encoder.kinds)) kinds.add(kind);
        const records = rows.map((cells) => Object.fromEntries(names.map((name, i) => [name, cells[i]])));
        expect(bits(encoder.encodeRecords(records).data)).toEqual(bits(encode(encoder, data)));
      },
    ),
    { numRuns: 50 },
  );
  expect(kinds.size).toBeGreaterThan(3);
});

test('objects are encoded to the bits of the table that is read from them', async () => {
  const typed = fc.record({
    number: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    count: fc.option(fc.integer()),
    flag: fc.option(fc.boolean()),
    when: fc.option(fc.date({ noInvalidDate: true })),
    colour: fc.option(fc.constantFrom('red', 'green', ' green ', 'NA', 'blue')),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(typed, { minLength: 25, maxLength: 40 }), async (objects) => {
      const { data } = await readTable(objects);
      const encoder = fitted(data, options);
      expect(bits(encoder.encodeRecords(objects).data)).toEqual(bits(encode(encoder, data)));
    }),
    { numRuns: 50 },
  );
});
