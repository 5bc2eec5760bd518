// Functions of numbers one by one, in float32, and the activations with their derivatives.

import * as numbers from '../../assembly/kinds.js';
import { finiteNumber, noMore, oneOf } from '../base/checks.js';
import { exactly, float32 } from './arrays.js';
import { Blas } from './blas.js';
import { lines } from './blocks.js';

/** The activations that have a derivative: see `activationGradient`. */
export type ActivationName = keyof typeof activations;

const activations = {
  sigmoid: numbers.SIGMOID,
  tanh: numbers.TANH,
  relu: numbers.RELU,
  leakyRelu: numbers.LEAKY_RELU,
  elu: numbers.ELU,
  softplus: numbers.SOFTPLUS,
  silu: numbers.SILU,
  gelu: numbers.GELU,
  mish: numbers.MISH,
} as const;
const names = Object.keys(activations) as ActivationName[];

/** The numbers of functions in assembly/blas/elementwise.ts. */
const FUNCTION = {
  exp: 0,
  log: 1,
  erf: 2,
  log1p: 3,
  sqrt: 4,
  abs: 5,
  negate: 6,
  square: 7,
  sigmoid: 8,
  tanh: 9,
  softplus: 10,
} as const;

/** Functions of numbers one by one. */
export class Functions extends Blas {
  /**
   * eˣ, within 1 ULP of float32, 2 where the result is subnormal.
   * @param x The numbers.
   * @param out The results; a new array by default. It may be x.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.exp(Float32Array.of(0, 1)); // [1, 2.7183]
   */
  exp(x: Float32Array, out?: Float32Array): Float32Array {
    return this.#map('exp', arguments, x, out);
  }

  /**
   * Natural logarithm, within 1 ULP of float32. That of 0 is −∞, that of a negative number NaN.
   * @param x The numbers.
   * @param out The results; a new array by default. It may be x.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.log(Float32Array.of(1, 10)); // [0, 2.3026]
   */
  log(x: Float32Array, out?: Float32Array): Float32Array {
    return this.#map('log', arguments, x, out);
  }

  /**
   * log(1 + x) for x from 0 up, within 3 ULP of float32, also near 0.
   * @param x The numbers.
   * @param out The results; a new array by default. It may be x.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.log1p(Float32Array.of(0, 1)); // [0, 0.6931]
   */
  log1p(x: Float32Array, out?: Float32Array): Float32Array {
    return this.#map('log1p', arguments, x, out);
  }

  /**
   * Error function, within 2 ULP of float32.
   * @param x The numbers.
   * @param out The results; a new array by default. It may be x.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.erf(Float32Array.of(0, 1)); // [0, 0.8427]
   */
  erf(x: Float32Array, out?: Float32Array): Float32Array {
    return this.#map('erf', arguments, x, out);
  }

  /**
   * Square root, correctly rounded.
   * @param x The numbers.
   * @param out The results; a new array by default. It may be x.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.sqrt(Float32Array.of(4, 2)); // [2, 1.4142]
   */
  sqrt(x: Float32Array, out?: Float32Array): Float32Array {
    return this.#map('sqrt', arguments, x, out);
  }

  /**
   * Absolute value.
   * @param x The numbers.
   * @param out The results; a new array by default. It may be x.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.abs(Float32Array.of(-1, 2)); // [1, 2]
   */
  abs(x: Float32Array, out?: Float32Array): Float32Array {
    return this.#map('abs', arguments, x, out);
  }

  /**
   * x².
   * @param x The numbers.
   * @param out The results; a new array by default. It may be x.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.square(Float32Array.of(3, -4)); // [9, 16]
   */
  square(x: Float32Array, out?: Float32Array): Float32Array {
    return this.#map('square', arguments, x, out);
  }

  /**
   * −x.
   * @param x The numbers.
   * @param out The results; a new array by default. It may be x.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.negate(Float32Array.of(1, -2)); // [-1, 2]
   */
  negate(x: Float32Array, out?: Float32Array): Float32Array {
    return this.#map('negate', arguments, x, out);
  }

  /**
   * 1 / (1 + e⁻ˣ), within 3 ULP of float32.
   * @param x The numbers.
   * @param out The results; a new array by default. It may be x.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.sigmoid(Float32Array.of(0, 2)); // [0.5, 0.8808]
   */
  sigmoid(x: Float32Array, out?: Float32Array): Float32Array {
    return this.#map('sigmoid', arguments, x, out);
  }

  /**
   * Hyperbolic tangent, within 2 ULP of float32.
   * @param x The numbers.
   * @param out The results; a new array by default. It may be x.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.tanh(Float32Array.of(0, 1)); // [0, 0.7616]
   */
  tanh(x: Float32Array, out?: Float32Array): Float32Array {
    return this.#map('tanh', arguments, x, out);
  }

  /**
   * max(x, 0); NaN stays.
   * @param x The numbers.
   * @param out The results; a new array by default. It may be x.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.relu(Float32Array.of(-1, 2)); // [0, 2]
   */
  relu(x: Float32Array, out?: Float32Array): Float32Array {
    return this.#activate('relu', arguments, x, out);
  }

  /**
   * log(1 + eˣ), within 4 ULP of float32.
   * @param x The numbers.
   * @param out The results; a new array by default. It may be x.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.softplus(Float32Array.of(0, 1)); // [0.6931, 1.3133]
   */
  softplus(x: Float32Array, out?: Float32Array): Float32Array {
    return this.#map('softplus', arguments, x, out);
  }

