// The temperature of probabilities, and the predictions that it is fitted on.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { atOnce } from '../../src/base/pause.js';
import { Matrix } from '../../src/data/index.js';
import { packFiles, unpackFiles } from '../../src/evaluate/files.js';
import { bagging, fitPipeline, loadEnsemble } from '../../src/evaluate/index.js';
import { helpfulTemperature, logLoss, tempered } from '../../src/evaluate/temperature.js';
import { readTable } from '../../src/table/index.js';

const bits = ({ data }: Matrix): Uint32Array => new Uint32Array(Float32Array.from(data).buffer);

/** Rows of two classes that overlap: y is 1 with a probability that rises with a. */
const noisy = (count: number) =>
  Array.from({ length: count }, (_, i) => {
    const a = ((i * 37) % 101) / 50 - 1;
    const dice = ((i * 7919) % 1009) / 1009;
    const b = ((i * 53) % 89) / 44 - 1;
    return { a, b, c: ((i * 71) % 97) / 48 - 1, y: dice < 1 / (1 + Math.exp(-3 * a)) ? 'won' : 'lost' };
  });
const table = await readTable(noisy(240));

const rowsOfProbabilities = fc
  .tuple(
    fc.integer({ min: 2, max: 5 }),
    fc.array(fc.float({ noNaN: true, min: 0, max: 1 }), { minLength: 5, maxLength: 60 }),
  )
  .map(([columns, numbers]) => {
    const rows = Math.floor(numbers.length / columns);
    const data = Float32Array.from(numbers.slice(0, rows * columns));
    for (let row = 0; row < rows; row++) {
      const each = data.subarray(row * columns, (row + 1) * columns);
      const sum = each.reduce((all, p) => all + p, 0);
      for (const c of each.keys()) each[c] = sum > 0 ? (each[c] as number) / sum : 1 / columns;
    }
    return new Matrix(data, columns);
  });

describe('tempered', () => {
  test('is softmax(ln p / T), never changes the largest, and sums to 1', () => {
    fc.assert(
      fc.property(rowsOfProbabilities, fc.double({ min: 0.05, max: 20, noNaN: true }), (given, temperature) => {
        const out = tempered(given, temperature);
        expect(out.argmax()).toEqual(given.argmax());
        for (let row = 0; row < given.rows; row++) {
          const powers = Array.from(given.row(row), (p) => Math.max(1e-7, p) ** (1 / temperature));
          const sum = powers.reduce((all, power) => all + power, 0);
          for (const [c, power] of powers.entries()) expect(out.row(row)[c]).toBeCloseTo(power / sum, 5);
        }
      }),
    );
  });

  test('of 1 changes no bit', () => {
    const given = Matrix.from([[0.25, 0.75]]);
    expect(tempered(given, 1)).toBe(given);
  });

  test('numbers that float32 makes equal keep their order', () => {
    const given = new Matrix(Float32Array.of(0.5 - 2 ** -25, 0.5), 2);
    expect(tempered(given, 20).argmax()).toEqual(Int32Array.of(1));
  });
});

test('helps only where each half of the rows helps the other', () => {
  const rows = Int32Array.from({ length: 400 }, (_, i) => i);
  // Right for three of four rows: 0.75 is as sure as it is right, 0.95 is too sure.
  const indices = rows.map((row) => Number((row >> 1) % 4 > 0));
  const sure = (p: number) => Matrix.from(Array.from(rows, () => [1 - p, p]));
  expect(atOnce(helpfulTemperature(sure(0.75), indices, rows))).toBe(1);
  const temperature = atOnce(helpfulTemperature(sure(0.95), indices, rows));
  // (19)^(1/T) = 3, or a little less than 3: half a row more of either class.
  expect(temperature).toBeCloseTo(Math.log(19) / Math.log(3), 1);
  expect(logLoss(tempered(sure(0.95), temperature), indices)).toBeLessThan(logLoss(sure(0.95), indices));
  // Even and odd rows contradict each other.
  const odd = rows.map((row) => Number(row % 2 === 0 || row % 20 === 1));
  expect(atOnce(helpfulTemperature(sure(0.7), odd, rows))).toBe(1);
});

