// Training on shards over Redis, with the built package: workers, Redis and coordinators that are killed change no bit, and a worker reads nothing but the places it was started with.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis as Client } from 'ioredis';
import { dense } from 'simdense';
import { bullmq, startBullmqWorker } from 'simdense/bullmq';
import { type Executor, fitShards, inline, type Pipeline } from 'simdense/evaluate';
import { readTable } from 'simdense/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { standings } from '../../src/bullmq/scripts.js';
import { hasRedis, type Redis, says, startRedis } from './redis.js';

const root = mkdtempSync(join(tmpdir(), 'simdense-shards-'));
const folder = join(root, 'rows');
const names = ['0.csv', '1.csv', '2.csv', '3.csv'];
/** Rounds of about a tenth of a second for each shard, so that one is in progress when its worker is killed. */
const pipeline: Pipeline = { layers: [dense({ units: 8, activation: 'tanh' })], fit: { batchSize: 4 } };
const o = { target: 'label', seed: 4, outer: { momentum: 0.3 } };
/** How often workers and Redis are killed; in CI once on all Nodes. */
const KILLS = process.env['CI'] === undefined || !process.versions.node.startsWith('20.') ? 6 : 50;

beforeAll(() => {
  mkdirSync(folder);
  for (const [k, name] of names.entries()) {
    const rows = Array.from({ length: 30 + 7 * k }, (_, i) => {
      const [a, b] = [((i * 37 + k * 11) % 101) / 10, ((i * 53 + k) % 17) - 8];
      return `${a},${b},${a + b > 4 ? 'one' : 'two'}`;
    });
    writeFileSync(join(folder, name), `a,b,label\n${rows.join('\n')}\n`);
  }
  writeFileSync(join(root, 'secret.csv'), 'a,b,label\n1,2,one\n3,4,two\n5,6,one\n');
  symlinkSync(join(root, 'secret.csv'), join(folder, 'link.csv'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const saved = async (executor: Executor, more: object = {}, shards: Parameters<typeof fitShards>[1] = names) => {
  using fitted = await fitShards(pipeline, shards, { ...o, rounds: 4, executor, ...more });
  return fitted.save();
};
const near = (more: object = {}) =>
  saved(
    inline(),
    more,
    names.map((name) => () => readTable(join(folder, name))),
  );

describe.runIf(hasRedis)('with a Redis', () => {
  let redis: Redis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis?.stop());

  async function worker(queue: string): Promise<ChildProcess> {
    const program = `
      import { startBullmqWorker } from 'simdense/bullmq';
      await startBullmqWorker({ connection: '${redis.url}', queue: '${queue}', shards: ${JSON.stringify(folder)}, lockDuration: 1000 });
      console.log('ready');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await says(child, /ready/);
    return child;
  }

  test('one worker or three, by relative and absolute paths, give the bits of inline', async () => {
    const expected = await near();
    const executor = bullmq({ connection: redis.url, queue: 'count' });
    const children = [await worker('count')];
    expect(await saved(executor)).toEqual(expected);
    children.push(...(await Promise.all([worker('count'), worker('count')])));
    const absolute = names.map((name) => join(folder, name));
    expect(await saved(executor, {}, absolute)).toEqual(expected);
    for (const child of children) child.kill('SIGKILL');
    await executor.close();
  });

  test(
    `workers and Redis are killed ${KILLS} times while they train: the same bits`,
    async () => {
      const queue = 'killed';
      const more = { rounds: KILLS, localEpochs: 40 };
      const expected = await near(more);
      const workers = await Promise.all([worker(queue), worker(queue)]);
      const executor = bullmq({ connection: redis.url, queue });
      let [kills, repairs] = [0, Promise.resolve()];
      const kill = async (n: number): Promise<void> => {
        if (n % 5 === 4) return redis.crash();
        workers[n % 2]?.kill('SIGKILL');
        workers[n % 2] = await worker(queue);
      };
      const onRound = ({ round }: { round: number }): void => {
        if (round === KILLS - 1) return;
        // In the midst of the next round.
        repairs = repairs.then(() => new Promise((resolve) => setTimeout(resolve, (round * 37) % 90)));
        repairs = repairs.then(() => kill(kills++));
      };
      // The first in the first round.
      setTimeout(() => onRound({ round: 0 }), 100);
      const far = await saved(executor, { ...more, onRound });
      await repairs;
      expect(far).toEqual(expected);
      expect(kills).toBe(KILLS);
      for (const child of workers) child.kill('SIGKILL');
      await executor.close();
    },
    20_000 * KILLS,
  );

  test('a coordinator that is killed again and again finds what is done, and goes on to the same bits', async () => {
    const queue = 'resumed';
    const expected = await near({ rounds: 6 });
    const program = `
      import { dense } from 'simdense';
      import { bullmq } from 'simdense/bullmq';
      import { fitShards } from 'simdense/evaluate';
      const executor = bullmq({ connection: '${redis.url}', queue: '${queue}' });
      const fitted = await fitShards({ layers: [dense({ units: 8, activation: 'tanh' })], fit: { batchSize: 4 } },
        ${JSON.stringify(names)}, { ...${JSON.stringify(o)}, rounds: 6, executor, onRound: ({ round }) => console.log('round', round, 'is done') });
      console.log('bytes', Buffer.from(fitted.save()).toString('base64'), 'end');
      await executor.close();`;
    const run = () =>
      spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    const child = await worker(queue);
    for (const round of [0, 2, 4]) {
      const coordinator = run();
      await says(coordinator, new RegExp(`round ${round} is done`));
      coordinator.kill('SIGKILL');
    }
    const text = await says(run(), /end/);
    const [, bytes = ''] = /bytes (\S+) end/.exec(text) ?? [];
    expect(new Uint8Array(Buffer.from(bytes, 'base64'))).toEqual(expected);
    child.kill('SIGKILL');
  });

  test('a job that ends between two looks at the queue is not taken for lost', async () => {
    const client = new Client(redis.url);
    await client.hset('bull:ended:a', { data: '{}', finishedOn: '1', returnvalue: '1' });
    await client.zadd('bull:ended:completed', 1, 'a');
    expect(await standings(client, 'bull:ended:', ['a', 'b'])).toEqual([
      { at: 'ended', milliseconds: 0 },
      { at: 'nowhere', milliseconds: 0 },
    ]);
    client.disconnect();
  });

  test('what passes is parameters: 4 bytes each to a worker and back, in a round', async () => {
    const queue = 'bytes';
    const client = new Client(redis.url);
    const hosted = await startBullmqWorker({ connection: redis.url, queue, shards: folder });
    const executor = bullmq({ connection: redis.url, queue });
    const wide: Pipeline = { layers: [dense({ units: 8000, activation: 'relu' })], fit: { batchSize: 32 } };
    using fitted = await fitShards(wide, names.slice(0, 2), { ...o, rounds: 2, executor });
    const parameters = fitted.model.parameterCount;
    const sizes = async (what: string) => Promise.all((await client.keys(what)).map((key) => client.strlen(key)));
    const down = await sizes(`simdense:${queue}:data:*`);
    const up = await sizes(`simdense:${queue}:answer:*`);
    expect([down.length, up.length]).toEqual([2, 4]);
    for (const size of [...down, ...up]) {
      expect(size).toBeGreaterThanOrEqual(4 * parameters);
      expect(size).toBeLessThan(1.02 * 4 * parameters);
    }
    await hosted.close();
    await executor.close();
    client.disconnect();
  });

  describe('a worker refuses', () => {
    const cases: [string, string, RegExp][] = [
      ['a path outside', join(root, 'secret.csv'), /is not in a folder or under a URL that this worker may read/],
      ['..', '../secret.csv', /is not in a folder or under a URL that this worker may read/],
      ['.. within', 'x/../0.csv', /is not in a folder or under a URL that this worker may read/],
      ['a link that leads outside', 'link.csv', /is not in a folder or under a URL that this worker may read/],
      ['another address', 'http://127.0.0.1:1/0.csv', /is not in a folder or under a URL that this worker may read/],
      ['a file that is not there', 'no.csv', /"no.csv": there is no such file in the folder of --shards/],
    ];
    test.each(cases)('%s', async (_, shard, message) => {
      const queue = `refused-${cases.findIndex(([, each]) => each === shard)}`;
      const hosted = await startBullmqWorker({ connection: redis.url, queue, shards: folder });
      const executor = bullmq({ connection: redis.url, queue, attempts: 1 });
      await expect(saved(executor, {}, ['0.csv', shard])).rejects.toThrow(message);
      if (!shard.startsWith(root)) await expect(saved(executor, {}, ['0.csv', shard])).rejects.not.toThrow(root);
      await hosted.close();
      await executor.close();
    });

    test('all, if it was started without a place', async () => {
      const hosted = await startBullmqWorker({ connection: redis.url, queue: 'none' });
      const executor = bullmq({ connection: redis.url, queue: 'none', attempts: 1 });
      await expect(saved(executor)).rejects.toThrow(
        'this worker may read no shards; start it with their folder or URL',
      );
      await hosted.close();
      await executor.close();
    });

    test('an address that redirects, and one beside that of --shards; those below it are read', async () => {
      const server = createServer(async (request, response) => {
        const { readFile } = await import('node:fs/promises');
        if (request.url === '/rows/moved.csv') response.writeHead(302, { location: '/other/0.csv' }).end();
        else response.end(await readFile(join(folder, (request.url as string).split('/').at(-1) as string)));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const hosted = await startBullmqWorker({ connection: redis.url, queue: 'url', shards: [`${at}/rows`, folder] });
      const executor = bullmq({ connection: redis.url, queue: 'url', attempts: 1 });
      const urls = names.map((name, k) => (k < 2 ? `${at}/rows/${name}` : name));
      expect(await saved(executor, {}, urls)).toEqual(await near());
      const refused = (place: string, message: string) =>
        expect(saved(executor, {}, ['0.csv', place])).rejects.toThrow(message);
      await refused(`${at}/rows/moved.csv`, 'the server answers 302');
      await refused(`${at}/rows2/0.csv`, 'is not in a folder or under a URL that this worker may read');
      await refused(`${at}/rows/%2e%2e/0.csv`, 'is not in a folder or under a URL that this worker may read');
      await hosted.close();
      await executor.close();
      server.close();
    });
  });

  test.each([
    [{ shards: 3 }, 'startBullmqWorker(shards): expected a folder or a URL, or a list of these, got 3'],
    [{ shards: [] }, 'startBullmqWorker(shards): expected a folder or a URL, or a list of these, got an array of 0'],
    [{ shards: '' }, 'startBullmqWorker(shards): expected a folder or a URL, got ""'],
    [{ shards: 'ftp://x/y' }, 'startBullmqWorker(shards): expected a folder, or an http(s) URL without user'],
  ])('%j is refused', async (more, message) => {
    await expect(startBullmqWorker({ connection: redis.url, ...more } as never)).rejects.toThrow(message);
  });
});
