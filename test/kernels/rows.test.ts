// Softmax, reductions, order and search, against plain loops in float64.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { kernels } from '../../src/kernels/index.js';
import { floats, k, placed, random } from './helpers.js';

const table = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 40 }))
  .chain(([rows, columns]) => fc.tuple(fc.constant(rows), fc.constant(columns), floats(rows * columns), fc.nat(2)));
const coded = (code: string) => expect.objectContaining({ code });

describe('softmax', () => {
  const exact = (row: number[]) => {
    const top = Math.max(...row);
    const e = row.map((x) => Math.exp(x - top));
    const sum = e.reduce((a, b) => a + b);
    return { p: e.map((x) => x / sum), log: row.map((x) => x - top - Math.log(sum)), lse: top + Math.log(sum) };
  };

  test('each row, its logarithm, the logarithm of its sum, and the gradient', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 30 }),
      fc.nat(1000),
      fc.nat(2),
      (rows, columns, seed, where) => {
        using _ = k.scope();
        const x = random(rows * columns, seed).map((v) => 20 * v);
        const dy = random(rows * columns, seed + 1);
        const p = k.softmax(placed(x, where), columns, placed(new Float32Array(x.length), where + 1));
        const log = k.logSoftmax(placed(x, where), columns);
        const lse = k.logSumExp(placed(x, where), columns);
        const dx = k.softmaxGradient(p, dy, columns);
        for (let i = 0; i < rows; i++) {
          const top = Math.max(...x.subarray(i * columns, (i + 1) * columns));
          const row = exact(Array.from(x.subarray(i * columns, (i + 1) * columns)));
          const dot = row.p.reduce((sum, v, j) => sum + v * dy[i * columns + j]!, 0);
          expect(lse[i]).toBeCloseTo(row.lse, 5);
          for (let j = 0; j < columns; j++) {
            const at = i * columns + j;
            // The difference to the largest is rounded to float32 before the exponential.
            const bound = 4e-7 + Math.abs(x[at]! - top) * 2 ** -24;
            expect(Math.abs(p[at]! - row.p[j]!)).toBeLessThanOrEqual(bound * row.p[j]! + 1e-44);
            expect(Math.abs(log[at]! - row.log[j]!)).toBeLessThanOrEqual(1e-5);
            expect(dx[at]).toBeCloseTo(row.p[j]! * (dy[at]! - dot), 6);
          }
        }
      },
    );
    fc.assert(property, { numRuns: 100 });
  });

  test('huge and infinite numbers', () => {
    expect(k.softmax(Float32Array.of(3e38, 3e38, -3e38))).toEqual(Float32Array.of(0.5, 0.5, 0));
    expect(k.softmax(Float32Array.of(-Infinity, 0))).toEqual(Float32Array.of(0, 1));
    expect(k.logSumExp(Float32Array.of(-Infinity, -Infinity))).toEqual(Float32Array.of(-Infinity));
    expect(k.logSumExp(Float32Array.of(Infinity, 1))).toEqual(Float32Array.of(Infinity));
    expect(k.softmax(Float32Array.of(NaN, 1))).toEqual(Float32Array.of(NaN, NaN));
  });
});

