import { boolean, isRecord, optionalSignal, options, positiveInteger, refuse, wholeNumber } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { type Augmentation, checkAugmentation } from '../data/augmentations.js';
import { isNumbers, type Numbers } from '../data/numbers.js';
import { type Rows, type Targets, toMatrix } from '../data/rows.js';
import { holdOut } from '../data/splits.js';
import { isCustom } from '../nn/losses.js';
import type { Network } from '../nn/network.js';
import type { Callback } from './callbacks.js';
import { weighClasses } from './class-weights.js';
import { type Selection, selected } from './evaluate.js';
import { type TargetData, toTargets } from './targets.js';
import type { Trainer } from './trainer.js';

export interface FitOptions {
  /** Passes over the data; 1. */
  epochs?: number;
  /** Rows an update; 32. 1 is stochastic, 'full' is full-batch gradient descent. The last batch may be shorter. */
  batchSize?: number | 'full';
  /** Draws a new order of the rows each epoch, from the model's seed and the epoch's number; true. */
  shuffle?: boolean;
  /** Rows and targets that are evaluated after each epoch. */
  validationData?: readonly [Rows, Targets];
  /** Share of the rows that is set aside for validation, drawn by the model's seed, each class by its share. */
  validationSplit?: number;
  /** What rows of a class weigh in loss and metrics, 1 where not named; 'balanced' is rows / (classes · rows of the class). Not in validation. */
  classWeight?: Readonly<Record<number, number>> | 'balanced';
  /** What each row weighs, beside its class; not in validation. */
  sampleWeight?: Numbers;
  /** Changes to each batch. */
  augment?: readonly Augmentation[];
  callbacks?: readonly Callback[];
  /** Ends the training between two batches: fit rejects with its reason, the model stays usable. */
  signal?: AbortSignal;
  /** Number of the first epoch, where an earlier training goes on; 0. */
  initialEpoch?: number;
}

/** A stream of batches for data that do not fit in memory: iterated once an epoch. */
export interface BatchSource {
  /** Batches of an epoch, if known. */
  readonly batches?: number;
  [Symbol.asyncIterator](): AsyncIterator<readonly [Rows, Targets]>;
}

/** A training that has been checked and may begin. */
export interface FitPlan {
  readonly source: Selection | BatchSource;
  readonly validation: Selection | undefined;
  readonly epochs: number;
  readonly initialEpoch: number;
  /** 0 for a stream. */
  readonly batchSize: number;
  readonly shuffle: boolean;
  readonly augment: readonly Augmentation[];
  readonly callbacks: readonly Callback[];
  readonly signal: AbortSignal | undefined;
}

const known = [
  'epochs',
  'batchSize',
  'shuffle',
  'validationData',
  'validationSplit',
  'classWeight',
  'sampleWeight',
  'augment',
  'callbacks',
  'signal',
  'initialEpoch',
] as const;
/** What a stream settles itself. */
const notForStreams = ['batchSize', 'shuffle', 'validationSplit', 'classWeight', 'sampleWeight'] as const;

export function isStream(x: unknown): x is BatchSource {
  return typeof (x as BatchSource | undefined)?.[Symbol.asyncIterator] === 'function';
}

