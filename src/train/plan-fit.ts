import {
  boolean,
  isRecord,
  optionalSignal,
  options,
  positiveInteger,
  positiveUpTo,
  refuse,
  wholeNumber,
} from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { type Augmentation, checkAugmentations } from '../data/augmentations.js';
import type { Numbers } from '../data/numbers.js';
import type { Rows, Targets } from '../data/rows.js';
import { testRows } from '../data/test-rows.js';
import type { TrainableNetwork } from '../nn/trainable-network.js';
import { type CallbackOf, checkCallbacks, inCallOrder } from './callbacks.js';
import type { ClassWeight } from './class-weights.js';
import { MOST_EPOCHS } from './description.js';
import { type FitOptionsOf, fitOptions, notForStreams } from './fit-options.js';
import { checkRows } from './predicting.js';
import { type Selection, select } from './selection.js';
import { type BatchFunction, type BatchSource, checkSource, isSource } from './stream.js';
import { oneHotClasses, toTargets } from './targets.js';
import type { Trainer } from './trainer.js';
import { rowWeights } from './weighing.js';

/** A share of the rows, and the class of each row if each class is to have its share. */
interface SetAside {
  readonly share: number;
  readonly classes: Int32Array | undefined;
}

/** A training run whose arguments have been checked. */
export interface FitPlan<Model> {
  readonly source: Selection | BatchSource | BatchFunction;
  readonly validation: Selection | undefined;
  /** What of the source is to be set aside for validation. */
  readonly split?: SetAside | undefined;
  /** Number of the first epoch, and 1 more than that of the last. */
  readonly initialEpoch: number;
  readonly epochs: number;
  /** The seed of the orders and augmentations. */
  readonly seed: number;
  /** Number of batches in an epoch, rows of a batch, and rows of the largest batch; 0 for a stream. */
  readonly batches: number;
  readonly batchSize: number;
  readonly mostRows: number;
  readonly shuffle: boolean;
  readonly augment: readonly Augmentation[];
  /** By which the weights of the source's rows are still to be multiplied. */
  readonly classWeight?: ClassWeight | undefined;
  readonly callbacks: readonly CallbackOf<Model>[];
  readonly signal: AbortSignal | undefined;
}

/** Checks all arguments of fit before anything changes. */
export function planFit<Model>(
  trainer: Trainer,
  network: TrainableNetwork,
  seed: number,
  x: Rows | BatchSource | BatchFunction,
  y?: Targets,
  o?: FitOptionsOf<Model>,
): FitPlan<Model> {
  const given = options('fit', o, fitOptions, {
    epochs: 'nepochs',
    callbacks: 'earlystopping reduceonplateau checkpoint',
  });
  const { signal, callbacks = [], augment = [] } = given;
  optionalSignal('fit(signal)', signal);
  const common = {
    ...epochsOf(trainer, given),
    seed,
    augment: checkAugmentations('fit', augment, network.inputs),
    callbacks: inCallOrder(checkCallbacks<Model>('fit(callbacks)', callbacks)),
    signal,
  };
  if (isSource(x)) {
    for (const name of ['y', ...notForStreams] as const) {
      if ((name === 'y' ? y : given[name]) !== undefined) {
        throw new SimdenseError(
          'ARGUMENT',
          `fit(${name}): not with x as a stream of batches, which settles it${name === 'y' ? '; options are the third argument: fit(stream, undefined, { epochs })' : ''}`,
        );
      }
    }
    checkSource(x, common.epochs - common.initialEpoch);
    const validation = validationData(trainer, network, given);
    return {
      ...common,
      source: x,
      validation,
      batches: (x as BatchSource).batches ?? 0,
      batchSize: 0,
      mostRows: 0,
      shuffle: false,
    };
  }
  const all = select('fit', trainer, network, x, y as Targets, given);
  if (given.validationData !== undefined && given.validationSplit !== undefined) {
    throw new SimdenseError('ARGUMENT', 'fit: give validationData or validationSplit, not both');
  }
  const split = given.validationSplit === undefined ? undefined : splitOff(all, given.validationSplit);
  const count = all.x.rows - (split ? testRows(all.x.rows, split.share) : 0);
  const asked = given.batchSize ?? 32;
  const batchSize = asked === 'full' ? count : Math.min(count, positiveInteger("fit(batchSize), if not 'full'", asked));
  checkBatch('fit(batchSize)', trainer, batchSize);
  const rest = count % batchSize;
  // If the last rows are too few for a batch, they join the batch before.
  const joins = rest > 0 && rest < trainer.minimumRows;
  return {
    ...common,
    source: all,
    // A copy: it is read when the run begins.
    classWeight: isRecord(given.classWeight) ? { ...given.classWeight } : given.classWeight,
    validation: validationData(trainer, network, given),
    split,
    batches: joins ? Math.floor(count / batchSize) : Math.ceil(count / batchSize),
    batchSize,
    mostRows: joins ? batchSize + rest : batchSize,
    shuffle: boolean('fit(shuffle)', given.shuffle ?? true),
  };
}

