// Sums, products and their kin of two arrays, number by number, in float32.
import { finiteNumber } from '../base/checks.js';
import { lines } from './blocks.js';
import { exactly, float32 } from './checks.js';
import { Functions } from './functions.js';

/** The numbers of arithmetic in assembly/blas/elementwise.ts. */
const ARITHMETIC = { add: 0, subtract: 1, multiply: 2, divide: 3, minimum: 4, maximum: 5 } as const;

/** Arithmetic of two arrays. */
export class Arithmetic extends Functions {
  /**
   * x + y.
   * @param x Numbers.
   * @param y As many numbers; or those of one row, whose operation is repeated for every row of x; or one number.
   * @param out The results; a new array by default. It may be x, or y if that has the same length.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for lengths that do not fit, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.add(Float32Array.of(1, 2, 3, 4), Float32Array.of(2, 4)); // [3, 6, 5, 8]
   */
  add(x: Float32Array, y: Float32Array | number, out?: Float32Array): Float32Array {
    return this.#combine('add', arguments, x, y, out);
  }

  /**
   * x − y.
   * @param x Numbers.
   * @param y As many numbers; or those of one row, whose operation is repeated for every row of x; or one number.
   * @param out The results; a new array by default. It may be x, or y if that has the same length.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for lengths that do not fit, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.subtract(Float32Array.of(1, 2, 3, 4), Float32Array.of(2, 4)); // [-1, -2, 1, 0]
   */
  subtract(x: Float32Array, y: Float32Array | number, out?: Float32Array): Float32Array {
    return this.#combine('subtract', arguments, x, y, out);
  }

  /**
   * x · y, number by number (Hadamard product).
   * @param x Numbers.
   * @param y As many numbers; or those of one row, whose operation is repeated for every row of x; or one number.
   * @param out The results; a new array by default. It may be x, or y if that has the same length.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for lengths that do not fit, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.multiply(Float32Array.of(1, 2, 3, 4), Float32Array.of(2, 4)); // [2, 8, 6, 16]
   */
  multiply(x: Float32Array, y: Float32Array | number, out?: Float32Array): Float32Array {
    return this.#combine('multiply', arguments, x, y, out);
  }

  /**
   * x / y.
   * @param x Numbers.
   * @param y As many numbers; or those of one row, whose operation is repeated for every row of x; or one number.
   * @param out The results; a new array by default. It may be x, or y if that has the same length.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for lengths that do not fit, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.divide(Float32Array.of(1, 2, 3, 4), Float32Array.of(2, 4)); // [0.5, 0.5, 1.5, 1]
   */
  divide(x: Float32Array, y: Float32Array | number, out?: Float32Array): Float32Array {
    return this.#combine('divide', arguments, x, y, out);
  }

  /**
   * The smaller of x and y; NaN if one is NaN.
   * @param x Numbers.
   * @param y As many numbers; or those of one row, whose operation is repeated for every row of x; or one number.
   * @param out The results; a new array by default. It may be x, or y if that has the same length.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for lengths that do not fit, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.minimum(Float32Array.of(1, 2, 3, 4), Float32Array.of(2, 4)); // [1, 2, 2, 4]
   */
  minimum(x: Float32Array, y: Float32Array | number, out?: Float32Array): Float32Array {
    return this.#combine('minimum', arguments, x, y, out);
  }

  /**
   * The larger of x and y; NaN if one is NaN.
   * @param x Numbers.
   * @param y As many numbers; or those of one row, whose operation is repeated for every row of x; or one number.
   * @param out The results; a new array by default. It may be x, or y if that has the same length.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for lengths that do not fit, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.maximum(Float32Array.of(1, 2, 3, 4), Float32Array.of(2, 4)); // [2, 4, 3, 4]
   */
  maximum(x: Float32Array, y: Float32Array | number, out?: Float32Array): Float32Array {
    return this.#combine('maximum', arguments, x, y, out);
  }

  /**
   * scale · x + offset.
   * @param x The numbers.
   * @param scale The factor.
   * @param offset What is added.
   * @param out The results; a new array by default. It may be x.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.affine(Float32Array.of(1, 2), 10, 1); // [11, 21]
   */
  affine(x: Float32Array, scale: number, offset: number, out?: Float32Array): Float32Array {
    this.begin('affine', arguments, 4);
    const from = float32('affine(x)', x);
    finiteNumber('affine(scale)', scale);
    finiteNumber('affine(offset)', offset);
    const result = this.outLike('affine', from.length, out);
    const to = this.enterOut('affine(out)', result, result === from, true);
    this.calls.affine(lines(from.length), this.input('affine', from, result, to), to, scale, offset);
    this.leave();
    return result;
  }

  #combine(
    name: keyof typeof ARITHMETIC,
    given: IArguments,
    x: Float32Array,
    y: Float32Array | number,
    out: Float32Array | undefined,
  ): Float32Array {
    this.begin(name, given, 3);
    const first = float32(`${name}(x)`, x);
    const { length } = first;
    const second = typeof y === 'number' ? undefined : float32(`${name}(y)`, y);
    if (second && second.length !== length && !(second.length > 0 && length % second.length === 0))
      exactly(`${name}(y)`, second, length);
    const result = this.outLike(name, length, out);
    const repeated = second?.length !== length;
    const to = this.enterOut(name, result, result === first || result === second, true);
    const left = this.input(name, first, result, to);
    const columns = second?.length ?? 4;
    let right: number;
    if (second) right = this.input(name, second, result, to);
    else {
      right = this.scratch(name, 16);
      this.floats.fill(y as number, right / 4, right / 4 + 4);
    }
    if (!repeated) this.calls.combine(ARITHMETIC[name], lines(length), left, right, to);
    else
      this.calls.combineRows(ARITHMETIC[name], (second ? length : lines(length)) / columns, columns, left, right, to);
    this.leave();
    return result;
  }
}
