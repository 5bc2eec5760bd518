// Tables from files, URLs, the standard input and SQLite.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTable } from '../../src/node/index.js';
import { told } from '../helpers/told.js';

const formats = new URL('../golden/formats/', import.meta.url);
const path = (name: string): string => fileURLToPath(new URL(name, formats));
const content = (name: string): Uint8Array => readFileSync(path(name));
const folder = mkdtempSync(join(tmpdir(), 'simdense-tables-'));
const sqlite = await import('node:sqlite' as string).then(
  ({ DatabaseSync }) => DatabaseSync,
  () => undefined,
);
const expected = await readTable(path('table.csv'));
const same = (table: { readonly data: typeof expected.data }): void => expect(told(table)).toEqual(told(expected));

const wrong = join(folder, 'wrong.csv');
writeFileSync(wrong, 'a,b\n1,2\n3\n');

let server: Server;
let origin: string;
beforeAll(async () => {
  server = createServer(({ url = '', headers }, answer) => {
    const name = url.slice(1);
    if (name === 'page') answer.setHeader('content-type', 'text/html; charset=utf-8').end('<!doctype html><p>no');
    else if (name === 'circle') answer.writeHead(302, { location: '/circle' }).end();
    else if (name === 'moved') answer.writeHead(301, { location: '/table.csv' }).end();
    else if (name === 'broken') answer.writeHead(500).end();
    else if (name === 'cut') {
      answer.setHeader('content-length', '1000').write('a,b\n1,2\n');
      setTimeout(() => answer.destroy(), 50);
    } else if (name === 'closed') answer.destroy();
    else if (name === 'mine')
      answer.writeHead(headers.authorization === 'Basic bWU6c2VjcmV0' ? 200 : 401).end('a,b\n1,x\n2,y\n');
    else if (name.startsWith('table')) answer.end(content(name));
    else answer.writeHead(404).end('<h1>not found');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

describe('places', () => {
  test('a path, a file URL, a URL, one that has moved', async () => {
    for (const place of [
      path('table.jsonl'),
      new URL('table.csv.gz', formats),
      new URL('table.xlsx', formats).href,
      `${origin}/table.csv`,
      new URL(`${origin}/table.csv.gz`),
      `${origin}/moved`,
    ])
      same(await readTable(place));
  });

  test('a user and a password in a URL', async () => {
    expect((await readTable(`${origin.replace('//', '//me:secret@')}/mine`)).rows).toBe(2);
    await expect(readTable(`${origin.replace('//', '//me:wrong@')}/mine`)).rejects.toThrow(/^(?!.*wrong).* 401/);
  });

  test('the standard input', { timeout: 60_000 }, async () => {
    const program = `
      import { readTable } from '${new URL('../../src/node/index.ts', import.meta.url)}';
      console.log((await readTable('-')).describe());`;
    const run = (input: Uint8Array): Promise<string> =>
      new Promise((resolve) => {
        const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program]);
        let out = '';
        child.stdout.on('data', (part) => (out += part));
        child.stderr.on('data', (part) => (out += part));
        child.on('close', () => resolve(out));
        child.stdin.end(input);
      });
    const [first] = expected.describe().split('\n');
    expect(await run(content('table.csv'))).toContain(first);
    expect(await run(content('table.csv.gz'))).toContain(first);
    expect(await run(new Uint8Array())).toContain('readTable: standard input: there are no rows');
  });

  test('each file compressed by gzip', async () => {
    for (const name of ['table.xlsx', 'table.jsonl']) {
      const file = join(folder, `${name}.gz`);
      writeFileSync(file, gzipSync(content(name)));
      same(await readTable(file));
    }
  });
});

test('a gzip bomb is given up early; one cut short is said', async () => {
  const file = join(folder, 'bomb.csv.gz');
  writeFileSync(file, gzipSync(new Uint8Array(2e8)));
  const before = process.memoryUsage().rss;
  await expect(readTable(file)).rejects.toThrow(/bomb\.csv\.gz: the gzip file of \d+ KB expands to more than \d+ MB: /);
  expect(process.memoryUsage().rss - before).toBeLessThan(5e8);
  writeFileSync(file, gzipSync('a,b\n1,2\n').subarray(0, 20));
  await expect(readTable(file)).rejects.toThrow(/bomb\.csv\.gz: the gzip file is broken or cut short$/);
});

test.each([
  [() => join(folder, 'nothing.csv'), 'ARGUMENT', /^readTable: .*nothing\.csv: there is no such file$/],
  [() => folder, 'ARGUMENT', /: this is a folder, not a file$/],
  [() => `${origin}/nothing`, 'ARGUMENT', /^readTable: http:\S+\/nothing: the server answers 404 Not Found$/],
  [() => `${origin}/broken`, 'UNREACHABLE', /: the server answers 500 Internal Server Error$/],
  [() => `${origin}/page`, 'FORMAT', /: the answer is a web page \(text\/html\), no table/],
  [() => `${origin}/circle`, 'UNREACHABLE', /: the server redirects in a circle, or too often$/],
  [() => `${origin}/closed`, 'UNREACHABLE', /: no answer: /],
  [() => `${origin}/cut`, 'UNREACHABLE', /: the transfer breaks off: /],
  [() => 'http://127.0.0.1:9/x', 'UNREACHABLE', /^readTable: http:\/\/127\.0\.0\.1:9\/x: no answer: /],
  [() => 'ftp://example.com/x.csv', 'ARGUMENT', 'readTable(place): expected an http, https or file URL, got "ftp://'],
  [() => new URL('data:text/csv,a'), 'ARGUMENT', 'expected an http, https or file URL'],
  [
    () => 'a,b\n1,2\n',
    'ARGUMENT',
    /expected a path, a URL or - for the standard input, got "a,b.*simdense\/table reads texts/,
  ],
  [() => content('table.csv'), 'ARGUMENT', /simdense\/table reads texts, bytes, objects and streams$/],
  [() => '', 'ARGUMENT', 'expected a path'],
  [() => wrong, 'FORMAT', /^readTable: .*wrong\.csv: row 3 has 1 cell, the table 2 columns$/],
] as [() => string, string, string | RegExp][])('%s is refused', async (place, code, message) => {
  const read = readTable(place());
  await expect(read).rejects.toMatchObject({ code });
  await expect(read).rejects.toThrow(message);
});

test('options are looked at first', async () => {
  const nothing = join(folder, 'nothing.csv');
  await expect(readTable(nothing, { sep: ';' } as object)).rejects.toThrow(/unknown option "sep"/);
  await expect(readTable(nothing, { table: 5 } as object)).rejects.toThrow('readTable: table: expected a text, got 5');
  await expect(readTable(nothing, 'csv' as never)).rejects.toThrow('expected an object with options');
  await expect(readTable(path('table.csv'), { table: 'x' })).rejects.toThrow(/table: is only for SQLite$/);
});

describe.runIf(sqlite)('SQLite', () => {
  test('the only table; compressed; from a URL', async () => {
    same(await readTable(path('table.sqlite')));
    const file = join(folder, 'table.sqlite.gz');
    writeFileSync(file, gzipSync(content('table.sqlite')));
    same(await readTable(file));
    same(await readTable(`${origin}/table.sqlite`));
    same(await readTable(path('table.sqlite'), { table: 'fruit' }));
  });

  test('a query, several tables, bytes, whole numbers beyond 2⁵³', async () => {
    const file = join(folder, 'several.sqlite');
    const database = new sqlite(file);
    database.exec(`CREATE TABLE a (x INTEGER, "a ""name""" BLOB); CREATE TABLE "my table" (y);
      INSERT INTO a VALUES (9007199254740993, x'00ff'), (2, NULL); INSERT INTO "my table" VALUES (1.5), ('x')`);
    database.close();
    const table = await readTable(file, { table: 'a' });
    expect([table.row(0), table.row(1)]).toEqual([
      { x: '9007199254740993', 'a "name"': null },
      { x: '2', 'a "name"': null },
    ]);
    expect(table.data.notes).toEqual([expect.stringMatching(/holds bytes, which are taken for missing cells\.$/)]);
    expect((await readTable(file, { table: 'my table' })).row(1)).toEqual({ y: 'x' });
    expect((await readTable(file, { query: 'SELECT 2 * y AS z FROM "my table" WHERE y > 1' })).rows).toBe(2);
    for (const [o, message] of [
      [{}, /several\.sqlite: there are "a", "my table": choose one by table, or rows by query$/],
      [{ table: 'b' }, /table: there is no table "b"; there are "a", "my table"/],
      [{ query: 'SELECT z FROM a' }, /query: no such column: z/],
      [{ query: 'SELECT x, x FROM a' }, /query: two columns are called "x"; name them by AS$/],
      [{ query: 'DELETE FROM a' }, /readonly/],
      [{ query: 'SELECT 1', table: 'a' }, /both set/],
      [{ query: 'SELECT x FROM a WHERE x = 0' }, /there are no rows$/],
    ] as const)
      await expect(readTable(file, o)).rejects.toThrow(message);
  });

  test('a broken file', async () => {
    const file = join(folder, 'broken.sqlite');
    writeFileSync(file, content('table.sqlite').subarray(0, 5000));
    // SQLite itself takes missing pages for zeros.
    await expect(readTable(file)).rejects.toThrow(/broken\.sqlite: the SQLite file is cut short: 5000 bytes of 8192$/);
    const spoilt = content('table.sqlite').map((byte, i) => (i > 4096 && i < 4200 ? 255 : byte));
    writeFileSync(file, spoilt);
    await expect(readTable(file)).rejects.toMatchObject({ code: 'FORMAT' });
  });
});
