import { noMore, optionalSignal, options, positiveInteger, positiveNumber, positiveUpTo } from '../base/checks.js';
import { Purpose } from '../base/draws.js';
import { SimdenseError } from '../base/errors.js';
import { smallest } from '../base/extremes.js';
import { atOnce } from '../base/pause.js';
import { turn } from '../base/turn.js';
import type { Matrix } from '../data/matrix.js';
import { shuffled, words } from '../data/random.js';
import { type Rows, type Targets, toMatrix } from '../data/rows.js';
import type { Sequential } from '../train/sequential.js';
import { type TargetData, toTargets } from '../train/targets.js';
import { checkModel } from './check-model.js';

export interface FindLearningRateOptions {
  /** The first rate; 1e-6 by default. */
  from?: number;
  /** The last rate; 10 by default. */
  to?: number;
  /** Number of updates, at least 10. Each rate is the one before times a constant factor; 100 by default. */
  steps?: number;
  /** Rows of each batch; 32 by default. */
  batchSize?: number;
  /** Ends the test when it aborts: the promise rejects with the signal's reason. */
  signal?: AbortSignal;
}

export interface LearningRates {
  /** The rate of each update. */
  readonly rates: Float64Array;
  /** The smoothed loss of each update; fewer than `steps` if the loss blew up earlier. */
  readonly losses: Float64Array;
  /** The rate at which the smoothed loss falls fastest, but at most a tenth of the rate with the least loss. */
  readonly suggestion: number;
}

/** The largest number of updates; more give no better answer. */
const MOST_STEPS = 100_000;
/** Share of the old value in the smoothed loss. */
const SMOOTH = 0.9;
/** The test ends when the loss exceeds its minimum by this factor. */
const BLOWN_UP = 4;

/**
 * Runs the learning rate range test: trains a copy of the model while the rate rises from `from` to `to`, and suggests a rate.
 *
 * The model itself does not change. Source: Smith 2017, arXiv 1506.01186, section 3.3.
 * @param m A compiled model.
 * @param x Rows, rows × inputs.
 * @param y Targets, as `fit` takes them.
 * @param o The options; all have defaults.
 * @returns The rates, the smoothed losses, and the suggested rate.
 * @throws SimdenseError 'STATE' before compile.
 * @throws SimdenseError 'DATA', 'SHAPE' or 'ARGUMENT' for rows, targets or options that are refused.
 * @throws SimdenseError 'DIVERGED' if one of the first losses is not finite.
 * @example
 * import { adam, dense, sequential } from 'simdense';
 * import { findLearningRate } from 'simdense/diagnose';
 *
 * const model = sequential({ inputs: 1, layers: [dense({ units: 1 })], seed: 1 }).compile({ loss: 'meanSquaredError' });
 * const x = [[-1], [0], [1], [2]];
 * const y = [-2, 0, 2, 4];
 * const { suggestion } = await findLearningRate(model, x, y, { to: 100 });
 * console.log(suggestion > 1e-3); // true
 * model.compile({ optimizer: adam({ learningRate: suggestion }), loss: 'meanSquaredError' });
 */
export async function findLearningRate(
  m: Sequential,
  x: Rows,
  y: Targets,
  o?: FindLearningRateOptions,
): Promise<LearningRates> {
  noMore('findLearningRate', arguments, 4);
  checkModel('findLearningRate', m);
  const given = options('findLearningRate', o, ['from', 'to', 'steps', 'batchSize', 'signal']);
  optionalSignal('findLearningRate(signal)', given.signal);
  given.signal?.throwIfAborted();
  const from = positiveNumber('findLearningRate(from)', given.from ?? 1e-6);
  const to = positiveNumber('findLearningRate(to)', given.to ?? 10);
  if (to <= from) throw new SimdenseError('ARGUMENT', `findLearningRate(to): ${to} is not above from, ${from}`);
  const steps = positiveUpTo('findLearningRate(steps)', MOST_STEPS, given.steps ?? 100);
  if (steps < 10) throw new SimdenseError('ARGUMENT', `findLearningRate(steps): expected 10 or more, got ${steps}`);
  const matrix = toMatrix('findLearningRate: x', x, m.inputs, 'the model takes');
  const batchSize = Math.min(matrix.rows, positiveInteger('findLearningRate(batchSize)', given.batchSize ?? 32));
  using copy = m.clone();
  const { trainer } = copy.bound;
  if (!trainer) throw new SimdenseError('STATE', 'findLearningRate: call compile({ loss }) first');
  const targets = toTargets('findLearningRate: y', y, matrix.rows, m.outputs, trainer.goal);
  const factor = (to / from) ** (1 / (steps - 1));
  const batches = batchesOf(matrix, targets, batchSize, m.seed);
  const rates: number[] = [];
  const losses: number[] = [];
  let average = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let step = 0, rate = from; step < steps; step++, rate *= factor) {
    trainer.ownRate = rate;
    let loss: number;
    try {
      loss = copy.trainOnBatch(...batches(step))['loss'] as number;
    } catch (error) {
      if ((error as SimdenseError).code !== 'DIVERGED' || step < 5) throw error;
      break;
    }
    average = SMOOTH * average + (1 - SMOOTH) * loss;
    const smoothed = average / (1 - SMOOTH ** (step + 1));
    rates.push(rate);
    losses.push(smoothed);
    if (smoothed < least) least = smoothed;
    else if (step > 5 && smoothed > BLOWN_UP * least) break;
    if (step % 8 === 7) {
      await turn();
      given.signal?.throwIfAborted();
    }
  }
  return {
    rates: Float64Array.from(rates),
    losses: Float64Array.from(losses),
    suggestion: suggest(rates, losses),
  };
}

/** Returns the rows and targets of a step, in an order drawn from the seed. */
function batchesOf(x: Matrix, y: TargetData, batchSize: number, seed: number): (step: number) => [Matrix, Targets] {
  const order = Int32Array.from({ length: x.rows }, (_, row) => row);
  atOnce(shuffled(order, words(seed, Purpose.shuffle, 0)));
  return (step) => {
    const rows = Int32Array.from({ length: batchSize }, (_, i) => order[(step * batchSize + i) % x.rows] as number);
    const { classes, numbers } = y;
    return [x.select(rows), classes ? Int32Array.from(rows, (row) => classes[row] as number) : numbers.select(rows)];
  };
}

function suggest(rates: readonly number[], losses: readonly number[]): number {
  const lowest = losses.indexOf(smallest(losses));
  let steepest = 0;
  let fall = 0;
  // The rates are evenly spaced on a logarithmic scale, so a difference of losses is a slope. Skip the first losses, which are hardly smoothed.
  for (let i = 6; i < lowest; i++) {
    const slope = (losses[i + 1] as number) - (losses[i - 1] as number);
    if (slope < fall) [fall, steepest] = [slope, i];
  }
  const tenth = (rates[lowest] as number) / 10;
  return steepest > 0 ? Math.min(rates[steepest] as number, tenth) : tenth;
}
