// Training on shards: against gradient descent on all rows, against federated averaging in plain float64, and against the encoder of all rows.
import { afterAll, describe, expect, test } from 'vitest';
import { atOnce } from '../../src/base/pause.js';
import { fitPipeline, fitShards, loadPipeline, type Pipeline } from '../../src/evaluate/index.js';
import { fromHalves, fromTwelve, toHalves, toTwelve } from '../../src/evaluate/shards/compact.js';
import { summarising } from '../../src/evaluate/shards/summary.js';
import { adam, batchNormalization, dense, dropout, type Matrix, sequential, sgd } from '../../src/index.js';
import { encoderOf } from '../../src/table/encoders/encoder.js';
import { readTable, type Table } from '../../src/table/index.js';

/** Numbers that look random. */
const draw = (i: number): number => {
  const s = Math.sin(i * 12.9898) * 43758.5453;
  return s - Math.floor(s);
};
const rows = Array.from({ length: 96 }, (_, i) => {
  const [a, b] = [draw(3 * i) * 4 - 2, draw(3 * i + 1) * 10];
  return { a, b, c: ['x', 'y', 'z'][i % 3] as string, y: a + b / 5 + draw(3 * i + 2) > 1.5 ? 'yes' : 'no' };
});
const all = await readTable(rows);
const dealt = (count: number): Table[] =>
  Array.from({ length: count }, (_, k) => all.select(Int32Array.from(rows.keys()).filter((row) => row % count === k)));

const own: { dispose(): void }[] = [];
afterAll(() => {
  for (const each of own) each.dispose();
});
const kept = <T extends { dispose(): void }>(each: T): T => {
  own.push(each);
  return each;
};
const weightsOf = (model: { getWeights(): ReadonlyMap<string, { data: Float32Array }> }): number[] =>
  [...model.getWeights().values()].flatMap(({ data }) => [...data]);
const close = (got: readonly number[], wanted: readonly number[], within: number): void => {
  expect(got.length).toBe(wanted.length);
  for (const [i, value] of got.entries()) expect(Math.abs(value - (wanted[i] as number))).toBeLessThan(within);
};
/** The network's rows and targets, by the encoder of a result. */
function encoded(fitted: { encoder?: { encoding(t: Table['data']): Generator<undefined, Matrix> } }, table: Table) {
  const x = atOnce((fitted.encoder as NonNullable<typeof fitted.encoder>).encoding(table.data));
  return { x, y: table.values('y').map((cell) => (cell === 'yes' || cell === true ? 1 : 0)) };
}

