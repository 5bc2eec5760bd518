import { describedBy, fraction, noMore, positiveNumber } from '../../base/checks.js';
import { vectorBytes } from '../layout.js';
import { type BoundStep, INFERENCE, type LayerBase, type LayerKind, type Place, type StepPlan } from '../plan.js';
import { checkName } from './name.js';

export interface BatchNormalizationOptions {
  /** 0.9: moving = momentum·moving + (1 − momentum)·batch. */
  momentum?: number;
  /** 1e-5, added to the variance. */
  epsilon?: number;
  name?: string;
}

export interface BatchNormalizationLayer extends LayerBase<'batchNormalization'> {
  readonly momentum: number;
  readonly epsilon: number;
}

/**
 * y = gamma·(x − mean) / √(variance + epsilon) + beta, by the batch's mean and variance in training, by moving ones in inference
 * (Ioffe, Szegedy 2015, arXiv 1502.03167). Between a dense layer and its activation. A batch to train on needs 2 rows.
 */
export function batchNormalization(o?: BatchNormalizationOptions): BatchNormalizationLayer {
  noMore('batchNormalization', arguments, 1);
  return describedBy('batchNormalization', o, {
    momentum: [fraction, 0.9],
    epsilon: [positiveNumber, 1e-5],
    name: [checkName, null],
  });
}

export const batchNormalizationKind: LayerKind<BatchNormalizationLayer> = { check: batchNormalization, plan };

function plan({ momentum, epsilon }: BatchNormalizationLayer, inputs: number): StepPlan[] {
  const shape = [inputs] as const;
  const step: StepPlan = {
    inputs,
    outputs: inputs,
    parameters: [
      { name: 'gamma', shape, initializer: 'ones' },
      { name: 'beta', shape, initializer: 'zeros' },
      { name: 'movingMean', shape, initializer: 'zeros', trained: false },
      { name: 'movingVariance', shape, initializer: 'ones', trained: false },
    ],
    inPlace: false,
    keepsOutput: false,
    gradientInPlace: true,
    scratch: 0,
    // Mean, 1 / √variance and variance of the batch.
    kept: () => [vectorBytes(inputs), vectorBytes(inputs), vectorBytes(inputs)],
    minimumRows: 2,
    centers: true,
    bind: (place) => bind(place, momentum, epsilon),
  };
  return [step];
}

function bind(
  { engine: { calls }, inputs, x, y, dy, dx, parameters, gradients, kept }: Place,
  momentum: number,
  epsilon: number,
): BoundStep {
  const [gamma, beta, movingMean, movingVariance] = parameters as [number, number, number, number];
  const [gammaGradient, betaGradient] = gradients as [number, number];
  const [mean, inverse, variance] = kept as [number, number, number];
  return {
    forward(rows, step) {
      if (step === INFERENCE) {
        calls.batchNormInference(rows, inputs, x, y, gamma, beta, movingMean, movingVariance, epsilon);
      } else {
        calls.batchNormForward(rows, inputs, x, y, gamma, beta, mean, inverse, variance, epsilon);
      }
    },
    backward(rows) {
      calls.batchNormBackward(rows, inputs, x, dy, dx, gamma, mean, inverse, gammaGradient, betaGradient);
    },
    settle(rows) {
      calls.batchNormMove(rows, inputs, mean, variance, movingMean, movingVariance, momentum);
    },
  };
}
