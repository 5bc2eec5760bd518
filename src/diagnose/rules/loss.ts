import type { Course, Validation } from '../course.js';
import { type Finding, figure, percent } from '../finding.js';
import {
  APART,
  BEYOND_NOISE,
  COSTS,
  DIVERGES,
  FALL,
  FEW_UNITS,
  FIRST_LOSS,
  GAP,
  LEFT,
  LEFT_SLOWLY,
  OSCILLATES,
  OVERFITTING,
  PATIENCE,
  RISE,
  ROWS_LOST,
  SHARE_LOST,
  STILL_FALLING,
  STILL_FALLING_SLOWLY,
  UNDERFITS,
  UNDERFITS_CLASSES,
  UPDATES,
  WAITING,
} from '../thresholds.js';

/** Compares the loss of the first batch with that of an even guess. */
export function firstLoss(loss: number, classes: number): Finding[] {
  const even = Math.log(classes);
  if (loss < even * FIRST_LOSS && loss > even / FIRST_LOSS) return [];
  return [
    {
      code: 'first-loss',
      severity: 'warning',
      value: loss,
      message: `The loss of the first batch is ${figure(loss)}. A network that has learnt nothing yet should be near ln ${classes} = ${figure(even)}, an even guess among ${classes} classes (within ${FIRST_LOSS} times; CS231n, Neural Networks 3)`,
      advice:
        loss > even
          ? 'Draw smaller weights, and scale the inputs to about −1 to 1'
          : 'Check the targets: they may be among the inputs',
    },
  ];
}

const GROWS = 'Divide the learning rate by ten, scale inputs and targets to about −1 to 1, or set clipNorm: 1';

/** A loss that started at `start` and is far above `limit`. */
export function diverges(loss: number, start: number, limit: number): Finding[] {
  if (!(loss > DIVERGES * limit)) return [];
  return [
    {
      code: 'diverging',
      severity: 'problem',
      value: loss,
      message: `The loss has grown from ${figure(start)} to ${figure(loss)} (healthy: it falls; the limit is ${DIVERGES} times the first loss, or that of the best constant prediction if it is more; Goodfellow et al. 2016, Deep Learning, section 8.2.4)`,
      advice: GROWS,
    },
  ];
}

/** A run that ended because its loss or weights became infinite or NaN. */
export function overflowed(start: number): Finding[] {
  return [
    {
      code: 'diverging',
      severity: 'problem',
      value: Number.POSITIVE_INFINITY,
      message: `The loss started at ${figure(start)}, and then the loss or a weight exceeded the range of float32 (above ${figure(3.4e38)}; Goodfellow et al. 2016, Deep Learning, section 8.2.4)`,
      advice: GROWS,
    },
  ];
}

/** Whether there are enough epochs and updates to judge the course of the loss. */
const ripe = ({ epochs, updates }: Course): boolean => epochs >= PATIENCE && updates >= UPDATES;

/** `fresh`: the model had not been trained before. `noSkill`: the loss of the best constant prediction; NaN if unknown. */
export function doesNotFall(course: Course, fresh: boolean, noSkill: number): Finding[] {
  if (!ripe(course)) return [];
  const { epochs, first, least, loss, start, trend } = course;
  // Compare with the first epoch, and with the first rows, in case the loss fell within the first epoch.
  const stays = fresh && least >= FALL * first && least >= FALL * start.loss;
  // If all targets are the same, there is nothing to learn.
  const nothingLearnt = noSkill > 0 && least >= FALL * noSkill && trend >= FALL;
  if (!stays && !nothingLearnt) return [];
  const began = `The loss is ${figure(loss)} after ${epochs} epochs`;
  return [
    {
      code: 'loss-does-not-fall',
      severity: 'problem',
      value: loss,
      message: nothingLearnt
        ? `${began}, and that of the best constant prediction is ${figure(noSkill)}. The network has learnt nothing about the rows (the limit is ${percent(1 - FALL)} below that; measured: healthy runs lose a fifth of it within ${PATIENCE} epochs)`
        : `${began} and was ${figure(first)} in the first one. It should have fallen by ${percent(1 - FALL)} at least (after ${PATIENCE} epochs and ${UPDATES} updates; measured: healthy runs lose a fifth)`,
      advice:
        'Try the learning rate that findLearningRate suggests, scale the inputs, and check that labels belong to their rows',
    },
  ];
}

