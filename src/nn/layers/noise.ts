import { describedBy, fraction, noMore, positiveNumber } from '../../base/checks.js';
import { activationFloats } from '../layout.js';
import { INFERENCE, type LayerBase, type LayerKind, type Place, type StepPlan, stepInPlace } from '../plan.js';

export interface DropoutLayer extends LayerBase<'dropout'> {
  readonly rate: number;
}

export interface GaussianNoiseLayer extends LayerBase<'gaussianNoise'> {
  readonly stddev: number;
}

/**
 * In training each number is 0 with probability `rate`, else divided by 1 − rate (Srivastava et al. 2014); nothing in inference. The
 * masks follow from the model's seed and the number of the batch.
 */
export function dropout(o: { rate: number }): DropoutLayer {
  noMore('dropout', arguments, 1);
  return describedBy('dropout', o, { rate: [fraction] });
}

/** In training adds normal numbers of this standard deviation; nothing in inference. */
export function gaussianNoise(o: { stddev: number }): GaussianNoiseLayer {
  noMore('gaussianNoise', arguments, 1);
  return describedBy('gaussianNoise', o, { stddev: [positiveNumber] });
}

/** Inference leaves the numbers as they are: only their place may differ. */
function pass({ engine, inputs, x, y }: Place, rows: number): void {
  if (x !== y) engine.bytes.copyWithin(y, x, x + activationFloats(rows, inputs) * 4);
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
        if (step === INFERENCE) pass(place, rows);
        else mask(rows, x, y);
      },
      // The same mask, drawn again: cheaper than keeping it.
      backward: (rows) => mask(rows, dy, dx),
    };
  };
  return [stepInPlace(inputs, bind)];
}

export const gaussianNoiseKind: LayerKind<GaussianNoiseLayer> = { check: gaussianNoise, plan: planGaussianNoise };

function planGaussianNoise({ stddev }: GaussianNoiseLayer, inputs: number): StepPlan[] {
  const bind: StepPlan['bind'] = (place) => {
    const { x, y, seed, purpose, engine } = place;
    return {
      forward(rows, step) {
        if (step === INFERENCE) pass(place, rows);
        else engine.calls.addNoise(activationFloats(rows, inputs), x, y, seed[0], seed[1], purpose, step, 0, stddev);
      },
      // dx is dy, in the same place.
      backward() {},
    };
  };
  return [stepInPlace(inputs, bind)];
}
