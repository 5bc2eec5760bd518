import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { noMore, options, refuse } from '../base/checks.js';
import { written } from '../base/written.js';
import { checkExecutor, type Executor, type RunJobsOptions } from '../evaluate/executor.js';
import { checkResult } from '../evaluate/tasks.js';
import { decode, encode } from './codec.js';
import { saveFile } from './files.js';
import { hashInTurns, hashOf } from './hash.js';
import { idOf, message } from './message.js';
import { packDataset } from './packed-dataset.js';
import { workers } from './workers.js';

/**
 * Keeps the result of each training in a file of this folder, which is made if need be, and runs no training whose result is there: a search, a cross-validation or a
 * bagging that was killed and is begun again goes on from what is finished, to the same bits. A training is known by its content: what it trains, on which
 * rows of which data, its seed and simdense's version; so one folder serves many searches, and what has changed is trained anew. Failed trainings are not kept.
 * The others run on `executor`, by default workers(), which close() closes as well. Iterating rejects with the system's error where a result cannot be written.
 */
export function resumable(o: { folder: string; executor?: Executor }): Executor {
  noMore('resumable', arguments, 1);
  const { folder, executor = workers() } = options('resumable', o, ['folder', 'executor']);
  if (typeof folder !== 'string' || folder === '') refuse('resumable(folder)', 'the path of a folder', folder);
  checkExecutor('resumable', executor);
  return {
    concurrency: executor.concurrency,
    async *run<T, R>(task: string, jobs: readonly T[], how: RunJobsOptions = {}) {
      // Alone it says why it cannot be made, such as on a read-only disk.
      await mkdir(folder, { recursive: true }).catch(() => mkdir(folder));
      const data = how.data && { hash: await hashInTurns(packDataset(how.data), how.signal) };
      const files: string[] = [];
      const open: number[] = [];
      for (const [index, job] of jobs.entries()) {
        how.signal?.throwIfAborted();
        const file = join(folder, `${idOf(message(task, job, data))}.json`);
        files.push(file);
        const kept = await readKept(file, (result) => checkResult(task, result, job, how.data));
        if (kept) yield { index, result: kept.result as R };
        else open.push(index);
      }
      if (open.length === 0) return;
      const left = open.map((index) => jobs[index] as T);
      for await (const outcome of executor.run<T, R>(task, left, how)) {
        const index = open[outcome.index] as number;
        // Kept before it is told: what has been seen is not lost.
        if (!outcome.error) await saveFile(files[index] as string, pack(outcome.result));
        yield { ...outcome, index };
      }
    },
    close: () => executor.close(),
  };
}

/** A line with the hash of what follows and who wrote it, and the result. */
function pack(result: unknown): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(encode(result)));
  return Buffer.concat([Buffer.from(`${hashOf(text)} ${written.writer}\n`), text]);
}

/** Nothing where there is no file, or not what can be this training's result: that is trained again. */
async function readKept(
  file: string,
  check: (result: unknown) => unknown,
): Promise<{ readonly result: unknown } | undefined> {
  const bytes = await readFile(file).catch((error: { code?: string }) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  const end = bytes?.indexOf('\n') ?? -1;
  if (!bytes || end < 0) return undefined;
  const text = bytes.subarray(end + 1);
  if (bytes.toString('latin1', 0, end).split(' ')[0] !== hashOf(text)) return undefined;
  try {
    return { result: check(decode(JSON.parse(text.toString()))) };
  } catch {
    return undefined;
  }
}
