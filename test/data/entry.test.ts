// Every cell of the input must be a finite number, else the call is refused with row, column and value: for each function, each form of rows, and any cell.
import vm from 'node:vm';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import {
  bootstrap,
  encodeLabels,
  fitScaler,
  holdOut,
  kFold,
  oneHot,
  parseIdx,
  type Rows,
} from '../../src/data/index.js';
import type { Matrix as Own } from '../../src/data/matrix.js';
import { checkThere } from '../../src/data/rows.js';
import { fitPipeline } from '../../src/evaluate/index.js';
import { dense, Matrix, type Numbers, SimdenseError, sequential } from '../../src/index.js';
import { loadPredictor } from '../../src/predict/index.js';

const COLUMNS = 3;
const model = sequential({ inputs: COLUMNS, layers: [dense({ units: COLUMNS })] }).compile({
  loss: 'meanSquaredError',
});
const learner = model.clone();
const predictor = loadPredictor(model.save());
const labelled = await fitPipeline(
  { layers: [], fit: { epochs: 1 } },
  [
    [0, 0, 1],
    [1, 1, 0],
    [2, 0, 1],
    [3, 1, 0],
  ],
  ['a', 'b', 'a', 'b'],
);
const scaler = fitScaler('standard', [
  [0, 0, 1],
  [1, 1, 0],
]);
afterAll(() => {
  model.dispose();
  learner.dispose();
  predictor.dispose();
  labelled.dispose();
});

const errorOf = async (call: () => unknown): Promise<SimdenseError> => {
  const error = await new Promise((resolve) => resolve(call())).then(
    () => new Error('nothing was thrown'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof SimdenseError)) throw error;
  return error;
};

const zeros = (rows: number): Float32Array => new Float32Array(rows * COLUMNS);
const targets = (rows: number): Matrix => new Matrix(zeros(rows), COLUMNS);
/** Each function that takes rows of COLUMNS cells. */
const doors: Record<string, (rows: never, count: number) => unknown> = {
  predict: (rows) => model.predict(rows),
  evaluate: (rows, count) => model.evaluate(rows, targets(count)),
  trainOnBatch: (rows, count) => model.trainOnBatch(rows, targets(count)),
  'fit x': (rows, count) => model.fit(rows, targets(count)),
  'fit y': (rows, count) => model.fit(targets(count), rows),
  validationData: (rows, count) =>
    model.fit(targets(count), targets(count), { validationData: [rows, targets(count)] }),
  'validation y': (rows, count) =>
    model.fit(targets(count), targets(count), { validationData: [targets(count), rows] }),
  stream: (rows, count) =>
    model.fit({
      async *[Symbol.asyncIterator]() {
        yield [rows, targets(count)];
      },
    }),
  'predictor.predict': (rows) => predictor.predict(rows),
  'pipeline.predict': (rows) => labelled.predict(rows),
  'pipeline.evaluate': (rows, count) =>
    labelled.evaluate(
      rows,
      Array.from({ length: count }, () => 'a'),
    ),
  fitPipeline: (rows, count) =>
    fitPipeline(
      { layers: [] },
      rows,
      Array.from({ length: count }, (_, i) => i % 2),
    ),
  fitScaler: (rows) => fitScaler('robust', rows),
  transform: (rows) => scaler.transform(rows),
  inverse: (rows) => scaler.inverse(rows),
};
/** Functions that take rows only, not flat numbers. */
const rowsOnly = ['fitPipeline', 'fitScaler'];

const missing = [null, undefined, Number.NaN];
const wrong: readonly unknown[] = [
  ...missing,
  '',
  '7',
  'x',
  true,
  [],
  [1],
  {},
  new Date(0),
  2n,
  Symbol('s'),
  () => 1,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  1e300,
  -3.5e38,
];
const place = fc.record({
  count: fc.integer({ min: 1, max: 5 }),
  cell: fc.nat(),
  value: fc.constantFrom(...wrong),
  flat: fc.boolean(),
  hole: fc.boolean(),
});

