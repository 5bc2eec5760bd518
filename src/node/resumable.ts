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
 * Makes an executor that stores the result of each training run in a folder and does not repeat stored ones. A search, cross-validation or
 * bagging that was killed and is started again continues where it stopped, with the same bits.
 *
 * A training run is identified by its content: the pipeline, the rows, the data, the seed and simdense's version. So one folder may serve
 * many searches, and whatever has changed is trained again. Failed runs are not stored.
 *
 * @param o Options.
 * @param o.folder The path of the folder; it is created if necessary.
 * @param o.executor Where the remaining training runs run; close() closes it too. Default: workers().
 * @returns The executor. Its runs reject with the system's error if a result cannot be written.
 * @throws SimdenseError 'ARGUMENT' for an unknown option, a folder that is not a path, or what is not an executor.
 * @example
 * import { kFold } from 'simdense/data';
 * import { crossValidate, inline } from 'simdense/evaluate';
 *
 * const x = Array.from({ length: 40 }, (_, i) => [i]);
 * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
 * const executor = resumable({ folder: 'results', executor: inline() });
 * const pipeline = { layers: [], fit: { epochs: 5 } };
 * const first = await crossValidate(pipeline, x, y, kFold(40, { folds: 4 }), { executor });
 * // Reads the four results from the folder.
 * const again = await crossValidate(pipeline, x, y, kFold(40, { folds: 4 }), { executor });
 * again.loss?.mean === first.loss?.mean; // true
 * await executor.close();
 */
export function resumable(o: { folder: string; executor?: Executor }): Executor {
  noMore('resumable', arguments, 1);
  const { folder, executor = workers() } = options('resumable', o, ['folder', 'executor']);
  if (typeof folder !== 'string' || folder === '') refuse('resumable(folder)', 'the path of a folder', folder);
  checkExecutor('resumable', executor);
  return {
    concurrency: executor.concurrency,
    async *run<T, R>(task: string, jobs: readonly T[], how: RunJobsOptions = {}) {
      // A recursive mkdir hides the reason, such as a read-only disk: retry plainly, to report it.
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
        // Store it before yielding it: a result that was seen is never lost.
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

/** The stored result; undefined if there is no file, or if it cannot be the result of this training run, which is then repeated. */
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
