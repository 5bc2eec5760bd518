import { describedBy, noMore, positiveNumber } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import { vectorBytes } from '../layout.js';
import type { BoundStep, LayerBase, LayerKind, Place, StepPlan } from '../plan.js';
import { checkName } from './name.js';

export interface LayerNormalizationOptions {
  /** Added to the variance; 1e-5 by default. */
  epsilon?: number;
  /** The first part of the names of its weights, without a slash; by default layerNormalization, layerNormalization_1, … */
  name?: string;
}

export interface LayerNormalizationLayer extends LayerBase<'layerNormalization'> {
  readonly epsilon: number;
}

/**
 * Describes a layer normalization: y = gamma · (x − mean) / √(variance + epsilon) + beta, row by row.
 *
 * The mean and the biased variance are those of the row over its columns, in training and in inference alike, so a batch may have a single row.
 * gamma and beta have one number for each column. Source: Ba, Kiros, Hinton 2016, arXiv 1607.06450.
 * @param o The options; all have defaults, which are PyTorch's.
 * @returns A frozen description, which survives JSON.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range.
 * @example
 * import { layerNormalization, sequential } from 'simdense';
 *
 * const model = sequential({ inputs: 2, layers: [layerNormalization({ epsilon: 1 })] });
 * model.predict([[5 - Math.sqrt(3), 5 + Math.sqrt(3)]]).toArrays(); // [[-0.8660254, 0.8660254]]
 */
export function layerNormalization(o?: LayerNormalizationOptions): LayerNormalizationLayer {
  noMore('layerNormalization', arguments, 1);
  return describedBy('layerNormalization', o, { epsilon: [positiveNumber, 1e-5], name: [checkName, null] });
}

export const layerNormalizationKind: LayerKind<LayerNormalizationLayer> = { check: layerNormalization, plan };

function plan({ epsilon }: LayerNormalizationLayer, inputs: number): StepPlan[] {
  if (inputs === 1) {
    const message = '1 column always becomes 0; use batchNormalization';
    throw new SimdenseError('ARGUMENT', `layerNormalization: ${message}`);
  }
  const shape = [inputs] as const;
  const step: StepPlan = {
    inputs,
    outputs: inputs,
    parameters: [
      { name: 'gamma', shape, initializer: 'ones' },
      { name: 'beta', shape, initializer: 'zeros' },
    ],
    inPlace: false,
    keepsOutput: false,
    gradientInPlace: true,
    scratch: 0,
    // Each row's mean, and 1 / √(variance + epsilon).
    kept: (rows) => [vectorBytes(rows), vectorBytes(rows)],
    bind: (place) => bind(place, epsilon),
  };
  return [step];
}

function bind(
  { engine: { calls }, inputs, x, y, dy, dx, parameters, gradients, kept }: Place,
  epsilon: number,
): BoundStep {
  const [gamma, beta] = parameters as [number, number];
  const [gammaGradient, betaGradient] = gradients as [number, number];
  // A network bound for inference keeps nothing.
  const [mean = 0, inverse = 0] = kept;
  return {
    forward: (rows) => calls.layerNormForward(rows, inputs, x, y, gamma, beta, mean, inverse, epsilon),
    backward(rows) {
      // Compute these first: dx may overwrite dy.
      calls.layerNormGradients(rows, inputs, x, dy, mean, inverse, gammaGradient, betaGradient);
      if (dx !== 0) calls.layerNormBackward(rows, inputs, x, dy, dx, gamma, mean, inverse);
    },
  };
}
