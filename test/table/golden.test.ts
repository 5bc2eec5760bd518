// Encoders against scikit-learn's ColumnTransformer: see test/golden/README.md.
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import type { EncoderOptions } from '../../src/table/encoders/options.js';
import type { Cell, Kind } from '../../src/table/kind.js';
import { distance } from '../helpers/numbers.js';
import { bits, column, encode, fitted, records, table } from './columns.js';

interface Case {
  readonly train: number;
  readonly columns: readonly { readonly name: string; readonly kind: Kind; readonly cells: readonly Cell[] }[];
  readonly options: NonNullable<EncoderOptions['columns']>;
  readonly expected: readonly (readonly number[])[];
}
const file = new URL('../golden/encoders.json.gz', import.meta.url);
const { cases } = JSON.parse(gunzipSync(readFileSync(file)).toString()) as { cases: Case[] };

test.each(cases.map((each, i) => [i, each] as const))('table %i', (_, { train, columns, options, expected }) => {
  const data = table(...columns.map(({ name, kind, cells }) => column(name, kind, cells)));
  const rows = Int32Array.from({ length: train }, (_, row) => row);
  const encoder = fitted(data, { columns: options, keepConstant: true }, rows);
  const numbers = encode(encoder, data);
  expect(encoder.features.length).toBe(expected[0]?.length);
  expect(distance(numbers, expected.flat())).toBeLessThan(1e-6);
  expect(bits(encoder.encodeRecords(records(data)).data)).toEqual(bits(numbers));
});

test('the tables have what matters', () => {
  const kinds = new Set(cases.flatMap(({ columns }) => columns.map(({ kind }) => kind)));
  expect([...kinds].sort()).toEqual(['boolean', 'category', 'date', 'number', 'text']);
  const lacking = cases.filter(({ columns }) => columns.some(({ cells }) => cells.includes(null)));
  const unseen = cases.filter(({ columns }) => columns.some(({ cells }) => cells.includes('unseen')));
  expect([cases.length, lacking.length > 20, unseen.length > 10]).toEqual([60, true, true]);
});
