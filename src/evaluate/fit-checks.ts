// Checks fit jobs and their results: both may come from files and queues that others can write to.
import { boolean, isRecord, options, refuse, show, wholeNumber } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { listed } from '../base/listed.js';
import { rangeOf } from '../nn/figures.js';
import type { Range } from '../nn/metrics/names.js';
import { type Dataset, predictedColumns, rowsOf } from './dataset.js';
import type { FitJob, FitResult } from './fit-job.js';
import { type FittedPipeline, loadPipeline } from './fitted-pipeline.js';
import { type Inputs, isTable } from './inputs.js';
import { checkPipeline, resolvePipeline } from './pipeline.js';

/** The job, if it can run on this data set; otherwise throws SimdenseError 'ARGUMENT'. */
export function checkFitJob(job: FitJob, data: Dataset): FitJob {
  if (!isRecord(job)) refuse('job', 'an object with a pipeline and rows', job);
  const {
    pipeline,
    train,
    test,
    seed,
    validates,
    prunes = false,
    wants,
  } = options('job', job, ['pipeline', 'train', 'test', 'seed', 'validates', 'prunes', 'wants']);
  checkPipeline('pipeline', pipeline);
  const rows = rowsOf(data);
  for (const [name, part] of Object.entries({ train, test })) {
    if (!(part instanceof Int32Array)) refuse(`job(${name})`, 'an Int32Array of rows', part);
    for (const row of part) if (row < 0 || row >= rows) refuse(`job(${name})`, `rows below ${rows}`, row);
  }
  if (train.length === 0) refuse('job(train)', 'at least one row', train);
  wholeNumber('job(seed)', seed);
  if (validates !== undefined && boolean('job(validates)', validates) && test.length === 0)
    refuse('job(test)', 'at least one row that is measured after each epoch', test);
  boolean('job(prunes)', prunes);
  const { trainScores = false, model = false } = options('job(wants)', wants, ['trainScores', 'model']);
  boolean('job(wants.trainScores)', trainScores);
  boolean('job(wants.model)', model);
  return job;
}

/** The result, if it can be that of this job; otherwise throws SimdenseError 'FORMAT'. Figures in their range are accepted, since they cannot be verified. */
export function checkFitResult(result: unknown, job: FitJob, data: Dataset): FitResult {
  if (!isRecord(result)) wrong('expected an object', result);
  for (const key of Object.keys(result)) if (!keys.includes(key)) wrong('expected no other member', key);
  const { scores, trainScores, model, predictions, epochs, seconds } = result;
  const resolved = resolvePipeline('pipeline', job.pipeline, data);
  const names = ['loss', ...resolved.metrics];
  checkScores('scores', scores, job.test.length > 0 ? names : [], job.test, data);
  const { wants = {} } = job;
  if (wants.trainScores) checkScores('trainScores', trainScores, names, job.train, data);
  else if (trainScores !== undefined) wrong('expected no trainScores', trainScores);
  if (wants.model) checkModel(model, data);
  else if (model !== undefined) wrong('expected no model', model);
  if (wants.model && job.test.length > 0) checkPredictions(predictions, job.test.length, data);
  else if (predictions !== undefined) wrong('expected no predictions', predictions);
  const most = resolved.fit.epochs as number;
  if (!Number.isInteger(epochs) || (epochs as number) < 1 || (epochs as number) > most)
    wrong(`expected 1 to ${most} epochs`, epochs);
  if (!Number.isFinite(seconds) || (seconds as number) < 0) wrong('expected seconds from 0 up', seconds);
  return result as unknown as FitResult;
}

/** Upper bounds for the bytes of a model file without its weights, labels and names: for each epoch, for each column, and for the rest. */
const [OF_EPOCH, OF_COLUMN, OF_FILE] = [1024, 256, 2 ** 20];

/** The most bytes that the arrays of a result can have: the model's file and the predictions, if they are asked for. */
export function mostFitBytes({ pipeline, test, wants }: FitJob, data: Dataset): number {
  if (!wants?.model) return 0;
  const { layers, fit } = resolvePipeline('pipeline', pipeline, data);
  const inputs = mostInputs(data.x);
  let columns = inputs;
  let weights = 0;
  for (const layer of layers) {
    const { units } = layer as { units?: number };
    // Layers that are not dense have at most four numbers for each column, as batch normalization has.
    weights += units === undefined ? 4 * columns : (columns + 1) * units;
    columns = units ?? columns;
  }
  const textBytes = JSON.stringify([pipeline, data.classes]).length * 6;
  const others = (fit.epochs as number) * OF_EPOCH + (inputs + columns) * OF_COLUMN + textBytes + OF_FILE;
  return 4 * weights + others + 4 * predictedColumns(data) * test.length;
}