describe('reductions', () => {
  test('along each axis of any shape', () => {
    const shapes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 });
    const property = fc.property(shapes, fc.nat(3), fc.nat(1000), fc.nat(2), (shape, place, seed, where) => {
      using _ = k.scope();
      const axis = place % shape.length;
      const [outer, length, inner] = [shape.slice(0, axis), [shape[axis]!], shape.slice(axis + 1)].map((s) =>
        s.reduce((a, b) => a * b, 1),
      ) as [number, number, number];
      const x = random(outer * length * inner, seed);
      const from = placed(x, where);
      const all = { shape, axis: seed % 2 ? axis : axis - shape.length };
      const [sums, means, variances, tops, lows] = [
        k.sum(from, all),
        k.mean(from, all),
        k.variance(from, { ...all, ddof: 0.5 }),
        k.max(from, all),
        k.min(from, all),
      ];
      const [highest, lowest] = [k.argmax(from, all), k.argmin(from, all)];
      for (let o = 0; o < outer; o++)
        for (let i = 0; i < inner; i++) {
          const line = Array.from({ length }, (_, l) => x[(o * length + l) * inner + i]!);
          const at = o * inner + i;
          const sum = line.reduce((a, b) => a + b, 0);
          expect(sums[at]).toBe(Math.fround(sum));
          expect(means[at]).toBe(Math.fround(sum / length));
          expect(variances[at]).toBeCloseTo(line.reduce((s, v) => s + (v - sum / length) ** 2, 0) / (length - 0.5), 6);
          expect(tops[at]).toBe(Math.max(...line));
          expect(lows[at]).toBe(Math.min(...line));
          expect(highest[at]).toBe(line.indexOf(Math.max(...line)));
          expect(lowest[at]).toBe(line.indexOf(Math.min(...line)));
        }
    });
    fc.assert(property, { numRuns: 150 });
  });

  test('sums do not lose digits', () => {
    // 2²⁴ + 1 is no float32: a sum in float32 would stay at 2²⁴.
    const x = new Float32Array(2 ** 20 + 3).fill(1);
    x[0] = 2 ** 24;
    expect(k.sum(x)).toBe(2 ** 24 + 2 ** 20 + 2);
    const shifted = Float32Array.from({ length: 1000 }, (_, i) => 1e4 + (i % 2));
    expect(k.variance(shifted)).toBe(0.25);
  });

  test('a variance with ddof from n on is divided by 0, as numpy does', () => {
    const x = Float32Array.of(1, 3, 2, 2);
    expect([...k.variance(x, { shape: [2, 2], ddof: 2 })]).toEqual([Infinity, NaN]);
    expect([...k.variance(x, { shape: [2, 2], ddof: 3 })]).toEqual([Infinity, NaN]);
    expect([...k.variance(x, { shape: [2, 2], axis: 0, ddof: 9 })]).toEqual([Infinity, Infinity]);
  });

  test('NaN, and no numbers', () => {
    expect(k.max(Float32Array.of(1, NaN, 3))).toBeNaN();
    expect(k.min(Float32Array.of(1, NaN, 3))).toBeNaN();
    expect(k.argmax(Float32Array.of(1, NaN, 3))).toBe(1);
    const none = new Float32Array(0);
    expect([k.sum(none), k.mean(none), k.max(none), k.min(none), k.argmax(none)]).toEqual([
      0,
      NaN,
      -Infinity,
      Infinity,
      -1,
    ]);
    expect(() => k.max(none, { shape: [2, 0] })).toThrow(coded('SHAPE'));
    expect(k.sum(none, { shape: [2, 0] })).toEqual(new Float32Array(2));
    expect(() => k.sum(new Float32Array(5), { shape: [2, 3] })).toThrow(coded('SHAPE'));
    expect(() => k.sum(new Float32Array(6), { shape: [2, 3], axis: 2 })).toThrow(coded('ARGUMENT'));
  });
});

