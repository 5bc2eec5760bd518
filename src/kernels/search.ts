// Order, and nearest rows for vector search.
import { boolean, noMore, oneOf, options, positiveInteger, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { exactly, float32, type IntArray, int32 } from './arrays.js';
import { Reductions } from './reductions.js';
import { rowsOf } from './softmax.js';

export interface ArgsortOptions {
  /** Whether the largest number comes first; false by default. */
  descending?: boolean;
  /** The indices; a new array by default. */
  out?: IntArray;
}

export interface TopKOptions {
  /** Numbers of a row; all of x by default. */
  columns?: number;
  /** Whether the smallest numbers are wanted; false by default. */
  smallest?: boolean;
  /** Room for the numbers, k for each row; a new array by default. */
  values?: Float32Array;
  /** Room for their columns, k for each row; a new array by default. */
  indices?: IntArray;
}

/** Numbers and their places, k for each row. */
export interface TopK {
  readonly values: Float32Array;
  readonly indices: IntArray;
}

export interface NearestOptions {
  /** Neighbours of each query; 1 by default. */
  k?: number;
  /** What is near: a large cosine, a small Euclidean distance, or a large inner product; 'cosine' by default. */
  by?: 'cosine' | 'euclidean' | 'dot';
  /** Room for the cosines, distances or products, k for each query; a new array by default. */
  values?: Float32Array;
  /** Room for the rows' numbers, k for each query; a new array by default. */
  indices?: IntArray;
}

/** Up to this many are kept in order while a row is read; more are found by sorting it. */
const FEW = 32;
/** Queries below which a product for each is faster than packing the rows. All of a call's count, so that the bits do not depend on blocks. */
const FEW_QUERIES = 4;
/** Products of queries and rows that are held at a time. */
const AT_A_TIME = 2 ** 20;

/** Sorting and vector search. */
export class Search extends Reductions {
  /**
   * The indices that sort the numbers, from the smallest. Stable; −0 equals 0; NaN comes last, also descending. Radix sort: the time grows with the length alone.
   * @param x The numbers.
   * @param o The order, and the array for results.
   * @returns `out`.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' for an array of another length, 'OUT_OF_MEMORY' if it does not fit with three times x for the work.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.argsort(Float32Array.of(3, 1, 2)); // [1, 2, 0]
   */
  argsort(x: Float32Array, o?: ArgsortOptions): IntArray {
    if (arguments.length > 2) noMore('argsort', arguments, 2);
    const from = float32('argsort(x)', x);
    const { descending = false, out } = options('argsort', o, ['descending', 'out']);
    boolean('argsort(descending)', descending);
    const result = this.#indicesFor('argsort(out)', from.length, out);
    const to = this.enterOut('argsort', result, false);
    const source = this.enter('argsort', from);
    this.calls.argsort(from.length, source, descending, to, this.scratch('argsort', from.length * 12));
    this.leave();
    return result;
  }

  /**
   * The k largest numbers of each row, and their columns: the largest first, equal ones by column, NaN last.
   * @param x Rows of numbers.
   * @param k How many, at most a row's.
   * @param o The columns, whether the smallest are wanted, and arrays for results.
   * @returns The numbers and their columns.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' if the lengths do not fit, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * const { values, indices } = k.topK(Float32Array.of(3, 9, 5), 2);
   * [...values, ...indices]; // [9, 5, 1, 2]
   */
  topK(x: Float32Array, k: number, o?: TopKOptions): TopK {
    if (arguments.length > 3) noMore('topK', arguments, 3);
    const from = float32('topK(x)', x);
    const given = options('topK', o, ['columns', 'smallest', 'values', 'indices']);
    const [rows, columns] = rowsOf('topK', from, given.columns);
    const smallest = boolean('topK(smallest)', given.smallest ?? false);
    this.#few('topK(k)', k, columns);
    const indices = this.#indicesFor('topK(indices)', rows * k, given.indices);
    const values = this.outLike('topK', rows * k, given.values, 'values', 'columns and k');
    if (values === from) refuse('topK(values)', 'another array than x', given.values);
    const [places, numbers] = [this.enterOut('topK', indices, false), this.enterOut('topK', values, false)];
    this.#topK(rows, columns, k, this.input('topK', from, values, numbers), smallest, numbers, places);
    this.leave();
    return { values, indices };
  }

  /**
   * Divides each row by its Euclidean norm; a row of zeros stays.
   * @param x Rows of numbers.
   * @param columns Numbers of a row; all of x by default.
   * @param out The results; a new array by default. It may be x.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' if the lengths do not fit, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.normalize(Float32Array.of(3, 4)); // [0.6, 0.8]
   */
  normalize(x: Float32Array, columns?: number, out?: Float32Array): Float32Array {
    if (arguments.length > 3) noMore('normalize', arguments, 3);
    const from = float32('normalize(x)', x);
    const [rows, width] = rowsOf('normalize', from, columns);
    const result = this.outLike('normalize', from.length, out);
    const to = this.enterOut('normalize', result, result === from);
    this.calls.normalizeRows(rows, width, this.input('normalize', from, result, to), to);
    this.leave();
    return result;
  }

  /**
   * Cosine of each query with each row: q · r / (|q| · |r|), and 0 where one of them is zero.
   * @param queries Rows of numbers.
   * @param rows Rows of as many numbers.
   * @param columns Numbers of a row.
   * @param out The cosines, [queries, rows]; a new array by default.
   * @returns out.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' if the lengths do not fit, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * k.cosine(Float32Array.of(1, 0), Float32Array.of(2, 0, 0, 1, 3, 3), 2); // [1, 0, 0.7071]
   */
  cosine(queries: Float32Array, rows: Float32Array, columns: number, out?: Float32Array): Float32Array {
    if (arguments.length > 4) noMore('cosine', arguments, 4);
    const [q, r] = [float32('cosine(queries)', queries), float32('cosine(rows)', rows)];
    const [many] = rowsOf('cosine: queries', q, columns);
    const [count] = rowsOf('cosine: rows', r, columns);
    const result = this.outLike('cosine', many * count, out, 'out', 'columns');
    if (result === q || result === r) refuse('cosine(out)', 'another array than queries and rows', out);
    const to = this.enterOut('cosine', result, false);
    const [from, base] = [this.input('cosine', q, result, to), this.input('cosine', r, result, to)];
    const norms = this.#squares('cosine', count, columns, base, true);
    this.#similarities('cosine', 'cosine', many < FEW_QUERIES, many, count, columns, from, base, norms, to);
    this.leave();
    return result;
  }

  /**
   * The rows that are nearest to each query: the nearest first, equal ones by number. All rows are compared.
   *
   * Distances follow from products, √(|q|² + |r|² − 2 q · r), so that of nearly equal rows has few digits.
   * @param queries Rows of numbers.
   * @param rows Rows of as many numbers.
   * @param columns Numbers of a row.
   * @param o How many, by what, and arrays for results.
   * @returns For each query k values and k numbers of rows.
   * @throws SimdenseError 'ARGUMENT' for a wrong type, 'SHAPE' if the lengths do not fit, 'OUT_OF_MEMORY' if an array does not fit.
   * @example
   * import { kernels } from 'simdense/kernels';
   *
   * using k = kernels();
   * const rows = Float32Array.of(0, 0, 5, 5, 1, 1);
   * k.nearest(Float32Array.of(1, 0), rows, 2, { k: 2, by: 'euclidean' }).values; // [1, 1]
   */
  nearest(queries: Float32Array, rows: Float32Array, columns: number, o?: NearestOptions): TopK {
    if (arguments.length > 4) noMore('nearest', arguments, 4);
    const [q, r] = [float32('nearest(queries)', queries), float32('nearest(rows)', rows)];
    const given = options('nearest', o, ['k', 'by', 'values', 'indices']);
    const by = oneOf('nearest(by)', given.by ?? 'cosine', ['cosine', 'euclidean', 'dot']);
    const [many] = rowsOf('nearest: queries', q, columns);
    const [count] = rowsOf('nearest: rows', r, columns);
    const k = given.k ?? 1;
    this.#few('nearest(k)', k, count);
    const indices = this.#indicesFor('nearest(indices)', many * k, given.indices);
    const values = this.outLike('nearest', many * k, given.values, 'values', 'k');
    if (values === q || values === r) refuse('nearest(values)', 'another array than queries and rows', given.values);
    const [places, numbers] = [this.enterOut('nearest', indices, false), this.enterOut('nearest', values, false)];
    const [from, base] = [this.input('nearest', q, values, numbers), this.input('nearest', r, values, numbers)];
    const norms = by === 'dot' ? 0 : this.#squares('nearest', count, columns, base, by === 'cosine');
    // At most a quarter of what is free.
    const room = Math.min(AT_A_TIME, Math.floor(this.bytesFree / 4 / Float32Array.BYTES_PER_ELEMENT));
    const block = Math.max(1, Math.min(many, Math.floor(room / Math.max(1, count))));
    const products = this.scratch('nearest', block * count * 4);
    for (let first = 0; first < many; first += block) {
      const size = Math.min(block, many - first);
      this.within(() => {
        const at = from + first * columns * 4;
        this.#similarities('nearest', by, many < FEW_QUERIES, size, count, columns, at, base, norms, products);
        this.#topK(size, count, k, products, by === 'euclidean', numbers + first * k * 4, places + first * k * 4);
      });
    }
    this.leave();
    return { values, indices };
  }

  /** out[queries, rows] = products, cosines or distances. */
  #similarities(
    where: string,
    by: 'cosine' | 'euclidean' | 'dot',
    areFew: boolean,
    many: number,
    count: number,
    columns: number,
    from: number,
    base: number,
    norms: number,
    out: number,
  ): void {
    const width = columns * 4;
    if (areFew)
      for (let i = 0; i < many; i++)
        this.calls.gemv(2, 0, count, columns, 1, base, width, from + i * width, 0, out + i * count * 4);
    else this.calls.gemm(2, many, count, columns, 1, from, width, false, base, width, true, 0, out, count * 4);
    if (by === 'dot') return;
    const own = this.#squares(where, many, columns, from, by === 'cosine');
    this.calls.fromProducts(by === 'euclidean', many, count, out, own, norms);
  }

  #squares(where: string, rows: number, columns: number, x: number, root: boolean): number {
    const at = this.scratch(where, rows * 8);
    this.calls.rowSquares(rows, columns, x, root, at);
    return at;
  }

  #topK(rows: number, columns: number, k: number, x: number, smallest: boolean, values: number, indices: number): void {
    if (k <= FEW || rows === 0) {
      this.calls.topK(rows, columns, k, x, smallest, values, indices);
      return;
    }
    const order = this.scratch('topK', columns * 4);
    const work = this.scratch('topK', columns * 12);
    for (let row = 0; row < rows; row++) {
      const from = x + row * columns * 4;
      this.calls.argsort(columns, from, !smallest, order, work);
      const to = (indices + row * k * 4) / 4;
      this.words.copyWithin(to, order / 4, order / 4 + k);
      for (let i = 0; i < k; i++)
        this.floats[values / 4 + row * k + i] = this.floats[from / 4 + (this.words[to + i] as number)] as number;
    }
  }

  #few(where: string, k: number, most: number): void {
    positiveInteger(where, k);
    if (k > most) throw new SimdenseError('SHAPE', `${where}: by columns there are ${most}, fewer than ${k}`);
  }

  #indicesFor(where: string, length: number, out: IntArray | undefined): IntArray {
    if (out === undefined) return this.int32(length);
    const result = int32(where, out);
    exactly(where, result, length, 'columns and k');
    return result;
  }
}
