// 'tabular': networks that we choose for a table, each stopped by rows that the others learn from.
import { boolean, options, positiveUpTo, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { inTurnsUntil } from '../base/pause.js';
import type { Label } from '../data/labels.js';
import { holdOut, kFold, type Split } from '../data/splits.js';
import type { Callback } from '../train/sequential.js';
import { splitJobs } from './cross-validate.js';
import { type Dataset, readingDataset, rowsOf, splitBy, type TrainingRows } from './dataset.js';
import { type Ensemble, ensembleOf } from './ensemble.js';
import { checkRun, type RunOptions, runOptions } from './executor.js';
import type { FitJob } from './fit-job.js';
import { linearPipeline } from './linear.js';
import { type MembersOptions, runMembers } from './members.js';
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
  /** 'balanced': rare classes weigh as much as common ones. Default: each row weighs the same. */
  classWeight?: 'balanced';
  /** Callbacks of the first network's training, which then runs in this thread whatever the executor; the others run as without them. */
  callbacks?: readonly Callback[];
  /**
   * Whether to fit a temperature for the probabilities of a classification, see `temperature` of Ensemble. It is kept only where it lowers the log loss of rows
   * that were not learnt from. Default: true.
   */
  calibrate?: boolean;
}

const MOST_MEMBERS = 100;
/** The number of networks where nobody says another. */
export const MEMBERS = 5;
/** The share of the rows that stops each network where rows are not dealt to folds. */
const STOPPING = 0.2;

/** fitPipeline('tabular', …). */
export async function fitTabular(
  x: TrainingRows,
  y: Labels | string,
  o: TabularOptions | undefined,
): Promise<Ensemble> {
  const where = 'fitPipeline';
  const keys = ['members', 'task', 'separator', 'positive', 'classWeight', 'callbacks', 'calibrate'] as const;
  const given = options(where, o, [...runOptions, ...together, ...keys]);
  checkRun(where, given);
  const members = positiveUpTo(`${where}(members)`, MOST_MEMBERS, given.members ?? MEMBERS);
  if (given.classWeight !== undefined && given.classWeight !== 'balanced')
    refuse(`${where}(classWeight)`, "'balanced'", given.classWeight);
  if (given.callbacks !== undefined && !Array.isArray(given.callbacks))
    refuse(`${where}(callbacks)`, 'an array of callbacks', given.callbacks);
  const calibrate = boolean(`${where}(calibrate)`, given.calibrate ?? true);
  if (!tableOf(x)) refuse(`${where}: x`, "a Table for 'tabular', as readTable makes one of rows or objects", x);
  const wanted: Wanted = { task: given.task, separator: given.separator, positive: given.positive };
  const data = await inTurnsUntil(readingDataset(where, x, y, wanted, given), given.signal);
  if (given.classWeight && data.task !== 'classification')
    throw new SimdenseError('ARGUMENT', `${where}(classWeight): is about classes, and this is a ${data.task}`);
  return fitNetworks(where, data, { ...given, members, calibrate });
}

export interface NetworksOptions extends MembersOptions, Pick<TabularOptions, 'classWeight' | 'calibrate'> {
  readonly members: number;
}

/** The networks of 'tabular' for a checked data set. With `keeps` an abort ends it with those that are trained by then. */
export async function fitNetworks(where: string, data: Dataset, o: NetworksOptions): Promise<Ensemble> {
  const { members, classWeight, calibrate = true, seed = 0, keeps = false, signal } = o;
  const { members: _, classWeight: __, calibrate: ___, ...running } = o;
  const splits = partsOf(data, members, seed);
  const all = (await splitJobs(where, splits, data, { seed }, { model: true })).map((job, m): FitJob => {
    const { fit, ...pipeline } = tabularMember(data, m, job.train.length);
    return { ...job, pipeline: { ...pipeline, fit: { ...fit, ...(classWeight && { classWeight }) } }, stops: true };
  });
  // The first half are the networks, the others the linear models of the same rows.
  const linear = all.map((job): FitJob => ({ ...job, pipeline: linearPipeline(data, classWeight) }));
  const results = await runMembers([...all, ...linear], data, running);
  const jobs = all.filter((_, m) => results[m]);
  const ended = results.slice(0, members).filter((result) => result !== undefined);
  const rivals = all.flatMap((_, m) => (results[m] ? [results[members + m]] : []));
  return ensembleOf(data, jobs, ended, {
    signal: keeps ? undefined : signal,
    balanced: classWeight !== undefined,
    calibrate,
    ...(rivals.every((result) => result !== undefined) && { linear: rivals }),
  });
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
