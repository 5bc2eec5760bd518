import { crossValidate, type Pipeline } from '../../evaluate/index.js';
import { workers } from '../../node/index.js';
import { file as path, wholeFrom } from '../checks.js';
import type { Call, Command } from '../command.js';
import { conclude } from '../conclude.js';
import { asksToDecide, checkDeciding, checkTwo, deciding } from '../deciding.js';
import { filesOf } from '../files.js';
import { fitNetworksOf } from '../fit-networks.js';
import { type Fitted, fitsPipeline, fitTable, targetArgument } from '../fit-table.js';
import { foldsOf } from '../folds.js';
import { fitsFurther, readFrom, refuseWithFrom, type SavedModel } from '../from.js';
import { Interrupt } from '../interrupt.js';
import { decisionOf } from '../model.js';
import { columns, common, number, reading, running, text, training, tuned, type Values } from '../options.js';
import { progress, say } from '../output.js';
import { outputsOf } from '../outputs.js';
import { asksForOne, executorOf, judgedBy, pipelineOf, textsOf } from '../pipeline.js';
import { checkReplaced } from '../replaced.js';
import { askedSplit, rowsBy } from '../split.js';
import { checkColumns, firstWords, withLost } from '../table-words.js';
import { readTraining, type TrainingTable } from '../training-table.js';
import { judgeFolds } from '../verdict-folds.js';

export const train: Command = {
  name: 'train',
  usage: 'DATA.csv --target COLUMN',
  summary: 'learns to predict one column from the others, and writes a model and a report',
  options: {
    quick: {
      type: 'boolean',
      help: 'one network instead of several that predict together. So does each option about a network, such as --hidden',
    },
    ...deciding,
    ...tuned,
    ...training,
    cv: {
      type: 'string',
      value: 'FOLDS',
      check: wholeFrom(2),
      help: 'trains one network, and judges it by cross-validation as well, on so many folds',
    },
    executor: { ...running.executor, needs: ['cv'] },
    results: { ...running.results, needs: ['cv'] },
    from: {
      type: 'string',
      value: 'MODEL',
      check: path,
      help: 'goes on with a saved model: its columns, network and weights; default: a new one',
    },
    ...reading,
    ...columns,
    ...common,
  },
  notes:
    'Defaults of options about a network, such as --dropout, are those of one network, which each of them asks for as --quick does. Ctrl-C ends it cleanly and saves the best model so far. A second Ctrl-C ends it at once.',
  run,
};

async function run(call: Call): Promise<number> {
  const { values } = call;
  const [file] = filesOf(call, train) as [string];
  const from = text(values, 'from');
  // Refuse options that do not go together before the file is read.
  checkDeciding(values, from === undefined ? asksForOne(values) : 'from');
  if (from === undefined) pipelineOf(values);
  else refuseWithFrom(values);
  const seed = number(values, 'seed', 0);
  const outputs = await outputsOf(file, values);
  const saved = from === undefined ? undefined : await readFrom(from, file, values);
  const table = saved?.table ?? (await readTraining(file, values));
  checkTwo(values, table.set);
  checkColumns(file, { ...table, texts: textsOf(values) });
  say(values, firstWords({ ...table, texts: textsOf(values) }));
  await checkReplaced(outputs.model, table, values);
  using interrupt = new Interrupt();
  const { targets, wanted } = table;
  const pipelineFor = (rows: number): Pipeline => ({ ...pipelineOf(values, { targets, rows }), ...wanted });
  const pipeline = saved ? undefined : pipelineFor(table.table.rows);
  const several = from === undefined && asksForOne(values) === undefined;
  const folds = pipeline && (await crossValidated(pipeline, table, values, seed, interrupt));
  const fitOne = (): Promise<Fitted> => {
    const split = askedSplit(table, values, seed);
    const train = pipeline ? fitsPipeline(pipelineFor, table, seed) : fitsFurther(saved as SavedModel, values, seed);
    const linearToo = pipeline !== undefined && pipeline.layers.length > 0;
    return fitTable({ train, table, split, values, interrupt, linearToo, seed });
  };
  const fitted = await (several ? fitSeveral(table, values, seed, interrupt) : fitOne());
  return conclude({
    ...fitted,
    command: 'train',
    options: train.options,
    file,
    table,
    outputs,
    more: [folds?.words, fitted.decided].filter(Boolean).join(' '),
    moreData: {
      ...(asksToDecide(values) && { decision: decisionOf(fitted.model) ?? null }),
      ...(folds && { crossValidation: folds.data }),
      ...(saved && { from }),
    },
    interrupted: interrupt.happened,
    values,
    seed,
  });
}

/** The networks that we choose. With --test or --time they are judged by rows that are held out from all of them. */
async function fitSeveral(table: TrainingTable, values: Values, seed: number, interrupt: Interrupt): Promise<Fitted> {
  const holds = values['test'] !== undefined || table.together.time !== undefined;
  const executor = workers();
  try {
    // Also refuses a table that cannot be split.
    const split = askedSplit(table, values, seed);
    return await fitNetworksOf({ table, split: holds ? split : undefined, values, executor, interrupt, seed });
  } finally {
    await executor.close();
  }
}

async function crossValidated(
  pipeline: Pipeline,
  table: TrainingTable,
  values: Values,
  seed: number,
  interrupt: Interrupt,
): Promise<{ words: string; data: Record<string, unknown> } | undefined> {
  const count = number(values, 'cv', 0);
  if (count === 0) return undefined;
  const folds = foldsOf('cv', table.table.rows, count, { seed, by: rowsBy(table.set) });
  const executor = await executorOf(values);
  const bar = progress(values, 'folds');
  try {
    const onProgress = (done: number, total: number): void => bar.update(done, total, '');
    const judged = judgedBy(values, table.task, table.set.classes);
    const measured =
      judged === 'accuracy' || judged === 'r2' ? pipeline : { ...pipeline, metrics: ['accuracy', judged] as const };
    const scores = await crossValidate(measured, table.table, targetArgument(table.targets), folds, {
      seed,
      executor,
      signal: interrupt.signal,
      onProgress,
      ...table.together,
    });
    return {
      words: judgeFolds(scores, judged === 'r2' ? 'meanAbsoluteError' : judged, count),
      data: { folds: count, scores },
    };
  } catch (error) {
    throw withLost(error, table);
  } finally {
    bar.stop();
    await executor.close();
  }
}