function wrong(what: string, value: unknown): never {
  throw new SimdenseError('FORMAT', `the result of a training run: ${what}, got ${show(value)}`);
}

const keys = ['scores', 'trainScores', 'model', 'predictions', 'epochs', 'seconds'];
const INF = Number.POSITIVE_INFINITY;
/** How much rounding may add to a mean. */
const ROUNDING = 1e-6;

/** Whether a figure may be NaN: auc if there is only one class, r2 if there is only one row. */
const mayBeNaN = (name: string, rows: Int32Array, { indices }: Dataset): boolean =>
  name === 'r2' ? rows.length < 2 : name === 'auc' && rows.every((row) => indices?.[row] === indices?.[rows[0] ?? 0]);

const inWords = ([least, most]: Range): string =>
  least === -INF ? `at most ${most}` : most === INF ? `a number from ${least} up` : `a number from ${least} to ${most}`;

function checkScores(where: string, scores: unknown, names: readonly string[], rows: Int32Array, data: Dataset): void {
  if (!isRecord(scores)) wrong(`expected ${where}`, scores);
  for (const key of Object.keys(scores)) if (!names.includes(key)) wrong(`${where}: expected ${names.join(', ')}`, key);
  for (const name of names) {
    const value = Object.hasOwn(scores, name) ? scores[name] : undefined;
    if (typeof value !== 'number' || (Number.isNaN(value) && !mayBeNaN(name, rows, data)))
      wrong(`${where}: expected a number for ${name}`, value);
    // The figures of a pipeline are its loss and built-in metrics.
    const range = rangeOf(name) as Range;
    if (value < range[0] - ROUNDING || value > range[1] + ROUNDING)
      wrong(`${where}: expected ${inWords(range)} for ${name}`, value);
  }
}

/** Checks that a model's file loads, and that its inputs, outputs and classes fit the data set. */
function checkModel(model: unknown, { x, classes, y }: Dataset): void {
  if (!(model instanceof Uint8Array)) wrong('expected the bytes of a model', model);
  const loaded = loadPipeline(model);
  try {
    checkColumns(loaded, x);
    if (JSON.stringify(loaded.classes) !== JSON.stringify(classes))
      wrong(`expected a model of the classes ${classes?.join(', ') ?? 'of a regression, none'}`, loaded.classes);
    if (y && loaded.model.outputs !== y.columns)
      wrong(`expected a model of ${y.columns} outputs`, loaded.model.outputs);
  } finally {
    loaded.dispose();
  }
}

/** The most features that an encoder makes of a table's column beside those of its texts: a date has the most. */
const OF_CELLS = 16;

/** The most inputs that a network can have for these rows. */
const mostInputs = (x: Inputs): number =>
  isTable(x)
    ? x.columns.reduce((sum, { cells }) => sum + OF_CELLS + ('texts' in cells ? cells.texts.length : 0), 0)
    : x.columns;

function checkColumns({ model, encoder }: FittedPipeline, x: Inputs): void {
  if (!isTable(x)) {
    if (encoder || model.inputs !== x.columns) wrong(`expected a model of ${x.columns} columns`, model.inputs);
    return;
  }
  const known = new Set(x.columns.map(({ name }) => name));
  if (!encoder?.columns.every((name) => known.has(name)))
    wrong(`expected a model of the columns ${listed([...known])}`, encoder?.columns.join(', '));
}

function checkPredictions(predictions: unknown, rows: number, set: Dataset): void {
  const probabilities = set.task !== 'regression';
  if (!isRecord(predictions)) wrong('expected predictions', predictions);
  const { data, columns, ...others } = predictions;
  const [other] = Object.keys(others);
  if (other !== undefined) wrong('predictions: expected data and columns only', other);
  const expected = predictedColumns(set);
  if (columns !== expected) wrong(`predictions: expected ${expected} columns`, columns);
  if (!(data instanceof Float32Array)) wrong('predictions: expected a Float32Array', data);
  if (data.length !== rows * expected) wrong(`predictions: expected ${rows * expected} numbers`, data.length);
  const bad = data.findIndex((value) => !(probabilities ? value >= 0 && value <= 1 : Number.isFinite(value)));
  if (bad >= 0) wrong(`predictions: expected ${probabilities ? 'probabilities' : 'finite numbers'}`, data[bad]);
}
