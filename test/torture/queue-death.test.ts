// A worker, its coordinator or Redis itself is killed at any moment, all keys are lost, or a second coordinator of the same search is aborted: the search still ends with the
// same bits. Also a job that takes longer than its lock.
import { type ChildProcess, spawn } from 'node:child_process';
import { Queue } from 'bullmq';
import { dense } from 'simdense';
import { bullmq } from 'simdense/bullmq';
import { kFold } from 'simdense/data';
import { bagging, crossValidate, type Pipeline, search } from 'simdense/evaluate';
import { describe, expect, test } from 'vitest';
import { hasRedis, redisOfTests, says } from '../bullmq/redis.js';
import { numbers } from '../helpers/numbers.js';
import { rounds } from './rounds.js';

const ROUNDS = rounds(50, 5, 1000);

/** The search, here and in the coordinator, which receives this function's text. */
async function searched(
  parts: { search: typeof search; dense: typeof dense; kFold: typeof kFold },
  more: object,
): Promise<string> {
  const x = Array.from({ length: 60 }, (_, i) => [i % 7, i % 3, i % 5]);
  const y = x.map(([a]) => ((a as number) > 3 ? 'high' : 'low'));
  const { best, trials } = await parts.search({
    space: { units: { min: 1, max: 9, integer: true } },
    pipeline: ({ units }: { units: number }) => ({
      layers: [parts.dense({ units, activation: 'tanh' })],
      fit: { epochs: 60, batchSize: 4 },
    }),
    x,
    y,
    trials: 4,
    splits: [...parts.kFold(60, { folds: 3 })],
    ...more,
  });
  return JSON.stringify({ best, trials: trials.map(({ seconds: _, ...trial }) => trial) });
}

describe.runIf(hasRedis)('killed at any moment', () => {
  const own = redisOfTests();

  const node = (program: string): ChildProcess =>
    spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const work = (queue: string, lockDuration = 1000): ChildProcess =>
    node(`
      import { startBullmqWorker } from 'simdense/bullmq';
      await startBullmqWorker({ connection: '${own.redis.url}', queue: '${queue}', lockDuration: ${lockDuration} });
      console.log('ready');`);
  const coordinate = (queue: string, milliseconds?: number): ChildProcess =>
    node(`
      import { dense } from 'simdense';
      import { kFold } from 'simdense/data';
      import { search } from 'simdense/evaluate';
      import { bullmq } from 'simdense/bullmq';
      const executor = bullmq({ connection: '${own.redis.url}', queue: '${queue}' });
      console.log('begun');
      console.log(await (${searched})({ search, dense, kFold }, { executor, seed: 5${milliseconds === undefined ? '' : `, signal: AbortSignal.timeout(${milliseconds})`} }).catch((error) => error.name));
      await executor.close();`);

  test(`${ROUNDS} times`, { timeout: 120_000 + ROUNDS * 20_000 }, async () => {
    const expected = await searched({ search, dense, kFold }, { seed: 5 });
    const next = numbers(6);
    const killed = { worker: 0, coordinator: 0, redis: 0, keys: 0, twin: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      const queue = `round${round}`;
      let worker = work(queue);
      const twin = round % 5 === 4 ? coordinate(queue, Math.round(50 + Math.abs(next()) * 500)) : undefined;
      let coordinator = coordinate(queue);
      let answer = says(coordinator, /\{.*\}\n/s);
      // It may be killed.
      answer.catch(() => {});
      await Promise.all([says(worker, /ready/), says(coordinator, /begun/)]);
      await new Promise((resolve) => setTimeout(resolve, Math.abs(next()) * 700));
      const victim = (['worker', 'coordinator', 'redis', 'keys', 'twin'] as const)[round % 5] as keyof typeof killed;
      killed[victim]++;
      if (victim === 'redis') await own.redis.crash();
      else if (victim === 'keys') await own.client.flushall();
      else if (victim === 'worker') {
        worker.kill('SIGKILL');
        worker = work(queue);
      } else if (victim === 'coordinator') {
        coordinator.kill('SIGKILL');
        coordinator = coordinate(queue);
        answer = says(coordinator, /\{.*\}\n/s);
      }
      const told = await answer;
      expect(told.slice(told.indexOf('{')).trim()).toBe(expected);
      worker.kill('SIGKILL');
      coordinator.kill('SIGKILL');
      twin?.kill('SIGKILL');
    }
    expect(Object.values(killed).every((count) => count > 0)).toBe(true);
  });

  test('first-contact row 85: a job whose evaluation and predictions take longer than its lock is started once', {
    timeout: 300_000,
  }, async () => {
    const queue = 'long';
    const lock = 2000;
    const worker = work(queue, lock);
    await says(worker, /ready/);
    const rows = 150_000;
    const next = numbers(3);
    const x = Array.from({ length: rows }, () => Float32Array.from({ length: 8 }, next));
    const y = Int32Array.from({ length: rows }, (_, i) => i % 2);
    const wide = dense({ units: 512, activation: 'relu' });
    const pipeline: Pipeline = { layers: [wide, wide], fit: { epochs: 1, batchSize: 32 } };
    const [train, test] = [
      Int32Array.from({ length: 64 }, (_, i) => i),
      Int32Array.from({ length: rows - 64 }, (_, i) => 64 + i),
    ];
    const executor = bullmq({ connection: own.redis.url, queue });
    await crossValidate(pipeline, x, y, [{ train, test }], { executor });
    using ensemble = await bagging({ ...pipeline, fit: { epochs: 1, batchSize: 256 } }, x, y, {
      members: 1,
      executor,
    });
    expect(ensemble.outOfBag['rows']).toBeGreaterThan(rows / 4);
    const watch = new Queue(queue, { connection: { url: own.redis.url } });
    const jobs = await watch.getCompleted();
    expect(jobs.length).toBe(2);
    for (const { attemptsStarted, stalledCounter, finishedOn = 0, processedOn = 0 } of jobs) {
      expect([attemptsStarted, stalledCounter]).toEqual([1, 0]);
      expect(finishedOn - processedOn).toBeGreaterThan(lock);
    }
    worker.kill('SIGKILL');
    await watch.close();
    await executor.close();
  });
});
