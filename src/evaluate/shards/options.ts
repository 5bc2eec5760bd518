// What fitShards takes, checked.
import {
  boolean,
  isRecord,
  optionalFunction,
  optionalSignal,
  options,
  positiveUpTo,
  refuse,
  wholeNumber,
} from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import type { Optimizer } from '../../nn/optimizers/index.js';
import { checkedOptions } from '../../table/options.js';
import type { Logs } from '../../train/history.js';
import { checkExecutor, type Executor, inline, runsHere } from '../executor.js';
import type { FittedPipeline } from '../fitted-pipeline.js';
import { checkPipeline, type Pipeline, refuseParts } from '../pipeline.js';
import { checkOuter, type OuterOptions } from './outer.js';
import { checkShard, type ReadShardOptions, type Shard } from './shard.js';

/** A round that has ended. */
export interface ShardRound {
  /** From 0. */
  readonly round: number;
  readonly rounds: number;
  /** The figures of the shards' last local epochs, before averaging; their mean, weighted by rows. */
  readonly logs: Logs;
}

export interface FitShardsOptions {
  /** The name of the column to predict. Required, unless a fitted pipeline is trained further. */
  target?: string;
  /** How often the shards train and are averaged. Default: 20. */
  rounds?: number;
  /** The epochs of each shard in each round. Default: 1. */
  localEpochs?: number;
  /** How the coordinator steps; see OuterOptions. */
  outer?: OuterOptions;
  /**
   * Whether local steps are corrected towards the gradient of all rows, by what each shard has changed in the round before (SCAFFOLD; Karimireddy et al. 2020, arXiv 1910.06378):
   * for shards that differ, such as in their classes. For `sgd` without momentum. Parameters then come back in 16 bits, and the corrections go there in 12. Default: false.
   */
  controlVariates?: boolean;
  /** How the shards are read: the options of readTable. */
  read?: ReadShardOptions;
  /** The seed from which initial weights and the shuffles of each round and shard are drawn. Default: 0. */
  seed?: number;
  /** Where the shards are trained. The caller closes it. Default: inline(). */
  executor?: Executor;
  /** Aborts the training, which then rejects with the signal's reason. */
  signal?: AbortSignal;
  /** Called after each round, and waited for. */
  onRound?(round: ShardRound): unknown;
}

/** The most rounds and local epochs. */
const MOST = 1_000_000;

/** The arguments of fitShards. */
export interface ShardPlan
  extends Required<
    Pick<FitShardsOptions, 'rounds' | 'localEpochs' | 'controlVariates' | 'read' | 'seed' | 'executor'>
  > {
  readonly shards: readonly Shard[];
  readonly target: string | undefined;
  readonly outer: Required<OuterOptions>;
  readonly signal?: AbortSignal;
  readonly onRound: FitShardsOptions['onRound'];
}