describe('first-contact rows 1, 2 and 3: no cell enters that is no finite number', () => {
  test.each(Object.keys(doors))('%s', async (name) => {
    const door = doors[name] as (rows: never, count: number) => unknown;
    await fc.assert(
      fc.asyncProperty(place, async ({ count, cell, value, flat: asked, hole }) => {
        const flat = asked && !rowsOnly.includes(name) && typeof value !== 'object';
        const at = cell % (count * COLUMNS);
        const cells: unknown[] = Array.from({ length: count * COLUMNS }, (_, i) => i / 8);
        if (hole) delete cells[at];
        else cells[at] = value;
        const rows = Array.from({ length: count }, (_, i) => cells.slice(i * COLUMNS, (i + 1) * COLUMNS));
        const { code, message } = await errorOf(() => door((flat ? cells : rows) as never, count));
        expect(code).toBe('DATA');
        expect(message).toContain(`in row ${Math.floor(at / COLUMNS)}, column ${at % COLUMNS}`);
        if (hole || missing.includes(value as null)) expect(message).toMatch(/a value is missing.*missing: 'skip'/);
        else if (typeof value === 'number' && Number.isFinite(value)) expect(message).toContain('float32 holds up to');
      }),
      { numRuns: 60 },
    );
  });

  test('matrices', () => {
    const any = (value: unknown) => value as never;
    expect(() => new Matrix([1, any(null)], 2)).toThrow('Matrix(data) is null in row 0, column 1: a value is missing');
    expect(() => new Matrix([1, 2, 3, Number.NaN], 2)).toThrow('Matrix(data) is NaN in row 1, column 1: a value is');
    expect(() => new Matrix(Float64Array.of(1, 1e39), 2)).toThrow('is 1e+39 in row 0, column 1: float32 holds up to');
    expect(() => Matrix.from([[1, 2], any([3, '7'])])).toThrow(
      'Matrix.from is "7" in row 1, column 1, expected a number',
    );
    expect(() => Matrix.from([any([null, 1])])).toThrow('Matrix.from is null in row 0, column 0: a value is missing');
    expect(() => Matrix.from([[1], any(null)])).toThrow('Matrix.from: row 1 is null, expected numbers');
    // A Float32Array is not copied, and checked when it is used.
    expect(() => model.predict(new Matrix(Float32Array.of(0, Number.NaN, 0), COLUMNS))).toThrow(
      'predict: x is NaN in row 0, column 1: a value is missing',
    );
  });

  test.each<[string, (cells: never) => unknown, RegExp]>([
    [
      'sampleWeight',
      (cells) => model.fit(targets(3), targets(3), { sampleWeight: cells }),
      /sampleWeight is .* in row 1/,
    ],
    ['oneHot', (cells) => oneHot(cells), /^oneHot\(labels\): .* in row 1, expected a class index/],
    ['holdOut', (cells) => holdOut(3, { stratify: cells }), /^holdOut\(stratify\) is .* in row 1/],
    ['kFold', (cells) => kFold(3, { folds: 2, stratify: cells }), /^kFold\(stratify\) is .* in row 1/],
    ['encodeLabels', (cells) => encodeLabels(cells), /^encodeLabels\(labels\): .* in row 1, expected a string or a/],
    ['labels', (cells) => fitPipeline({ layers: [] }, targets(3), cells), /y is .* in row 1, expected a string or a/],
  ])('one number a row: %s', async (name, door, message) => {
    for (const value of wrong) {
      const text = typeof value === 'string' && ['labels', 'encodeLabels'].includes(name);
      const ok = text || (Number.isFinite(value) && name !== 'oneHot' && name !== 'y');
      if (ok) continue;
      const error = await errorOf(() => door([0, value, 1] as never));
      expect(error.message).toMatch(message);
      const hole = await errorOf(() => door(Object.assign([0, 0, 1], { 1: undefined }) as never));
      expect(hole.code).toBe('DATA');
    }
  });
});

