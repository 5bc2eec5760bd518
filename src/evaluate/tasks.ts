// What a worker can be asked to do, by name: a job is data, never code.
import { refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Training } from '../train/callbacks.js';
import type { Logs } from '../train/history.js';
import { type Dataset, selectRows } from './dataset.js';
import { fitDataset } from './fitted-pipeline.js';
import type { Pipeline } from './pipeline.js';

/** Fits a pipeline on some rows and measures it on others. */
export interface FitJob {
  readonly pipeline: Pipeline;
  readonly train: Int32Array;
  /** May be empty where nothing is to be measured. */
  readonly test: Int32Array;
  readonly seed: number;
  /** Beside the test figures: those on the training rows, and the fitted pipeline's file with its predictions for the test rows. */
  readonly wants?: { readonly trainScores?: boolean; readonly model?: boolean };
}

export interface FitResult {
  readonly scores: Logs;
  readonly trainScores?: Logs;
  readonly model?: Uint8Array;
  /** Probabilities, or outputs, of the test rows: rows × columns. */
  readonly predictions?: { readonly data: Float32Array; readonly columns: number };
  readonly epochs: number;
  readonly seconds: number;
}

/** What a task is told beside its job. */
export interface TaskContext {
  readonly signal?: AbortSignal | undefined;
  /** Called with the share that is done, from 0 to 1. */
  readonly onProgress?: ((share: number) => void) | undefined;
}

async function fit(job: FitJob, data: Dataset, { signal, onProgress }: TaskContext): Promise<FitResult> {
  const { pipeline, train, test, seed, wants = {} } = job;
  const begin = performance.now();
  const training = selectRows(data, train);
  const callbacks = onProgress ? [{ onEpochEnd: (t: Training) => onProgress((t.epoch + 1) / t.epochs) }] : [];
  const fitted = await fitDataset('pipeline', pipeline, training, { seed, callbacks, ...(signal && { signal }) });
  try {
    const testing = test.length > 0 ? selectRows(data, test) : undefined;
    const outputs = wants.model && testing ? await fitted.predictDataset(testing, signal) : undefined;
    return {
      scores: testing ? await fitted.evaluateDataset(testing, signal) : {},
      ...(wants.trainScores && { trainScores: await fitted.evaluateDataset(training, signal) }),
      ...(wants.model && { model: fitted.save() }),
      ...(outputs && { predictions: { data: outputs.data as Float32Array, columns: outputs.columns } }),
      epochs: fitted.history.epochs.length,
      seconds: (performance.now() - begin) / 1000,
    };
  } finally {
    fitted.dispose();
  }
}

const tasks: Readonly<Record<string, (job: never, data: Dataset, context: TaskContext) => Promise<unknown>>> = { fit };

/** Runs the task of this name. Throws SimdenseError 'ARGUMENT' for a name that there is not. */
export function runTask(
  task: string,
  job: unknown,
  data: Dataset | undefined,
  context: TaskContext = {},
): Promise<unknown> {
  const run = Object.hasOwn(tasks, task) ? tasks[task] : undefined;
  if (!run) refuse('executor: task', `one of ${Object.keys(tasks).join(', ')}`, task);
  if (!data) throw new SimdenseError('ARGUMENT', `executor: the task ${task} needs data`);
  return run(job as never, data, context);
}
