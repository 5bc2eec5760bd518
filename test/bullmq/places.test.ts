// A worker reads data sets only from Redis and from the one place that its operator has named, whatever a job or a server says.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { dataFile } from '../../src/bullmq/data-file.js';
import { DataReader } from '../../src/bullmq/data-reader.js';
import { bullmq, startBullmqWorker } from '../../src/bullmq/index.js';
import { placeOf } from '../../src/bullmq/place.js';
import { packFiles } from '../../src/evaluate/files.js';
import { hashOf } from '../../src/node/hash.js';
import { blobs } from '../helpers/models.js';

const { x, y } = blobs(30);
const { name, bytes } = dataFile(x, y);
const hash = name.replace('.simdense', '');
/** An empty Redis. */
const empty = { strlen: async () => 0, getBuffer: async () => null } as never;
const limits = { size: 100_000, answer: 300, whole: 600 };

describe('first-contact row 89: places', () => {
  test('a relative folder is one of the process that names it', () => {
    expect(placeOf('bullmq', './shared')).toEqual({ folder: resolve('shared') });
    expect(placeOf('bullmq', undefined)).toBeUndefined();
    expect(placeOf('bullmq', 'https://host/sets')).toEqual({ url: 'https://host/sets/' });
    expect(placeOf('bullmq', 'http://host')).toEqual({ url: 'http://host/' });
  });

  test.each([
    'file:///etc',
    'ftp://host/sets',
    'http://user:secret@host/sets',
    'http://host/sets?token=secret',
    'http://host/sets#secret',
    'http://',
  ])('%s is refused, and not shown', (data) => {
    const refused = /\(data\): expected a folder, or an http\(s\) URL without user, password, \? and #$/;
    expect(() => bullmq({ connection: 'redis://127.0.0.1', data })).toThrow(refused);
  });

  test.each([7, '', 'a\0b', null])('%j is refused', async (data) => {
    expect(() => bullmq({ connection: 'redis://127.0.0.1', data: data as never })).toThrow(
      'bullmq(data): expected a folder or a URL',
    );
    await expect(startBullmqWorker({ connection: 'redis://127.0.0.1', data: data as never })).rejects.toThrow(
      'startBullmqWorker(data): expected a folder or a URL',
    );
  });
});

describe('first-contact row 80: a folder', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'simdense-place-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const reader = () => new DataReader(empty, 'queue', { folder }, limits);

  test('the file of this name in it, and its content', async () => {
    await expect(reader().read({ hash })).rejects.toThrow(`no file ${name} in the folder of --data (ENOENT)`);
    writeFileSync(join(folder, name), bytes);
    expect((await reader().read({ hash })).x).toEqual({ data: x.data, columns: x.columns });
    const other = hashOf('other');
    writeFileSync(join(folder, `${other}.simdense`), bytes);
    await expect(reader().read({ hash: other })).rejects.toThrow('the data do not have the hash');
  });

  test('what is not a file, or too large, is not read; no error names the folder', async () => {
    const [directory, large] = [hashOf('directory'), hashOf('large')];
    mkdirSync(join(folder, `${directory}.simdense`));
    writeFileSync(join(folder, `${large}.simdense`), new Uint8Array(limits.size + 1));
    for (const one of [directory, large, hashOf('none')]) {
      const error = (await reader()
        .read({ hash: one })
        .catch((thrown: unknown) => thrown)) as Error;
      expect(error.message).toMatch(/^bullmq: this worker cannot find the data/);
      expect(error.message).not.toContain(folder);
    }
  });

  test('without a place the error says what to start the worker with', async () => {
    await expect(new DataReader(empty, 'queue').read({ hash })).rejects.toThrow(
      /cannot find the data [0-9a-f]{64} in Redis\. If they are elsewhere, start it with .*npx simdense worker --data PLACE/,
    );
  });
});