export function checkOptions(
  where: string,
  isFitted: boolean,
  shards: readonly Shard[],
  o: FitShardsOptions | undefined,
): ShardPlan {
  refuseParts(where, o);
  const keys = [
    'target',
    'rounds',
    'localEpochs',
    'outer',
    'controlVariates',
    'read',
    'seed',
    'executor',
    'signal',
    'onRound',
  ] as const;
  const given = options(where, o, keys, { localEpochs: 'epochs', executor: 'workers' });
  if (!Array.isArray(shards) || shards.length === 0)
    refuse(`${where}(shards)`, 'an array of at least one shard', shards);
  for (const [i, shard] of shards.entries()) checkShard(`${where}(shards[${i}])`, shard);
  const { target, read = {}, executor = inline(), signal, onRound } = given;
  if (isFitted && target !== undefined)
    throw new SimdenseError('ARGUMENT', `${where}(target): the fitted pipeline knows its target; leave it out`);
  if (!isFitted && (typeof target !== 'string' || target === ''))
    refuse(`${where}(target)`, 'the name of the column to predict', target);
  if (!isRecord(read)) refuse(`${where}(read)`, 'options of readTable', read);
  const { table, query, ...others } = read;
  for (const [name, value] of Object.entries({ table, query }))
    if (value !== undefined && (typeof value !== 'string' || value === ''))
      refuse(`${where}(read): ${name}`, 'a text', value);
  checkedOptions(`${where}(read)`, others);
  if (given.read !== undefined && shards.every((shard) => typeof shard !== 'string'))
    throw new SimdenseError(
      'ARGUMENT',
      `${where}(read): has no effect on shards that are Tables or functions: give these options to readTable`,
    );
  checkExecutor(where, executor);
  const here = shards.findIndex((shard) => typeof shard !== 'string');
  if (here >= 0 && !runsHere(executor)) {
    const message = `is in this thread, where only inline() trains; name a file or an address that the workers read`;
    throw new SimdenseError('ARGUMENT', `${where}(shards[${here}]): ${message}`);
  }
  optionalSignal(`${where}(signal)`, signal);
  optionalFunction(`${where}(onRound)`, onRound);
  return {
    shards: [...shards],
    target,
    rounds: positiveUpTo(`${where}(rounds)`, MOST, given.rounds ?? 20),
    localEpochs: positiveUpTo(`${where}(localEpochs)`, MOST, given.localEpochs ?? 1),
    controlVariates: boolean(`${where}(controlVariates)`, given.controlVariates ?? false),
    outer: checkOuter(`${where}(outer)`, given.outer),
    read: structuredClone(read),
    seed: wholeNumber(`${where}(seed)`, given.seed ?? 0),
    executor,
    ...(signal && { signal }),
    onRound,
  };
}

/** A pipeline that shards can train. Throws SimdenseError 'ARGUMENT' for parts that ask for all rows in one place. */
export function checkShardPipeline(where: string, p: Pipeline): Pipeline {
  const pipeline = checkPipeline(where, p);
  const { fit = {}, earlyStopping, separator } = pipeline;
  const not = (part: string, why: string): never => {
    throw new SimdenseError('ARGUMENT', `${where}(${part}): ${why}`);
  };
  if (fit.epochs !== undefined) not('fit.epochs', 'give rounds and localEpochs instead');
  if (fit.validationSplit !== undefined)
    not('fit.validationSplit', 'the coordinator has no rows; evaluate what fitShards gives');
  if (earlyStopping !== undefined)
    not('earlyStopping', 'the coordinator has no rows to watch; onRound tells the figures of each round');
  if (fit.classWeight === 'balanced')
    not('fit.classWeight', "'balanced' would differ between shards; give weights by class");
  if (separator !== undefined || pipeline.task === 'multilabel')
    not(separator === undefined ? 'task' : 'separator', 'shards have one label or number for each row');
  return pipeline;
}

/** Throws SimdenseError 'ARGUMENT' for a fitted pipeline that shards cannot train. */
export function checkFittedPipeline(where: string, p: FittedPipeline): void {
  if ('members' in p)
    throw new SimdenseError(
      'ARGUMENT',
      `${where}: an ensemble has several networks, and shards train one: pass one of its members`,
    );
  const { encoder, targets } = p;
  if (!encoder || !targets)
    throw new SimdenseError(
      'ARGUMENT',
      `${where}: the pipeline was fitted on rows of numbers; shards are tables: fit it on a Table`,
    );
  if (targets.kind === 'list' || targets.parts.length > 1)
    throw new SimdenseError(
      'ARGUMENT',
      `${where}: the pipeline has several targets; shards have one label or number for each row`,
    );
}

/** Throws SimdenseError 'ARGUMENT' where control variates do not suit what is trained. */
export function checkControls(where: string, optimizer: Optimizer, layerRates: Pipeline['layerRates']): void {
  const momentum = optimizer.type === 'sgd' ? optimizer.momentum : 1;
  if (momentum > 0 || layerRates !== undefined)
    throw new SimdenseError(
      'ARGUMENT',
      `${where}(controlVariates): needs the optimizer sgd, without momentum and layerRates; outer: { momentum } is that of all rounds`,
    );
}