/** Checks everything that fit is given, before anything is touched. */
export function planFit(
  trainer: Trainer,
  network: Network,
  seed: number,
  x: Rows | BatchSource,
  y?: Targets,
  o?: FitOptions,
): FitPlan {
  const given = options('fit', o, known);
  const { signal, callbacks = [], augment = [] } = given;
  optionalSignal('fit(signal)', signal);
  if (!Array.isArray(callbacks) || !callbacks.every(isRecord))
    refuse('fit(callbacks)', 'an array of callbacks', callbacks);
  if (!Array.isArray(augment)) refuse('fit(augment)', 'an array of augmentations', augment);
  const common = {
    epochs: positiveInteger('fit(epochs)', given.epochs ?? 1),
    initialEpoch: wholeNumber('fit(initialEpoch)', given.initialEpoch ?? 0),
    augment: augment.map((change, i) => checkAugmentation(`fit(augment[${i}])`, change, network.inputs)),
    callbacks,
    signal,
  };
  if (isStream(x)) {
    for (const name of ['y', ...notForStreams] as const) {
      if ((name === 'y' ? y : given[name]) !== undefined) {
        throw new SimdenseError('ARGUMENT', `fit(${name}): not with a stream of batches, which settles it`);
      }
    }
    return { ...common, source: x, validation: validationData(trainer, network, given), batchSize: 0, shuffle: false };
  }
  const { inputs, outputs } = network;
  const matrix = toMatrix('fit: x', x, inputs, 'the model takes');
  if (matrix.rows === 0) throw new SimdenseError('DATA', 'fit: x has no rows');
  const targets = toTargets('fit: y', y as Targets, matrix.rows, outputs, trainer.goal);
  const weights = rowWeights(trainer, targets, matrix.rows, given);
  const all: Selection = { x: matrix, y: targets, order: undefined, weights };
  if (given.validationData !== undefined && given.validationSplit !== undefined) {
    throw new SimdenseError('ARGUMENT', 'fit: give validationData or validationSplit, not both');
  }
  const [train, validation] =
    given.validationSplit === undefined
      ? [all, validationData(trainer, network, given)]
      : splitOff(all, given.validationSplit, seed);
  const count = selected(train);
  const asked = given.batchSize ?? 32;
  const batchSize = asked === 'full' ? count : Math.min(count, positiveInteger("fit(batchSize), if not 'full'", asked));
  checkBatch('fit(batchSize)', network, count % batchSize || batchSize);
  return { ...common, source: train, validation, batchSize, shuffle: boolean('fit(shuffle)', given.shuffle ?? true) };
}

/** Throws where a batch of `rows` rows is too short to be trained on. */
export function checkBatch(where: string, { minimumRows }: Network, rows: number): void {
  if (rows >= minimumRows) return;
  const message = `batchNormalization needs ${minimumRows} rows or more in each batch, the last one has ${rows}`;
  throw new SimdenseError('ARGUMENT', `${where}: ${message}`);
}

function validationData(
  trainer: Trainer,
  { inputs, outputs }: Network,
  { validationData: given }: FitOptions,
): Selection | undefined {
  if (given === undefined) return undefined;
  if (!Array.isArray(given) || given.length !== 2) refuse('fit(validationData)', '[x, y]', given);
  const x = toMatrix('fit: validation x', given[0], inputs, 'the model takes');
  if (x.rows === 0) throw new SimdenseError('DATA', 'fit: validation x has no rows');
  return { x, y: toTargets('fit: validation y', given[1], x.rows, outputs, trainer.goal), order: undefined };
}

function splitOff(all: Selection, share: number, seed: number): [Selection, Selection] {
  if (typeof share !== 'number' || !(share > 0 && share < 1))
    refuse('fit(validationSplit)', 'a share between 0 and 1', share);
  const stratify = all.y.classes ? { stratify: all.y.classes } : {};
  if (all.x.rows < 2) throw new SimdenseError('DATA', 'fit(validationSplit): needs 2 rows or more, got 1');
  const [split] = holdOut(all.x.rows, { testSize: share, seed, ...stratify });
  const { train, test } = split as NonNullable<typeof split>;
  return [
    { ...all, order: train.sort() },
    { ...all, order: test.sort(), weights: undefined },
  ];
}

/** The product of each row's own weight and its class's; nothing where neither is given. */
function rowWeights(
  trainer: Trainer,
  targets: TargetData,
  rows: number,
  { classWeight, sampleWeight }: FitOptions,
): Float32Array | undefined {
  if (classWeight === undefined && sampleWeight === undefined) return undefined;
  if (isCustom(trainer.loss))
    throw new SimdenseError('ARGUMENT', 'fit: a custom loss takes no classWeight or sampleWeight');
  const weights = new Float32Array(rows).fill(1);
  if (sampleWeight !== undefined) {
    if (!isNumbers(sampleWeight)) refuse('fit(sampleWeight)', 'a number for each row', sampleWeight);
    if (sampleWeight.length !== rows) {
      throw new SimdenseError('SHAPE', `fit: x has ${rows} rows, sampleWeight has ${sampleWeight.length}`);
    }
    const bad = sampleWeight.findIndex((w: number) => !(w >= 0 && w < Number.POSITIVE_INFINITY));
    if (bad >= 0) throw new SimdenseError('DATA', `fit: sampleWeight is ${sampleWeight[bad]} in row ${bad}`);
    weights.set(sampleWeight);
  }
  if (classWeight !== undefined) weighClasses('fit(classWeight)', classWeight, targets, trainer.goal, weights);
  return weights;
}
