import { SimdenseError } from '../../base/errors.js';
import { type Pipeline, type Space, search, type Trial } from '../../evaluate/index.js';
import { importanceOf } from '../../evaluate/search/importance.js';
import { saveFile } from '../../node/index.js';
import { file, oneOf, positive, wholeFrom, wholeFromTo } from '../checks.js';
import type { Call, Command } from '../command.js';
import { conclude } from '../conclude.js';
import { filesOf } from '../files.js';
import { fitsPipeline, fitTable, targetArgument } from '../fit-table.js';
import { foldsOf } from '../folds.js';
import { Interrupt, Interruption } from '../interrupt.js';
import { columns, common, number, reading, running, text, training } from '../options.js';
import { progress, say } from '../output.js';
import { outputsOf } from '../outputs.js';
import { executorOf, judgedBy, pipelineOf, textsOf } from '../pipeline.js';
import { askedSplit, rowsBy } from '../split.js';
import { checkColumns, firstWords, withLost } from '../table-words.js';
import { readTraining } from '../training-table.js';
import { type Best, type Settings, triedWords } from '../tried.js';

export const tune: Command = {
  name: 'tune',
  usage: 'DATA.csv --target COLUMN',
  summary: 'searches for the network and learning rate that predict best, and trains them',
  options: {
    ...training,
    trials: { type: 'string', value: 'N', check: wholeFromTo(1, 1_000_000), help: 'settings to try; default 20' },
    seconds: {
      type: 'string',
      value: 'N',
      check: positive,
      help: 'begins no more settings after this time, however many; with random and bayes',
    },
    strategy: {
      type: 'string',
      value: 'NAME',
      check: oneOf(['random', 'bayes', 'halving', 'grid']),
      help: 'random; bayes, which tries what is like the best so far; halving, which gives the best third three times the epochs, again and again; or grid; default random',
    },
    folds: {
      type: 'string',
      value: 'N',
      check: wholeFrom(2),
      help: 'folds of the cross-validation that judges each setting; default 5',
    },
    table: { type: 'string', value: 'FILE', check: file, help: 'writes all trials as CSV' },
    ...running,
    ...reading,
    ...columns,
    ...common,
  },
  notes:
    'It varies units (8 to 128), layers (1 to 3), the learning rate (0.0003 to 0.03) and dropout (0 to 0.3).\nCtrl-C ends the search and trains with the best settings so far.',
  run,
};

/** The space of one network. */
const OF_ONE: Space<Settings> = {
  units: [8, 16, 32, 64, 128],
  layers: [1, 2, 3],
  learningRate: { min: 3e-4, max: 0.03, scale: 'log' },
  dropout: [0, 0.15, 0.3],
};

