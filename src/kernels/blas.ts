// BLAS by its names and meanings, on row-major matrices and vectors without gaps, in float32 and float64.
import { boolean, noMore, options, refuse } from '../base/checks.js';
import { KernelArrays, type KernelParts } from './arrays.js';
import { atLeast, count, exactly, type FloatArray, isCount, shiftOf } from './checks.js';
import { TileChoice } from './tile-choice.js';

export interface GemmOptions {
  /** Factor of the product; 1 by default. Where it is 0, a and b are not read. */
  alpha?: number;
  /** Factor of what is in c; 0 by default: then c is not read. */
  beta?: number;
  /** Whether a is stored as its transpose, k × m; false by default. */
  transposeA?: boolean;
  /** Whether b is stored as its transpose, n × k; false by default. */
  transposeB?: boolean;
  /** Numbers from one row of a, as it is stored, to the next; its columns by default. */
  lda?: number;
  /** The same for b. */
  ldb?: number;
  /** The same for c. */
  ldc?: number;
}

export interface GemvOptions {
  /** Factor of the product; 1 by default. Where it is 0, a and x are not read. */
  alpha?: number;
  /** Factor of what is in y; 0 by default: then y is not read. */
  beta?: number;
  /** Whether a's transpose is meant: y[n] = aᵀ·x[m]; false by default. */
  transpose?: boolean;
  /** Numbers from one row of a to the next; n by default. */
  lda?: number;
}

export interface GerOptions {
  /** Factor of the product; 1 by default. Where it is 0, a stays as it is. */
  alpha?: number;
  /** Numbers from one row of a to the next; n by default. */
  lda?: number;
}

/** Products of at most this many multiplications are computed without packing. */
const SMALL = 2000;
/** Multiplications of a product from which on timing a tile beside it does not matter. */
const WORTH_TUNING = 8_000_000;
/** Sums of fewer numbers are in order in float64, as in assembly/blas/vectors.ts, so a loop in JavaScript gives the same bits, faster than a call. */
const SHORT = 32;
const matrixNames = ['alpha', 'beta', 'transposeA', 'transposeB', 'lda', 'ldb', 'ldc'];
const vectorNames = ['alpha', 'beta', 'transpose', 'lda'];

/** Vectors and matrices: dot, axpy, gemv, gemm and their kin. */
export class Blas extends KernelArrays {
  readonly #tiles: TileChoice;

  /** @internal */
  constructor(parts: KernelParts) {
    super(parts);
    this.#tiles = parts.tiles ?? new TileChoice(parts.calls, parts.relaxed);
  }

  /** The tile of the matrix products, such as '2x16'. The fastest one, once all have been timed, in the first few milliseconds of large products. */
  get tile(): string {
    return this.#tiles.name;
  }

