// Spoilt Parquet, Arrow and xlsx files, and files that were made to fill the memory: each is read, or refused with a SimdenseError.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTable as readPlace } from '../../src/node/index.js';
import { readTable } from '../../src/table/index.js';
import { hasPeers } from '../helpers/peers.js';
import { unzipped, workbook, zipped } from '../helpers/workbook.js';
import { type Edit, edits, spoil } from './edits.js';
import { readOrRefused } from './read-or-refused.js';
import { rounds } from './rounds.js';

const RUNS = rounds(10_000, 500);
const file = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../golden/formats/${name}`, import.meta.url)));

const parquet = await hasPeers('hyparquet', 'hyparquet-compressors');
const arrow = await hasPeers('@uwdata/flechette', 'hyparquet-compressors');

const sqlite = await import('node:sqlite' as string).catch(() => undefined);

const samples: Readonly<Record<string, readonly [runs: boolean, files: readonly string[]]>> = {
  Parquet: [
    parquet,
    ['types', ...['none', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4', 'pages-2'].map((codec) => `table-${codec}`)].map(
      (name) => `${name}.parquet`,
    ),
  ],
  Arrow: [
    arrow,
    ['types.feather', 'table.arrows', ...['uncompressed', 'lz4', 'zstd'].map((codec) => `table-${codec}.feather`)],
  ],
  xlsx: [true, ['table.xlsx', 'people.xlsx']],
};

/** Ends where a file of columns has what it says of itself. */
const spoilEnd = (bytes: Uint8Array, how: readonly Edit[]): Uint8Array =>
  spoil(bytes.slice().reverse(), how).slice().reverse();

describe('spoilt files are read, or refused', () => {
  for (const [format, [runs, names]] of Object.entries(samples))
    test.runIf(runs)(format, { timeout: 1e9 }, async () => {
      const files = names.map(file);
      for (const each of files) expect(await readOrRefused(each)).toBe('read');
      const answers = new Set<string>();
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...files), edits, fc.boolean(), async (bytes, how, atEnd) => {
          answers.add(await readOrRefused(atEnd ? spoilEnd(bytes, how) : spoil(bytes, how)));
        }),
        { numRuns: RUNS },
      );
      expect(answers.size).toBeGreaterThan(2);
    });

  // A million mutations found it: the library took a run of 107 million indices of no bits out of the numbers.
  test.runIf(parquet)('a page of version 2 that says dictionary where it has none', async () => {
    const bytes = file('table-pages-2.parquet');
    // The encoding of its first page.
    bytes[20] = (bytes[20] as number) ^ 2;
    expect(await readOrRefused(bytes)).toMatch(/a run of \d+ values, where 60 are left/);
  });

  test('the files of a workbook', { timeout: 1e9 }, async () => {
    const books = ['table.xlsx', 'people.xlsx'].map((name) => unzipped(file(name)));
    const answers = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...books), fc.nat(100), edits, async (book, at, how) => {
        const names = [...book.keys()].filter((name) => name.startsWith('xl/') && !/theme/.test(name));
        const name = names[at % names.length] as string;
        const spoilt = new Map(book).set(name, spoil(book.get(name) as Uint8Array, how));
        answers.add(await readOrRefused(zipped(spoilt, false)));
      }),
      { numRuns: RUNS },
    );
    expect(answers.size).toBeGreaterThan(2);
  });
});

test.runIf(sqlite)('spoilt SQLite files', { timeout: 1e9 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'simdense-spoilt-'));
  const place = join(folder, 'table.sqlite');
  const bytes = file('table.sqlite');
  const answers = new Set<string>();
  // The mark stays, or it is no SQLite; an ARGUMENT is a table that has lost its name.
  await fc.assert(
    fc.asyncProperty(edits, async (how) => {
      const spoilt = new Uint8Array([...bytes.subarray(0, 16), ...spoil(bytes.subarray(16), how)]);
      writeFileSync(place, spoilt);
      answers.add(await readOrRefused(spoilt, () => readPlace(place)));
    }),
    // Each is written to a disk.
    { numRuns: rounds(10_000, 300, 100_000) },
  );
  rmSync(folder, { recursive: true });
  expect(answers.size).toBeGreaterThan(2);
});

// To make the files takes longer than to refuse them.
describe('files that claim more than a memory holds', { timeout: 120_000 }, () => {
  /** Microseconds of computing, and bytes of memory, that a small file may take. */
  const refusedSoon = async (bytes: Uint8Array, message: RegExp): Promise<void> => {
    const [start, before] = [process.cpuUsage(), process.memoryUsage().rss];
    const read = readTable(bytes);
    await expect(read).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    await expect(read).rejects.toThrow(message);
    expect(process.cpuUsage(start).user).toBeLessThan(10e6);
    expect(process.memoryUsage().rss - before).toBeLessThan(1e9);
  };

  test('a gzip bomb', async () => {
    const bomb = gzipSync(new Uint8Array(4e8));
    await refusedSoon(
      new Uint8Array(bomb),
      /^readTable: the gzip file of 389 KB expands to more than \d+ MB: decompress it first/,
    );
  });

  test('a workbook that is one', async () => {
    const row = '<row><c><v>1</v></c></row>';
    await refusedSoon(workbook(row.repeat(6e6)), /^readTable: the xlsx file of \d+ KB expands to more than/);
  });

  test.runIf(parquet)('a Parquet file of a billion rows', async () => {
    await refusedSoon(
      file('billion.parquet'),
      /^readTable: the Parquet file of \d KB claims to have 1000000000 rows of 1 column$/,
    );
  });

  test.runIf(arrow)('an Arrow batch of 2⁴⁰ rows', async () => {
    const bytes = file('types.feather');
    // Its length and those of its columns: 3, in 8 bytes each.
    const view = new DataView(bytes.buffer);
    for (let at = 8; at + 8 <= bytes.length; at += 8)
      if (view.getBigInt64(at, true) === 3n) view.setBigInt64(at, 2n ** 40n, true);
    await refusedSoon(bytes, /^readTable: the Arrow file of \d KB claims to have 1099511627776 rows/);
  });
});
