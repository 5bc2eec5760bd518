import { type Finding, figure } from '../finding.js';
import {
  EXPLODING,
  GRADIENT_NORM,
  STILL_LEARNING,
  UPDATE_TOO_LARGE,
  UPDATE_TOO_SMALL,
  VANISHING,
} from '../thresholds.js';

/** Means over an epoch's looks. */
export interface KernelFigures {
  readonly layer: string;
  readonly gradient: number;
  readonly update: number;
}

/** How the gradient changes from the last kernel back to the first. */
export function gradientFlow(kernels: readonly KernelFigures[], norm: number): Finding[] {
  const [first, last] = [kernels[0], kernels.at(-1)];
  if (!first || !last) return [];
  const found: Finding[] = [];
  const ratio = last.gradient > 0 ? first.gradient / last.gradient : Number.NaN;
  if (kernels.length > 2 && ratio < VANISHING) {
    found.push({
      code: 'vanishing-gradients',
      severity: 'problem',
      layer: first.layer,
      value: ratio,
      message: `The gradient of ${first.layer} is ${figure(ratio)} of that of ${last.layer}; below ${VANISHING} the first layers hardly learn (each sigmoid takes three quarters or more: Hochreiter 1991)`,
      advice: 'Use relu in the hidden layers, put batchNormalization before each activation, or take fewer layers',
    });
  }
  if (ratio > EXPLODING || norm > GRADIENT_NORM) {
    const byLayer = ratio > EXPLODING;
    found.push({
      code: 'exploding-gradients',
      severity: 'problem',
      layer: first.layer,
      value: byLayer ? ratio : norm,
      message: byLayer
        ? `The gradient of ${first.layer} is ${figure(ratio)} times that of ${last.layer}; above ${figure(EXPLODING)} it explodes on its way back (Pascanu et al. 2013)`
        : `The norm of all gradients is ${figure(norm)}; healthy ones are below 10, and above ${figure(GRADIENT_NORM)} updates fly off (Pascanu et al. 2013)`,
      advice:
        'Draw the weights by heUniform or glorotUniform, scale inputs and targets to about −1 to 1, or set clipNorm: 1 in the optimizer',
    });
  }
  return found;
}

/** How far updates move each kernel, while `left` of the first loss is left. */
export function updates(kernels: readonly KernelFigures[], left: number): Finding[] {
  return kernels.flatMap(({ layer, gradient, update }): Finding[] => {
    const large = update > UPDATE_TOO_LARGE;
    // Where there is no gradient, another finding says why; and what has learnt moves little.
    const small = update < UPDATE_TOO_SMALL && gradient > 0 && left > STILL_LEARNING;
    if (!large && !small) return [];
    return [
      {
        code: large ? 'update-too-large' : 'update-too-small',
        severity: 'warning',
        layer,
        value: update,
        message: `An update changes ${layer} by ${figure(update)} of its size; about 0.001 is right, ${large ? `above ${UPDATE_TOO_LARGE} it jumps about` : `below ${figure(UPDATE_TOO_SMALL)} it crawls`} (CS231n, Neural Networks 3)`,
        advice: `${large ? 'Lower' : 'Raise'} the learning rate tenfold; findLearningRate suggests one`,
      },
    ];
  });
}