/** `base` is the loss from which training has to improve. */
export function oscillates({ last }: Course, base: number): Finding[] {
  if (last.length < 8) return [];
  // A small loss near the end of a run jumps naturally.
  if (last.every((loss) => loss < 0.1 * base)) return [];
  const rises = last.filter((loss, i) => i > 0 && loss > (last[i - 1] as number) * RISE).length;
  const share = rises / (last.length - 1);
  if (share < OSCILLATES) return [];
  return [
    {
      code: 'loss-oscillates',
      severity: 'warning',
      value: share,
      message: `The loss rose by ${percent(RISE - 1)} or more in ${rises} of the last ${last.length - 1} epochs (the limit is ${percent(OSCILLATES)} of them; CS231n, Neural Networks 3, on the loss curve). Each update jumps over the minimum`,
      advice:
        'Divide the learning rate by three, lower it by a schedule or reduceOnPlateau, or take larger batches or less momentum',
    },
  ];
}

/** A network that is too small. `units` is the width of its narrowest hidden layer, 0 if there is none; `classes` is 0 for a regression. */
export function underFits(
  course: Course,
  units: number,
  classes: number,
  noSkill: number,
  unequal: boolean,
): Finding[] {
  const { least, trend } = course;
  if (!ripe(course) || units > FEW_UNITS || unequal) return [];
  const share = least / noSkill;
  const narrow = units > 0 && units < Math.log2(classes);
  const limit = narrow ? UNDERFITS_CLASSES : UNDERFITS;
  if (!(share >= limit && trend >= FALL)) return [];
  return [
    {
      code: 'under-fitting',
      severity: 'warning',
      value: share,
      message: `The training loss stays at ${figure(least)}, ${percent(share)} of that of the best constant prediction, and the network has ${units === 0 ? 'no hidden layer' : `a hidden layer of ${units} ${units === 1 ? 'unit' : 'units'}`} (the limit is ${percent(limit)}, with ${narrow ? `fewer units than log2 of ${classes} classes, ${figure(Math.log2(classes))}` : `up to ${FEW_UNITS} units`}; Goodfellow et al. 2016, Deep Learning, section 5.2). It is too small for this task`,
      advice:
        units === 0
          ? "Add a hidden layer, such as dense({ units: 32, activation: 'relu' })"
          : 'Use more units, such as 32, or another hidden layer',
    },
  ];
}

/**
 * Over-fitting: a validation figure gets worse while the training loss still falls; or a figure is far better on training rows, and the validation loss rises or is
 * worse than that of the best constant prediction. `ended`: the run is over. `noSkill` is also NaN if training rows have weights.
 */
export function overFits(course: Course, ended: boolean, noSkill: number): Finding[] {
  const { validation, validationLoss } = course;
  // During a run, earlyStopping may still be waiting.
  if (!validation || !validationLoss || (!ended && validation.waited < WAITING)) return [];
  if (costs(validation, noSkill)) return overFitting(validation.bestEpoch, worsening(validation), STOP);
  if (!isApart(validation)) return [];
  const found = (value: number, worse: string): Finding[] =>
    overFitting(value, `${worse}. ${gap(validation)}`, `${STOP}. Check that validation rows are like training rows`);
  if (costs(validationLoss, noSkill)) return found(validationLoss.bestEpoch, worsening(validationLoss));
  const { now, training } = validationLoss;
  if (!(training < noSkill && now >= OVERFITTING * noSkill && course.validationTrend >= FALL)) return [];
  return found(
    now,
    `Over-fitting: validation loss stays at ${figure(now)}, and that of the best constant prediction is ${figure(noSkill)}, while the training loss has fallen to ${figure(training)} (means of five epochs; the limit is ${percent(OVERFITTING - 1)} above the best constant prediction)`,
  );
}

const STOP =
  'Use earlyStopping, which restores the best epoch; or dropout, l2, augmentation, more rows, or fewer units';

function overFitting(value: number, message: string, advice: string): Finding[] {
  return [{ code: 'over-fitting', severity: 'warning', value, message, advice }];
}

