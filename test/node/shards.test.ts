// Training on shards that threads read from files, with the built package: the same bits for any number of threads, after threads and coordinators that die, and over addresses.
import { execFile, spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { dense, sgd } from 'simdense';
import { type Executor, fitShards, inline, type Pipeline } from 'simdense/evaluate';
import { readTable, resumable, workers } from 'simdense/node';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { says } from '../bullmq/redis.js';

const folder = mkdtempSync(join(tmpdir(), 'simdense-shards-'));
const paths = Array.from({ length: 5 }, (_, k) => join(folder, `${k}.csv`));
const pipeline: Pipeline = { layers: [dense({ units: 6, activation: 'tanh' })], fit: { batchSize: 8 } };
const o = { target: 'label', rounds: 6, seed: 4, outer: { learningRate: 0.9, momentum: 0.3 } };

/** Shards of different sizes, one with a single label. */
beforeAll(() => {
  for (const [k, path] of paths.entries()) {
    const rows = Array.from({ length: 30 + 7 * k }, (_, i) => {
      const [a, b] = [((i * 37 + k * 11) % 101) / 10, ((i * 53 + k) % 17) - 8];
      return `${a},${b},${k === 2 ? 'one' : a + b > 4 ? 'one' : 'two'}`;
    });
    writeFileSync(path, `a,b,label\n${rows.join('\n')}\n`);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const saved = async (executor: Executor, shards: Parameters<typeof fitShards>[1] = paths, more: object = {}) => {
  using fitted = await fitShards(pipeline, shards, { ...o, executor, ...more });
  return fitted.save();
};
let expected: Uint8Array;
beforeAll(async () => {
  expected = await saved(
    inline(),
    paths.map((path) => () => readTable(path)),
  );
});

test.each([1, 2, 4, 8])('%d threads give the bits of inline', async (count) => {
  const executor = workers({ count });
  expect(await saved(executor)).toEqual(expected);
  await executor.close();
});

test('control variates, on any number of threads', async () => {
  const more = { controlVariates: true };
  const own: Pipeline = { ...pipeline, optimizer: sgd({ learningRate: 0.1 }) };
  const bytes: Uint8Array[] = [];
  for (const count of [1, 3]) {
    const executor = workers({ count });
    using fitted = await fitShards(own, paths, { ...o, ...more, executor });
    bytes.push(fitted.save());
    await executor.close();
  }
  using near = await fitShards(
    own,
    paths.map((path) => () => readTable(path)),
    { ...o, ...more },
  );
  for (const each of bytes) expect(each).toEqual(near.save());
});

test('over addresses too, by threads and inline', async () => {
  const server = createServer(async (request, response) => {
    const { readFile } = await import('node:fs/promises');
    response.end(await readFile(join(folder, (request.url as string).slice(1))));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const urls = paths.map((_, k) => `http://127.0.0.1:${port}/${k}.csv`);
  const executor = workers({ count: 2 });
  expect(await saved(executor, urls)).toEqual(expected);
  expect(await saved(inline(), urls)).toEqual(expected);
  await executor.close();
  server.close();
});

test('an executor that loses each third job, as a machine that vanishes and comes back, and answers in another order, changes no bit', async () => {
  const inner = workers({ count: 2 });
  let n = 0;
  const flaky: Executor = {
    concurrency: 2,
    async *run<T, R>(task: string, jobs: readonly T[], how = {}) {
      const outcomes = [];
      for await (const outcome of inner.run<T, R>(task, jobs, how)) outcomes.push(outcome);
      for (const { index } of outcomes.reverse()) {
        // The job is done anew where the answer is lost.
        const again = n++ % 3 === 0 ? [jobs[index] as T] : [];
        let last = outcomes.find((each) => each.index === index);
        for await (const outcome of inner.run<T, R>(task, again, how)) last = { ...outcome, index };
        yield last as (typeof outcomes)[number];
      }
    },
    close: () => inner.close(),
  };
  expect(await saved(flaky)).toEqual(expected);
  await flaky.close();
});

test('a coordinator that is killed again and again goes on from its folder, to the same bits', async () => {
  const kept = join(folder, 'kept');
  const program = `
    import { dense, sgd } from 'simdense';
    import { fitShards } from 'simdense/evaluate';
    import { resumable, workers } from 'simdense/node';
    const executor = resumable({ folder: ${JSON.stringify(kept)}, executor: workers({ count: 2 }) });
    const fitted = await fitShards({ layers: [dense({ units: 6, activation: 'tanh' })], fit: { batchSize: 8 } }, ${JSON.stringify(paths)},
      { ...${JSON.stringify(o)}, executor, onRound: ({ round }) => console.log('round', round, 'is done') });
    console.log('bytes', Buffer.from(fitted.save()).toString('base64'), 'end');
    await executor.close();`;
  const args = ['--input-type=module', '-e', program];
  for (const round of [0, 1, 3]) {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await says(child, new RegExp(`round ${round} is done`));
    child.kill('SIGKILL');
  }
  const before = readdirSync(kept).length;
  expect(before).toBeGreaterThanOrEqual(20);
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 2 ** 26 });
  const [, text = ''] = /bytes (\S+) end/.exec(stdout) ?? [];
  expect(new Uint8Array(Buffer.from(text, 'base64'))).toEqual(expected);
});

test('a shard that is not there, or not as before, is told by its name', async () => {
  const executor = workers({ count: 2 });
  await expect(saved(executor, [paths[0] as string, join(folder, 'no.csv')])).rejects.toThrow('there is no such file');
  const grown = join(folder, 'grown.csv');
  writeFileSync(grown, 'a,b,label\n1,2,one\n3,4,two\n5,6,one\n');
  const other = workers({ count: 1 });
  const kept = resumable({ folder: join(folder, 'kept-2'), executor: other });
  const onRound = (): void => appendFileSync(grown, '7,8,two\n');
  // A thread keeps what it has read: it is the next one that sees the change.
  const first = await saved(kept, [paths[0] as string, grown], { rounds: 3, onRound });
  const second = await saved(kept, [paths[0] as string, grown], { rounds: 3 });
  expect(second).not.toEqual(first);
  await executor.close();
  await kept.close();
});
