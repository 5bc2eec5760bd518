import { describedBy, fraction, noMore, positiveNumber } from '../../base/checks.js';
import type { Address } from '../../engine/kernels.js';
import { activationFloats, LINE } from '../layout.js';
import { INFERENCE, type LayerBase, type LayerKind, type Place, type StepPlan, stepInPlace } from '../plan.js';

export interface DropoutLayer extends LayerBase<'dropout'> {
  readonly rate: number;
}

export interface GaussianNoiseLayer extends LayerBase<'gaussianNoise'> {
  readonly stddev: number;
}

/**
 * Describes dropout: in training, each number becomes 0 with probability `rate`, and the others are divided by 1 − rate.
 *
 * Inference leaves the numbers unchanged. The masks depend only on the model's seed and the number of the batch.
 * Source: Srivastava et al. 2014, JMLR 15.
 * @param o The options.
 * @param o.rate The probability of a 0, from 0 to below 1.
 * @returns A frozen description, which survives JSON.
 * @throws SimdenseError 'ARGUMENT' for an option that is missing, unknown or out of range.
 * @example
 * import { dense, dropout, sequential } from 'simdense';
 *
 * const model = sequential({ inputs: 2, layers: [dense({ units: 8, activation: 'relu' }), dropout({ rate: 0.5 }), dense({ units: 1 })] });
 * model.layers.map(({ type }) => type); // ['dense', 'dropout', 'dense']
 */
export function dropout(o: { rate: number }): DropoutLayer {
  noMore('dropout', arguments, 1);
  return describedBy('dropout', o, { rate: [fraction] });
}

/**
 * Describes noise: in training, a normally distributed number is added to each number.
 *
 * Inference leaves the numbers unchanged. The noise depends only on the model's seed and the number of the batch.
 * @param o The options.
 * @param o.stddev The standard deviation of the noise, above 0.
 * @returns A frozen description, which survives JSON.
 * @throws SimdenseError 'ARGUMENT' for an option that is missing, unknown or out of range.
 * @example
 * import { dense, gaussianNoise, sequential } from 'simdense';
 *
 * const model = sequential({ inputs: 2, layers: [gaussianNoise({ stddev: 0.1 }), dense({ units: 1 })] });
 * model.parameterCount; // 3
 */
export function gaussianNoise(o: { stddev: number }): GaussianNoiseLayer {
  noMore('gaussianNoise', arguments, 1);
  return describedBy('gaussianNoise', o, { stddev: [positiveNumber] });
}

/** Copies the input to the output, if they lie in different places: line by line, by a kernel, so that it is replayed with the others. */
function pass({ engine, inputs }: Place, rows: number, from: Address, to: Address): void {
  if (from !== to) engine.calls.unpackFloats(activationFloats(rows, inputs) / LINE, LINE, from, 0, to);
}

export const dropoutKind: LayerKind<DropoutLayer> = { check: dropout, plan: planDropout };

function planDropout({ rate }: DropoutLayer, inputs: number): StepPlan[] {
  const bind: StepPlan['bind'] = (place) => {
    const { x, y, dy, dx, seed, purpose, engine } = place;
    let drawn = INFERENCE;
    const mask = (rows: number, from: number, to: number): void =>
      engine.calls.dropout(activationFloats(rows, inputs), from, to, seed[0], seed[1], purpose, drawn, 0, rate);
    return {
      forward(rows, step) {
        drawn = step;
        if (step === INFERENCE) pass(place, rows, x, y);
        else mask(rows, x, y);
      },
      // Drawing the same mask again is cheaper than storing it.
      backward: (rows) => mask(rows, dy, dx),
    };
  };
  return [stepInPlace(inputs, bind)];
}

export const gaussianNoiseKind: LayerKind<GaussianNoiseLayer> = { check: gaussianNoise, plan: planGaussianNoise };

function planGaussianNoise({ stddev }: GaussianNoiseLayer, inputs: number): StepPlan[] {
  const bind: StepPlan['bind'] = (place) => {
    const { x, y, dy, dx, seed, purpose, engine } = place;
    return {
      forward(rows, step) {
        if (step === INFERENCE) pass(place, rows, x, y);
        else engine.calls.addNoise(activationFloats(rows, inputs), x, y, seed[0], seed[1], purpose, step, 0, stddev);
      },
      backward: (rows) => pass(place, rows, dy, dx),
    };
  };
  return [stepInPlace(inputs, bind)];
}
