// Where a table may come from: each format, a database, a URL, the standard input.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasPeers } from '../helpers/peers.js';
import { cli, workplace } from './run.js';

const { folder, file, run, write } = workplace();
const content = (name: string) => readFileSync(new URL(`../golden/formats/${name}`, import.meta.url));
const parquet = await hasPeers('hyparquet', 'hyparquet-compressors');
const arrow = await hasPeers('@uwdata/flechette', 'hyparquet-compressors');
const sqlite = process.allowedNodeEnvironmentFlags.has('--no-experimental-sqlite');

const names = [
  'table.csv',
  'table.json',
  'table.jsonl',
  'table.xlsx',
  'table-utf16.csv',
  ...(parquet ? ['table-zstd.parquet'] : []),
  ...(arrow ? ['table-zstd.feather'] : []),
  ...(sqlite ? ['table.sqlite'] : []),
];
for (const name of [...names, 'people.xlsx']) write(name, content(name));

const training = ['--target', 'ripe', '--epochs', '3', '--report', 'none', '--force', '--out'];

/** The kinds that describe finds. */
const kindsOf = (name: string) =>
  JSON.parse(run('describe', name, '--json').out).columns.map(({ name, kind }: { name: string; kind: string }) => [
    name,
    kind,
  ]);

test.each(names)('%s', (name) => {
  expect(kindsOf(name)).toEqual(kindsOf('table.csv'));
  const { status, err } = run('train', name, ...training, `${name}.model`);
  // Node 22 and 24 say that node:sqlite is an experiment.
  const said = err.split('\n').filter((line) => !/ExperimentalWarning: SQLite|--trace-warnings/.test(line));
  expect([status, said.join('')]).toEqual([0, '']);
  const { out } = run('predict', `${name}.model`, name, '--json');
  const predictions = (text: string) => JSON.parse(text).predictions;
  run('train', 'table.csv', ...training, 'csv.model');
  expect(predictions(out)).toEqual(predictions(run('predict', 'csv.model', 'table.csv', '--json').out));
});

test('a sheet by name or number', () => {
  const note = /^The first of 2 sheets is read: "Obst"\. --sheet chooses another\.$/;
  expect(JSON.parse(run('describe', 'table.xlsx', '--json').out).notes).toEqual([expect.stringMatching(note)]);
  const described = run('describe', 'people.xlsx', '--sheet', '1');
  expect(described.status).toBe(0);
  expect(run('describe', 'people.xlsx', '--sheet', 'nobody').err).toMatch(
    /^simdense: people\.xlsx: --sheet: there is no sheet "nobody"; there are "/,
  );
  expect(run('describe', 'table.csv', '--sheet', '1').err).toBe(
    'simdense: table.csv: --sheet: is about xlsx, and this is CSV',
  );
  expect(run('describe', 'table.json', '--delimiter', ';').err).toBe(
    'simdense: table.json: --delimiter: is about CSV, and this is JSON',
  );
});

test.runIf(sqlite)('a table of a database, and a query', async () => {
  const { DatabaseSync } = await import('node:sqlite' as string);
  const database = new DatabaseSync(file('two.db'));
  database.exec('CREATE TABLE a (x); CREATE TABLE b (y); INSERT INTO a VALUES (1), (2); INSERT INTO b VALUES (3)');
  database.close();
  const rowsOf = (...args: string[]) => JSON.parse(run('describe', 'two.db', '--json', ...args).out).rows;
  expect(rowsOf('--sheet', 'a')).toBe(2);
  expect(rowsOf('--query', 'SELECT y FROM b')).toBe(1);
  expect(run('describe', 'two.db').err).toMatch(
    /two\.db: there are "a", "b": choose one by --sheet, or rows by --query$/,
  );
  expect(run('describe', 'two.db', '--sheet', 'c').err).toMatch(/two\.db: --sheet: there is no table "c"/);
  expect(run('describe', 'two.db', '--sheet', 'a', '--query', 'SELECT 1').err).toMatch(
    /--query: .* leave out --sheet$/,
  );
  expect(run('describe', 'table.csv', '--query', 'SELECT 1').err).toBe(
    'simdense: table.csv: --query: is only for SQLite',
  );
});

test('the standard input, in any format', () => {
  for (const name of names) {
    const args = [cli, 'describe', '-', '--json'];
    const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', input: content(name) });
    expect(JSON.parse(stdout).rows).toBe(JSON.parse(run('describe', 'table.csv', '--json').out).rows);
  }
});

describe('a URL', () => {
  const server = createServer(({ url, headers }, response) => {
    if (url === '/private/table.csv' && headers.authorization === undefined) response.writeHead(401).end();
    else if (url?.endsWith('table.csv') || url?.endsWith('?f=xlsx'))
      response.end(content(url.endsWith('xlsx') ? 'table.xlsx' : 'table.csv'));
    else response.writeHead(404).end();
  });
  let origin = '';
  beforeAll(async () => {
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    origin = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  /** The server runs in this process, so nothing may wait for the command here. */
  const ran = (...args: string[]) =>
    new Promise<{ status: number | null; out: string; err: string }>((done) => {
      const child = spawn(process.execPath, [cli, ...args], { cwd: folder });
      let [out, err] = ['', ''];
      child.stdout.on('data', (part) => {
        out += part;
      });
      child.stderr.on('data', (part) => {
        err += part;
      });
      child.on('close', (status) => done({ status, out, err: err.trim() }));
    });

  test('is read, in any format; the model is called as the file is', async () => {
    const { status, out } = await ran('train', `http://${origin}/table.csv`, '--target', 'ripe', '--epochs', '2');
    expect(status).toBe(0);
    expect(out).toContain('It is in table.safetensors, the report in table.html.');
    expect((await ran('describe', `http://${origin}/x?f=xlsx`, '--json')).status).toBe(0);
  });

  test('a password goes to the server alone', async () => {
    const { status, out } = await ran('train', `http://ann:secret@${origin}/private/table.csv`, ...training, 'p.model');
    expect([status, out.includes('secret')]).toEqual([0, false]);
    expect(readFileSync(file('p.model'), 'latin1')).not.toContain('secret');
  });

  test('what is not there is said', async () => {
    expect(await ran('describe', `http://${origin}/nothing.csv`)).toMatchObject({
      status: 2,
      err: `simdense: http://${origin}/nothing.csv: the server answers 404 Not Found`,
    });
    expect((await ran('describe', 'ftp://example.com/a.csv')).err).toBe(
      'simdense: expected an http, https or file URL, got "ftp://example.com/a.csv"',
    );
  });
});
