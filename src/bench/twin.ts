// The plain JavaScript with which simdense is compared: one Adam step of a relu network with softmax and crossentropy, on
// Float32Arrays, without allocations in a step.

import type { Products } from './products.js';

export interface TwinLayer {
  readonly inputs: number;
  readonly units: number;
  readonly kernel: Float32Array;
  readonly bias: Float32Array;
}

/** Makes the step, and a prediction for the same number of rows. */
export function makeTwin(layers: readonly TwinLayer[], rows: number, products: Products) {
  const parts = layers.map(({ inputs, units, kernel, bias }) => ({
    inputs,
    units,
    kernel: kernel.slice(),
    bias: bias.slice(),
    output: new Float32Array(rows * units),
    gradient: new Float32Array(rows * units),
    kernelGradient: new Float32Array(inputs * units),
    biasGradient: new Float32Array(units),
    moments: [inputs * units, units].map((n) => [new Float32Array(n), new Float32Array(n)] as const),
  }));
  const last = parts.at(-1)!;
  let t = 0;

  function forward(x: Float32Array): void {
    let input = x;
    for (const part of parts) {
      const { inputs, units, kernel, bias, output } = part;
      products.forward(rows, inputs, units, input, kernel, bias, output);
      if (part !== last) for (let i = 0; i < output.length; i++) if (output[i]! < 0) output[i] = 0;
      input = output;
    }
    for (let r = 0; r < rows; r++) {
      const from = r * last.units;
      let top = Number.NEGATIVE_INFINITY;
      let sum = 0;
      for (let j = 0; j < last.units; j++) if (last.output[from + j]! > top) top = last.output[from + j]!;
      for (let j = 0; j < last.units; j++) sum += last.output[from + j] = Math.exp(last.output[from + j]! - top);
      for (let j = 0; j < last.units; j++) last.output[from + j]! /= sum;
    }
  }

  function adam(p: Float32Array, g: Float32Array, m: Float32Array, v: Float32Array): void {
    const size = 0.001 / (1 - 0.9 ** t);
    const scale = 1 / Math.sqrt(1 - 0.999 ** t);
    for (let i = 0; i < p.length; i++) {
      const gradient = g[i]!;
      const mean = 0.9 * m[i]! + 0.1 * gradient;
      const square = 0.999 * v[i]! + 0.001 * gradient * gradient;
      m[i] = mean;
      v[i] = square;
      p[i]! -= (size * mean) / (Math.sqrt(square) * scale + 1e-8);
    }
  }

  function step(x: Float32Array, labels: Int32Array): number {
    forward(x);
    let loss = 0;
    for (let r = 0; r < rows; r++) {
      for (let j = 0; j < last.units; j++) {
        const p = last.output[r * last.units + j]!;
        const target = labels[r] === j ? 1 : 0;
        if (target) loss -= Math.log(p);
        last.gradient[r * last.units + j] = (p - target) / rows;
      }
    }
    for (let l = parts.length - 1; l >= 0; l--) {
      const part = parts[l]!;
      const { inputs, units, gradient, biasGradient } = part;
      const below = parts[l - 1];
      products.kernelGradient(rows, inputs, units, below ? below.output : x, gradient, part.kernelGradient);
      biasGradient.fill(0);
      for (let r = 0; r < rows; r++) for (let j = 0; j < units; j++) biasGradient[j]! += gradient[r * units + j]!;
      if (!below) continue;
      products.inputGradient(rows, inputs, units, gradient, part.kernel, below.gradient);
      for (let i = 0; i < below.output.length; i++) if (below.output[i]! <= 0) below.gradient[i] = 0;
    }
    t++;
    for (const { kernel, bias, kernelGradient, biasGradient, moments } of parts) {
      adam(kernel, kernelGradient, moments[0]![0], moments[0]![1]);
      adam(bias, biasGradient, moments[1]![0], moments[1]![1]);
    }
    return loss / rows;
  }

  return {
    step,
    predict(x: Float32Array): Float32Array {
      forward(x);
      return last.output;
    },
  };
}
