// A bullmq worker, its coordinator or Redis itself killed at any moment: the search goes on to the same bits.
import { type ChildProcess, spawn } from 'node:child_process';
import { dense } from 'simdense';
import { kFold } from 'simdense/data';
import { search } from 'simdense/evaluate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasRedis, type Redis, says, startRedis } from '../bullmq/redis.js';
import { numbers } from '../helpers/numbers.js';
import { rounds } from './rounds.js';

const ROUNDS = rounds(50, 3, 1000);

/** What is searched, here and in the coordinator: its text is sent. */
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
  let redis: Redis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis?.stop());

  const node = (program: string): ChildProcess =>
    spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const work = (queue: string): ChildProcess =>
    node(`
      import { startBullmqWorker } from 'simdense/bullmq';
      await startBullmqWorker({ connection: '${redis.url}', queue: '${queue}', lockDuration: 1000 });
      console.log('ready');`);
  const coordinate = (queue: string): ChildProcess =>
    node(`
      import { dense } from 'simdense';
      import { kFold } from 'simdense/data';
      import { search } from 'simdense/evaluate';
      import { bullmq } from 'simdense/bullmq';
      const executor = bullmq({ connection: '${redis.url}', queue: '${queue}' });
      console.log('begun');
      console.log(await (${searched})({ search, dense, kFold }, { executor, seed: 5 }));
      await executor.close();`);

  test(`${ROUNDS} times`, { timeout: 120_000 + ROUNDS * 20_000 }, async () => {
    const expected = await searched({ search, dense, kFold }, { seed: 5 });
    const next = numbers(6);
    const killed = { worker: 0, coordinator: 0, redis: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      const queue = `round${round}`;
      let worker = work(queue);
      let coordinator = coordinate(queue);
      let answer = says(coordinator, /\{.*\}\n/s);
      // It may be killed.
      answer.catch(() => {});
      await Promise.all([says(worker, /ready/), says(coordinator, /begun/)]);
      await new Promise((resolve) => setTimeout(resolve, Math.abs(next()) * 700));
      const victim = (['worker', 'coordinator', 'redis'] as const)[round % 3] as keyof typeof killed;
      killed[victim]++;
      if (victim === 'redis') await redis.crash();
      else if (victim === 'worker') {
        worker.kill('SIGKILL');
        worker = work(queue);
      } else {
        coordinator.kill('SIGKILL');
        coordinator = coordinate(queue);
        answer = says(coordinator, /\{.*\}\n/s);
      }
      const told = await answer;
      expect(told.slice(told.indexOf('{')).trim()).toBe(expected);
      worker.kill('SIGKILL');
      coordinator.kill('SIGKILL');
    }
    expect(Object.values(killed).every((count) => count > 0)).toBe(true);
  });
});
