// A failed connection gives the true reason, within five seconds or as soon as a signal aborts, and never a password.

import type { AddressInfo } from 'node:net';
import { createServer, type Server, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { Redis as Client } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bullmq, startBullmqWorker } from '../../src/bullmq/index.js';
import { kFold } from '../../src/data/index.js';
import { crossValidate, type Pipeline } from '../../src/evaluate/index.js';
import { blobs } from '../helpers/models.js';
import { freePort, hasRedis, type Redis, startRedis } from './redis.js';

const { x, y } = blobs(30);
const splits = [...kFold(30, { folds: 3 })];
const pipeline: Pipeline = { layers: [], fit: { epochs: 1 } };

/** The errors of coordinator and worker, with everything that would be printed of them. */
async function errors(connection: unknown): Promise<string[]> {
  const executor = bullmq({ connection });
  const all = [crossValidate(pipeline, x, y, splits, { executor }), startBullmqWorker({ connection })].map((running) =>
    running.then(
      () => 'nothing',
      (error: Error & { code?: string }) => {
        expect(error.code).toBe('UNREACHABLE');
        return inspect(error, { depth: 10, showHidden: true });
      },
    ),
  );
  const texts = await Promise.all(all);
  await executor.close();
  return texts;
}

describe('texts that are no URLs', () => {
  test.each([
    'redis://:pa#secret@127.0.0.1',
    'redis://:pa/secret@127.0.0.1:6379',
    'secret',
    'redis://:secret%@127.0.0.1',
    'http://:secret@h',
  ])('%s is refused and not shown', async (connection) => {
    for (const call of [async () => bullmq({ connection }), () => startBullmqWorker({ connection })]) {
      const error = (await call().catch((thrown: unknown) => thrown)) as Error;
      expect(error).toMatchObject({ code: 'ARGUMENT' });
      expect(error.message).toMatch(/\(connection\): expected a URL such as redis:\/\/localhost:6379/);
      expect(inspect(error)).not.toContain('secret');
    }
  });
});

describe.runIf(hasRedis)('a Redis with a password', () => {
  let redis: Redis;
  let port = '';
  beforeAll(async () => {
    redis = await startRedis();
    port = new URL(redis.url).port;
    const client = new Client(redis.url);
    await client.config('SET', 'requirepass', 'right');
    client.disconnect();
  });
  afterAll(() => redis?.stop());

  test.each([
    [
      'no password',
      () => `redis://127.0.0.1:${port}`,
      /the Redis at 127\.0\.0\.1:\d+ refuses \(NOAUTH .*Give the user and password/,
    ],
    ['a wrong one', () => `redis://:sec%23ret@127.0.0.1:${port}`, /refuses \(WRONGPASS .*Give the user and password/],
    [
      'a wrong one as an option',
      () => ({ host: '127.0.0.1', port: Number(port), password: 'sec#ret' }),
      /refuses \(WRONGPASS/,
    ],
    ['a user that is none', () => `redis://sec%23ret:sec%23ret@127.0.0.1:${port}`, /refuses \(WRONGPASS/],
  ])('%s: what Redis says, not that none answers', async (_, connection, pattern) => {
    for (const text of await errors(connection())) {
      expect(text).toMatch(pattern);
      expect(text).not.toContain('no Redis answers');
      expect(text.replace(/\n\s+at .*/g, '')).not.toMatch(/sec(#|%23)ret/);
    }
  });
});

describe('what is no Redis', () => {
  const servers: Server[] = [];
  afterAll(() => {
    for (const server of servers) server.close();
  });
  async function serve(answer: (socket: Socket) => void): Promise<string> {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      answer(socket);
    });
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return `redis://:secret@127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  test('another server, one that says nothing, one that hangs up', async () => {
    const [web, silent, rude] = await Promise.all([
      serve((socket) => socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'))),
      serve(() => {}),
      serve((socket) => socket.destroy()),
    ]);
    const all = await Promise.all([web, silent, rude].map((url) => errors(url)));
    const patterns = [/the server at .* is not Redis|no Redis answers/, /no Redis answers/, /no Redis answers/];
    for (const [i, texts] of all.entries())
      for (const text of texts) {
        expect(text).toMatch(patterns[i] as RegExp);
        expect(text).not.toContain('secret');
      }
  });

  test('a signal, or close, ends the wait for a connection', async () => {
    for (const url of [await serve(() => {}), `redis://127.0.0.1:${await freePort()}`]) {
      const executor = bullmq({ connection: url });
      const signal = AbortSignal.timeout(50);
      await expect(crossValidate(pipeline, x, y, splits, { executor, signal })).rejects.toThrow(
        expect.objectContaining({ name: 'TimeoutError' }),
      );
      const running = expect(crossValidate(pipeline, x, y, splits, { executor })).rejects.toThrow(
        expect.objectContaining({ code: 'DISPOSED' }),
      );
      await Promise.all([executor.close(), executor.close(), running]);
    }
  });
});
