// Searches whose next points depend on trials, on a real Redis, while one of two workers is killed half-way: the whole table is that of inline. The built package.
import { type ChildProcess, spawn } from 'node:child_process';
import { Queue } from 'bullmq';
import { bullmq } from 'simdense/bullmq';
import { inline } from 'simdense/evaluate';
import { describe, expect, test } from 'vitest';
import { searched, searchNames } from '../helpers/searches.js';
import { hasRedis, redisOfTests, says } from './redis.js';

describe.runIf(hasRedis)('with a Redis', () => {
  const own = redisOfTests();

  /** A worker as a process of its own; jobs whose worker dies are given away after a second. */
  async function worker(queue: string): Promise<ChildProcess> {
    const program = `
      import { startBullmqWorker } from 'simdense/bullmq';
      await startBullmqWorker({ connection: '${own.redis.url}', queue: '${queue}', lockDuration: 1000 });
      console.log('ready');`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await says(child, /ready/);
    return child;
  }

  test.each(searchNames.map((name, i) => [name, `search${i}`]))('%s', async (name, queue) => {
    const epochs = name.includes('pruned') ? 900 : 150;
    const [doomed, other] = await Promise.all([worker(queue), worker(queue)]);
    const executor = bullmq({ connection: own.redis.url, queue });
    const watch = new Queue(queue, { connection: { url: own.redis.url } });
    const running = searched(name, { executor, epochs });
    // Some are done, some are in their hands.
    while ((await watch.getCompletedCount()) < 8 || (await watch.getActiveCount()) === 0)
      await new Promise((resolve) => setTimeout(resolve, 5));
    doomed.kill('SIGKILL');
    const far = await running;
    other.kill('SIGKILL');
    expect(far).toEqual(await searched(name, { executor: inline(), epochs }));
    await executor.close();
    await watch.close();
  });
});