/** The name of a validation figure for people. */
const nameOf = ({ judged }: Validation): string => (judged.name === 'valLoss' ? 'validation loss' : judged.name);

function worsening(validation: Validation): string {
  const { judged, best, now, bestEpoch, since } = validation;
  return `Over-fitting since epoch ${bestEpoch}: ${nameOf(validation)} was ${figure(validation.shown(best))} then and is ${figure(validation.shown(now))} ${since} epochs later, while the training loss still falls (means of five epochs; the limit is ${judged.share ? `${percent(SHARE_LOST)} lost` : `${percent(OVERFITTING - 1)} above the best`}; Prechelt 1998)`;
}

function gap(validation: Validation): string {
  const { judged, now, seen } = validation;
  const share = judged.share ? `, and a gap of ${percent(GAP)} and ${BEYOND_NOISE} standard errors` : '';
  return `The gap: ${nameOf(validation)} is ${figure(validation.shown(now))}, and ${figure(validation.shown(seen))} on training rows (the limit is ${APART} times the error on training rows${share}; Goodfellow et al. 2016, Deep Learning, section 5.2)`;
}

/** Whether the figure is far worse on validation rows than on training rows. */
function isApart({ judged, now, seen, grain }: Validation): boolean {
  if (!(now >= APART * seen)) return false;
  // The standard error of a share. The number of rows follows from the least change; it is unknown if the share never changed.
  // A correlation below 0 is no share: `now` is then above 1, and the deviation counts as 0.
  const deviation = Number.isFinite(grain) ? Math.sqrt(Math.max(0, now * (1 - now)) * grain) : 0;
  return !judged.share || now - seen >= Math.max(GAP, BEYOND_NOISE * deviation);
}

function costs(validation: Validation, noSkill: number): boolean {
  const { judged, best, now, first, since, variance, grain, bestTraining, training, lastLoss, lastTraining } =
    validation;
  const lost = now - best;
  if (since < PATIENCE) return false;
  if (!(training < bestTraining) || !(lastTraining < lastLoss)) return false;
  if (!(lost > BEYOND_NOISE * Math.sqrt((variance * 2) / 5))) return false;
  if (judged.share) return lost >= SHARE_LOST && lost >= ROWS_LOST * grain;
  // The first error may be far above that of the best constant prediction.
  const base = judged.name === 'valLoss' && noSkill < first ? noSkill : first;
  return now >= OVERFITTING * best && lost >= COSTS * base;
}

/** Judges the end of a run that no callback stopped. `base` is the loss from which training has to improve; `noSkill` the loss of the best constant prediction, NaN if unknown. */
export function tooFewEpochs(
  { epochs, loss, last, lastValidation, start, trend }: Course,
  base: number,
  noSkill: number,
): Finding[] {
  const name = lastValidation.length > 0 ? 'validation loss' : 'loss';
  const four = (lastValidation.length > 0 ? lastValidation : last).slice(-4);
  const what = base === noSkill ? 'of that of the best constant prediction' : 'of the first training loss';
  const left = loss / base;
  if (four.length < 4 || !(left >= LEFT) || loss > start.loss) return [];
  const falls = (by: number): boolean => four.every((value, i) => i === 0 || value <= (four[i - 1] as number) * by);
  const slowly = left >= LEFT_SLOWLY && trend <= STILL_FALLING_SLOWLY && falls(1);
  if (!slowly && !falls(STILL_FALLING)) return [];
  const fall = 1 - ((four[3] as number) / (four[0] as number)) ** (1 / 3);
  return [
    {
      code: 'too-few-epochs',
      severity: 'info',
      value: fall,
      message: `The ${name} still fell by ${percent(fall)} an epoch at the end, and the training loss is ${percent(left)} ${what} (done: below ${percent(1 - STILL_FALLING)} an epoch, or ${percent(1 - STILL_FALLING_SLOWLY)} in five; measured: healthy runs end with less than ${percent(LEFT)} or flat)`,
      advice: `Train longer, such as ${epochs * 3} epochs, with earlyStopping to end it in time${slowly ? ', or take three times the learning rate' : ''}`,
    },
  ];
}
