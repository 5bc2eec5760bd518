// The code of each thread of `workers`: runs a task by its name, on data that all threads share.
import type { Dataset } from '../evaluate/dataset.js';
import { type PlainError, toPlainError } from '../evaluate/plain-error.js';
import type { ShardReader } from '../evaluate/shards/shard.js';
import { runTask } from '../evaluate/tasks.js';

export interface WorkerJob {
  readonly task: string;
  readonly job: unknown;
  readonly data: Dataset | undefined;
}

export type WorkerAnswer =
  | { readonly result: unknown }
  | { readonly error: PlainError; readonly stack: string | undefined };

/** Files and addresses, as the program that started the threads may read them too. */
const readShard: ShardReader = async (place, o) => {
  const { readTable } = await import('./read-table.js');
  return readTable(place, o);
};

export default async function answer({ task, job, data }: WorkerJob): Promise<WorkerAnswer> {
  try {
    return { result: await runTask(task, job, data, { readShard }) };
  } catch (error) {
    return { error: toPlainError(error), stack: (error as Partial<Error> | undefined)?.stack };
  }
}