test('rows that are all right make nothing certain', () => {
  const rows = Int32Array.from({ length: 100 }, (_, i) => i);
  const all = Matrix.from(Array.from(rows, () => [0.1, 0.9]));
  const out = tempered(all, atOnce(helpfulTemperature(all, new Int32Array(100).fill(1), rows)));
  expect(out.row(0)[1]).toBeGreaterThan(0.95);
  expect(out.row(0)[1]).toBeLessThan(1 - 1 / 250);
});

describe('an ensemble', () => {
  test('keeps the predictions that it was judged by', async () => {
    using plain = await fitPipeline('tabular', table, 'y', { seed: 1, members: 3, calibrate: false });
    const { rows, predictions, actual } = plain.outOfFold ?? expect.unreachable();
    expect([plain.temperature, rows]).toEqual([1, Int32Array.from({ length: 240 }, (_, row) => row)]);
    expect(actual).toEqual(table.values('y'));
    const losses = Array.from(rows, (row) => -Math.log(predictions.row(row)[actual[row] === 'won' ? 1 : 0] as number));
    expect(plain.outOfBag['loss']).toBeCloseTo(losses.reduce((sum, loss) => sum + loss, 0) / 240, 6);
  });

  test('of networks that are too sure gets a temperature, which is in its file and changes no label', async () => {
    // Three labels in ten are wrong, and five columns of six say nothing.
    let state = 7;
    const draw = (): number => {
      state = (state * 1_664_525 + 1_013_904_223) >>> 0;
      return state / 2 ** 32;
    };
    const table = await readTable(
      Array.from({ length: 240 }, () => {
        const columns = Object.fromEntries(Array.from({ length: 6 }, (_, c) => [`x${c}`, draw()]));
        return { ...columns, y: (columns['x0'] as number) > 0.5 === draw() > 0.3 ? 'won' : 'lost' };
      }),
    );
    using plain = await fitPipeline('tabular', table, 'y', { seed: 1, members: 3, calibrate: false });
    using fitted = await fitPipeline('tabular', table, 'y', { seed: 1, members: 3 });
    expect(fitted.temperature).not.toBe(1);
    expect(fitted.outOfBag['loss']).toBeLessThan(plain.outOfBag['loss'] as number);
    expect(fitted.outOfBag['accuracy']).toBe(plain.outOfBag['accuracy']);
    expect(fitted.predict(table)).toEqual(plain.predict(table));
    const means = plain.predictProbabilities(table);
    expect(bits(fitted.predictProbabilities(table))).toEqual(bits(tempered(means, fitted.temperature)));
    using loaded = loadEnsemble(fitted.save());
    expect([loaded.temperature, loaded.outOfFold]).toEqual([fitted.temperature, undefined]);
    expect(bits(loaded.predictProbabilities(table))).toEqual(bits(fitted.predictProbabilities(table)));
  });

  test('of bagging has these predictions, and no temperature', async () => {
    const x = Array.from({ length: 30 }, (_, i) => [i]);
    using fitted = await bagging(
      { layers: [], fit: { epochs: 5 }, task: 'regression' },
      x,
      x.map(([i = 0]) => [i, -i]),
      {
        members: 2,
      },
    );
    const { rows, predictions, actual } = fitted.outOfFold ?? expect.unreachable();
    expect([fitted.temperature, predictions.columns, predictions.rows]).toEqual([1, 2, rows.length]);
    expect(actual).toEqual([...rows].flatMap((row) => [row, -row]));
    expect(unpackFiles('test', fitted.save()).metadata['ensemble']).toContain('"version":1');
  });

  test('whose file has a wrong temperature is refused', async () => {
    const x = Array.from({ length: 30 }, (_, i) => [i]);
    using fitted = await bagging(
      { layers: [], fit: { epochs: 1 } },
      x,
      x.map(([i = 0]) => i / 7),
      { members: 2 },
    );
    const { files } = unpackFiles('test', fitted.save());
    const file = (temperature: unknown) =>
      packFiles(files, { ensemble: JSON.stringify({ version: 2, outOfBag: {}, temperature }) });
    for (const temperature of [0, -1, 'hot', null])
      expect(() => loadEnsemble(file(temperature))).toThrow('its part "ensemble" is not as simdense writes it');
    expect(() => loadEnsemble(file(2))).toThrow('loadEnsemble: a temperature of 2 for members without classes');
  });

  test('refuses another calibrate', async () => {
    await expect(fitPipeline('tabular', table, 'y', { calibrate: 1 as never })).rejects.toThrow(
      'fitPipeline(calibrate): expected true or false, got 1',
    );
  });
});
