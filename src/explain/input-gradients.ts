// A network in float64, with its gradient by the inputs. Training needs no such gradient, so the kernels do not compute it for the first layer.
import type { Layer, LayerType } from '../nn/layers/index.js';
import { layerNames } from '../nn/names.js';
import type { WeightSet } from '../nn/weights.js';
import type { Sequential } from '../train/sequential.js';
import { activating, type Pulled } from './slopes.js';

type Step = (x: Float64Array) => Pulled;
/** A layer's weights by name, such as 'kernel'. */
type Weights = (name: string) => Float32Array | undefined;

const same: Step = (y) => ({ y, pull: (gradient) => gradient });

/** One function after the other. */
const chain =
  (steps: readonly Step[]): Step =>
  (x) => {
    let y = x;
    const pulls: Pulled['pull'][] = [];
    for (const step of steps) {
      const pulled = step(y);
      y = pulled.y;
      pulls.unshift(pulled.pull);
    }
    return { y, pull: (gradient) => pulls.reduce((g, pull) => pull(g), gradient) };
  };

/** y = x · scale + shift, column by column. */
const linear =
  (scale: (c: number) => number, shift: (c: number) => number): Step =>
  (x) => ({
    y: x.map((value, c) => value * scale(c) + shift(c)),
    pull: (gradient) => gradient.map((g, c) => g * scale(c)),
  });

/** y = x · kernel + bias; kernel [inputs, units]. */
function product(kernel: Float32Array, bias: Float32Array | undefined, units: number): Step {
  return (x) => {
    const y = new Float64Array(units);
    if (bias) y.set(bias);
    for (let i = 0; i < x.length; i++) {
      const value = x[i] as number;
      // Many features are 0: those of other categories.
      if (value === 0) continue;
      for (let j = 0, at = i * units; j < units; j++, at++) y[j] = (y[j] as number) + value * (kernel[at] as number);
    }
    const inputs = x.length;
    return {
      y,
      pull(gradient) {
        const out = new Float64Array(inputs);
        for (let i = 0; i < inputs; i++) {
          let sum = 0;
          for (let j = 0, at = i * units; j < units; j++, at++) sum += (kernel[at] as number) * (gradient[j] as number);
          out[i] = sum;
        }
        return out;
      },
    };
  };
}

/** (x − mean) / √(variance + epsilon), of a row (Ba, Kiros, Hinton 2016, arXiv 1607.06450). */
const normalising =
  (epsilon: number): Step =>
  (x) => {
    const mean = meanOf(x);
    const variance = meanOf(x.map((value) => (value - mean) ** 2));
    const inverse = 1 / Math.sqrt(variance + epsilon);
    const y = x.map((value) => (value - mean) * inverse);
    return {
      y,
      pull(gradient) {
        const [middle, along] = [meanOf(gradient), meanOf(gradient.map((g, c) => g * (y[c] as number)))];
        return gradient.map((g, c) => inverse * (g - middle - (y[c] as number) * along));
      },
    };
  };

const meanOf = (numbers: Float64Array): number => numbers.reduce((sum, value) => sum + value, 0) / numbers.length;

const at = (numbers: Float32Array | undefined, c: number): number => numbers?.[c] as number;

/** What each layer computes of one row when it predicts. A new kind of layer needs a line here. */
const steps: { readonly [type in LayerType]: (layer: Extract<Layer, { type: type }>, weights: Weights) => Step } = {
  dense: ({ units, activation }, weights) =>
    chain([product(weights('kernel') as Float32Array, weights('bias'), units), activating(activation)]),
  activation: ({ activation }) => activating(activation),
  rescaling: ({ scale, offset }) =>
    linear(
      () => scale,
      () => offset,
    ),
  batchNormalization({ epsilon }, weights) {
    const [gamma, beta, mean, variance] = ['gamma', 'beta', 'movingMean', 'movingVariance'].map(weights);
    const scale = (c: number) => at(gamma, c) / Math.sqrt(at(variance, c) + epsilon);
    return linear(scale, (c) => at(beta, c) - at(mean, c) * scale(c));
  },
  layerNormalization({ epsilon }, weights) {
    const [gamma, beta] = ['gamma', 'beta'].map(weights);
    return chain([
      normalising(epsilon),
      linear(
        (c) => at(gamma, c),
        (c) => at(beta, c),
      ),
    ]);
  },
  prelu: (_, weights) => (x) => {
    const slope = x.map((value, c) => (value < 0 ? at(weights('alpha'), c) : 1));
    return {
      y: x.map((value, c) => value * (slope[c] as number)),
      pull: (gradient) => gradient.map((g, c) => g * (slope[c] as number)),
    };
  },
  // Nothing is dropped and no noise is added in a prediction.
  dropout: () => same,
  gaussianNoise: () => same,
};

/** What a network predicts of one row, in float64, and the gradients by its inputs. */
export function differentiable(model: Sequential): Step {
  const weights: WeightSet = model.getWeights();
  const names = layerNames(model.layers);
  return chain(
    model.layers.map((layer, i) => {
      const step = steps[layer.type] as (layer: Layer, weights: Weights) => Step;
      return step(layer, (name) => weights.get(`${names[i]}/${name}`)?.data);
    }),
  );
}