  /**
   * x · sigmoid(x), also named swish.
   * @param x The numbers.
   * @param out The results; a new array by default. It may be x.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.silu(Float32Array.of(0, 1)); // [0, 0.7311]
   */
  silu(x: Float32Array, out?: Float32Array): Float32Array {
    return this.#activate('silu', arguments, x, out);
  }

  /**
   * x · Φ(x) with the normal distribution function Φ, the exact form by erf. Source: Hendrycks, Gimpel 2016, arXiv 1606.08415.
   * @param x The numbers.
   * @param out The results; a new array by default. It may be x.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.gelu(Float32Array.of(0, 1)); // [0, 0.8413]
   */
  gelu(x: Float32Array, out?: Float32Array): Float32Array {
    return this.#activate('gelu', arguments, x, out);
  }

  /**
   * x · tanh(softplus(x)). Source: Misra 2019, arXiv 1908.08681.
   * @param x The numbers.
   * @param out The results; a new array by default. It may be x.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.mish(Float32Array.of(0, 1)); // [0, 0.8651]
   */
  mish(x: Float32Array, out?: Float32Array): Float32Array {
    return this.#activate('mish', arguments, x, out);
  }

  /**
   * x, and slope · x for negative x.
   * @param x The numbers.
   * @param out The results; a new array by default. It may be x.
   * @param slope The slope for negative numbers; 0.01 by default.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.leakyRelu(Float32Array.of(-1, 2)); // [-0.01, 2]
   */
  leakyRelu(x: Float32Array, out?: Float32Array, slope = 0.01): Float32Array {
    return this.#activate('leakyRelu', arguments, x, out, slope);
  }

  /**
   * x, and alpha · (eˣ − 1) for negative x. Source: Clevert, Unterthiner, Hochreiter 2015, arXiv 1511.07289.
   * @param x The numbers.
   * @param out The results; a new array by default. It may be x.
   * @param alpha The factor for negative numbers; 1 by default.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.elu(Float32Array.of(-1, 2)); // [-0.6321, 2]
   */
  elu(x: Float32Array, out?: Float32Array, alpha = 1): Float32Array {
    return this.#activate('elu', arguments, x, out, alpha);
  }

  /**
   * The backward pass of an activation: dx = dy · f′.
   *
   * `saved` is f's output for sigmoid, tanh, relu, leakyRelu and elu, and its input for softplus, silu, gelu and mish.
   * @param name The activation.
   * @param saved Its outputs or inputs.
   * @param dy The gradient by its outputs.
   * @param out The gradient by its inputs; a new array by default. It may be dy or saved.
   * @param alpha The slope of leakyRelu, 0.01 by default, or the factor of elu, 1 by default.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type or name, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * const y = k.sigmoid(Float32Array.of(0, 1));
   * k.activationGradient('sigmoid', y, Float32Array.of(1, 1)); // [0.25, 0.1966]
   */
  activationGradient(
    name: ActivationName,
    saved: Float32Array,
    dy: Float32Array,
    out?: Float32Array,
    alpha?: number,
  ): Float32Array {
    if (arguments.length > 5) noMore('activationGradient', arguments, 5);
    const where = 'activationGradient';
    oneOf(`${where}(name)`, name, names);
    const factor = alpha === undefined ? (name === 'leakyRelu' ? 0.01 : 1) : finiteNumber(`${where}(alpha)`, alpha);
    const s = float32(`${where}(saved)`, saved);
    const d = float32(`${where}(dy)`, dy);
    exactly(`${where}(dy)`, d, s.length);
    const result = this.outLike(where, s.length, out);
    const to = this.enterOut(`${where}(out)`, result, result === s || result === d, true);
    const first = this.input(where, s, result, to);
    const second = this.input(where, d, result, to);
    this.calls.activationBackward(activations[name], lines(s.length), first, second, to, factor);
    this.leave();
    return result;
  }

  /** @internal The array for results: `out`, which the caller calls `name`, checked, or a new one. Its length follows from `by`. */
  protected outLike(where: string, length: number, out: Float32Array | undefined, name = 'out', by = ''): Float32Array {
    if (out === undefined) return this.float32(length);
    const result = float32(`${where}(${name})`, out);
    if (result.length !== length) exactly(`${where}(${name})`, result, length, by);
    return result;
  }

  /** @internal The address of an input, which may be the output itself but may not overlap it otherwise. */
  protected input(where: string, x: Float32Array, out: Float32Array, to: number): number {
    if (x === out) return to;
    const from = this.enter(where, x);
    if (from !== to) this.apart(`${where}(out)`, to, out.byteLength, from, x.byteLength);
    return from;
  }

  #map(name: keyof typeof FUNCTION, given: IArguments, x: Float32Array, out: Float32Array | undefined): Float32Array {
    noMore(name, given, 2);
    const from = float32(`${name}(x)`, x);
    const result = this.outLike(name, from.length, out);
    const to = this.enterOut(name, result, result === from, true);
    this.calls.map(FUNCTION[name], lines(from.length), this.input(name, from, result, to), to);
    this.leave();
    return result;
  }

  #activate(
    name: ActivationName,
    given: IArguments,
    x: Float32Array,
    out: Float32Array | undefined,
    alpha?: number,
  ): Float32Array {
    noMore(name, given, alpha === undefined ? 2 : 3);
    const from = float32(`${name}(x)`, x);
    const factor = finiteNumber(`${name}(${name === 'leakyRelu' ? 'slope' : 'alpha'})`, alpha ?? 0);
    const result = this.outLike(name, from.length, out);
    const to = this.enterOut(name, result, result === from, true);
    this.calls.activationForward(activations[name], lines(from.length), this.input(name, from, result, to), to, factor);
    this.leave();
    return result;
  }
}
