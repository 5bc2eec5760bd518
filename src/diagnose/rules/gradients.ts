import { type Finding, figure, percent } from '../finding.js';
import {
  EXPLODING,
  GRADIENT_NORM,
  HEALTHY_UPDATE,
  STILL_LEARNING,
  UPDATE_TOO_LARGE,
  UPDATE_TOO_SMALL,
  VANISHING,
} from '../thresholds.js';

/** Means over the looks of an epoch. */
export interface KernelFigures {
  readonly layer: string;
  readonly gradient: number;
  readonly update: number;
  /** The largest of the run's first updates. */
  readonly early: number;
}

/** The first layer's gradient ÷ the last one's. */
function flow(kernels: readonly KernelFigures[]): number {
  const [first, last] = [kernels[0], kernels.at(-1)];
  return first && last && last.gradient > 0 ? first.gradient / last.gradient : Number.NaN;
}

export function vanishing(kernels: readonly KernelFigures[]): Finding[] {
  const ratio = flow(kernels);
  if (kernels.length < 3 || !(ratio < VANISHING)) return [];
  const [first, last] = [kernels[0], kernels.at(-1)] as [KernelFigures, KernelFigures];
  return [
    {
      code: 'vanishing-gradients',
      severity: 'problem',
      layer: first.layer,
      value: ratio,
      message: `The gradient of \`${first.layer}\` is ${figure(ratio)} times that of \`${last.layer}\` (healthy: above ${VANISHING}). The first layers hardly learn (a sigmoid takes three quarters of a gradient or more: Hochreiter 1991)`,
      advice: 'Use relu in the hidden layers, put batchNormalization before each activation, or use fewer layers',
    },
  ];
}

/** `normalises`: the optimizer divides by the size of the gradients, so their norm does not determine the size of updates. */
export function exploding(kernels: readonly KernelFigures[], norm: number, normalises: boolean): Finding[] {
  const ratio = flow(kernels);
  const byLayer = ratio > EXPLODING;
  if (kernels.length === 0 || !(byLayer || (!normalises && norm > GRADIENT_NORM))) return [];
  const [first, last] = [kernels[0], kernels.at(-1)] as [KernelFigures, KernelFigures];
  return [
    {
      code: 'exploding-gradients',
      severity: 'problem',
      layer: first.layer,
      value: byLayer ? ratio : norm,
      message: byLayer
        ? `The gradient of \`${first.layer}\` is ${figure(ratio)} times that of \`${last.layer}\` (healthy: below ${figure(EXPLODING)}). It grows from layer to layer on its way back (Pascanu et al. 2013)`
        : `The norm of all gradients is ${figure(norm)} (healthy: below 100; the limit is ${figure(GRADIENT_NORM)}). Updates of that size destroy what was learnt (Pascanu et al. 2013)`,
      advice:
        'Draw the weights by heUniform or glorotUniform, scale inputs and targets to about −1 to 1, or set clipNorm: 1 in the optimizer',
    },
  ];
}

/** Layers whose updates are too large. */
export function largeUpdates(kernels: readonly KernelFigures[]): Finding[] {
  return kernels
    .filter(({ update }) => update > UPDATE_TOO_LARGE)
    .map(({ layer, update }) => ({
      code: 'update-too-large',
      severity: 'warning',
      layer,
      value: update,
      message: `Each update changes \`${layer}\` by ${percent(update)} (healthy: about 0.1 %; the limit is ${percent(UPDATE_TOO_LARGE)}; CS231n, Neural Networks 3)`,
      advice: 'Divide the learning rate by ten, or take the one that findLearningRate suggests',
    }));
}

/**
 * Layers whose updates are too small and have always been, while the share `left` of the first loss remains. If there is no gradient, or if updates were larger at first,
 * another finding explains it. `clip` is the clipNorm to which the gradients are cut, undefined if they are not.
 */
export function smallUpdates(kernels: readonly KernelFigures[], left: number, clip: number | undefined): Finding[] {
  if (!(left > STILL_LEARNING)) return [];
  return kernels
    .filter(({ update, gradient, early }) => update < UPDATE_TOO_SMALL && early < HEALTHY_UPDATE && gradient > 0)
    .map(({ layer, update }) => ({
      code: 'update-too-small',
      severity: 'warning',
      layer,
      value: update,
      message: `Each update changes \`${layer}\` by ${percent(update)} (healthy: about 0.1 %; the limit is ${percent(UPDATE_TOO_SMALL)}; CS231n, Neural Networks 3)${clip === undefined ? '' : `. clipNorm cuts the norm of all gradients to ${figure(clip)}`}`,
      advice:
        clip === undefined
          ? 'Multiply the learning rate by ten, or take the one that findLearningRate suggests'
          : 'Leave clipNorm out, look at the norm that gradients then have, and set clipNorm to some times that',
    }));
}