  /** Refuses freed arrays that a call does not read. */
  #unread(where: string, ...arrays: readonly FloatArray[]): void {
    for (const each of arrays) this.addressOf(where, each);
  }

  /**
   * Matrix product: c[m, n] = alpha · a[m, k] · b[k, n] + beta · c.
   *
   * Matrices are row-major. Each element of c is beta · c, to which (alpha · a) · b is added over k in order, in one accumulator of the matrices' type: so the bits depend
   * on neither threads, nor the runtime. Errors are at most (k + 2) · u · |alpha| · |a| · |b|, with u = 2⁻²⁴, and 2⁻⁵³ for float64 (Higham 2002, section 3.5).
   * @param m Rows of a and c.
   * @param n Columns of b and c.
   * @param k Columns of a, rows of b.
   * @param a The left matrix.
   * @param b The right matrix.
   * @param c The result, which may share no memory with a and b. All three are of float32, or all of float64.
   * @param o Factors, transposes, and distances between rows.
   * @returns c.
   * @throws SimdenseError 'ARGUMENT' for a wrong type or an unknown option, 'SHAPE' for an array that is too short, 'OUT_OF_MEMORY' if copies of outside arrays do not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * const [a, b] = [k.float32([1, 2, 3, 4]), k.float32([5, 6, 7, 8])];
   * k.gemm(2, 2, 2, a, b, k.float32(4)); // [19, 22, 43, 50]
   * k.gemm(2, 2, 2, a, b, k.float32(4), { transposeA: true }); // [26, 30, 38, 44]
   */
  gemm<T extends FloatArray>(m: number, n: number, k: number, a: T, b: T, c: T, o?: GemmOptions): T {
    if (arguments.length > 7) noMore('gemm', arguments, 7);
    this.ready();
    count('gemm(m)', m);
    count('gemm(n)', n);
    count('gemm(k)', k);
    const shift = sameType('gemm(a)', a, 'gemm(b)', b, 'gemm(c)', c);
    let alpha = 1;
    let beta = 0;
    let transposeA = false;
    let transposeB = false;
    let lda = k;
    let ldb = n;
    let ldc = n;
    if (o !== undefined) {
      known('gemm', o, matrixNames);
      ({
        alpha = 1,
        beta = 0,
        transposeA = false,
        transposeB = false,
        lda = transposeA ? m : k,
        ldb = transposeB ? k : n,
        ldc = n,
      } = o);
      factor('gemm(alpha)', alpha);
      factor('gemm(beta)', beta);
      boolean('gemm(transposeA)', transposeA);
      boolean('gemm(transposeB)', transposeB);
      distance('gemm(lda)', lda, transposeA ? m : k);
      distance('gemm(ldb)', ldb, transposeB ? k : n);
      distance('gemm(ldc)', ldc, n);
    }
    const readsProduct = m * n * k > 0 && alpha !== 0;
    if (readsProduct) {
      const [rowsA, columnsA] = transposeA ? [k, m] : [m, k];
      const [rowsB, columnsB] = transposeB ? [n, k] : [k, n];
      if (a.length < (rowsA - 1) * lda + columnsA) atLeast('gemm: a', a, (rowsA - 1) * lda + columnsA);
      if (b.length < (rowsB - 1) * ldb + columnsB) atLeast('gemm: b', b, (rowsB - 1) * ldb + columnsB);
    } else this.#unread('gemm', a, b);
    if (m > 0 && n > 0 && c.length < (m - 1) * ldc + n) atLeast('gemm: c', c, (m - 1) * ldc + n);
    const isSmall = m * n * k <= SMALL && o === undefined && readsProduct;
    if (m * n * k >= WORTH_TUNING) this.#tiles.tune();
    // Between the rows of c there may be numbers of the caller's.
    const to = this.enterOut('gemm(c)', c, beta !== 0 || ldc > n || c.length > m * n);
    const from = readsProduct ? this.enterApart('gemm(a)', a, c, to) : to;
    const right = readsProduct ? this.enterApart('gemm(b)', b, c, to) : to;
    if (isSmall) this.calls.gemmSmall(shift, m, n, k, from, right, to);
    else
      this.calls.gemm(
        shift,
        m,
        n,
        readsProduct ? k : 0,
        alpha,
        from,
        lda << shift,
        transposeA,
        right,
        ldb << shift,
        transposeB,
        beta,
        to,
        ldc << shift,
      );
    this.leave();
    return c;
  }

  /**
   * Matrix times vector: y[m] = alpha · a[m, n] · x[n] + beta · y; with `transpose` y[n] = alpha · aᵀ · x[m] + beta · y.
   *
   * A row's sum has eight lanes, in float64 four, for 1,024 columns at a time; transposed, rows are added in order. The bits depend on neither threads nor the runtime.
   * @param m Rows of a.
   * @param n Columns of a.
   * @param a The matrix, row-major.
   * @param x The vector.
   * @param y The result, which may share no memory with a and x.
   * @param o Factors, transpose, and the distance between rows.
   * @returns y.
   * @throws SimdenseError 'ARGUMENT' for a wrong type or an unknown option, 'SHAPE' for an array of a wrong length, 'OUT_OF_MEMORY' if copies of outside arrays do not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * const a = k.float32([1, 2, 3, 4, 5, 6]);
   * k.gemv(2, 3, a, k.float32([1, 0, 1]), k.float32(2)); // [4, 10]
   * k.gemv(2, 3, a, k.float32([1, 1]), k.float32(3), { transpose: true }); // [5, 7, 9]
   */
  gemv<T extends FloatArray>(m: number, n: number, a: T, x: T, y: T, o?: GemvOptions): T {
    if (arguments.length > 6) noMore('gemv', arguments, 6);
    this.ready();
    count('gemv(m)', m);
    count('gemv(n)', n);
    const shift = sameType('gemv(a)', a, 'gemv(x)', x, 'gemv(y)', y);
    let alpha = 1;
    let beta = 0;
    let transpose = false;
    let lda = n;
    if (o !== undefined) {
      known('gemv', o, vectorNames);
      ({ alpha = 1, beta = 0, transpose = false, lda = n } = o);
      factor('gemv(alpha)', alpha);
      factor('gemv(beta)', beta);
      boolean('gemv(transpose)', transpose);
      distance('gemv(lda)', lda, n);
    }
    if (m > 0 && n > 0) atLeast('gemv: a', a, (m - 1) * lda + n);
    exactly('gemv(x)', x, transpose ? m : n, transpose ? 'm and transpose' : 'n');
    exactly('gemv(y)', y, transpose ? n : m, transpose ? 'n and transpose' : 'm');
    const to = this.enterOut('gemv(y)', y, beta !== 0);
    if (alpha === 0 || m === 0 || n === 0) {
      this.#unread('gemv', a, x);
      this.calls.scaleRow(shift, y.length, to, beta);
    } else {
      const matrix = this.enterApart('gemv(a)', a, y, to);
      const from = this.enterApart('gemv(x)', x, y, to);
      if (transpose) this.calls.gemvTransposed(shift, m, n, alpha, matrix, lda << shift, from, beta, to);
      else this.calls.gemv(shift, 0, m, n, alpha, matrix, lda << shift, from, beta, to);
    }
    this.leave();
    return y;
  }

  /**
   * Outer product: a[m, n] += alpha · x[m] · y[n]ᵀ.
   * @param m Rows of a.
   * @param n Columns of a.
   * @param x The column.
   * @param y The row.
   * @param a The matrix, row-major, which is changed. It may share no memory with x and y.
   * @param o The factor, and the distance between rows.
   * @returns a.
   * @throws SimdenseError 'ARGUMENT' for a wrong type or an unknown option, 'SHAPE' for an array of a wrong length, 'OUT_OF_MEMORY' if copies of outside arrays do not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.ger(2, 2, k.float32([1, 2]), k.float32([3, 4]), k.float32(4)); // [3, 4, 6, 8]
   */
  ger<T extends FloatArray>(m: number, n: number, x: T, y: T, a: T, o?: GerOptions): T {
    if (arguments.length > 6) noMore('ger', arguments, 6);
    this.ready();
    count('ger(m)', m);
    count('ger(n)', n);
    const shift = sameType('ger(x)', x, 'ger(y)', y, 'ger(a)', a);
    let alpha = 1;
    let lda = n;
    if (o !== undefined) {
      known('ger', o, ['alpha', 'lda']);
      ({ alpha = 1, lda = n } = o);
      factor('ger(alpha)', alpha);
      distance('ger(lda)', lda, n);
    }
    exactly('ger(x)', x, m, 'm');
    exactly('ger(y)', y, n, 'n');
    if (m > 0 && n > 0) atLeast('ger: a', a, (m - 1) * lda + n);
    if (alpha === 0 || m === 0 || n === 0) this.#unread('ger', x, y, a);
    else {
      const to = this.enterOut('ger(a)', a, true);
      const column = this.enterApart('ger(x)', x, a, to);
      const row = this.enterApart('ger(y)', y, a, to);
      this.calls.ger(shift, m, n, alpha, column, row, to, lda << shift);
      this.leave();
    }
    return a;
  }

  /**
   * Inner product Σ x · y.
   *
   * Partial sums of up to 1,024 numbers are of the vectors' type, in 16 lanes (8 in float64); they, and the last numbers, fewer than 32, are added in float64.
   * @param x A vector.
   * @param y A vector of the same length and type.
   * @returns The sum, in float64.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if copies of outside arrays do not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.dot(Float32Array.of(1, 2, 3), Float32Array.of(4, 5, 6)); // 32
   */
  dot<T extends FloatArray>(x: T, y: T): number {
    if (arguments.length > 2) noMore('dot', arguments, 2);
    this.ready();
    const shift = sameTwo('dot(x)', x, 'dot(y)', y);
    const { length } = x;
    if (length < SHORT) {
      this.addressOf('dot(x)', x);
      this.addressOf('dot(y)', y);
      let sum = 0;
      // Each type has its loop, since one for both would be slower.
      if (shift === 2) {
        const p = x as Float32Array;
        const q = y as Float32Array;
        for (let i = 0; i < length; i++) sum += (p[i] as number) * (q[i] as number);
      } else {
        const p = x as Float64Array;
        const q = y as Float64Array;
        for (let i = 0; i < length; i++) sum += (p[i] as number) * (q[i] as number);
      }
      return sum;
    }
    const sum = this.calls.dot(shift, length, this.enter('dot(x)', x), this.enter('dot(y)', y));
    this.leave();
    return sum;
  }

  /**
   * y += alpha · x.
   * @param alpha The factor. Where it is 0, y stays as it is, also where x has NaN.
   * @param x A vector.
   * @param y A vector of the same length and type, which is changed; it may be x.
   * @returns y.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for different lengths, 'OUT_OF_MEMORY' if copies of outside arrays do not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.axpy(2, Float32Array.of(1, 2), Float32Array.of(10, 20)); // [12, 24]
   */
  axpy<T extends FloatArray>(alpha: number, x: T, y: T): T {
    if (arguments.length > 3) noMore('axpy', arguments, 3);
    this.ready();
    const shift = sameTwo('axpy(x)', x, 'axpy(y)', y);
    factor('axpy(alpha)', alpha);
    if (alpha === 0) this.#unread('axpy', x, y);
    else {
      const to = this.enterOut('axpy(y)', y, true);
      this.calls.axpy(shift, x.length, alpha, this.input('axpy(x)', x, y, to), to);
      this.leave();
    }
    return y;
  }

  /**
   * x = alpha · x. A factor of 0 makes all numbers 0, also NaN.
   * @param alpha The factor.
   * @param x A vector, which is changed.
   * @returns x.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'OUT_OF_MEMORY' if the copy of an outside array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.scal(3, Float64Array.of(1, 2)); // [3, 6]
   */
  scal<T extends FloatArray>(alpha: number, x: T): T {
    if (arguments.length > 2) noMore('scal', arguments, 2);
    this.ready();
    const shift = shiftOf('scal(x)', x);
    factor('scal(alpha)', alpha);
    this.calls.scaleRow(shift, x.length, this.enterOut('scal(x)', x, true), alpha);
    this.leave();
    return x;
  }

  /**
   * Euclidean norm √Σx², in float64, without overflow or underflow on the way.
   * @param x A vector.
   * @returns The norm.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'OUT_OF_MEMORY' if the copy of an outside array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.nrm2(Float64Array.of(3e300, 4e300)) / 1e300; // 5.00
   */
  nrm2(x: FloatArray): number {
    if (arguments.length > 1) noMore('nrm2', arguments, 1);
    this.ready();
    const norm = this.calls.nrm2(shiftOf('nrm2(x)', x), x.length, this.enter('nrm2(x)', x));
    this.leave();
    return norm;
  }

  /**
   * Sum of absolute values, in float64.
   * @param x A vector.
   * @returns The sum.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'OUT_OF_MEMORY' if the copy of an outside array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.asum(Float32Array.of(1, -2, 3)); // 6
   */
  asum(x: FloatArray): number {
    if (arguments.length > 1) noMore('asum', arguments, 1);
    this.ready();
    const sum = this.calls.asum(shiftOf('asum(x)', x), x.length, this.enter('asum(x)', x));
    this.leave();
    return sum;
  }

  /**
   * Index of the number with the largest absolute value, from 0: the first one. A NaN counts as the largest.
   * @param x A vector.
   * @returns The index; −1 if there are no numbers.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'OUT_OF_MEMORY' if the copy of an outside array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.iamax(Float32Array.of(1, -5, 3)); // 1
   */
  iamax(x: FloatArray): number {
    if (arguments.length > 1) noMore('iamax', arguments, 1);
    this.ready();
    const index = this.calls.iamax(shiftOf('iamax(x)', x), x.length, this.enter('iamax(x)', x));
    this.leave();
    return index;
  }
}