describe('first-contact row 7: rows as objects, labels as booleans', () => {
  test('say what to do', async () => {
    const rows = [{ a: 1, b: 2, c: 3 }] as never;
    for (const name of ['predict', 'fit x', 'fitScaler', 'fitPipeline', 'predictor.predict']) {
      const { message } = await errorOf(() => doors[name]?.(rows, 1));
      expect(message).toMatch(
        /: row 0 is an Object, expected numbers; turn objects into arrays: rows\.map\(\(\{ a, b, c \}\) => \[a, b, c\]\)$/,
      );
    }
    expect(() => Matrix.from(rows)).toThrow('rows.map(({ a, b, c }) => [a, b, c])');
    const booleans = [true, false, true] as never;
    const error = await errorOf(() => fitPipeline({ layers: [] }, targets(3), booleans));
    expect(error.message).toContain(
      'y is true in row 0, expected a string or a finite number; convert booleans to 0 and 1',
    );
    expect(() => encodeLabels(booleans)).toThrow('convert booleans to 0 and 1, or to strings');
  });
});

const realm = vm.createContext({});
const foreign = <T>(code: string): T => vm.runInContext(code, realm) as T;

describe('first-contact row 4: typed arrays of any realm and kind', () => {
  const kinds = [
    'Float32',
    'Float64',
    'Int8',
    'Uint8',
    'Uint8Clamped',
    'Int16',
    'Uint16',
    'Int32',
    'Uint32',
    'Float16',
  ];
  const there = kinds.filter((kind) => Reflect.has(globalThis, `${kind}Array`));

  test.each(there)('%sArray', async (kind) => {
    const values = [1, 2, 3, 4, 5, 6];
    const expected = model.predict(new Matrix(values, COLUMNS)).toArrays();
    const ours = new (Reflect.get(globalThis, `${kind}Array`) as typeof Float64Array)(values) as unknown as Numbers;
    const theirs = foreign<Numbers>(`new ${kind}Array([${values}])`);
    expect(theirs instanceof Object).toBe(false);
    for (const flat of [ours, theirs]) {
      expect(model.predict(flat).toArrays()).toEqual(expected);
      expect(predictor.predict(flat).toArrays()).toEqual(expected);
      expect(model.predict(new Matrix(flat, COLUMNS)).toArrays()).toEqual(expected);
      const view = (from: number): Numbers => (flat as Float32Array).subarray(from, from + COLUMNS);
      expect(model.predict([view(0), view(3)]).toArrays()).toEqual(expected);
      const { data } = new Matrix(flat, COLUMNS);
      expect([Float32Array.prototype, Uint8Array.prototype]).toContain(Object.getPrototypeOf(data));
      await learner.fit(flat, new Matrix(flat, COLUMNS), { sampleWeight: (flat as Float32Array).subarray(0, 2) });
      expect(oneHot(flat).columns).toBe(7);
      expect(encodeLabels(flat).classes).toEqual(values);
      expect([...holdOut(6, { stratify: flat })]).toHaveLength(1);
    }
  });

  test('weights of another realm', () => {
    const weights = model.getWeights();
    const theirs = foreign<(w: typeof weights) => typeof weights>(
      '(w) => new Map([...w].map(([name, { shape, data }]) => [name, { shape, data: new Float32Array(data) }]))',
    )(weights);
    expect(theirs instanceof Map).toBe(false);
    learner.setWeights(theirs);
    expect(learner.getWeights()).toEqual(weights);
  });

  test('of floats and bytes the memory is kept, of others a copy', () => {
    const bytes = foreign<Uint8ClampedArray>('new Uint8ClampedArray([1, 2, 3])');
    const matrix = new Matrix(bytes, 3);
    bytes[0] = 9;
    expect(matrix.data[0]).toBe(9);
    expect(Object.getPrototypeOf(new Matrix(Buffer.from([1, 2, 3]), 3).data)).toBe(Uint8Array.prototype);
    const shared = new Float32Array(new SharedArrayBuffer(12));
    expect(new Matrix(shared, 3).data).toBe(shared);
    const own = Float32Array.of(1, 2, 3);
    expect(new Matrix(own, 3).data).toBe(own);
  });

  test('predictInto writes to an array of another realm', () => {
    const out = foreign<Float32Array>('new Float32Array(3)');
    const x = foreign<Float32Array>('Float32Array.of(1, 2, 3)');
    expect(model.predictInto(out, x)).toBe(out);
    expect([...out]).toEqual([...model.predict([[1, 2, 3]]).data]);
    expect([...predictor.predictInto(out, x)]).toEqual([...model.predict([[1, 2, 3]]).data]);
  });

  test('files of another realm, as tests in Jest read them', () => {
    const bytes = model.save();
    Reflect.set(realm, 'bytes', bytes);
    const theirs = foreign<Uint8Array>('new Uint8Array(bytes)');
    using again = loadPredictor(theirs);
    expect(again.inputs).toBe(COLUMNS);
    expect(parseIdx(foreign('Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9)')).toArrays()).toEqual([[7], [9]]);
  });

  test.each(['BigInt64Array', 'BigUint64Array', 'DataView'])('%s is refused by name', (kind) => {
    for (const code of [kind === 'DataView' ? 'new DataView(new ArrayBuffer(12))' : `new ${kind}(3)`]) {
      for (const value of [foreign<never>(code), vm.runInThisContext(code) as never]) {
        expect(() => model.predict(value)).toThrow(new RegExp(`got a ${kind}$`));
        expect(() => new Matrix(value, 3)).toThrow(`Matrix(data): expected numbers, got a ${kind}`);
        expect(() => Matrix.from([value])).toThrow(`Matrix.from: row 0 is a ${kind}, expected numbers`);
      }
    }
  });
});