async function run(call: Call): Promise<number> {
  const { values } = call;
  const [data] = filesOf(call, tune) as [string];
  const seed = number(values, 'seed', 0);
  const strategy = text(values, 'strategy') as 'random' | 'bayes' | 'halving' | 'grid' | undefined;
  if (strategy === 'grid' && values['trials'] !== undefined)
    throw new SimdenseError('ARGUMENT', '--trials: has no effect with --strategy grid, which tries every combination');
  if (values['seconds'] !== undefined && (strategy === 'grid' || strategy === 'halving'))
    throw new SimdenseError('ARGUMENT', `--seconds: has no effect with --strategy ${strategy}: use random or bayes`);
  // Refuse options that do not go together before reading the file.
  pipelineOf(values);
  const seconds = values['seconds'] === undefined ? undefined : number(values, 'seconds', 1);
  const outputs = await outputsOf(data, values);
  const table = await readTraining(data, values);
  checkColumns(data, { ...table, texts: textsOf(values) });
  say(values, firstWords({ ...table, texts: textsOf(values) }));
  // Search on the training rows only: if the test rows took part in the choice of settings, the test score would be too good.
  const split = askedSplit(table, values, seed);
  const searched = table.table.select(split.train);
  const monitor = judgedBy(values, table.task, table.set.classes);
  const { targets } = table;
  const pipelineFor = ({ units, layers, learningRate, dropout }: Settings, rows: number): Pipeline => ({
    ...pipelineOf(
      {
        ...values,
        hidden: Array.from({ length: layers }, () => units).join(),
        'learning-rate': String(learningRate),
        dropout: String(dropout),
      },
      { targets, rows },
    ),
    ...table.wanted,
    ...(table.task !== 'regression' && { metrics: [...new Set(['accuracy', monitor] as const)] }),
  });
  const { groups, time } = table.set;
  const by = rowsBy({
    ...table.set,
    ...(groups && { groups: split.train.map((row) => groups[row] as number) }),
    ...(time && { time: Float64Array.from(split.train, (row) => time[row] as number) }),
  });
  const splits = foldsOf('folds', searched.rows, number(values, 'folds', 5), { seed, all: table.table.rows, by });
  using interrupt = new Interrupt();
  const executor = await executorOf(values);
  const bar = progress(values, 'trainings');
  // Trials in the order in which they end; after a complete search, in the order of the settings.
  const ended: Trial<Settings>[] = [];
  let done: readonly Trial<Settings>[] = ended;
  let best: Best<Settings> | undefined;
  let trials: string | undefined;
  try {
    const result = await search<Settings>({
      space: OF_ONE,
      pipeline: (settings) => pipelineFor(settings, searched.rows),
      x: searched,
      y: targetArgument(table.targets),
      splits,
      ...table.together,
      monitor,
      ...(strategy !== 'grid' &&
        (seconds === undefined || values['trials'] !== undefined) && { trials: number(values, 'trials', 20) }),
      ...(seconds !== undefined && { seconds }),
      ...(strategy && { strategy }),
      seed,
      executor,
      signal: interrupt.signal,
      onProgress: (n, total) => bar.update(n, total, ''),
      onTrial(trial, bestSoFar) {
        ended.push(trial);
        if (bestSoFar?.score) best = { parameters: bestSoFar.parameters, score: bestSoFar.score };
      },
    });
    best = result.best;
    done = result.trials;
    trials = result.toCsv();
  } catch (error) {
    if (!interrupt.happened) throw withLost(error, table);
    if (!best) throw new Interruption('interrupted before the first trial was done; nothing was saved');
  } finally {
    bar.stop();
    await executor.close();
  }
  const interrupted = interrupt.happened;
  const importance = importanceOf(OF_ONE, done, seed);
  const tried = triedWords(done, best, { monitor, folds: splits.length, importance });
  const more = [
    tried.words,
    ...(trials === undefined && outputs.table !== undefined
      ? ['The table of trials was not written: the search was interrupted.']
      : []),
  ].join(' ');
  if (trials !== undefined && outputs.table !== undefined) {
    const [path, bytes] = [outputs.table, new TextEncoder().encode(trials)];
    await interrupt.unheard(() => saveFile(path, bytes));
  }
  // After an interrupted search, training with the best settings is not interruptible: the next Ctrl-C ends the process at once.
  const chosen = best.parameters;
  const order = {
    train: fitsPipeline((rows) => pipelineFor(chosen, rows), table, seed),
    table,
    split,
    values,
    linearToo: true,
    seed,
    interrupt: interrupted ? undefined : interrupt,
  };
  const fitted = await fitTable(order);
  return conclude({
    ...fitted,
    command: 'tune',
    options: tune.options,
    file: data,
    table,
    outputs,
    more,
    search: { space: OF_ONE, monitor, trials: done, best, importance: () => importance },
    moreData: {
      search: { strategy: strategy ?? 'random', ...tried.data },
      table: trials === undefined ? undefined : outputs.table,
    },
    interrupted: interrupt.happened,
    values,
    seed,
  });
}
