import { SimdenseError } from '../../base/errors.js';
import {
  type Executor,
  type Pipeline,
  type SearchResult,
  type Space,
  search,
  type TabularSettings,
  type Trial,
  tabularSpace,
} from '../../evaluate/index.js';
import { importanceOf } from '../../evaluate/search/importance.js';
import { saveFile } from '../../node/index.js';
import { file, oneOf, positive, wholeFrom, wholeFromTo } from '../checks.js';
import type { Call, Command } from '../command.js';
import { conclude } from '../conclude.js';
import { filesOf } from '../files.js';
import { fitsPipeline, fitTable, targetArgument } from '../fit-table.js';
import { fitTuned } from '../fit-tuned.js';
import { foldsOf } from '../folds.js';
import { Interrupt, Interruption } from '../interrupt.js';
import { columns, common, number, reading, running, text, training } from '../options.js';
import { noteColumns, progress, say } from '../output.js';
import { outputsOf } from '../outputs.js';
import { asksForOne, executorOf, judgedBy, pipelineOf, textsOf, withText } from '../pipeline.js';
import { searchNote } from '../search-note.js';
import { askedSplit, rowsBy } from '../split.js';
import { checkColumns, firstWords, withLost } from '../table-words.js';
import { readTraining } from '../training-table.js';
import { type AnySettings, type Best, OF_ONE, triedWords } from '../tried.js';

