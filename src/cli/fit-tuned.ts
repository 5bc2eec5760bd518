// The networks that a search around those of 'tabular' has trained and put together: judged by the rows that it has not seen, and trained again on all rows.
import { atOnce } from '../base/pause.js';
import type { Split } from '../data/index.js';
import { type Diagnosis, diagnose } from '../diagnose/index.js';
import { jobsOf, splitJobs } from '../evaluate/cross-validate.js';
import { selectingRows } from '../evaluate/dataset.js';
import { fitChosen } from '../evaluate/fit-chosen.js';
import type { Chosen, Ensemble, Executor, Pipeline, TabularSettings } from '../evaluate/index.js';
import { runTask } from '../evaluate/tasks.js';
import { type Fitted, linearOn, testedBy } from './fit-table.js';
import type { Interrupt } from './interrupt.js';
import type { Values } from './options.js';
import { progress } from './output.js';
import { refitted } from './refit.js';
import type { TrainingTable } from './training-table.js';

export interface TunedOrder {
  readonly model: Ensemble;
  readonly chosen: readonly Chosen<TabularSettings>[];
  /** The pipeline of settings, for as many rows as are searched, and for all. */
  readonly pipelineFor: (settings: TabularSettings, all: boolean) => Pipeline;
  readonly table: TrainingTable;
  /** The rows that were searched, and those that judge. */
  readonly split: Split;
  /** The folds of the searched rows. */
  readonly splits: readonly Split[];
  readonly values: Values;
  readonly executor: Executor;
  readonly interrupt: Interrupt;
  readonly seed: number;
}

/** Judges the ensemble, and trains its networks again on folds of all rows, unless --no-refit is given. */
export async function fitTuned(order: TunedOrder): Promise<Fitted> {
  const { model, chosen, pipelineFor, table, split, values, executor, interrupt, seed } = order;
  try {
    const diagnosis = await diagnosed(order);
    const bar = progress(values, 'training on all rows');
    const refit = await refitted(0, values, interrupt, () =>
      fitChosen(
        'tune',
        table.set,
        chosen.map(({ trial, count }) => ({ pipeline: pipelineFor(trial.parameters, true), count })),
        {
          folds: order.splits.length,
          seed,
          executor,
          signal: interrupt.signal,
          onProgress: (done, total) => bar.update(done, total, ''),
        },
      ),
    ).finally(() => bar.stop());
    const linear = await linearOn(table, split, { values, seed });
    return { model, test: { ...testedBy(model, table, split), linear }, testRows: split.test.length, diagnosis, refit };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** Trains the first network once more, with the same bits, to look at how it learns. */
async function diagnosed({ chosen, pipelineFor, table, split, splits, seed }: TunedOrder): Promise<Diagnosis> {
  const diagnosis = diagnose();
  const data = atOnce(selectingRows(table.set, split.train));
  const [first] = chosen as [Chosen<TabularSettings>];
  const [job] = jobsOf(pipelineFor(first.trial.parameters, false), await splitJobs('tune', splits, data, { seed }));
  await runTask('fit', job, data, { callbacks: [diagnosis] });
  return diagnosis;
}
