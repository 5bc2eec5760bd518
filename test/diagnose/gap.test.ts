// Over-fitting seen as a gap between training and validation rows: a figure is near its best on training rows, and no better than chance on validation rows.
import { describe, expect, test } from 'vitest';
import { adam, type CompileOptions, dense, type FitOptions } from '../../src/index.js';
import { codes, run } from './case.js';

const relu = (units: number) => dense({ units, activation: 'relu' });
const softmax = dense({ units: 3, activation: 'softmax' });
const one = dense({ units: 1 });

/** Random numbers of mean 0 and variance 1 that are the same in every runtime. */
function numbers(seed: number): () => number {
  let state = seed;
  const draw = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(draw() + 1e-12)) * Math.cos(2 * Math.PI * draw());
}

const normal = numbers(42);
const table = (rows: number, columns: number, shift = 0) =>
  Array.from({ length: rows }, () => Array.from({ length: columns }, () => normal() + shift));
const classOf = ([a = 0, b = 0]: readonly number[]) => Math.floor(Math.min(2.5, Math.max(0, a + b + 1.5)));

/** The findings, and the figures of the last epoch. */
async function train(
  x: number[][],
  y: ArrayLike<number>,
  compile: Partial<CompileOptions>,
  fit: FitOptions,
  units = 256,
) {
  const last: Record<string, number> = {};
  const { findings } = await run({
    x,
    y: (compile.loss ? Float32Array : Int32Array).from(y),
    inputs: x[0]?.length as number,
    layers: [relu(units), compile.loss ? one : softmax],
    compile: { optimizer: adam({ learningRate: 0.01 }), ...compile },
    fit: { epochs: 100, ...fit, callbacks: [{ onEpochEnd: ({ logs }) => void Object.assign(last, logs) }] },
  });
  return { findings, last };
}

const accuracy = { metrics: ['accuracy'] } as const;
const squares = { loss: 'meanSquaredError', metrics: ['r2'] } as const;
const split = { validationSplit: 0.4 };

describe('training rows are learnt by heart', () => {
  const x = table(600, 40);
  const labels = x.map(() => Math.floor(Math.abs(normal()) * 1000) % 3);
  const noise = Float32Array.from(x, normal);

  test.each([60, 200, 600])('labels of other rows, %i rows, with a metric', async (rows) => {
    const { findings, last } = await train(x.slice(0, rows), labels.slice(0, rows), accuracy, split);
    expect(last['accuracy']).toBeGreaterThan(0.98);
    expect(last['valAccuracy']).toBeLessThan(0.55);
    expect(codes(findings)).toEqual(['over-fitting']);
  });

  test.each([100, 300])('numbers that are noise, %i rows: never better than their mean', async (rows) => {
    const { findings, last } = await train(x.slice(0, rows), noise.slice(0, rows), squares, split, 128);
    expect(last['r2']).toBeGreaterThan(0.9);
    expect(last['valR2']).toBeLessThan(-0.1);
    expect(codes(findings)).toEqual(['over-fitting']);
  });

  test('an accuracy of other rows that never changes', async () => {
    const rows = x.slice(0, 200);
    const y = rows.map(([a = 0]) => Number(a > 0));
    const others = table(100, 40);
    const wrong = others.map(([a = 0]) => Number(a <= 0));
    const { findings, last } = await train(rows, y, accuracy, {
      validationData: [others.map((row) => [(row[0] as number) > 0 ? 5 : -5, ...row.slice(1)]), Int32Array.from(wrong)],
    });
    expect(last['valAccuracy']).toBeLessThan(0.1);
    expect(codes(findings)).toContain('over-fitting');
  });

  test('a real signal among few rows', async () => {
    const rows = x.slice(0, 150).map((row) => row.slice(0, 30));
    const y = rows.map((row, i) => (i % 5 === 0 ? (labels[i] as number) : classOf(row)));
    const { findings, last } = await train(rows, y, accuracy, { ...split, epochs: 200 });
    expect((last['accuracy'] as number) - (last['valAccuracy'] as number)).toBeGreaterThan(0.2);
    expect(codes(findings)).toEqual(['over-fitting']);
    // The figures of both are told, means of five epochs.
    const told = findings[0]?.message.match(/valAccuracy is ([\d.]+), and ([\d.]+) on training rows/);
    expect(Number(told?.[1])).toBeCloseTo(last['valAccuracy'] as number, 1);
    expect(Number(told?.[2])).toBeCloseTo(last['accuracy'] as number, 1);
  });

  test('validation rows from elsewhere', async () => {
    const far = table(200, 6, 4);
    const near = table(600, 6);
    const { findings } = await train(
      near,
      near.map(classOf),
      accuracy,
      { epochs: 30, validationData: [far, Int32Array.from(far, (_, i) => i % 3)] },
      16,
    );
    expect(codes(findings)).toEqual(['over-fitting']);
    expect(findings[0]?.advice).toContain('validation rows');
  });
});

describe('no finding', () => {
  const x = table(600, 6);

  test('where the network is only ever surer: its validation loss rises, its accuracy stays', async () => {
    const losses: number[] = [];
    const onEpochEnd = ({ logs }: { logs: Readonly<Record<string, number>> }) =>
      void losses.push(logs['valLoss'] as number);
    // So many rows that a difference of a few hundredths is beyond noise.
    const rows = table(2500, 20);
    const { findings, told } = await run({
      x: rows,
      y: Int32Array.from(rows, classOf),
      inputs: 20,
      layers: [relu(64), softmax],
      compile: { optimizer: adam({ learningRate: 0.01 }), ...accuracy },
      fit: { epochs: 80, ...split, callbacks: [{ onEpochEnd }] },
    });
    expect(losses.at(-1)).toBeGreaterThan(1.2 * Math.min(...losses));
    expect([...findings, ...told]).toEqual([]);
  });

  test.each([squares, { ...squares, metrics: [] }])(
    'where rows weigh a twentieth, and with them the training loss: %#',
    async (compile) => {
      const y = Float32Array.from(x, ([a = 0, b = 0]) => a + b + 0.5 * normal());
      const sampleWeight = new Float32Array(x.length).fill(0.05);
      const { findings, last } = await train(x, y, compile, { ...split, epochs: 60, sampleWeight }, 8);
      expect(last['valLoss']).toBeGreaterThan(5 * (last['loss'] as number));
      expect(codes(findings)).not.toContain('over-fitting');
    },
  );
});

test('targets that are all the same are no problem: there is no skill to learn', async () => {
  for (const loss of ['meanAbsoluteError', 'huber', 'logCosh', 'meanSquaredError'] as const) {
    const { findings } = await train(
      table(100, 4),
      new Float32Array(100).fill(0.5),
      { loss, optimizer: adam({ learningRate: 0.001 }) },
      {},
      8,
    );
    expect(codes(findings).filter((code) => code === 'loss-does-not-fall' || code === 'under-fitting')).toEqual([]);
  }
});