/** The number of the first epoch, and 1 more than that of the last. Throws SimdenseError 'ARGUMENT' if there would be no epoch to train. */
function epochsOf(trainer: Trainer, given: FitOptionsOf<never>): { initialEpoch: number; epochs: number } {
  const { epochs: trained } = trainer;
  // Random draws depend on the epoch's number, which has 32 bits.
  const most = given.initialEpoch === undefined ? MOST_EPOCHS - trained : MOST_EPOCHS;
  const epochs = positiveUpTo('fit(epochs)', most, given.epochs ?? 1);
  if (given.initialEpoch === undefined) return { initialEpoch: trained, epochs: trained + epochs };
  const initialEpoch = wholeNumber('fit(initialEpoch)', given.initialEpoch);
  if (initialEpoch >= epochs) {
    const message = `${initialEpoch} is not below epochs, ${epochs}, where the run ends; leave initialEpoch out to train that many more`;
    throw new SimdenseError('ARGUMENT', `fit(initialEpoch): ${message}`);
  }
  return { initialEpoch, epochs };
}

/** Throws SimdenseError 'ARGUMENT' if a batch of `rows` rows is too small to train on. */
export function checkBatch(where: string, { minimumRows }: Trainer, rows: number): void {
  if (rows >= minimumRows) return;
  const message = `batchNormalization needs ${minimumRows} rows or more in each batch, this one has ${rows}`;
  throw new SimdenseError('ARGUMENT', `${where}: ${message}`);
}

function validationData(
  trainer: Trainer,
  network: TrainableNetwork,
  { validationData: given }: FitOptionsOf<never>,
): Selection | undefined {
  if (given === undefined) return undefined;
  if (!Array.isArray(given) || given.length < 2 || given.length > 3)
    refuse('fit(validationData)', '[x, y] or [x, y, sampleWeight]', given);
  const x = checkRows('fit: validation x', network, given[0]);
  const y = toTargets('fit: validation y', given[1], x.rows, network.outputs, trainer.goal);
  const sampleWeight = given[2] as Numbers | undefined;
  const weights = rowWeights('fit(validationData)', 'fit(validationData): sampleWeight', trainer, x.rows, {
    sampleWeight,
  });
  return { x, y, order: undefined, weights };
}

/** Checks what is to be set aside for validation. */
function splitOff({ x, y }: Selection, share: number): SetAside {
  if (typeof share !== 'number' || !(share > 0 && share < 1))
    refuse('fit(validationSplit)', 'a share between 0 and 1', share);
  if (x.rows < 2) throw new SimdenseError('DATA', 'fit(validationSplit): needs 2 rows or more, got 1');
  // Stratify if each row has one class: class indices, one-hot rows, or one column of 0 and 1.
  const classes = y.classes ?? oneHotClasses(y.numbers);
  return { share, classes: classes instanceof Int32Array ? classes : undefined };
}