export const tune: Command = {
  name: 'tune',
  usage: 'DATA.csv --target COLUMN',
  summary: 'searches for the network and learning rate that predict best, and trains them',
  options: {
    quick: {
      type: 'boolean',
      help: 'one network with the best settings, instead of several that predict together. So does each option about a network, such as --epochs',
    },
    ...training,
    trials: {
      type: 'string',
      value: 'N',
      check: wholeFromTo(1, 1_000_000),
      help: 'settings to try; default 20, or with --seconds as many as there is time for',
    },
    seconds: {
      type: 'string',
      value: 'N',
      check: positive,
      help: 'begins no more settings after this time; with random and bayes. What was chosen is then trained again on all rows, unless --no-refit is given',
    },
    strategy: {
      type: 'string',
      value: 'NAME',
      check: oneOf(['random', 'bayes', 'halving', 'grid']),
      help: 'random; bayes, which tries what is like the best so far; halving, which gives the best third three times the epochs, again and again; or grid, of one network; default bayes',
    },
    halving: {
      type: 'boolean',
      help: 'begins each setting with a ninth of its epochs, and gives three times as many to the best third, and again; with random and bayes',
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
    'It begins with the networks that train chooses, varies their layers, units, activation, dropout, learning rate, weight decay, pieces and epochs, and puts together those that predict best as a mean. With --quick it varies units (8 to 128), layers (1 to 3), the learning rate (0.0003 to 0.03) and dropout (0 to 0.3) of one network.\nA setting that leads nowhere in the first fold, with a loss that grows or a network that gives the same output for every row, is not trained in the others.\nCtrl-C ends the search and trains one network with the best settings so far.',
  run,
};

/** For `await using`: the executor is closed however the command ends. */
const closing = (executor: Executor) => ({ executor, [Symbol.asyncDispose]: () => executor.close() });

/** Whether a strategy begins with points that are known. */
const takesFirst = (strategy: string): boolean => strategy === 'random' || strategy === 'bayes';

/** What the bar counts. */
const TITLE = 'trainings';

async function run(call: Call): Promise<number> {
  const { values } = call;
  const [data] = filesOf(call, tune) as [string];
  const seed = number(values, 'seed', 0);
  const strategy = (text(values, 'strategy') ?? 'bayes') as 'random' | 'bayes' | 'halving' | 'grid';
  if (strategy === 'grid' && values['trials'] !== undefined)
    throw new SimdenseError('ARGUMENT', '--trials: has no effect with --strategy grid, which tries every combination');
  if (values['seconds'] !== undefined && (strategy === 'grid' || strategy === 'halving'))
    throw new SimdenseError('ARGUMENT', `--seconds: has no effect with --strategy ${strategy}: use random or bayes`);
  const halving = values['halving'] === true;
  if (halving && (strategy === 'grid' || strategy === 'halving'))
    throw new SimdenseError('ARGUMENT', `--halving: has no effect with --strategy ${strategy}: use random or bayes`);
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
  const wanted = {
    ...table.wanted,
    ...(table.task !== 'regression' && { metrics: [...new Set(['accuracy', monitor] as const)] }),
  };
  const folds = number(values, 'folds', 5);
  const around = tabularSpace(searched, targets, { folds });
  const aroundAll = tabularSpace(table.table, targets, { folds });
  const pipelineFor = (settings: AnySettings, rows: number): Pipeline => {
    const own =
      'pieces' in settings
        ? withText((rows === searched.rows ? around : aroundAll).pipeline(settings), values, targets)
        : pipelineOf(
            {
              ...values,
              hidden: Array.from({ length: settings.layers }, () => settings.units).join(),
              'learning-rate': String(settings.learningRate),
              dropout: String(settings.dropout),
            },
            { targets, rows },
          );
    return { ...own, ...wanted };
  };
  // A grid of all that could be varied would have no end.
  const several = asksForOne(values) === undefined && strategy !== 'grid';
  const space = (several ? around.space : OF_ONE) as Space<AnySettings>;
  const { groups, time } = table.set;
  const by = rowsBy({
    ...table.set,
    ...(groups && { groups: split.train.map((row) => groups[row] as number) }),
    ...(time && { time: Float64Array.from(split.train, (row) => time[row] as number) }),
  });
  const splits = foldsOf('folds', searched.rows, folds, { seed, all: table.table.rows, by });
  using interrupt = new Interrupt();
  await using running = closing(await executorOf(values));
  const { executor } = running;
  const bar = progress(values, TITLE);
  // Trials in the order in which they end; after a complete search, in the order of the settings.
  const ended: Trial<AnySettings>[] = [];
  let done: readonly Trial<AnySettings>[] = ended;
  let best: Best<AnySettings> | undefined;
  let trials: string | undefined;
  let found: SearchResult<AnySettings> | undefined;
  try {
    const result = await search<AnySettings>({
      space,
      ...(several && { ensemble: true, ...(takesFirst(strategy) && { first: around.first }) }),
      pipeline: (settings) => pipelineFor(settings, searched.rows),
      x: searched,
      y: targetArgument(table.targets),
      splits,
      ...table.together,
      monitor,
      ...(strategy !== 'grid' &&
        (seconds === undefined || values['trials'] !== undefined) && { trials: number(values, 'trials', 20) }),
      ...(seconds !== undefined && { seconds }),
      strategy,
      ...(halving && { halving }),
      prune: true,
      seed,
      executor,
      signal: interrupt.signal,
      onProgress: (n, total, soFar) => bar.update(n, total, searchNote(soFar, monitor, noteColumns(TITLE, n, total))),
      onTrial(trial, bestSoFar) {
        ended.push(trial);
        if (bestSoFar?.score) best = { parameters: bestSoFar.parameters, score: bestSoFar.score };
      },
    });
    found = result;
    best = result.best;
    done = result.trials;
    trials = result.toCsv();
  } catch (error) {
    if (!interrupt.happened) throw withLost(error, table);
    if (!best) throw new Interruption('interrupted before the first trial was done; nothing was saved');
  } finally {
    bar.stop();
  }
  const interrupted = interrupt.happened;
  const importance = importanceOf(space, done, seed);
  const tried = triedWords(done, best, { monitor, folds: splits.length, chosen: found?.chosen, importance });
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
  const { ensemble } = found ?? {};
  const fitted = await (ensemble
    ? fitTuned({
        model: ensemble,
        chosen: found?.chosen as SearchResult<TabularSettings>['chosen'] & object,
        pipelineFor: (settings, all) => pipelineFor(settings, all ? table.table.rows : searched.rows),
        table,
        split,
        splits,
        values,
        executor,
        interrupt,
        seed,
      })
    : fitTable({
        train: fitsPipeline((rows) => pipelineFor(chosen, rows), table, seed),
        table,
        split,
        values,
        linearToo: true,
        seed,
        interrupt: interrupted ? undefined : interrupt,
      }));
  return conclude({
    ...fitted,
    command: 'tune',
    options: tune.options,
    file: data,
    table,
    outputs,
    more,
    search: { space, monitor, trials: done, best, importance: () => importance },
    moreData: {
      search: { strategy, halving, ...tried.data },
      table: trials === undefined ? undefined : outputs.table,
    },
    interrupted: interrupt.happened,
    values,
    seed,
  });
}
