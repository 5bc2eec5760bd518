import { boolean, describedBy, fraction, noMore, positiveNumber } from '../../base/checks.js';
import { vectorBytes } from '../layout.js';
import { type BoundStep, INFERENCE, type LayerBase, type LayerKind, type Place, type StepPlan } from '../plan.js';
import { checkName } from './name.js';

export interface BatchNormalizationOptions {
  /** Share of the old moving average that each batch keeps: moving = momentum · moving + (1 − momentum) · batch; 0.9 by default. */
  momentum?: number;
  /** Added to the variance; 1e-5 by default. */
  epsilon?: number;
  /** Whether it is trained; true by default. With false, its weights stay as they are, and training uses the moving figures as inference does. */
  trainable?: boolean;
  /** The first part of the names of its weights, without a slash; by default batchNormalization, batchNormalization_1, … */
  name?: string;
}

export interface BatchNormalizationLayer extends LayerBase<'batchNormalization'> {
  readonly momentum: number;
  readonly epsilon: number;
  readonly trainable?: boolean;
}

/**
 * Describes a batch normalization: y = gamma · (x − mean) / √(variance + epsilon) + beta, column by column.
 *
 * Training uses the mean and variance of the batch, inference uses moving averages. Put it between a dense layer and its activation.
 * A training batch needs at least 2 rows. With `trainable: false` it is a fixed scaling, which training leaves as it is, like a layer that `compile` freezes. Source: Ioffe, Szegedy 2015, arXiv 1502.03167.
 * @param o The options; all have defaults.
 * @returns A frozen description, which survives JSON.
 * @throws SimdenseError 'ARGUMENT' for an option that is unknown or out of range.
 * @example
 * import { activation, batchNormalization, dense, sequential } from 'simdense';
 *
 * const layers = [dense({ units: 4, useBias: false }), batchNormalization({ momentum: 0.95 }), activation('relu')];
 * const model = sequential({ inputs: 2, layers });
 * model.getWeights().get('batchNormalization/gamma')?.data; // [1, 1, 1, 1]
 */
export function batchNormalization(o?: BatchNormalizationOptions): BatchNormalizationLayer {
  noMore('batchNormalization', arguments, 1);
  return describedBy('batchNormalization', o, {
    momentum: [fraction, 0.9],
    epsilon: [positiveNumber, 1e-5],
    trainable: [boolean, null],
    name: [checkName, null],
  });
}

export const batchNormalizationKind: LayerKind<BatchNormalizationLayer> = { check: batchNormalization, plan };

function plan({ momentum, epsilon, trainable = true }: BatchNormalizationLayer, inputs: number): StepPlan[] {
  const shape = [inputs] as const;

  const step: StepPlan = {
    inputs,
    outputs: inputs,
    parameters: [
      { name: 'gamma', shape, initializer: 'ones', trained: trainable, minimumRows: 2 },
      { name: 'beta', shape, initializer: 'zeros', trained: trainable },
      { name: 'movingMean', shape, initializer: 'zeros', trained: false },
      { name: 'movingVariance', shape, initializer: 'ones', trained: false, variance: true },
    ],
    inPlace: false,
    keepsOutput: false,
    gradientInPlace: true,
    scratch: 0,
    // For each column the batch's mean, 1 / √(variance + epsilon), and variance.
    kept: () => [vectorBytes(inputs), vectorBytes(inputs), vectorBytes(inputs)],
    centers: true,
    bind: (place) => bind(place, momentum, epsilon),
  };
  return [step];
}

function bind(
  { engine: { calls }, inputs, x, y, dy, dx, parameters, gradients, kept, learns }: Place,
  momentum: number,
  epsilon: number,
): BoundStep {
  const [gamma, beta, movingMean, movingVariance] = parameters as [number, number, number, number];
  const [gammaGradient, betaGradient] = gradients as [number, number];
  const [mean, inverse, variance] = kept as [number, number, number];
  return {
    forward(rows, step) {
      if (learns && step !== INFERENCE) {
        calls.batchNormForward(rows, inputs, x, y, gamma, beta, mean, inverse, variance, epsilon);
      } else {
        calls.batchNormInference(rows, inputs, x, y, gamma, beta, movingMean, movingVariance, epsilon);
      }
    },
    backward(rows) {
      if (learns) {
        calls.batchNormBackward(rows, inputs, x, dy, dx, gamma, mean, inverse, gammaGradient, betaGradient);
      } else {
        // The slope of inference: of a layer that does not learn nothing is kept, so its vectors stay zeros, as terms that are not added.
        calls.batchNormInference(rows, inputs, dy, dx, gamma, mean, mean, movingVariance, epsilon);
      }
    },
    applyStatistics(rows) {
      if (learns) calls.batchNormMove(rows, inputs, mean, variance, movingMean, movingVariance, momentum);
    },
  };
}
