// The networks of 'tabular', by the rows and columns of a table.
import { dense, dropout } from '../nn/layers/index.js';
import { adamw, type Optimizer } from '../nn/optimizers/index.js';
import type { TableData } from '../table/kind.js';
import { type Dataset, rowsOf } from './dataset.js';
import { isTable } from './inputs.js';
import type { Pipeline } from './pipeline.js';

/** Two hidden layers of so many units. */
export const UNITS: readonly number[] = [64, 64];
/** A table of so many rows is small. */
const SMALL = 5_000;
/** The number of networks. Those of larger tables need fewer: each has seen enough. */
const [MEMBERS, MEMBERS_OF_LARGE] = [5, 3];
/**
 * Pieces of each column of numbers, and about the most features that they are in all. With 16 and 1,024 the errors were 1.01 of those with 8 and 512, in 1.1 of the time; 6 are as good as 8. As all figures
 * here, these are geometric means over the tables of bench/tabular, by fivefold cross-validation.
 */
const [PIECES, MOST_FEATURES] = [6, 384];
/**
 * The rate falls along half a cosine, so a training run ends by itself, and no rows choose its end: those that judge a network have not been looked at before. The errors are 0.98 of those of
 * networks that the judging rows stopped. Of 30, 20 and 15 epochs they are in the ratio 0.99 : 1 : 1.03; a decay of 0.1 to 0.3 makes no difference, 0.5 makes them 1.02.
 */
const [EPOCHS, RATE, DECAY] = [20, 0.01, 0.2];
/** Tables of more than 1,800 rows take fewer epochs, which read about so many rows in all. */
const [READ, LEAST_EPOCHS] = [36_000, 15];
/**
 * Tables of more than 5,000 rows: few epochs at twice the rate, and pieces for the first network only. They read about so many rows, in 2 to
 * 10 epochs. On tables of bench/train-table.ts with 10,000, 50,000 and 200,000 rows the errors are 0.80 to 0.97 of HistGradientBoosting's, in about twice its time.
 */
const LARGE = { rate: 0.02, pieces: 4, read: 150_000, leastEpochs: 2, mostEpochs: 10, decay: 0.1 } as const;

/** The number of networks for so many rows where nobody says another. */
export const membersFor = (rows: number): number => (rows <= SMALL ? MEMBERS : MEMBERS_OF_LARGE);

/** More rows allow larger batches, which the kernels compute faster. */
const batchSizeFor = (rows: number): number => (rows <= 1_000 ? 32 : rows <= SMALL ? 64 : rows <= 20_000 ? 128 : 256);

const between = (least: number, most: number, value: number): number =>
  Math.min(most, Math.max(least, Math.round(value)));

const largeEpochs = (rows: number): number => between(LARGE.leastEpochs, LARGE.mostEpochs, LARGE.read / rows);

/** The optimizer for a training run of so many updates. */
export const optimizerFor = (steps: number, rate: number, weightDecay: number): Optimizer =>
  // A network may learn more later, so the rate does not end at zero.
  adamw({ learningRate: { type: 'cosine', initial: rate, steps, final: rate / 100 }, beta2: 0.95, weightDecay });

/** What is usual for a table of so many rows. */
export interface Usual {
  readonly small: boolean;
  readonly batchSize: number;
  readonly epochs: number;
  readonly rate: number;
  readonly decay: number;
  /** Of each column of numbers, where a network sees them by pieces. */
  readonly pieces: number;
}

/** What is usual for networks of several that learn from a table; without one there are no columns of numbers to be cut. */
export function usualFor(rows: number, table?: TableData): Usual {
  const small = rows <= SMALL;
  const numbers = table ? table.columns.filter(({ kind }) => kind === 'number').length : 0;
  return {
    small,
    batchSize: batchSizeFor(rows),
    epochs: small ? between(LEAST_EPOCHS, EPOCHS, READ / rows) : largeEpochs(rows),
    rate: small ? RATE : LARGE.rate,
    decay: small ? DECAY : LARGE.decay,
    pieces: Math.min(small ? PIECES : LARGE.pieces, Math.max(4, Math.floor(MOST_FEATURES / Math.max(1, numbers)))),
  };
}

/**
 * The pipeline of member `m` of several, which learns from `learnt` rows. Members in even places also see numbers by pieces of their range: they learn steps and
 * bends better, the others what is smooth, and together they are better than either. All was chosen by fivefold cross-validation of eighteen tables (bench/tabular).
 */
export function tabularMember(set: Dataset, m: number, learnt: number): Pipeline {
  const { small, batchSize, epochs, rate, decay, pieces } = usualFor(rowsOf(set), isTable(set.x) ? set.x : undefined);
  return {
    encode: (small ? m % 2 === 0 : m === 0) ? { number: { pieces } } : {},
    // silu makes the errors of small tables 0.99 in 1.2 of the time; of the large ones of bench/train-table.ts relu's are 1.04.
    layers: UNITS.map((units) => dense({ units, activation: small ? 'relu' : 'silu' })),
    optimizer: optimizerFor(epochs * Math.ceil(learnt / batchSize), rate, decay),
    fit: { epochs, batchSize },
    // The first shows how a training goes. To measure each batch takes a tenth of the time.
    ...(m > 0 && { metrics: [] }),
    task: set.task,
  };
}

/** What a network that stands alone is made of, and how it is trained. */
export interface Alone {
  readonly dropout: number;
  readonly pieces: number;
  readonly rate: number;
  readonly decay: number;
  readonly epochs: number;
  readonly batchSize: number;
}

export const ACTIVATION_ALONE = 'silu';

/**
 * A network that stands alone learns from all rows, and nothing stops it early. What keeps it from learning few rows by heart is dropout, more decay, and fewer
 * pieces. Beside scikit-learn's MLP with scaled target it is better on 16 of the eighteen tables of bench/tabular (means of the seeds 0 to 2); clearly worse on vehicle.
 */
export function aloneFor(rows: number): Alone {
  const batchSize = batchSizeFor(rows);
  if (rows <= SMALL) return { dropout: 0.15, pieces: 5, rate: RATE, decay: 0.7, epochs: 20, batchSize };
  return {
    dropout: 0,
    pieces: LARGE.pieces,
    rate: LARGE.rate,
    decay: LARGE.decay,
    epochs: largeEpochs(rows),
    batchSize,
  };
}

/** The optimizer for so many updates of a network that stands alone. */
export const optimizerAlone = ({ rate, decay }: Alone, steps: number): Optimizer => optimizerFor(steps, rate, decay);

/** The pipeline of a network that stands alone and learns from so many rows. */
export function tabularAlone(set: Dataset, learnt: number): Pipeline {
  const alone = aloneFor(learnt);
  const { batchSize, epochs, pieces, dropout: rate } = alone;
  return {
    encode: { number: { pieces } },
    layers: UNITS.flatMap((units) => [
      dense({ units, activation: ACTIVATION_ALONE }),
      ...(rate > 0 ? [dropout({ rate })] : []),
    ]),
    optimizer: optimizerAlone(alone, epochs * Math.ceil(learnt / batchSize)),
    fit: { epochs, batchSize },
    task: set.task,
  };
}
