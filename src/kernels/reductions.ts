// Sums, means, largest and smallest numbers, of all or along an axis.
import { options, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { float32, isCount } from './checks.js';
import { Softmax } from './softmax.js';

export interface AxisOptions {
  /** The sizes of x, whose last axis is contiguous. */
  shape: readonly number[];
  /** The axis that is summed over, from 0; a negative one counts from the last; −1 by default. */
  axis?: number;
  /** The results, in the shape without that axis; a new array by default. */
  out?: Float32Array;
}

export interface VarianceOptions extends AxisOptions {
  /** The variance is Σ (x − mean)² / (n − ddof); 0 by default. From n on, the divisor is 0, as numpy's is. */
  ddof?: number;
}

export interface IndexOptions {
  /** The sizes of x, whose last axis is contiguous. */
  shape: readonly number[];
  /** The axis that is searched, from 0; a negative one counts from the last; −1 by default. */
  axis?: number;
  /** The results, in the shape without that axis; a new array by default. */
  out?: Int32Array;
}

/** The numbers of assembly/blas/reductions.ts. */
const REDUCTION = { sum: 0, mean: 1, variance: 2, max: 3, min: 4, argmax: 5, argmin: 6 } as const;
type Reduction = keyof typeof REDUCTION;

/** Reductions. */
export class Reductions extends Softmax {
  /**
   * Sum of all numbers, or along an axis. Sums are kept in float64, so that no digits are lost.
   * @param x The numbers.
   * @param o The shape, the axis and the array for results; without it, all numbers are summed.
   * @returns The sum, in float64; along an axis, `out`.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' if the shape does not fit, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * const x = Float32Array.of(1, 2, 3, 4, 5, 6);
   * k.sum(x); // 21
   * k.sum(x, { shape: [2, 3] }); // [6, 15]
   * k.sum(x, { shape: [2, 3], axis: 0 }); // [5, 7, 9]
   */
  sum(x: Float32Array, o?: undefined): number;
  sum(x: Float32Array, o: AxisOptions): Float32Array;
  sum(x: Float32Array, o?: AxisOptions): number | Float32Array {
    return this.#reduce('sum', arguments, x, o) as number | Float32Array;
  }

  /**
   * Mean of all numbers, or along an axis; NaN of none. Sums are kept in float64.
   * @param x The numbers.
   * @param o The shape, the axis and the array for results; without it, the mean is over all numbers.
   * @returns The mean, in float64; along an axis, `out`.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' if the shape does not fit, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.mean(Float32Array.of(1, 2, 3, 4)); // 2.5
   */
  mean(x: Float32Array, o?: undefined): number;
  mean(x: Float32Array, o: AxisOptions): Float32Array;
  mean(x: Float32Array, o?: AxisOptions): number | Float32Array {
    return this.#reduce('mean', arguments, x, o) as number | Float32Array;
  }

  /**
   * Variance of all numbers, or along an axis, in two passes in float64: Σ (x − mean)² / (n − ddof).
   * @param x The numbers.
   * @param o The shape, the axis, the array for results, and `ddof`; without it, the variance is over all numbers, with ddof 0.
   * @returns The variance, in float64; along an axis, `out`.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' if the shape does not fit, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.variance(Float32Array.of(1, 2, 3, 4)); // 1.25
   * k.variance(Float32Array.of(1, 2, 3, 4), { ddof: 1 }); // 1.6667
   */
  variance(x: Float32Array, o: VarianceOptions): Float32Array;
  variance(x: Float32Array, o?: { ddof?: number; shape?: undefined }): number;
  variance(x: Float32Array, o?: VarianceOptions | { ddof?: number; shape?: undefined }): number | Float32Array {
    return this.#reduce('variance', arguments, x, o) as number | Float32Array;
  }

  /**
   * Largest of all numbers, or along an axis. NaN if one of them is NaN; −∞ of none.
   * @param x The numbers.
   * @param o The shape, the axis and the array for results; without it, all numbers are searched.
   * @returns The largest number; along an axis, `out`.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' if the shape does not fit, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.max(Float32Array.of(1, 7, 3)); // 7
   */
  max(x: Float32Array, o?: undefined): number;
  max(x: Float32Array, o: AxisOptions): Float32Array;
  max(x: Float32Array, o?: AxisOptions): number | Float32Array {
    return this.#reduce('max', arguments, x, o) as number | Float32Array;
  }

  /**
   * Smallest of all numbers, or along an axis. NaN if one of them is NaN; ∞ of none.
   * @param x The numbers.
   * @param o The shape, the axis and the array for results; without it, all numbers are searched.
   * @returns The smallest number; along an axis, `out`.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' if the shape does not fit, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.min(Float32Array.of(1, -7, 3)); // -7
   */
  min(x: Float32Array, o?: undefined): number;
  min(x: Float32Array, o: AxisOptions): Float32Array;
  min(x: Float32Array, o?: AxisOptions): number | Float32Array {
    return this.#reduce('min', arguments, x, o) as number | Float32Array;
  }

  /**
   * Index of the largest number, or along an axis: the first one. A NaN counts as the largest.
   * @param x The numbers.
   * @param o The shape, the axis and the array for results; without it, all numbers are searched.
   * @returns The index, −1 of none; along an axis, `out`.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' if the shape does not fit, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.argmax(Float32Array.of(1, 7, 3, 9, 2, 4), { shape: [2, 3] }); // [1, 0]
   */
  argmax(x: Float32Array, o?: undefined): number;
  argmax(x: Float32Array, o: IndexOptions): Int32Array;
  argmax(x: Float32Array, o?: IndexOptions): number | Int32Array {
    return this.#reduce('argmax', arguments, x, o) as number | Int32Array;
  }

  /**
   * Index of the smallest number, or along an axis: the first one. A NaN counts as the smallest.
   * @param x The numbers.
   * @param o The shape, the axis and the array for results; without it, all numbers are searched.
   * @returns The index, −1 of none; along an axis, `out`.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' if the shape does not fit, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.argmin(Float32Array.of(1, -7, 3)); // 1
   */
  argmin(x: Float32Array, o?: undefined): number;
  argmin(x: Float32Array, o: IndexOptions): Int32Array;
  argmin(x: Float32Array, o?: IndexOptions): number | Int32Array {
    return this.#reduce('argmin', arguments, x, o) as number | Int32Array;
  }

  #reduce(
    name: Reduction,
    args: IArguments,
    x: Float32Array,
    o?: VarianceOptions | IndexOptions | { ddof?: number; shape?: undefined },
  ): number | Float32Array | Int32Array {
    this.begin(name, args, 2);
    const from = float32(`${name}(x)`, x);
    const kind = REDUCTION[name];
    const names = ['shape', 'axis', 'out', ...(name === 'variance' ? ['ddof'] : [])];
    const given = options<Record<string, unknown>, string[]>(name, o as unknown as Record<string, unknown>, names);
    const off = given['ddof'] ?? 0;
    if (typeof off !== 'number' || !(off >= 0)) refuse(`${name}(ddof)`, 'a number from 0 up', off);
    if (['shape', 'axis', 'out'].every((key) => given[key] === undefined)) {
      const value = this.calls.reduceRow(kind, from.length, this.enter(name, from), Math.min(off, from.length));
      this.leave();
      return value;
    }
    const [outer, length, inner] = axisOf(name, from, given['shape'], given['axis'] ?? -1);
    if (length === 0 && kind > REDUCTION.variance && outer * inner > 0)
      throw new SimdenseError('SHAPE', `${name}: the axis has no numbers`);
    const Type = kind >= REDUCTION.argmax ? Int32Array : Float32Array;
    const out = given['out'] as Float32Array | Int32Array | undefined;
    const result = this.outLike(name, outer * inner, out, 'out', 'shape and axis', Type);
    const to = this.enterOut(name, result, false);
    const source = this.enterApart(name, from, result, to);
    this.calls.reduce(kind, outer, length, inner, source, to, Math.min(off, length));
    this.leave();
    return result;
  }
}

/** The sizes before an axis, along it, and behind it. */
function axisOf(where: string, x: ArrayLike<number>, shape: unknown, axis: unknown): [number, number, number] {
  if (!Array.isArray(shape) || shape.length === 0 || !Array.from(shape).every(isCount))
    refuse(`${where}(shape)`, 'an array of whole numbers such as [rows, columns]', shape);
  const sizes = shape as number[];
  const product = (part: number[]): number => part.reduce((whole, size) => whole * size, 1);
  const all = product(sizes);
  if (all !== x.length)
    throw new SimdenseError('SHAPE', `${where}: x has ${x.length} numbers, the shape ${sizes.join(' × ')} has ${all}`);
  const at = typeof axis === 'number' && axis < 0 ? axis + sizes.length : axis;
  if (!isCount(at) || at >= sizes.length)
    refuse(`${where}(axis)`, `a whole number from ${-sizes.length} to ${sizes.length - 1}`, axis);
  return [
    product(sizes.slice(0, at as number)),
    sizes[at as number] as number,
    product(sizes.slice((at as number) + 1)),
  ];
}
