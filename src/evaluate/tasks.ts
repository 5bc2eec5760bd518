// The tasks that a worker can run, by name. A job is data, never code.
import { refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { inTurnsUntil } from '../base/pause.js';
import type { Callback, Training } from '../train/sequential.js';
import { type Dataset, selectingRows } from './dataset.js';
import { checkFitJob, checkFitResult, mostFitBytes } from './fit-checks.js';
import { fitDataset } from './fit-dataset.js';
import type { FitJob, FitResult } from './fit-job.js';
import { summarizeShard, trainShard } from './shards/run-shard.js';
import type { ShardReader } from './shards/shard.js';
import {
  checkShardJob,
  checkShardResult,
  checkSummary,
  checkSummaryJob,
  MOST_SUMMARY,
  mostShardBytes,
  type PackedSummary,
  type ShardJob,
  type ShardResult,
  type SummaryJob,
} from './shards/shard-job.js';

/** The arguments of a task in addition to its job and data. */
export interface TaskContext {
  readonly signal?: AbortSignal | undefined;
  /** Called with the finished share of the job, from 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
  /** Callbacks of its training, where it runs in this thread. */
  readonly callbacks?: readonly Callback[] | undefined;
  /** Reads the shards that jobs name; without it only addresses are read. */
  readonly readShard?: ShardReader | undefined;
}

/** Rows that were drawn more than once, as a bootstrap sample has them, are groups: a copy of a validation row must not be trained on. */
function twinsTogether(training: Dataset, rows: Int32Array): Dataset {
  const { groups, time } = training;
  return groups || time || new Set(rows).size === rows.length ? training : { ...training, groups: rows };
}

async function fit(
  job: FitJob,
  data: Dataset,
  { signal, onProgress, callbacks = [] }: TaskContext,
): Promise<FitResult> {
  const { pipeline, train, test, seed, validates, prunes, wants = {} } = job;
  const begin = performance.now();
  const select = (rows: Int32Array): Promise<Dataset> => inTurnsUntil(selectingRows(data, rows), signal);
  const training = async (): Promise<Dataset> => twinsTogether(await select(train), train);
  const watching = onProgress ? [{ onEpochEnd: (t: Training) => onProgress((t.epoch + 1) / t.epochs) }] : [];
  const fitted = await fitDataset('pipeline', pipeline, validates ? data : await training(), {
    seed,
    callbacks: [...watching, ...callbacks],
    ...(validates && { split: { train, test } }),
    ...(prunes && { prunes }),
    ...(signal && { signal }),
  });
  try {
    const testing = test.length > 0 ? await select(test) : undefined;
    const outputs = wants.model && testing ? await fitted.predictDataset(testing, signal) : undefined;
    return {
      scores: testing ? await fitted.evaluateDataset(testing, signal) : {},
      ...(wants.trainScores && { trainScores: await fitted.evaluateDataset(await training(), signal) }),
      ...(wants.model && { model: fitted.save() }),
      ...(outputs && { predictions: { data: outputs.data as Float32Array, columns: outputs.columns } }),
      epochs: fitted.history.epochs.length,
      seconds: (performance.now() - begin) / 1000,
    };
  } finally {
    fitted.dispose();
  }
}

/** A task, with checks for its jobs and for its results. */
interface Task<J, R, D = Dataset> {
  run(job: J, data: D, context: TaskContext): Promise<R>;
  checkJob(job: J, data: D): J;
  checkResult(result: unknown, job: J, data: D): R;
  /** The most bytes that the arrays of its result can have. */
  mostBytes(job: J, data: D): number;
}

const fitTask: Task<FitJob, FitResult> = {
  run: fit,
  checkJob: checkFitJob,
  checkResult: checkFitResult,
  mostBytes: mostFitBytes,
};
const summaryTask: Task<SummaryJob, PackedSummary, undefined> = {
  run: (job, _, context) => summarizeShard(job, context),
  checkJob: checkSummaryJob,
  checkResult: checkSummary,
  mostBytes: () => MOST_SUMMARY,
};
const shardTask: Task<ShardJob, ShardResult> = {
  run: trainShard,
  checkJob: checkShardJob,
  checkResult: checkShardResult,
  mostBytes: mostShardBytes,
};
type AnyTask = Task<never, unknown>;
const tasks: Readonly<Record<string, AnyTask>> = {
  fit: fitTask as AnyTask,
  summarizeShard: summaryTask as unknown as AnyTask,
  trainShard: shardTask as AnyTask,
};

/** The named task, and its data set. Throws SimdenseError 'ARGUMENT' for an unknown name and for missing data. */
function find(name: string, data: Dataset | undefined): [Task<never, unknown>, Dataset] {
  const task = Object.hasOwn(tasks, name) ? tasks[name] : undefined;
  if (!task) refuse('executor: task', `one of ${Object.keys(tasks).join(', ')}`, name);
  // A shard is summarised by its worker, who has the rows.
  const needs = name !== 'summarizeShard';
  if ((data !== undefined) !== needs || data === null)
    throw new SimdenseError('ARGUMENT', `executor: the task ${name} ${needs ? 'needs' : 'takes no'} data`);
  return [task, data as Dataset];
}

/** Runs the named task. Rejects with SimdenseError 'ARGUMENT' for an unknown name or an invalid job. */
export async function runTask(
  name: string,
  job: unknown,
  data: Dataset | undefined,
  context: TaskContext = {},
): Promise<unknown> {
  const [task, set] = find(name, data);
  return task.run(task.checkJob(job as never, set), set, context);
}

/** The most bytes that the arrays of this job's result can have, for results that others may have written. */
export function mostBytes(name: string, job: unknown, data: Dataset | undefined): number {
  const [task, set] = find(name, data);
  return asResult(() => task.mostBytes(job as never, set));
}

/** Checks a result that others may have written: returns it if it can be that of this job, otherwise throws SimdenseError 'FORMAT'. */
export function checkResult(name: string, result: unknown, job: unknown, data: Dataset | undefined): unknown {
  const [task, set] = find(name, data);
  return asResult(() => task.checkResult(result, job as never, set));
}

function asResult<R>(check: () => R): R {
  try {
    return check();
  } catch (cause) {
    if (cause instanceof SimdenseError && cause.code === 'FORMAT') throw cause;
    throw new SimdenseError('FORMAT', `the result of a training run: ${(cause as Error).message}`, { cause });
  }
}
