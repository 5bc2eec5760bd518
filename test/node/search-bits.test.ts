// Searches whose next points depend on trials: the same table inline, on two threads, and resumed from a folder after the power is gone. The built package.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Executor, inline } from 'simdense/evaluate';
import { resumable, workers } from 'simdense/node';
import { afterAll, expect, test } from 'vitest';
import { searched, searchNames } from '../helpers/searches.js';

const threads = workers({ count: 2 });
afterAll(() => threads.close());

/** Counts the training runs, and fails after some. */
function failing(after: number): Executor & { ran: number } {
  const inner = inline();
  return {
    ran: 0,
    concurrency: 1,
    async *run<T, R>(task: string, jobs: readonly T[], o = {}) {
      for await (const outcome of inner.run<T, R>(task, jobs, o)) {
        if (this.ran === after) throw new Error('the power is gone');
        this.ran++;
        yield outcome;
      }
    },
    async close() {},
  };
}

test.each(searchNames)('%s', async (name) => {
  const expected = await searched(name, { executor: inline(), epochs: 9 });
  expect(await searched(name, { executor: threads, epochs: 9 })).toEqual(expected);
  const folder = mkdtempSync(join(tmpdir(), 'simdense-search-'));
  try {
    const first = failing(12);
    await expect(searched(name, { executor: resumable({ folder, executor: first }), epochs: 9 })).rejects.toThrow(
      'the power is gone',
    );
    const second = failing(Number.POSITIVE_INFINITY);
    const told: [number, number][] = [];
    const onProgress = (done: number, total: number): void => void told.push([done, total]);
    expect(await searched(name, { executor: resumable({ folder, executor: second }), epochs: 9, onProgress })).toEqual(
      expected,
    );
    const [done, total] = told.at(-1) as [number, number];
    expect(done).toBe(total);
    // Failed runs are not kept; all others are.
    expect(first.ran).toBe(12);
    const failed = expected.trials.filter(({ error }) => error !== undefined).length;
    expect(second.ran).toBeGreaterThanOrEqual(done - 12);
    expect(second.ran).toBeLessThanOrEqual(done - 12 + failed * 3);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  // What is compared has promotions and dead ends in it.
  const errors = expected.trials.flatMap(({ error }) => error ?? []);
  if (name.includes('pruned')) {
    expect(errors.some((error) => /^pruned after \d of \d epochs: the network gives the same/.test(error))).toBe(true);
    expect(errors.some((error) => /^pruned after \d of \d epochs: the loss has grown/.test(error))).toBe(true);
    expect(errors.length).toBeLessThan(expected.trials.length);
  } else expect(errors).toEqual([]);
  if (name.includes('halved')) expect(new Set(expected.trials.map(({ epochs }) => epochs)).size).toBe(3);
});