describe('the algorithm', () => {
  test('one full-batch step a round on equal shards is gradient descent on all rows', async () => {
    const layers = [dense({ units: 5, activation: 'tanh' })];
    const pipeline: Pipeline = { layers, optimizer: sgd({ learningRate: 0.5 }), fit: { batchSize: 'full' } };
    const fitted = kept(await fitShards(pipeline, dealt(4), { target: 'y', rounds: 30, seed: 3 }));
    const { x, y } = encoded(fitted, all);
    const model = kept(sequential({ inputs: x.columns, layers: fitted.pipeline.layers, seed: 3 }));
    model.compile({ optimizer: sgd({ learningRate: 0.5 }), loss: 'binaryCrossentropy' });
    await model.fit(x, y, { epochs: 30, batchSize: 'full' });
    close(weightsOf(fitted.model), weightsOf(model), 2e-5);
  });

  test.each([
    ['averaging', {}],
    ['with a smaller step', { learningRate: 0.6 }],
    ['with momentum', { learningRate: 0.7, momentum: 0.8 }],
  ])('unequal shards and three local steps: federated averaging in float64, %s', async (_, outer) => {
    const parts = [
      [0, 10],
      [10, 50],
      [50, 96],
    ].map(([from, to]) => all.select(Int32Array.from(rows.keys()).slice(from, to)));
    const pipeline: Pipeline = { layers: [], optimizer: sgd({ learningRate: 0.4 }), fit: { batchSize: 'full' } };
    const o = { target: 'y', rounds: 12, localEpochs: 3, outer, seed: 5 };
    const fitted = kept(await fitShards(pipeline, parts, o));
    const sets = parts.map((table) => encoded(fitted, table));
    const width = sets[0]?.x.columns as number;
    const start = kept(sequential({ inputs: width, layers: fitted.pipeline.layers, seed: 5 }));
    // A logistic regression: the kernel, then the bias.
    let weights = weightsOf(start);
    const velocity = weights.map(() => 0);
    const { learningRate = 1, momentum = 0 } = outer as { learningRate?: number; momentum?: number };
    for (let round = 0; round < 12; round++) {
      const change = weights.map(() => 0);
      for (const { x, y } of sets) {
        const w = [...weights];
        for (let step = 0; step < 3; step++) {
          const gradient = w.map(() => 0);
          for (const [row, label] of y.entries()) {
            const cells = [...x.row(row), 1];
            const z = cells.reduce((sum, cell, i) => sum + cell * (w[i] as number), 0);
            const off = 1 / (1 + Math.exp(-z)) - label;
            for (const [i, cell] of cells.entries()) (gradient[i] as number) += (off * cell) / y.length;
          }
          for (const [i, slope] of gradient.entries()) (w[i] as number) -= 0.4 * slope;
        }
        for (const [i, value] of w.entries())
          (change[i] as number) += (y.length / rows.length) * (value - (weights[i] as number));
      }
      weights = weights.map((value, i) => {
        velocity[i] = momentum * (velocity[i] as number) + (change[i] as number);
        return value + learningRate * ((change[i] as number) + momentum * (velocity[i] as number));
      });
    }
    close(weightsOf(fitted.model), weights, 2e-5);
  });

  test('control variates in float64, but for the digits that pass: SCAFFOLD', async () => {
    // Each shard has other rows, and one nearly all of a class.
    const order = [...rows.keys()].sort((i, j) =>
      (rows[i] as { y: string }).y < (rows[j] as { y: string }).y ? -1 : 1,
    );
    const parts = [
      [0, 20],
      [20, 60],
      [60, 96],
    ].map(([from, to]) => all.select(Int32Array.from(order.slice(from, to))));
    const optimizer = sgd({ learningRate: 0.3 });
    const pipeline: Pipeline = { layers: [], optimizer, fit: { batchSize: 'full' } };
    const o = { target: 'y', rounds: 10, localEpochs: 4, outer: { momentum: 0.5 }, controlVariates: true, seed: 5 };
    const fitted = kept(await fitShards(pipeline, parts, o));
    const sets = parts.map((table) => encoded(fitted, table));
    const width = sets[0]?.x.columns as number;
    let weights = weightsOf(kept(sequential({ inputs: width, layers: fitted.pipeline.layers, seed: 5 })));
    const zeros = (): number[] => weights.map(() => 0);
    const velocity = zeros();
    const own = sets.map(zeros);
    let mean = zeros();
    for (let round = 0; round < 10; round++) {
      const change = zeros();
      const before = mean;
      mean = zeros();
      for (const [k, { x, y }] of sets.entries()) {
        const w = [...weights];
        const share = y.length / rows.length;
        for (let step = 0; step < 4; step++) {
          const gradient = zeros();
          for (const [row, label] of y.entries()) {
            const cells = [...x.row(row), 1];
            const z = cells.reduce((sum, cell, i) => sum + cell * (w[i] as number), 0);
            for (const [i, cell] of cells.entries())
              (gradient[i] as number) += ((1 / (1 + Math.exp(-z)) - label) * cell) / y.length;
          }
          for (const [i, slope] of gradient.entries())
            (w[i] as number) -= 0.3 * (slope - (own[k]?.[i] as number) + (before[i] as number));
        }
        own[k] = w.map((value, i) => {
          const off = (value as number) - (weights[i] as number);
          (change[i] as number) += share * off;
          const next = (own[k]?.[i] as number) - (before[i] as number) - off / (4 * 0.3);
          (mean[i] as number) += share * next;
          return next;
        });
      }
      weights = weights.map((value, i) => {
        velocity[i] = 0.5 * (velocity[i] as number) + (change[i] as number);
        return value + (change[i] as number) + 0.5 * (velocity[i] as number);
      });
    }
    close(weightsOf(fitted.model), weights, 0.02);
    // Without them it is another network.
    const free = kept(await fitShards(pipeline, parts, { ...o, controlVariates: false }));
    const far = weightsOf(free.model).map((value, i) => Math.abs(value - (weights[i] as number)));
    expect(Math.max(...far)).toBeGreaterThan(0.1);
  });

  // But those below a billionth of the largest.
  test('numbers of 16 and 12 bits on their way keep eleven and seven digits in base two', () => {
    const values = Float32Array.from({ length: 1001 }, (_, i) => (draw(i) - 0.5) * (i % 10 === 0 ? 1e-6 : 1));
    for (const [back, digits] of [
      [fromHalves(toHalves(values)), 11],
      [fromTwelve(toTwelve(values), values.length), 7],
    ] as const)
      for (const [i, value] of values.entries())
        expect(Math.abs((back[i] as number) - value)).toBeLessThanOrEqual(Math.abs(value) * 2 ** -digits + 2 ** -37);
    expect(fromTwelve(toTwelve(new Float32Array(3)), 3)).toEqual(new Float32Array(3));
    expect(fromHalves(toHalves(Float32Array.of(-2, 2, 0)))).toEqual(Float32Array.of(-2, 2, 0));
  });

  test('a schedule counts rounds', async () => {
    const fit = { batchSize: 'full' as const };
    const of = (learningRate: never) =>
      fitShards({ layers: [], optimizer: sgd({ learningRate }), fit }, dealt(2), { target: 'y', rounds: 3 });
    const falling = { type: 'piecewise', boundaries: [1, 2], values: [0.4, 0.2, 1e-9] } as never;
    const fitted = kept(await of(falling));
    expect(fitted.history.epochs.map(({ learningRate }) => learningRate)).toEqual([0.4, 0.2, 1e-9]);
  });

  test('moving figures of a batch normalization are averaged without momentum, and stay variances', async () => {
    const layers = [dense({ units: 4 }), batchNormalization(), dropout({ rate: 0.2 })];
    const outer = { learningRate: 1, momentum: 0.9 };
    const p: Pipeline = { layers: [...layers, dense({ units: 3, activation: 'relu' })], fit: { batchSize: 8 } };
    const fitted = kept(await fitShards(p, dealt(3), { target: 'y', rounds: 8, outer }));
    const variances = fitted.model.getWeights().get('batchNormalization/movingVariance')?.data as Float32Array;
    expect(Math.min(...variances)).toBeGreaterThan(0);
  });

  test('a pipeline that was fitted is trained further, and stays as it is', async () => {
    const p: Pipeline = { layers: [dense({ units: 4, activation: 'tanh' })], fit: { epochs: 3 } };
    const before = kept(await fitPipeline(p, all, 'y'));
    const file = before.save();
    const after = kept(await fitShards(before, dealt(2), { rounds: 15 }));
    expect(before.save()).toEqual(file);
    expect(after.encoder?.toJSON()).toEqual(before.encoder?.toJSON());
    expect(after.evaluate(all).loss as number).toBeLessThan(before.evaluate(all).loss as number);
    expect(after.history.epochs.length).toBe(15);
  });

  test('a regression, in its own units; saved and loaded', async () => {
    const table = await readTable(rows.map(({ a, b, c }) => ({ a, b, c, price: 1000 + 300 * a - 20 * b })));
    const parts = [0, 1].map((k) => table.select(Int32Array.from(rows.keys()).filter((row) => row % 2 === k)));
    const p: Pipeline = { layers: [], optimizer: adam({ learningRate: 0.05 }), fit: { batchSize: 16 } };
    const fitted = kept(await fitShards(p, parts, { target: 'price', rounds: 60 }));
    expect(fitted.pipeline.task).toBe('regression');
    expect(fitted.evaluate(table).r2 as number).toBeGreaterThan(0.95);
    expect(fitted.history.epochs.at(-1)?.loss as number).toBeLessThan(20_000);
    const again = kept(loadPipeline(fitted.save()));
    expect(again.predict(table)).toEqual(fitted.predict(table));
    expect(again.target).toBe('price');
  });
});

