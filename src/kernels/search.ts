// Order, and nearest rows for vector search.
import { boolean, oneOf, options, positiveInteger } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { count, float32, type IntArray, separate } from './checks.js';
import { Reductions } from './reductions.js';
import { rowsOf } from './softmax.js';

export interface ArgsortOptions<I extends IntArray = Int32Array> {
  /** Whether the largest number comes first; false by default. */
  descending?: boolean;
  /** The indices; a new array by default. */
  out?: I;
}

export interface TopKOptions<I extends IntArray = Int32Array> {
  /** Numbers of a row; all of x by default. */
  columns?: number;
  /** Whether the smallest numbers are wanted; false by default. */
  smallest?: boolean;
  /** Room for the numbers, k for each row; a new array by default. */
  values?: Float32Array;
  /** Room for their columns, k for each row; a new array by default. */
  indices?: I;
}

/** Numbers and their places, k for each row. */
export interface TopK<I extends IntArray = Int32Array> {
  readonly values: Float32Array;
  readonly indices: I;
}

export interface NearestOptions<I extends IntArray = Int32Array> {
  /** Neighbours of each query; 1 by default. */
  k?: number;
  /** What is near: a large cosine, a small Euclidean distance, or a large inner product; 'cosine' by default. */
  by?: 'cosine' | 'euclidean' | 'dot';
  /** Room for the cosines, distances or products, k for each query; a new array by default. */
  values?: Float32Array;
  /** Room for the rows' numbers, k for each query; a new array by default. */
  indices?: I;
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
  argsort<I extends IntArray = Int32Array>(x: Float32Array, o?: ArgsortOptions<I>): I {
    this.begin('argsort', arguments, 2);
    const from = float32('argsort(x)', x);
    const { descending = false, out } = options<ArgsortOptions<I>, string[]>('argsort', o, ['descending', 'out']);
    boolean('argsort(descending)', descending);
    const result = this.outLike('argsort', from.length, out, 'out', 'x', Int32Array);
    const to = this.enterOut('argsort', result, false);
    const source = this.enterApart('argsort', from, result, to);
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
  topK<I extends IntArray = Int32Array>(x: Float32Array, k: number, o?: TopKOptions<I>): TopK<I> {
    this.begin('topK', arguments, 3);
    const from = float32('topK(x)', x);
    const given = options<TopKOptions<I>, string[]>('topK', o, ['columns', 'smallest', 'values', 'indices']);
    const [rows, columns] = rowsOf('topK', from, given.columns);
    const smallest = boolean('topK(smallest)', given.smallest ?? false);
    this.#few('topK(k)', k, columns, 'columns');
    const indices = this.outLike('topK', rows * k, given.indices, 'indices', 'columns and k', Int32Array);
    const values = this.outLike('topK', rows * k, given.values, 'values', 'columns and k');
    const [places, numbers] = [this.enterOut('topK', indices, false), this.enterOut('topK', values, false)];
    const source = this.enter('topK', from);
    separate('topK', [indices, values, from]);
    this.#topK(rows, columns, k, source, smallest, numbers, places);
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
    this.begin('normalize', arguments, 3);
    const from = float32('normalize(x)', x);
    const [rows, width] = rowsOf('normalize', from, columns);
    const result = this.outLike('normalize', from.length, out);
    const to = this.enterOut('normalize', result, result === from);
    this.calls.normalizeRows(rows, width, this.input('normalize', from, result, to), false, to);
    this.leave();
    return result;
  }

  /**
   * Cosine of each query with each row: q · r / (|q| · |r|), from −1 to 1, and 0 where one of them is zero.
   *
   * Products are added in float32, within 2⁻²⁴ · (columns + 3) of the cosine, for rows with norms from 1e-30 to 3e38, and queries of any size.
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
    this.begin('cosine', arguments, 4);
    const [q, r, many, height] = this.#tables('cosine', queries, rows, columns);
    const result = this.outLike('cosine', many * height, out, 'out', 'columns');
    const to = this.enterOut('cosine', result, false);
    const from = this.enterApart('cosine', q, result, to);
    const base = this.enterApart('cosine', r, result, to);
    const norms = this.#squares('cosine', height, columns, base, true);
    this.#similarities('cosine', 'cosine', many < FEW_QUERIES, many, height, columns, from, base, norms, to);
    this.leave();
    return result;
  }

  /**
   * The rows that are nearest to each query: the nearest first, equal ones by number. All rows are compared.
   *
   * Distances are √Σ (q − r)², within 2⁻²⁴ · (columns / 16 + 5) of their size wherever the rows lie, and 0 for equal rows. Cosines hold for rows with norms from 1e-30 to 3e38 and
   * queries of any size; inner products are float32, which overflows at 3.4e38. The distances of a query do not depend on the others; its products are added in another order where there are
   * fewer than four queries.
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
  nearest<I extends IntArray = Int32Array>(
    queries: Float32Array,
    rows: Float32Array,
    columns: number,
    o?: NearestOptions<I>,
  ): TopK<I> {
    this.begin('nearest', arguments, 4);
    const [q, r, many, height] = this.#tables('nearest', queries, rows, columns);
    const given = options<NearestOptions<I>, string[]>('nearest', o, ['k', 'by', 'values', 'indices']);
    const by = oneOf('nearest(by)', given.by ?? 'cosine', ['cosine', 'euclidean', 'dot']);
    const k = given.k ?? 1;
    this.#few('nearest(k)', k, height, 'rows');
    const indices = this.outLike('nearest', many * k, given.indices, 'indices', 'queries and k', Int32Array);
    const values = this.outLike('nearest', many * k, given.values, 'values', 'queries and k');
    const [places, numbers] = [this.enterOut('nearest', indices, false), this.enterOut('nearest', values, false)];
    const [from, base] = [this.enter('nearest', q), this.enter('nearest', r)];
    separate('nearest', [indices, values, q]);
    separate('nearest', [indices, values, r]);
    const norms = by === 'cosine' ? this.#squares('nearest', height, columns, base, true) : 0;
    // At most a quarter of the longest free block, for products and scaled queries.
    const room = Math.min(AT_A_TIME, this.longestFree / 4 / Float32Array.BYTES_PER_ELEMENT);
    const block = Math.max(1, Math.min(many, Math.floor(room / Math.max(1, height + columns))));
    const products = this.scratch('nearest', block * height * 4);
    for (let first = 0; first < many; first += block) {
      const size = Math.min(block, many - first);
      this.within(() => {
        const at = from + first * columns * 4;
        this.#similarities('nearest', by, many < FEW_QUERIES, size, height, columns, at, base, norms, products);
        this.#topK(size, height, k, products, by === 'euclidean', numbers + first * k * 4, places + first * k * 4);
      });
    }
    this.leave();
    return { values, indices };
  }

  /** Queries and rows of `columns` numbers, checked, and how many there are. */
  #tables(
    where: string,
    queries: Float32Array,
    rows: Float32Array,
    columns: number,
  ): [q: Float32Array, r: Float32Array, many: number, height: number] {
    const [q, r] = [float32(`${where}(queries)`, queries), float32(`${where}(rows)`, rows)];
    count(`${where}(columns)`, columns);
    return [q, r, rowsOf(`${where}: queries`, q, columns)[0], rowsOf(`${where}: rows`, r, columns)[0]];
  }

  /** out[queries, rows] = products, cosines or distances. */
  #similarities(
    where: string,
    by: 'cosine' | 'euclidean' | 'dot',
    areFew: boolean,
    many: number,
    height: number,
    columns: number,
    from: number,
    base: number,
    norms: number,
    out: number,
  ): void {
    if (by === 'euclidean') {
      this.calls.distances(many, height, columns, from, base, out);
      return;
    }
    const width = columns * 4;
    let [left, own] = [from, 0];
    if (by === 'cosine') {
      own = this.#squares(where, many, columns, from, false);
      left = this.scratch(where, many * width);
      this.calls.normalizeRows(many, columns, from, true, left);
    }
    if (areFew)
      for (let i = 0; i < many; i++)
        this.calls.gemv(2, 0, height, columns, 1, base, width, left + i * width, 0, out + i * height * 4);
    else this.calls.gemm(2, many, height, columns, 1, left, width, false, base, width, true, 0, out, height * 4);
    if (own) this.calls.fromProducts(many, height, out, own, norms);
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

  #few(where: string, k: number, most: number, of: string): void {
    positiveInteger(where, k);
    if (k > most) throw new SimdenseError('SHAPE', `${where}: expected at most ${most}, the number of ${of}, got ${k}`);
  }
}
