// The jobs of a training on shards: one that summarises a shard, and one that trains on it; with the checks of both and of their results.
import { boolean, isRecord, options, refuse, show, wholeNumber } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import { scalerFromJson } from '../../data/scalers/index.js';
import { encoderOf } from '../../table/encoders/encoder.js';
import { targetsFromJson } from '../../table/encoders/targets.js';
import type { FitOptions } from '../../train/sequential.js';
import type { Dataset } from '../dataset.js';
import { isTable } from '../inputs.js';
import { checkPipeline, type SettledPipeline } from '../pipeline.js';
import { isLinear } from '../target-scale.js';
import { type Task, tasks } from '../task.js';
import { bytesOfTwelve, type Compact, fromHalves } from './compact.js';
import type { ShardPreparation } from './merge.js';
import { checkShard, type ReadShardOptions, type Shard } from './shard.js';
import type { ShardSummary } from './summary.js';

export interface SummaryJob {
  readonly shard: Shard;
  readonly read: ReadShardOptions;
  /** Without it the rows are only counted. */
  readonly wanted?: { readonly target: string; readonly task?: Task };
  /** Differs in each call: a summary is never taken from an earlier one, since files change. */
  readonly call: number;
}

/** A network as the shards train it. */
export interface ShardTraining
  extends Pick<SettledPipeline, 'layers' | 'optimizer' | 'loss' | 'metrics' | 'layerRates'> {
  readonly fit: Pick<FitOptions, 'epochs' | 'batchSize' | 'shuffle' | 'augment'> & {
    readonly classWeight?: Readonly<Record<number, number>>;
  };
}

export interface ShardJob {
  readonly shard: Shard;
  /** What the shard was when it was summarised. */
  readonly fingerprint: string;
  /** The fingerprint of the preparation, which a worker keeps: only the first jobs have it. */
  readonly prepared: string;
  readonly preparation?: ShardPreparation;
  readonly training: ShardTraining;
  readonly seed: number;
  /** Whether the change comes back in 16 bits, as with control variates, and what is then added to the parameters after each update. */
  readonly controlled?: boolean;
  readonly correction?: Compact;
}

/**
 * The parameters after the local steps, or with control variates their change and the number of updates; and the figures of the last local epoch. Or that the worker does not
 * know the preparation.
 */
export type ShardResult =
  | { readonly weights: Float32Array; readonly logs: Readonly<Record<string, number>> }
  | { readonly change: Compact; readonly updates: number; readonly logs: Readonly<Record<string, number>> }
  | { readonly unprepared: true };

const isHash = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{16}$/.test(value);

export function checkSummaryJob(job: SummaryJob): SummaryJob {
  if (!isRecord(job)) refuse('job', 'an object with a shard', job);
  const given = options('job', job as SummaryJob, ['shard', 'read', 'wanted', 'call']);
  checkShard('job(shard)', given.shard);
  if (!isRecord(given.read)) refuse('job(read)', 'options of readTable', given.read);
  if (given.wanted !== undefined) {
    const { target, task } = options('job(wanted)', given.wanted, ['target', 'task']);
    if (typeof target !== 'string') refuse('job(wanted.target)', 'the name of a column', target);
    if (task !== undefined && !tasks.includes(task)) refuse('job(wanted.task)', 'a task', task);
  }
  return job;
}

/** The job, if it can run with these parameters; otherwise throws SimdenseError 'ARGUMENT'. */
export function checkShardJob(job: ShardJob, data: Dataset): ShardJob {
  if (!isRecord(job)) refuse('job', 'an object with a shard', job);
  const keys = [
    'shard',
    'fingerprint',
    'prepared',
    'preparation',
    'training',
    'seed',
    'controlled',
    'correction',
  ] as const;
  const given = options('job', job as ShardJob, keys);
  checkShard('job(shard)', given.shard);
  for (const name of ['fingerprint', 'prepared'] as const)
    if (!isHash(given[name])) refuse(`job(${name})`, 'a fingerprint', given[name]);
  const { layers, optimizer, loss, metrics, layerRates, fit } = options('job(training)', given.training, [
    'layers',
    'optimizer',
    'loss',
    'metrics',
    'layerRates',
    'fit',
  ]);
  const { classWeight, ...others } = options('job(training.fit)', fit, [
    'epochs',
    'batchSize',
    'shuffle',
    'augment',
    'classWeight',
  ]);
  checkPipeline('job(training)', { layers, optimizer, loss, metrics, ...(layerRates && { layerRates }), fit: others });
  if (others.shuffle !== undefined) boolean('job(training.fit.shuffle)', others.shuffle);
  if (classWeight !== undefined && !isRecord(classWeight))
    refuse('job(training.fit.classWeight)', 'weights', classWeight);
  wholeNumber('job(seed)', given.seed);
  if (isTable(data.x) || !(data.x.data instanceof Float32Array)) refuse('job: data', 'parameters', data.x);
  if (given.controlled !== undefined) boolean('job(controlled)', given.controlled);
  if (given.correction !== undefined && !isCompact(given.correction, bytesOfTwelve(data.x.columns)))
    refuse('job(correction)', 'a number for each parameter', given.correction);
  return job;
}

/** A checked copy of a preparation. Throws SimdenseError 'ARGUMENT' and 'FORMAT'. */
export function checkPreparation(value: ShardPreparation): ShardPreparation {
  const { read, encoder, targets, task, classes, targetScaler } = options('job(preparation)', value, [
    'read',
    'encoder',
    'targets',
    'task',
    'classes',
    'targetScaler',
  ]);
  if (!isRecord(read)) refuse('job(preparation.read)', 'options of readTable', read);
  if (!tasks.includes(task)) refuse('job(preparation.task)', 'a task', task);
  const isLabels = Array.isArray(classes) && classes.every((each) => typeof each === 'string' || Number.isFinite(each));
  if ((task === 'classification') !== isLabels)
    refuse('job(preparation.classes)', 'the classes of a classification', classes);
  if (!isLinear(scalerFromJson(targetScaler))) refuse('job(preparation.targetScaler)', 'a linear scaler', targetScaler);
  return {
    read,
    encoder: encoderOf(encoder).toJSON(),
    targets: targetsFromJson(targets),
    task,
    ...(classes && { classes }),
    targetScaler,
  };
}

