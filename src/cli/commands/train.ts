import { crossValidate, type Pipeline } from '../../evaluate/index.js';
import { wholeFrom } from '../checks.js';
import type { Call, Command } from '../command.js';
import { conclude } from '../conclude.js';
import { askedSplit, fitTable } from '../fit-table.js';
import { foldsOf } from '../folds.js';
import { Interrupt } from '../interrupt.js';
import { common, number, reading, running, training, tuned, type Values } from '../options.js';
import { progress } from '../output.js';
import { outputsOf } from '../outputs.js';
import { executorOf, judgedBy, pipelineOf } from '../pipeline.js';
import { filesOf, readTraining, type TrainingTable } from '../table.js';
import { withSkipped } from '../table-words.js';
import { judgeFolds } from '../verdict.js';

export const train: Command = {
  name: 'train',
  usage: 'DATA.csv --target COLUMN',
  summary: 'learns to predict one column from the others, and writes a model and a report',
  options: {
    ...tuned,
    ...training,
    cv: {
      type: 'string',
      value: 'FOLDS',
      check: wholeFrom(2),
      help: 'judges it by cross-validation as well, on so many folds',
    },
    executor: { ...running.executor, needs: ['cv'] },
    results: { ...running.results, needs: ['cv'] },
    ...reading,
    ...common,
  },
  notes: 'Ctrl-C ends it cleanly and saves the best model so far. A second Ctrl-C ends it at once.',
  run,
};

async function run(call: Call): Promise<number> {
  const { values } = call;
  const [file] = filesOf(call, train) as [string];
  const withoutTask = pipelineOf(values);
  const seed = number(values, 'seed', 0);
  const outputs = await outputsOf(file, values);
  const table = await readTraining(file, values);
  const pipeline = { ...withoutTask, task: table.task };
  using interrupt = new Interrupt();
  const folds = await crossValidated(pipeline, table, values, seed, interrupt);
  const split = askedSplit(table, values, seed);
  const fitted = await fitTable({ pipeline, table, split, values, seed, interrupt });
  return conclude({
    ...fitted,
    command: 'train',
    file,
    table,
    outputs,
    more: folds?.words ?? '',
    moreData: folds ? { crossValidation: folds.data } : {},
    interrupted: interrupt.happened,
    values,
    seed,
  });
}

async function crossValidated(
  pipeline: Pipeline,
  table: TrainingTable,
  values: Values,
  seed: number,
  interrupt: Interrupt,
): Promise<{ words: string; data: Record<string, unknown> } | undefined> {
  const { x, labels } = table;
  const count = number(values, 'cv', 0);
  if (count === 0) return undefined;
  const folds = foldsOf('cv', x.rows, count, seed);
  const executor = await executorOf(values);
  const bar = progress(values, 'folds');
  try {
    const onProgress = (done: number, total: number): void => bar.update(done, total, '');
    const judged = judgedBy(values, table.task, labels);
    const measured =
      judged === 'accuracy' || judged === 'r2' ? pipeline : { ...pipeline, metrics: ['accuracy', judged] as const };
    const scores = await crossValidate(measured, x, labels, folds, {
      seed,
      executor,
      signal: interrupt.signal,
      onProgress,
    });
    return {
      words: judgeFolds(scores, judged === 'r2' ? 'meanAbsoluteError' : judged, count),
      data: { folds: count, scores },
    };
  } catch (error) {
    throw withSkipped(error, table);
  } finally {
    bar.stop();
    await executor.close();
  }
}
