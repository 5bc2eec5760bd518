// 'tabular': networks that we choose for a table, each stopped by rows that the others learn from.
import { options, positiveUpTo, refuse } from '../base/checks.js';
import { inTurnsUntil } from '../base/pause.js';
import type { Label } from '../data/labels.js';
import { holdOut, kFold, type Split } from '../data/splits.js';
import { splitJobs } from './cross-validate.js';
import { type Dataset, readingDataset, rowsOf, splitBy, type TrainingRows } from './dataset.js';
import { type Ensemble, ensembleOf } from './ensemble.js';
import { checkRun, type RunOptions, resultsOf, runAll, runOptions } from './executor.js';
import type { FitJob, FitResult } from './fit-job.js';
import { type RowsTogether, together } from './rows-together.js';
import { tableOf } from './table-of.js';
import { tabularMember } from './tabular-members.js';
import type { Labels, Task, Wanted } from './task.js';

export interface TabularOptions extends RunOptions, RowsTogether {
  /** The number of networks, from 1 to 100. Each is trained on all rows but its part, and stopped by this part. Default: 5. */
  members?: number;
  /** What to learn. Default: follows from the target. */
  task?: Task;
  /** What stands between the labels of a cell that lists several. Default: none; a cell is one label. */
  separator?: string;
  /** Which of two classes is the positive one. Default: the second in numeric or alphabetical order. */
  positive?: Label;
}

const MOST_MEMBERS = 100;
/** The share of the rows that stops each network where rows are not dealt to folds. */
const STOPPING = 0.2;

/** fitPipeline('tabular', …). */
export async function fitTabular(
  x: TrainingRows,
  y: Labels | string,
  o: TabularOptions | undefined,
): Promise<Ensemble> {
  const where = 'fitPipeline';
  const keys = ['members', 'task', 'separator', 'positive'] as const;
  const given = options(where, o, [...runOptions, ...together, ...keys]);
  checkRun(where, given);
  const members = positiveUpTo(`${where}(members)`, MOST_MEMBERS, given.members ?? 5);
  if (!tableOf(x)) refuse(`${where}: x`, "a Table for 'tabular', as readTable makes one of rows or objects", x);
  const wanted: Wanted = { task: given.task, separator: given.separator, positive: given.positive };
  const data = await inTurnsUntil(readingDataset(where, x, y, wanted, given), given.signal);
  const { seed = 0 } = given;
  const splits = partsOf(data, members, seed);
  const jobs = (await splitJobs(where, splits, data, given, { model: true })).map(
    (job, m): FitJob => ({ ...job, pipeline: tabularMember(data, m, job.train.length), stops: true }),
  );
  const results = resultsOf(await runAll<FitJob, FitResult>('fit', jobs, data, given));
  return ensembleOf(data, jobs, results, given.signal);
}

/** For each network the rows that it learns from, and those that stop it: each row stops one, or with `time` the latest stop all. */
function partsOf(data: Dataset, members: number, seed: number): Iterable<Split> {
  const { groups, time } = data;
  const rows = rowsOf(data);
  if (time) {
    const [split] = holdOut(rows, { testSize: STOPPING, time });
    return Array.from({ length: members }, () => split as Split);
  }
  const most = groups ? new Set(groups).size : rows;
  if (members === 1 || members > most)
    return holdOut(rows, { testSize: STOPPING, seed, repeats: members, ...splitBy(data, 2) });
  return kFold(rows, { folds: members, seed, ...splitBy(data, members) });
}