const isCompact = (value: unknown, length: number): value is Compact =>
  isRecord(value) &&
  value['bytes'] instanceof Uint8Array &&
  value['bytes'].length === length &&
  Number.isFinite(value['scale']) &&
  Object.keys(value).length === 2;

function wrong(what: string, value: unknown): never {
  throw new SimdenseError('FORMAT', `the result of a shard: ${what}, got ${show(value)}`);
}

/** A summary as JSON in bytes: large answers go beside a queue, not through it. */
export interface PackedSummary {
  readonly summary: Uint8Array;
}

/** The most bytes of a summary. */
export const MOST_SUMMARY = 2 ** 26;

export const packSummary = (summary: ShardSummary): PackedSummary => ({
  summary: new TextEncoder().encode(JSON.stringify(summary)),
});

/** The result, if it can be a summary. */
export function checkSummary(result: unknown, job: SummaryJob): PackedSummary {
  readSummary(result, job);
  return result as PackedSummary;
}

/** The summary of a result, if it can be one; its figures cannot be verified. */
export function readSummary(packed: unknown, { wanted }: SummaryJob): ShardSummary {
  const { summary: bytes, ...beside } = isRecord(packed) ? packed : {};
  if (!(bytes instanceof Uint8Array) || Object.keys(beside).length > 0) wrong('expected a summary', packed);
  let result: unknown;
  try {
    result = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    wrong('expected JSON', bytes);
  }
  if (!isRecord(result)) wrong('expected an object', result);
  const { rows, fingerprint, columns, target, ...others } = result;
  const [other] = Object.keys(others);
  if (other !== undefined) wrong('expected no other member', other);
  if (!Number.isSafeInteger(rows) || (rows as number) < 1) wrong('expected a number of rows', rows);
  if (!isHash(fingerprint)) wrong('expected a fingerprint', fingerprint);
  if (!wanted) {
    if (columns !== undefined || target !== undefined) wrong('expected no columns', columns ?? target);
    return result as unknown as ShardSummary;
  }
  if (!Array.isArray(columns) || !columns.every(isColumn)) wrong('expected columns', columns);
  const { targets, labels, moments, ...more } = isRecord(target) ? target : {};
  if (Object.keys(more).length > 0 || !isOptional(labels, isCounts) || !isOptional(moments, isMoments))
    wrong('expected a target', target);
  targetsFromJson(targets);
  return result as unknown as ShardSummary;
}

const isOptional = (value: unknown, is: (value: unknown) => boolean): boolean => value === undefined || is(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

const isCounts = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every(
    (pair) =>
      Array.isArray(pair) &&
      pair.length === 2 &&
      (typeof pair[0] === 'string' || Number.isFinite(pair[0])) &&
      isCount(pair[1]),
  );

const isMoments = (value: unknown): boolean => {
  if (!isRecord(value)) return false;
  const { count, sum, squares, least, most } = value;
  return isCount(count) && [sum, squares, least, most].every(Number.isFinite) && (squares as number) >= 0;
};

function isColumn(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { name, kind, holds, missing, moments, texts } = value;
  return (
    typeof name === 'string' &&
    typeof kind === 'string' &&
    typeof holds === 'string' &&
    isCount(missing) &&
    isOptional(moments, isMoments) &&
    isOptional(texts, isCounts) &&
    (holds === 'text') === (moments === undefined)
  );
}

/** The result, if it can be that of this job. */
export function checkShardResult(
  result: unknown,
  { preparation, training, controlled = false }: ShardJob,
  { x }: Dataset,
): ShardResult {
  if (!isRecord(result)) wrong('expected an object', result);
  const { weights, change, updates, logs, unprepared, ...others } = result;
  const [other] = Object.keys(others);
  if (other !== undefined) wrong('expected no other member', other);
  if (unprepared !== undefined) {
    if (unprepared !== true || preparation || weights !== undefined || change !== undefined)
      wrong('expected parameters', unprepared);
    return { unprepared };
  }
  const count = isTable(x) ? 0 : x.columns;
  const names = ['loss', ...training.metrics];
  const known = [...names, 'learningRate'];
  const sound = isRecord(logs) && Object.keys(logs).every((name) => known.includes(name));
  if (!sound || !names.every((name) => typeof logs[name] === 'number')) wrong(`expected ${names.join(', ')}`, logs);
  const told = { logs: logs as Record<string, number> };
  if (controlled) {
    if (!isCompact(change, 2 * count)) wrong(`expected the change of ${count} parameters`, change);
    if (!Number.isSafeInteger(updates) || (updates as number) < 1) wrong('expected a number of updates', updates);
    if (weights !== undefined || !fromHalves(change).every(Number.isFinite)) wrong('expected finite changes', weights);
    return { change, updates: updates as number, ...told };
  }
  if (change !== undefined || updates !== undefined) wrong('expected no change', change);
  if (!(weights instanceof Float32Array) || weights.length !== count) wrong(`expected ${count} parameters`, weights);
  const bad = weights.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) wrong('expected finite parameters', weights[bad]);
  return { weights, ...told };
}

/** The most bytes of the arrays of a result. */
export const mostShardBytes = (_: ShardJob, { x }: Dataset): number => (isTable(x) ? 0 : 4 * x.columns);