/** The type that all three have: 2 for float32, 3 for float64. */
function sameType(first: string, a: unknown, second: string, b: unknown, third: string, c: unknown): 2 | 3 {
  const shift = shiftOf(first, a);
  if (shiftOf(second, b) !== shift) refuse(second, 'an array of the same type', b);
  if (shiftOf(third, c) !== shift) refuse(third, 'an array of the same type', c);
  return shift;
}

/** The type of two vectors of the same length. */
function sameTwo(first: string, x: FloatArray, second: string, y: FloatArray): 2 | 3 {
  // Most are so.
  if (x instanceof Float32Array && y instanceof Float32Array && x.length === y.length && x.length > 0) return 2;
  const shift = shiftOf(first, x);
  if (shiftOf(second, y) !== shift) refuse(second, 'an array of the same type', y);
  if (x.length !== y.length) exactly(second, y, x.length);
  return shift;
}

/** Refuses unknown options. Faster than `options` of base/checks, which copies; what is no plain object is left to that. */
function known(where: string, o: object, names: string[]): void {
  let plain = typeof o === 'object' && o !== null && Object.getPrototypeOf(o) === Object.prototype;
  for (const name of plain ? Object.keys(o) : []) plain &&= names.includes(name);
  if (!plain) options<Record<string, unknown>, string[]>(where, o as Record<string, unknown>, names);
}

function factor(where: string, value: unknown): void {
  if (typeof value !== 'number') refuse(where, 'a number', value);
}

function distance(where: string, value: unknown, least: number): void {
  const most = 2 ** 28 - 1;
  if (!isCount(value) || value < least || value > most) refuse(where, `a whole number from ${least} to ${most}`, value);
}