describe('first-contact row 5: buffers that change', () => {
  type Resizable = ArrayBuffer & { resize(bytes: number): void };
  const resizable = (bytes: number): Resizable => Reflect.construct(ArrayBuffer, [bytes, { maxByteLength: 4 * bytes }]);

  test('of a resizable buffer a copy is taken', () => {
    const buffer = resizable(24);
    const floats = new Float32Array(buffer);
    floats.set([1, 2, 3, 4, 5, 6]);
    const matrix = new Matrix(floats, 3);
    buffer.resize(4);
    expect(matrix.toArrays()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
    ]);
  });

  test('what was transferred, or has shrunk, is refused', async () => {
    const gone = Float32Array.of(1, 2, 3);
    structuredClone(gone, { transfer: [gone.buffer] });
    const buffer = resizable(24);
    const shrunk = new Float32Array(buffer, 0, 6);
    buffer.resize(4);
    for (const value of [gone, shrunk]) {
      for (const call of [() => new Matrix(value, 3), () => model.predict(value), () => scaler.transform(value)]) {
        expect((await errorOf(call)).message).toMatch(/Float32Array whose buffer has been transferred, or has shrunk$/);
      }
    }
    const bytes = model.save();
    structuredClone(bytes, { transfer: [bytes.buffer as ArrayBuffer] });
    expect(() => loadPredictor(bytes)).toThrow('whose buffer has been transferred');
  });

  test('a matrix knows that its numbers are gone', () => {
    const matrix = new Matrix(new Float32Array(6), 3) as Own;
    checkThere('fit: x', matrix);
    structuredClone(matrix.data, { transfer: [matrix.data.buffer as ArrayBuffer] });
    expect(() => checkThere('fit: x', matrix)).toThrow('fit: x: expected numbers, got a Float32Array whose buffer');
    expect(() => model.predict(matrix)).toThrow('predict: x: expected numbers');
  });
});

