// Functions of numbers one by one, in float32, and the activations with their derivatives.

import * as numbers from '../../assembly/kinds.js';
import { atLeastZero, oneOf } from '../base/checks.js';
import type { TypeOf } from './arrays.js';
import { Blas } from './blas.js';
import { lines } from './blocks.js';
import type { IntArray } from './checks.js';
import { exactly, float32, int32 } from './checks.js';

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
    return this.#map('relu', arguments, x, out);
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
   * x · sigmoid(x), also named swish. Within 4 ULP of float32 from −87 up, and 1e-42 below; that of −∞, and the gradients at ±∞, are NaN.
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
    return this.#map('silu', arguments, x, out);
  }

  /**
   * x · Φ(x) with the normal distribution function Φ, the exact form by erf. Source: Hendrycks, Gimpel 2016, arXiv 1606.08415.
   *
   * Within 3 ULP of float32 from −1 up, and 1e-7 below, where 1 + erf cancels; that of −∞, and the gradients at ±∞, are NaN.
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
    return this.#map('gelu', arguments, x, out);
  }

  /**
   * x · tanh(softplus(x)). Source: Misra 2019, arXiv 1908.08681.
   *
   * Within 4 ULP of float32 from −87 up, and 1e-42 below; that of −∞, and the gradients at ±∞, are NaN.
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
    return this.#map('mish', arguments, x, out);
  }

  /**
   * x, and slope · x for negative x.
   * @param x The numbers.
   * @param out The results; a new array by default. It may be x.
   * @param slope The slope for negative numbers, from 0 up; 0.01 by default.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.leakyRelu(Float32Array.of(-1, 2)); // [-0.01, 2]
   */
  leakyRelu(x: Float32Array, out?: Float32Array, slope = 0.01): Float32Array {
    return this.#map('leakyRelu', arguments, x, out, slope);
  }

  /**
   * x, and alpha · (eˣ − 1) for negative x. Source: Clevert, Unterthiner, Hochreiter 2015, arXiv 1511.07289.
   * @param x The numbers.
   * @param out The results; a new array by default. It may be x.
   * @param alpha The factor for negative numbers, from 0 up; 1 by default.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.elu(Float32Array.of(-1, 2)); // [-0.6321, 2]
   */
  elu(x: Float32Array, out?: Float32Array, alpha = 1): Float32Array {
    return this.#map('elu', arguments, x, out, alpha);
  }

  /**
   * The backward pass of an activation: dx = dy · f′.
   *
   * `saved` is f's output for sigmoid, tanh, relu, leakyRelu and elu, and its input for softplus, silu, gelu and mish.
   * @param name The activation.
   * @param saved Its outputs or inputs.
   * @param dy The gradient by its outputs.
   * @param out The gradient by its inputs; a new array by default. It may be dy or saved.
   * @param alpha The slope of leakyRelu, 0.01 by default, or the factor of elu, 1 by default; from 0 up, so that an output tells the sign of its input.
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
    const where = 'activationGradient';
    this.begin(where, arguments, 5);
    oneOf(`${where}(name)`, name, names);
    const factor = alpha === undefined ? (name === 'leakyRelu' ? 0.01 : 1) : atLeastZero(`${where}(alpha)`, alpha);
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

  /**
   * @internal The array for results: `out`, which the caller calls `name`, checked, or a new one of the type. Its length follows from `by`.
   */
  protected outLike<T extends Float32Array | IntArray = Float32Array>(
    where: string,
    length: number,
    out: T | undefined,
    name = 'out',
    by = '',
    Type: TypeOf<Float32Array | Int32Array> = Float32Array,
  ): T {
    if (out === undefined) return this.make(where, Type, length) as T;
    const place = `${where}(${name})`;
    const result = (Type === Float32Array ? float32 : int32)(place, out);
    exactly(place, result, length, by);
    return result as T;
  }

  /** Functions and activations. `alpha` is the activation's parameter, if it has one. */
  #map(
    name: keyof typeof FUNCTION | ActivationName,
    given: IArguments,
    x: Float32Array,
    out: Float32Array | undefined,
    alpha?: number,
  ): Float32Array {
    this.begin(name, given, alpha === undefined ? 2 : 3);
    const from = float32(`${name}(x)`, x);
    if (alpha !== undefined) atLeastZero(`${name}(${name === 'leakyRelu' ? 'slope' : 'alpha'})`, alpha);
    const result = this.outLike(name, from.length, out);
    const to = this.enterOut(name, result, result === from, true);
    const at = this.input(name, from, result, to);
    const count = lines(from.length);
    const kind = (FUNCTION as Readonly<Record<string, number | undefined>>)[name];
    if (kind === undefined)
      this.calls.activationForward(activations[name as ActivationName], count, at, to, alpha ?? 0);
    else this.calls.map(kind, count, at, to);
    this.leave();
    return result;
  }
}
