import type { Logs } from '../../train/history.js';
import { type Finding, figure, percent } from '../finding.js';
import {
  FALL,
  FIRST_LOSS,
  LEFT,
  OSCILLATES,
  OVERFITTING,
  PATIENCE,
  RISE,
  STILL_FALLING,
  UPDATES,
} from '../thresholds.js';

/** The first batch's loss beside that of an even guess. */
export function firstLoss(loss: number, classes: number): Finding[] {
  const even = Math.log(classes);
  if (loss < even * FIRST_LOSS && loss > even / FIRST_LOSS) return [];
  return [
    {
      code: 'first-loss',
      severity: 'warning',
      value: loss,
      message: `The first loss is ${figure(loss)}; an untrained network that guesses evenly among ${classes} classes has ln ${classes} = ${figure(even)}, and more than ${FIRST_LOSS} times off is far (CS231n, Neural Networks 3)`,
      advice:
        loss > even
          ? 'Scale the inputs to about −1 to 1, and draw smaller weights: the network is sure of nonsense before it has learnt'
          : 'Check the targets: the network knows the answers before it has learnt, as if they were among the inputs',
    },
  ];
}

/** What the epochs' losses say so far. `first` is the loss of the first batch, `updates` how many there were. */
export function courseOfLoss(epochs: readonly Logs[], first: number, updates: number): Finding[] {
  const enough = updates >= UPDATES;
  return [...(enough ? doesNotFall(epochs, first) : []), ...oscillates(epochs, first), ...overFits(epochs)];
}

const lossOf = (logs: Logs | undefined): number => logs?.['loss'] as number;

function doesNotFall(epochs: readonly Logs[], first: number): Finding[] {
  if (epochs.length < PATIENCE) return [];
  const least = Math.min(...epochs.slice(1).map(lossOf));
  const start = Math.min(first, lossOf(epochs[0]));
  if (least < start * FALL) return [];
  return [
    {
      code: 'loss-does-not-fall',
      severity: 'problem',
      value: lossOf(epochs.at(-1)),
      message: `The loss is ${figure(lossOf(epochs.at(-1)))} after ${epochs.length} epochs and began at ${figure(start)}; after ${PATIENCE} epochs and ${UPDATES} updates ${percent(1 - FALL)} less is the least to expect (measured: healthy trainings lose a third)`,
      advice:
        'Try a learning rate that findLearningRate suggests, scale the inputs, and check that labels belong to their rows',
    },
  ];
}

function oscillates(epochs: readonly Logs[], first: number): Finding[] {
  const last = epochs.slice(-10);
  if (last.length < 8) return [];
  const losses = last.map(lossOf);
  // Near its end a training's loss is small, and jumps by its nature.
  if (Math.max(...losses) < 0.1 * first) return [];
  const rises = losses.filter((loss, i) => i > 0 && loss > (losses[i - 1] as number) * RISE).length;
  const share = rises / (losses.length - 1);
  if (share < OSCILLATES) return [];
  return [
    {
      code: 'loss-oscillates',
      severity: 'warning',
      value: share,
      message: `The loss rose by a tenth or more in ${rises} of the last ${losses.length - 1} epochs; from ${percent(OSCILLATES)} on it jumps over what it looks for (CS231n, Neural Networks 3, on the loss curve)`,
      advice: 'Lower the learning rate threefold, let it fall by a schedule or reduceOnPlateau, or take larger batches',
    },
  ];
}

function overFits(epochs: readonly Logs[]): Finding[] {
  const losses = epochs.map((logs) => logs['valLoss'] ?? Number.NaN);
  if (losses.length === 0 || losses.some(Number.isNaN)) return [];
  const best = losses.indexOf(Math.min(...losses));
  const since = losses.slice(best + 1);
  const now = since.slice(-3).reduce((sum, loss) => sum + loss, 0) / 3;
  const ratio = now / (losses[best] as number);
  const trainFalls = lossOf(epochs.at(-1)) < lossOf(epochs[best]);
  if (since.length < PATIENCE || ratio < OVERFITTING || !trainFalls) return [];
  return [
    {
      code: 'over-fitting',
      severity: 'warning',
      value: best + 1,
      message: `Over-fitting since epoch ${best + 1}: there the validation loss was best, ${figure(losses[best] as number)}, and is ${figure(now)} now, while the training loss falls on; ${percent(OVERFITTING - 1)} above the best for ${PATIENCE} epochs is the limit (Prechelt 1998)`,
      advice:
        'Use earlyStopping, which goes back to that epoch; or dropout, l2, augmentation, more rows, or a smaller network',
    },
  ];
}

/** At the end of a training that nothing has stopped. */
export function tooFewEpochs(epochs: readonly Logs[], first: number): Finding[] {
  const name = epochs.every((logs) => logs['valLoss'] !== undefined) ? 'valLoss' : 'loss';
  const last = epochs.slice(-4).map((logs) => logs[name] as number);
  const end = last.at(-1) as number;
  if (last.length < 4 || end < LEFT * first) return [];
  if (last.some((loss, i) => i > 0 && loss > (last[i - 1] as number) * STILL_FALLING)) return [];
  const fall = 1 - (end / (last[0] as number)) ** (1 / 3);
  return [
    {
      code: 'too-few-epochs',
      severity: 'info',
      value: fall,
      message: `The ${name === 'loss' ? 'loss' : 'validation loss'} still fell by ${percent(fall)} an epoch at the end, and ${percent(end / first)} of the first loss is left; while it falls by ${percent(1 - STILL_FALLING)} or more, the network is not done (measured: healthy trainings end below)`,
      advice: `Train longer, such as ${epochs.length * 3} epochs, with earlyStopping to end it in time`,
    },
  ];
}
