// Learning row by row: gradient descent over the new row and kept ones, with a step that is halved until it lowers their loss enough (Vaswani et al., Painless Stochastic Gradient, 2019).
import { CLASSIFIER_PURPOSE } from '../base/draws.js';
import { atOnce } from '../base/pause.js';
import { ownMatrix } from '../data/matrix.js';
import { words } from '../data/random.js';
import { penaltiesOf } from './fitting.js';
import type { Memory } from './memory.js';
import type { Examples, SoftmaxModel } from './softmax-model.js';

/** Rows of a step: the new one, and kept ones. */
const BATCH = 32;
/** The longest step, for rows whose mean squared norm is 1: it is that of the scaled rows to which it is adapted. */
const LONGEST = 16;
/** The share of the slope's decrease that a step must reach (Armijo's condition), and the most halvings. */
const SUFFICIENT = 0.1;
const HALVINGS = 20;
/** A row of a class of which at most so many rows have come is repeated while it is not recognized, at most so often. */
const NEW = 32;
const MOST_STEPS = 8;
/** The draws of a fit have the steps before. */
const FIRST_STEP = 2;

export interface Learner {
  readonly softmax: SoftmaxModel;
  /** Those of the model: float32 numbers. */
  readonly weights: Float64Array;
  readonly memory: Memory;
  readonly seed: number;
  readonly l2: number;
  /** How many rows have been learnt since the fit: the draws depend on it. */
  readonly learnt: number;
}

/** Learns one scaled row, which it may keep. */
export function learnRow(learner: Learner, row: Float32Array, index: number): void {
  const { softmax, memory, seed, learnt } = learner;
  const next = words(seed, CLASSIFIER_PURPOSE, (FIRST_STEP + learnt) % 2 ** 32);
  const penalties = penaltiesOf(softmax.inputs, softmax.classes, learner.l2, memory.rows + 1);
  const most = (memory.seen[index] as number) < NEW ? MOST_STEPS : 1;
  for (let steps = 0; steps < most; steps++) {
    const repeated = Array.from({ length: BATCH - 1 }, () => memory.draw(next)).flatMap((drawn) => drawn ?? []);
    step(learner, examplesOf([{ row, index }, ...repeated], softmax.inputs), penalties);
    if (steps < most - 1 && bestOf(learner, row) === index) break;
  }
  memory.add(row, index, next);
}

function examplesOf(rows: readonly { row: Float32Array; index: number }[], columns: number): Examples {
  const data = new Float32Array(rows.length * columns);
  for (const [i, { row }] of rows.entries()) data.set(row, i * columns);
  return { x: ownMatrix(data, columns), classes: Int32Array.from(rows, ({ index }) => index) };
}

/** One step of descent. */
function step({ softmax, weights }: Learner, examples: Examples, penalties: Float64Array): void {
  const gradient = new Float64Array(weights.length);
  let loss = atOnce(softmax.loss(examples, weights, gradient));
  let squares = 0;
  for (let i = 0; i < weights.length; i++) {
    const [weight, penalty] = [weights[i] as number, penalties[i] as number];
    loss += 0.5 * penalty * weight * weight;
    const slope = (gradient[i] as number) + penalty * weight;
    gradient[i] = slope;
    squares += slope * slope;
  }
  const moved = new Float64Array(weights.length);
  let length = LONGEST / softmax.inputs;
  for (let halvings = 0; halvings < HALVINGS; halvings++) {
    let reached = 0;
    for (let i = 0; i < weights.length; i++) {
      const weight = Math.fround((weights[i] as number) - length * (gradient[i] as number));
      moved[i] = weight;
      reached += 0.5 * (penalties[i] as number) * weight * weight;
    }
    reached += atOnce(softmax.loss(examples, moved));
    if (reached <= loss - SUFFICIENT * length * squares) {
      weights.set(moved);
      return;
    }
    length /= 2;
  }
  softmax.write(weights);
}

/** The class with the largest logit. */
function bestOf({ softmax: { classes }, weights }: Learner, row: Float32Array): number {
  const logits = weights.slice(row.length * classes);
  for (const [c, value] of row.entries())
    for (let k = 0; k < classes; k++) logits[k] = (logits[k] as number) + value * (weights[c * classes + k] as number);
  let best = 0;
  for (let k = 1; k < classes; k++) if ((logits[k] as number) > (logits[best] as number)) best = k;
  return best;
}
