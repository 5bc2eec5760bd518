// 'tabular': networks that we choose for a table, each judged by rows that the others learn from.
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
import { inNameOf } from './in-name-of.js';
import { linearPipeline, linearRows } from './linear.js';
import { type MembersOptions, runMembers } from './members.js';
import type { Pipeline } from './pipeline.js';
import { type RowsTogether, together } from './rows-together.js';
import { suspecting } from './suspecting.js';
import { tableOf } from './table-of.js';
import { membersFor, tabularAlone, tabularMember } from './tabular-members.js';
import type { Labels, Task, Wanted } from './task.js';

export interface TabularOptions extends RunOptions, RowsTogether {
  /**
   * The number of networks, from 1 to 100. Each is trained on all rows but its part, and judged by this part.
   * A single network is trained on all rows; another of its kind, trained on four fifths, is judged by the rest. Default: 5; 3 for more than 5,000 rows.
   */
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
/** The share of the rows that judges each network where rows are not dealt to folds. */
const JUDGING = 0.2;

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
  if (given.members !== undefined) positiveUpTo(`${where}(members)`, MOST_MEMBERS, given.members);
  if (given.classWeight !== undefined && given.classWeight !== 'balanced')
    refuse(`${where}(classWeight)`, "'balanced'", given.classWeight);
  if (given.callbacks !== undefined && !Array.isArray(given.callbacks))
    refuse(`${where}(callbacks)`, 'an array of callbacks', given.callbacks);
  const calibrate = boolean(`${where}(calibrate)`, given.calibrate ?? true);
  if (!tableOf(x)) refuse(`${where}: x`, "a Table for 'tabular', as readTable makes one of rows or objects", x);
  const wanted: Wanted = { task: given.task, separator: given.separator, positive: given.positive };
  const read = await inTurnsUntil(readingDataset(where, x, y, wanted, given), given.signal);
  const data = await inTurnsUntil(suspecting(read), given.signal);
  if (given.classWeight && data.task !== 'classification')
    throw new SimdenseError('ARGUMENT', `${where}(classWeight): is about classes, and this is a ${data.task}`);
  const members = given.members ?? membersFor(rowsOf(data));
  return inNameOf(where, () => fitNetworks(where, data, { ...given, members, calibrate }));
}

export interface NetworksOptions extends MembersOptions, Pick<TabularOptions, 'classWeight' | 'calibrate'> {
  readonly members: number;
}

/** The networks of 'tabular' for a checked data set. With `keeps` an abort ends it with those that are trained by then. */
export async function fitNetworks(where: string, data: Dataset, o: NetworksOptions): Promise<Ensemble> {
  const { members, classWeight, calibrate = true, seed = 0, keeps = false, signal } = o;
  const { members: _, classWeight: __, calibrate: ___, ...running } = o;
  const splits = partsOf(data, members, seed);
  const judged = (await splitJobs(where, splits, data, { seed }, { model: true })).map((job, m): FitJob => {
    const pipeline = members === 1 ? tabularAlone(data, job.train.length) : tabularMember(data, m, job.train.length);
    // The first shows how the training goes; that its part is measured changes no weight.
    return { ...job, pipeline: weighed(pipeline, classWeight), validates: m === 0 };
  });
  const alone =
    members === 1 ? [onAllRows(judged[0] as FitJob, weighed(tabularAlone(data, rowsOf(data)), classWeight))] : [];
  const linear = judged.map((job): FitJob => {
    const train = linearRows(job.train);
    return { ...job, train, pipeline: linearPipeline(data, train.length, classWeight), validates: false };
  });
  const results = await runMembers([...judged, ...alone, ...linear], data, running);
  const jobs = judged.filter((_, m) => results[m]);
  const ended = results.slice(0, members).filter((result) => result !== undefined);
  const single = alone.length > 0 ? results[members] : undefined;
  const rivals = judged.flatMap((_, m) => (results[m] ? [results[members + alone.length + m]] : []));
  return ensembleOf(data, jobs, ended, {
    signal: keeps ? undefined : signal,
    balanced: classWeight !== undefined,
    calibrate,
    ...(single && { predicting: [single] }),
    ...(rivals.every((result) => result !== undefined) && { linear: rivals }),
  });
}

const weighed = ({ fit, ...pipeline }: Pipeline, classWeight: 'balanced' | undefined): Pipeline => ({
  ...pipeline,
  fit: { ...fit, ...(classWeight && { classWeight }) },
});

/** The job of a network that predicts and is judged by another of its kind. */
const onAllRows = ({ train, test, ...job }: FitJob, pipeline: Pipeline): FitJob => ({
  ...job,
  pipeline,
  // In the order of their numbers: the seed shuffles them.
  train: Int32Array.from([...train, ...test]).sort(),
  test: new Int32Array(0),
  validates: false,
});

/** For each network the rows that it learns from, and those that judge it: each row judges one, or with `time` the latest judge all. */
function partsOf(data: Dataset, members: number, seed: number): Iterable<Split> {
  const { groups, time } = data;
  const rows = rowsOf(data);
  if (time) {
    const [split] = holdOut(rows, { testSize: JUDGING, time });
    return Array.from({ length: members }, () => split as Split);
  }
  const most = groups ? new Set(groups).size : rows;
  if (members === 1 || members > most)
    return holdOut(rows, { testSize: JUDGING, seed, repeats: members, ...splitBy(data, 2) });
  return kFold(rows, { folds: members, seed, ...splitBy(data, members) });
}