describe('first-contact row 80: a URL', () => {
  const servers: Server[] = [];
  const asked: string[] = [];
  /** Answers each request so; its address. */
  async function serve(answer: (response: ServerResponse, request: IncomingMessage) => void): Promise<string> {
    const listener: RequestListener = (request, response) => {
      asked.push(request.url as string);
      answer(response, request);
    };
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
    asked.length = 0;
  });
  const read = (url: string) =>
    new DataReader(empty, 'queue', placeOf('worker', url), limits)
      .read({ hash })
      .catch((error: Error & { code: string }) => error);
  const message = async (url: string) => ((await read(url)) as Error).message;

  test('only what lies under it is asked for', async () => {
    const url = await serve((response) => response.end(bytes));
    expect(await read(`${url}/a/b`)).toMatchObject({ task: 'classification' });
    expect(asked).toEqual([`/a/b/${name}`]);
  });

  test('a redirect is not followed', async () => {
    const inner = await serve((response) => response.end(bytes));
    for (const status of [301, 302, 303, 307, 308]) {
      const url = await serve((response) => response.writeHead(status, { location: `${inner}/admin` }).end());
      expect(await message(url)).toMatch(new RegExp(`the URL of --data answers ${status}`));
    }
    expect(asked).not.toContain('/admin');
  });

  test('an answer that never begins, never ends, or drips, is given up', async () => {
    expect(await message(await serve(() => {}))).toMatch(/did not begin to answer within 0\.3 s/);
    expect(await message(await serve((response) => response.writeHead(200).write('x')))).toMatch(
      /did not finish its answer within 0\.6 s/,
    );
    const drips = await serve((response) => {
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    });
    expect(await message(drips)).toMatch(/did not finish its answer within 0\.6 s/);
  });

  test('an answer that is too large is ended, whatever its length is said to be', async () => {
    const more = new Uint8Array(limits.size + 1);
    expect(await message(await serve((response) => response.end(more)))).toMatch(/has more than 100000 bytes/);
    let sent = 0;
    const endless = await serve((response) => {
      const go = (): void => {
        for (let full = false; !full && !response.destroyed; sent += 65_536)
          full = !response.write(more.subarray(0, 65_536));
      };
      response.on('drain', go);
      go();
    });
    expect(await message(endless)).toMatch(/has more than 100000 bytes/);
    expect(sent).toBeLessThan(50e6);
  });

  test('other bytes, another status, a connection that breaks: an error that names no address', async () => {
    const answers: ((response: ServerResponse) => void)[] = [
      (response) => response.end('other bytes'),
      (response) => response.writeHead(404).end(),
      (response) => response.writeHead(500).end('x'.repeat(10_000)),
      (response) => void response.destroy(),
      (response) => response.writeHead(200, { 'content-length': '1000' }).write('x', () => response.destroy()),
    ];
    for (const answer of answers) {
      const url = await serve(answer as (response: ServerResponse) => void);
      const error = (await read(url)) as Error & { code: string };
      expect(error.code).toMatch(/^(FORMAT|UNREACHABLE)$/);
      expect(error.message).not.toContain('127.0.0.1');
    }
  });

  test('closing the worker ends what is being fetched', async () => {
    const reader = new DataReader(empty, 'queue', placeOf('worker', await serve(() => {})));
    const reading = expect(reader.read({ hash })).rejects.toThrow('this worker is being closed');
    reader.close();
    await reading;
  });
});

describe('sets that others have made', () => {
  const description = { task: 'classification', columns: 2, bytes: false, classes: ['a', 'b'] };
  const rows = new Uint8Array(new Float32Array(8).buffer);
  const four = new Uint8Array(new Int32Array(4).buffer);
  const sets: [string, readonly Uint8Array[], unknown][] = [
    ['no files', [], description],
    ['one file', [rows], description],
    ['three files', [rows, four, four], description],
    ['no description', [rows, four], undefined],
    ['a description that is null', [rows, four], null],
    ['no columns', [rows, four], { ...description, columns: 0 }],
    ['columns that are a text', [rows, four], { ...description, columns: '2' }],
    ['columns that do not divide', [rows, four], { ...description, columns: 3 }],
    ['bytes of no float', [rows.subarray(1), four], description],
    ['another number of classes', [rows, four.subarray(4)], description],
    ['a class that is not there', [rows, new Uint8Array(Int32Array.of(0, 1, 2, 0).buffer)], description],
    ['a class below the first', [rows, new Uint8Array(Int32Array.of(0, 1, -1, 0).buffer)], description],
    ['one class', [rows, four], { ...description, classes: ['a'] }],
    ['classes that are objects', [rows, four], { ...description, classes: [{}, {}] }],
    ['another task', [rows, four], { ...description, task: 'toString' }],
    ['a regression without targets', [rows, four], { task: 'regression', columns: 2, bytes: false }],
    [
      'targets in no columns',
      [rows, four],
      { task: 'regression', columns: 2, bytes: false, y: { columns: 0, bytes: false } },
    ],
    [
      'targets of other rows',
      [rows, four],
      { task: 'regression', columns: 2, bytes: false, y: { columns: 2, bytes: false } },
    ],
  ];
  test.each(sets)('%s', async (_, files, described) => {
    const packed = packFiles(files, described === undefined ? {} : { dataset: JSON.stringify(described) });
    const client = { strlen: async () => packed.length, getBuffer: async () => Buffer.from(packed) } as never;
    await expect(new DataReader(client, 'queue').read({ hash: hashOf(packed) })).rejects.toThrow(
      expect.objectContaining({ code: 'FORMAT' }),
    );
  });

  test('a value in Redis that is too large is not fetched', async () => {
    const client = { strlen: async () => 2 ** 29, getBuffer: () => expect.unreachable() } as never;
    await expect(new DataReader(client, 'queue').read({ hash })).rejects.toThrow(/in Redis are too large/);
  });
});