describe('first-contact row 6: before float32', () => {
  const seconds = Array.from({ length: 200 }, (_, i) => 1.7e9 + i);

  test.each(['standard', 'minMax', 'robust', 'quantile'] as const)(
    'a %s scaler computes in float64 from what was given',
    (type) => {
      const exact = fitScaler(
        type,
        seconds.map((value) => [value - 1.7e9]),
      );
      const forms: Rows[] = [seconds.map((value) => [value]), seconds.map((value) => Float64Array.of(value))];
      for (const rows of forms) {
        const fitted = fitScaler(type, rows);
        const expected = exact.transform(seconds.map((value) => [value - 1.7e9])).data;
        for (const [i, value] of fitted.transform(rows).data.entries())
          expect(Math.abs(value - (expected[i] as number))).toBeLessThan(1e-6);
        expect([...fitted.transform(Float64Array.from(seconds)).data]).toEqual([...fitted.transform(rows).data]);
      }
    },
  );

  test('float32 gives what it gave: rows of floats as a Matrix, as arrays and as Float64Array', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ noNaN: true, min: -1000, max: 1000 }), { minLength: 2, maxLength: 30 }),
        (values) => {
          const floats = Float32Array.from(values);
          for (const type of ['standard', 'minMax', 'robust'] as const) {
            const of32 = fitScaler(type, new Matrix(floats, 1)).toJSON();
            const of64 = fitScaler(
              type,
              Array.from(floats, (value) => Float64Array.of(value)),
            ).toJSON();
            expect(of64.center).toEqual(of32.center);
          }
        },
      ),
    );
  });

  test('a column that is constant but for the rounding of float64 has the scale 1', () => {
    const rows = Array.from({ length: 1000 }, (_, i) => [0.1 + 0.2 - (i % 2) * 5e-17, 0.3]);
    expect(fitScaler('standard', rows).toJSON().scale).toEqual([1, 1]);
  });

  test('a pipeline refuses a column that float32 does not hold, before anything is trained', async () => {
    const y = seconds.map((_, i) => i % 2);
    for (const x of [seconds.map((value) => [1, value]), seconds.map((value) => Float64Array.of(1, value))]) {
      expect((await errorOf(() => fitPipeline({ layers: [] }, x, y))).message).toBe(
        'fitPipeline: x: column 1 ranges from 1700000000 to 1700000199, and float32 rounds its numbers by up to 64; subtract a constant first, such as 1700000000',
      );
    }
    const regression = await errorOf(() =>
      fitPipeline({ layers: [], task: 'regression' }, new Matrix(new Float32Array(200), 1), seconds),
    );
    expect(regression.message).toContain('fitPipeline: y: column 0 ranges from 1700000000');
  });

  test('what is left of a column that is taken costs a straight line nearly nothing', () => {
    // The bound of src/data/precision.ts, at its edge: moved by 2⁻¹⁰ of the range.
    const range = 64 * 2 ** 10;
    const values = Array.from({ length: 5000 }, (_, i) => 1.7e9 + (i * range) / 5000);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    const errors = values.reduce((sum, value) => sum + (value - Math.fround(value)) ** 2, 0);
    expect(errors / squares).toBeLessThan(5e-6);
  });
});

describe('first-contact row 10: a million rows', () => {
  test('are split by holdOut, kFold and bootstrap', () => {
    const rows = 1_000_000;
    const stratify = Uint8Array.from({ length: rows }, (_, i) => i % 3);
    for (const split of [
      ...holdOut(rows),
      ...holdOut(rows, { stratify }),
      ...kFold(rows, { folds: 2 }),
      ...bootstrap(rows, { repeats: 1 }),
    ]) {
      const seen = new Uint8Array(rows);
      for (const part of [split.train, split.test]) for (const row of part) seen[row] = 1;
      expect(seen.includes(0)).toBe(false);
    }
  });

  test('200,000 rows are split off by validationSplit', async () => {
    using wide = sequential({ inputs: 1, layers: [dense({ units: 1 })] }).compile({ loss: 'meanSquaredError' });
    const x = new Float32Array(200_000);
    await wide.fit(x, x, { validationSplit: 0.7, batchSize: 'full' });
  });
});
