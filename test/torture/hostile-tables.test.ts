// Spoilt tables: each is read, or refused with a SimdenseError that says where it is wrong; and time grows as the file does.
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SimdenseError } from '../../src/index.js';
import { readTable } from '../../src/table/index.js';
import { edits, spoil } from './edits.js';
import { readOrRefused } from './read-or-refused.js';
import { rounds } from './rounds.js';

const RUNS = rounds(10_000, 1000);

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const csv = 'id,price,kind,when,open\n1,"1,234.5",x,2000-01-31,yes\n2,$3,"y, z",2001-12-01,no\n3,NA,x,,yes\n';
const records = [
  { a: 1.5, b: 'x', c: true, d: [1] },
  { a: null, b: 'y', e: 'Jan 1 2000' },
];
const samples: Readonly<Record<string, readonly Uint8Array[]>> = {
  CSV: [bytes(csv), bytes(csv.replaceAll(',', ';')), bytes('1\t2\n3\t4\n'), bytes('x\n3,14\n2,5\n')],
  'UTF-16': [new Uint8Array(Uint16Array.from(`\uFEFF${csv}`, (c) => c.charCodeAt(0)).buffer)],
  JSON: [
    bytes(JSON.stringify(records)),
    bytes(JSON.stringify({ a: [1, 2], b: ['x', null] })),
    bytes('[["a","b"],[1,2]]'),
  ],
  'JSON Lines': [bytes(records.map((record) => JSON.stringify(record)).join('\n'))],
  gzip: [new Uint8Array(gzipSync(csv))],
};

describe('spoilt files are read, or refused', () => {
  test.each(Object.entries(samples))('%s', { timeout: 1e9 }, async (_, files) => {
    const refused = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...files), edits, async (file, how) => {
        refused.add(await readOrRefused(spoil(file, how)));
      }),
      { numRuns: RUNS },
    );
    expect(refused.size).toBeGreaterThan(1);
  });
});

const times = (n: number, text: string): string => text.repeat(n);
const list = (n: number, of: (i: number) => string): string => Array.from({ length: n }, (_, i) => of(i)).join(',');

/** Tables that a reader may take more than linear time for. */
const large: Readonly<Record<string, (n: number) => string | Uint8Array>> = {
  columns: (n) => `${list(n / 20, (i) => `c${i}`)}\n${list(n / 20, String)}\n${list(n / 20, String)}\n`,
  'columns of one name': (n) => `${list(n / 20, () => 'a')}\n${list(n / 20, String)}\n`,
  quotes: (n) => `a,b\n${times(n, '"')}`,
  'an open quote': (n) => `a,b\n"${times(n / 4, '1,2\n')}`,
  'quotes within': (n) => `a,b\n"${times(n / 2, 'x"')}`,
  'one quoted cell': (n) => `a,b\n1,"${times(n / 2, 'x\n')}"`,
  'blank lines': (n) => `a,b\n1,2\n${times(n, '\n')}1\n`,
  delimiters: (n) => `a,b\n${times(n, ',')}`,
  brackets: (n) => times(n, '['),
  'digits and an x': (n) => `a,b\n${times(n, '1')}x,1\n2,2\n`,
  'white space and an x': (n) => `a,b\n${times(n, ' ')}x,1\n2,2\n`,
  'groups of thousands': (n) => `a;b\n1${times(n / 4, ',234')};1\n2;2\n`,
  zeros: (n) => new Uint8Array(n),
  'objects in one another': (n) => `${times(n / 6, '{"a":')}1${times(n / 6, '}')}`,
};

test.each(Object.entries(large))('time grows as the file does: %s', { timeout: 60_000 }, async (_, of) => {
  const timed = async (n: number): Promise<number> => {
    const file = of(n);
    const start = performance.now();
    await readTable(file).catch((error) => expect(error).toBeInstanceOf(SimdenseError));
    return performance.now() - start;
  };
  // Half a second is what a busy machine may add; quadratic time would be minutes.
  await timed(50_000);
  const short = await timed(100_000);
  expect(await timed(1_600_000)).toBeLessThan(16 * 6 * short + 500);
});