describe('order', () => {
  const withNaN = fc.array(
    fc.oneof(fc.constantFrom(0, -0, NaN, Infinity, -Infinity, 1, -1), fc.double({ noNaN: true, min: -1e3, max: 1e3 })),
    { maxLength: 300 },
  );

  test('argsort is a stable sort with NaN last', () => {
    fc.assert(
      fc.property(withNaN, fc.boolean(), fc.nat(2), (list, descending, where) => {
        using _ = k.scope();
        const x = Float32Array.from(list);
        const sign = descending ? -1 : 1;
        const expected = [...x.keys()].sort((i, j) => {
          const [a, b] = [x[i]!, x[j]!];
          if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
          return a === b ? 0 : a < b ? -sign : sign;
        });
        expect([...k.argsort(placed(x, where), { descending })]).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  });

  test('topK is the beginning of each row, sorted, few or many', () => {
    const property = fc.property(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 90 }),
      fc.nat(200),
      fc.boolean(),
      fc.nat(2),
      fc.nat(5),
      (rows, columns, count, smallest, where, grain) => {
        using _ = k.scope();
        const many = 1 + (count % columns);
        // Coarse numbers, so that some are equal, and some NaN.
        const x = random(rows * columns, count).map((v) => (v > 0.9 ? NaN : Math.round(v * 3 * (1 + grain))));
        const { values, indices } = k.topK(placed(x, where), many, { columns, smallest });
        for (let row = 0; row < rows; row++) {
          const line = x.subarray(row * columns, (row + 1) * columns);
          const expected = k.argsort(line, { descending: !smallest }).subarray(0, many);
          expect([...indices.subarray(row * many, (row + 1) * many)]).toEqual([...expected]);
          expect([...values.subarray(row * many, (row + 1) * many)]).toEqual([...expected].map((i) => line[i]));
        }
      },
    );
    fc.assert(property, { numRuns: 150 });
  });

  test('cosine, normalize and nearest', () => {
    fc.assert(
      fc.property(
        table,
        fc.integer({ min: 1, max: 30 }),
        fc.nat(1000),
        fc.constantFrom('cosine', 'euclidean', 'dot'),
        ([many, columns, , where], count, seed, by) => {
          using _ = k.scope();
          const [queries, rows] = [random(many * columns, seed), random(count * columns, seed + 1)];
          rows.fill(0, 0, columns);
          const at = (x: Float32Array, i: number) => x.subarray(i * columns, (i + 1) * columns);
          const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, v, i) => sum + v * b[i]!, 0);
          const cosine = (a: Float32Array, b: Float32Array) => dot(a, b) / (Math.sqrt(dot(a, a) * dot(b, b)) || 1);
          const distance = (a: Float32Array, b: Float32Array) => Math.hypot(...a.map((v, i) => v - b[i]!));
          const cosines = k.cosine(placed(queries, where), placed(rows, where + 1), columns);
          const measure = { cosine, euclidean: distance, dot }[by];
          const few = Math.min(3, count);
          const { values, indices } = k.nearest(queries, placed(rows, where), columns, { k: few, by });
          for (let q = 0; q < many; q++) {
            const each = Array.from({ length: count }, (_, r) => measure(at(queries, q), at(rows, r)));
            for (let r = 0; r < count; r++)
              expect(cosines[q * count + r]).toBeCloseTo(cosine(at(queries, q), at(rows, r)), 5);
            const sorted = [...each].sort((a, b) => (by === 'euclidean' ? a - b : b - a));
            for (let i = 0; i < few; i++) {
              expect(values[q * few + i]).toBeCloseTo(sorted[i]!, 2);
              expect(each[indices[q * few + i]!]).toBeCloseTo(sorted[i]!, 2);
            }
          }
          const unit = k.normalize(rows, columns);
          for (let r = 0; r < count; r++) expect(k.nrm2(at(unit, r))).toBeCloseTo(r === 0 ? 0 : 1, 6);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('cosines and distances of huge and tiny rows', () => {
    for (const size of [1e25, 1e-25, 3e38, 1e-30]) {
      const x = Float32Array.of(size, size);
      expect(k.cosine(x, x, 2)[0]).toBeCloseTo(1, 6);
      expect(k.cosine(x, Float32Array.of(-size, -size), 2)[0]).toBeCloseTo(-1, 6);
      // Many queries are multiplied by other kernels.
      const many = new Float32Array(20).fill(size);
      for (const one of k.cosine(many, x, 2)) expect(one).toBeCloseTo(1, 6);
      expect(k.nearest(x, x, 2, { k: 1 }).values[0]).toBeCloseTo(1, 6);
    }
    expect(k.cosine(Float32Array.of(1e25, 0), Float32Array.of(1e-25, 1e-25), 2)[0]).toBeCloseTo(Math.SQRT1_2, 6);
    const rows = Float32Array.of(1e20, 0, 0, 0, 2e20, 0);
    const { values, indices } = k.nearest(Float32Array.of(1e20, 0), rows, 2, { by: 'euclidean', k: 3 });
    expect([...indices]).toEqual([0, 1, 2]);
    expect(Array.from(values, (value) => value / 1e20)).toEqual([
      expect.closeTo(0, 3),
      expect.closeTo(1, 6),
      expect.closeTo(1, 6),
    ]);
    const near = k.nearest(Float32Array.of(0, 3e-25), Float32Array.of(4e-25, 0), 2, { by: 'euclidean' });
    expect(near.values[0]! / 1e-25).toBeCloseTo(5, 5);
  });

  test('cosines are from −1 to 1, so that they are angles', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.nat(), (columns, seed) => {
        const x = random(5 * columns, seed);
        for (const one of [...k.cosine(x, x, columns), ...k.nearest(x, x, columns, { k: 5 }).values])
          expect(Math.acos(one)).not.toBeNaN();
      }),
    );
    expect(k.cosine(Float32Array.of(NaN, 1), Float32Array.of(1, 1), 2)[0]).toBeNaN();
    expect(k.cosine(Float32Array.of(0, 0), Float32Array.of(1, 1), 2)[0]).toBe(0);
  });

  test('columns are needed', () => {
    const x = Float32Array.of(1, 2);
    expect(() => k.cosine(x, x, undefined as never)).toThrow(coded('ARGUMENT'));
    expect(() => k.nearest(x, x, undefined as never)).toThrow(coded('ARGUMENT'));
  });

  test('distances have all their digits far from the origin, alone as among others', () => {
    const columns = 3;
    const drawn = k.uniform(600 * columns, { seed: 7 });
    const rows = Float32Array.from(drawn, (value) => 1000 + value);
    const { values, indices } = k.nearest(rows, rows, columns, { k: 4, by: 'euclidean' });
    const at = (i: number, c: number): number => rows[i * columns + c] as number;
    for (let i = 0; i < 600; i += 7) {
      const exact = Array.from({ length: 600 }, (_, j) =>
        Math.hypot(...Array.from({ length: columns }, (_, c) => at(i, c) - at(j, c))),
      );
      const order = [...exact.keys()].sort((a, b) => (exact[a] as number) - (exact[b] as number) || a - b);
      expect(Array.from(indices.subarray(4 * i, 4 * i + 4))).toEqual(order.slice(0, 4));
      expect(indices[4 * i]).toBe(i);
      for (let n = 0; n < 4; n++) {
        const distance = exact[order[n] as number] as number;
        expect(Math.abs((values[4 * i + n] as number) - distance)).toBeLessThanOrEqual(distance * 6 * 2 ** -24);
      }
      const alone = k.nearest(rows.subarray(i * columns, (i + 1) * columns), rows, columns, { k: 4, by: 'euclidean' });
      expect(alone.indices).toEqual(indices.subarray(4 * i, 4 * i + 4));
      expect(alone.values).toEqual(values.subarray(4 * i, 4 * i + 4));
    }
    const close = Float32Array.of(20_000, 20_001, 20_002, 20_003, 20_004);
    expect(k.nearest(Float32Array.of(20_002), close, 1, { k: 5, by: 'euclidean' })).toEqual({
      values: Float32Array.of(0, 1, 1, 2, 2),
      indices: Int32Array.of(2, 1, 3, 0, 4),
    });
  });

  test('nearest finds room in a memory in pieces', () => {
    using small = kernels({ memory: 2 ** 20 });
    const pieces: Float32Array[] = [];
    while (small.bytesFree > 5000) pieces.push(small.float32(1000));
    for (const [i, piece] of pieces.entries()) if (i % 2) small.free(piece);
    const x = new Float32Array(1000);
    expect(small.nearest(x, x.subarray(0, 200), 2, { k: 1 }).indices).toHaveLength(500);
  });

  test('many queries take no more memory than few', () => {
    using small = kernels({ memory: 2 ** 20 });
    // Each query is a block of its own, and so many neighbours are found by sorting.
    const rows = small.uniform(20_000, { seed: 1 });
    const queries = small.uniform(200, { seed: 2 });
    const used = small.bytesInUse;
    const { values } = small.nearest(queries, rows, 2, { k: 40, by: 'euclidean' });
    expect(values.length).toBe(4000);
    expect(small.bytesInUse - used).toBeLessThan(40_000);
  });

  test('what does not fit is refused', () => {
    expect(() => k.topK(new Float32Array(4), 5)).toThrow(coded('SHAPE'));
    expect(() => k.topK(new Float32Array(4), 1, { columns: 3 })).toThrow(coded('SHAPE'));
    expect(() => k.nearest(new Float32Array(4), new Float32Array(6), 4)).toThrow(coded('SHAPE'));
    expect(() => k.softmax(new Float32Array(4), 0)).toThrow(coded('ARGUMENT'));
  });
});
