// One table in many formats and encodings, written by pandas, pyarrow, openpyxl and SQLite: see test/golden/README.md.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { fitPipeline } from '../../src/evaluate/index.js';
import { dense } from '../../src/index.js';
import { readTable as readPlace } from '../../src/node/index.js';
import { readTable, Table } from '../../src/table/index.js';
import { hasPeers } from '../helpers/peers.js';
import { told } from '../helpers/told.js';

const folder = new URL('../golden/formats/', import.meta.url);
const bytesOf = (name: string) => new Uint8Array(readFileSync(new URL(name, folder)));

const parquet = await hasPeers('hyparquet');
const compressed = parquet && (await hasPeers('hyparquet-compressors'));
const arrow = await hasPeers('@uwdata/flechette');
const files: readonly (readonly [name: string, runs: boolean])[] = [
  ['table-semicolons.csv', true],
  ['table.tsv', true],
  ['table.csv.gz', true],
  ['table-utf16.csv', true],
  ['table-windows-1252.csv', true],
  ['table.json', true],
  ['table.jsonl', true],
  ['table-none.parquet', parquet],
  ['table-snappy.parquet', parquet],
  ['table-pages-2.parquet', parquet],
  ...['gzip', 'zstd', 'brotli', 'lz4'].map((codec) => [`table-${codec}.parquet`, compressed] as const),
  ['table-uncompressed.feather', arrow],
  ['table-lz4.feather', arrow],
  ['table-zstd.feather', arrow && compressed],
  ['table.arrows', arrow],
  ['table.xlsx', true],
];

/** What a model is made from. How the words of booleans and decimals are written belongs to the file. */
const essence = ({ data }: Table) => ({
  rows: data.rows,
  columns: told({ data }),
});

/** The file of a pipeline, without how booleans and decimals were written. */
const modelOf = async ({ data }: Table): Promise<Uint8Array> => {
  const table = new Table({ ...data, columns: data.columns.map(({ format: _, ...column }) => column) });
  const fitted = await fitPipeline(
    { layers: [dense({ units: 4, activation: 'relu' })], fit: { epochs: 3 } },
    table,
    'ripe',
    { seed: 1 },
  );
  return fitted.save();
};

describe('one table in many formats: the same table, and the same model to the bit', async () => {
  const expected = await readTable(bytesOf('table.csv'));
  const model = await modelOf(expected);

  test('what it is', () => {
    expect(expected.columns.map(({ name, kind, missing }) => `${name} ${kind} ${missing}`)).toEqual([
      'size number 0',
      'count number 6',
      'city category 5',
      'open boolean 4',
      'since date 7',
      'ripe category 0',
    ]);
  });

  const isTheSame = async (table: Table): Promise<void> => {
    expect(essence(table)).toEqual(essence(expected));
    expect(await modelOf(table)).toEqual(model);
  };
  for (const [name, runs] of files) test.runIf(runs)(name, async () => isTheSame(await readTable(bytesOf(name))));

  test('an array of objects', async () => {
    await isTheSame(await readTable(Array.from({ length: expected.rows }, (_, row) => expected.row(row))));
  });

  test.runIf(await import('node:sqlite' as string).catch(() => undefined))('table.sqlite', async () => {
    await isTheSame(await readPlace(new URL('table.sqlite', folder)));
  });
});