describe('what the shards tell', () => {
  const encode = { number: { scale: 'standard' as const } };
  test('gives the encoder and the classes of all rows', async () => {
    const p: Pipeline = { layers: [], encode, fit: {} };
    const together = kept(await fitPipeline({ ...p, fit: { epochs: 1 } }, all, 'y'));
    const apart = kept(await fitShards(p, dealt(5), { target: 'y', rounds: 1 }));
    const [a, b] = [together, apart].map((each) => each.encoder?.toJSON().columns as never[]) as [never[], never[]];
    expect(b.length).toBe(a.length);
    for (const [i, column] of (a as { scaler?: { center: [number]; scale: [number] } }[]).entries()) {
      const { scaler, ...rest } = (b as (typeof column)[])[i] as typeof column & { fill?: number };
      if (!column.scaler) expect(rest).toEqual(column);
      else {
        expect(scaler?.center[0]).toBeCloseTo(column.scaler.center[0], 10);
        expect(scaler?.scale[0]).toBeCloseTo(column.scaler.scale[0], 10);
      }
    }
    expect(apart.classes).toEqual(together.classes);
  });

  test('a shard of one class, of one category, or without any number, is one of all', async () => {
    const sorted = [...rows]
      .sort((p, q) => (p.y < q.y ? -1 : 1))
      .map((row, i) => ({ ...row, c: i < 48 ? 'x' : 'y', b: i < 48 ? null : row.b }));
    const parts = await Promise.all(
      [sorted.slice(0, 20), sorted.slice(20, 48), sorted.slice(48)].map((part) => readTable(part)),
    );
    const fitted = kept(await fitShards({ layers: [] }, parts, { target: 'y', rounds: 1 }));
    expect(fitted.classes).toEqual(['no', 'yes']);
    expect(fitted.encoder?.features).toEqual(['a', 'b', 'b missing', 'c=x', 'c=y']);
  });

  test.each([
    [
      'number',
      [{ v: 1 }, { v: 2 }],
      [{ v: 'a' }, { v: 'b' }],
      /column "v" is 'number' in shard 0 and 'category' in shard 1; say which it is/,
    ],
    [
      'lack',
      [{ v: 1 }, { v: 2 }],
      [{ w: 1 }, { w: 2 }],
      /shard 0 has a column "v", shard 1 has none; all shards need the same columns/,
    ],
  ])('%s: shards that do not fit together are refused', async (_, first, second, message) => {
    const many = (list: object[]) =>
      Array.from({ length: 30 }, (_, i) => ({ ...list[i % 2], u: i, y: i % 2 ? 'p' : 'q' }));
    const parts = await Promise.all([first, second].map((list) => readTable(many(list))));
    await expect(fitShards({ layers: [] }, parts, { target: 'y', rounds: 1 })).rejects.toThrow(message);
  });

  test('classes only, without the rows: a summary has no cell of a column of numbers', () => {
    const summary = atOnce(summarising('test', all.data, { target: 'y' }));
    const text = JSON.stringify(summary);
    expect(text.length).toBeLessThan(3000);
    expect(summary.columns?.map(({ name, moments }) => [name, moments?.count])).toEqual([
      ['a', 96],
      ['b', 96],
      ['c', undefined],
    ]);
  });
});

test('an encoder of merged columns is one that encoderOf takes', async () => {
  const fitted = kept(await fitShards({ layers: [] }, dealt(2), { target: 'y', rounds: 1 }));
  expect(encoderOf(fitted.encoder?.toJSON()).features).toEqual(['a', 'b', 'c=x', 'c=y', 'c=z']);
});
