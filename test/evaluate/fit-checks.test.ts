// Checks of results that others may have written: values that no training run gives are refused, and all others accepted.
import { describe, expect, test } from 'vitest';
import { type Dataset, toDataset } from '../../src/evaluate/dataset.js';
import type { FitJob, FitResult } from '../../src/evaluate/fit-job.js';
import { checkResult, mostBytes, runTask } from '../../src/evaluate/tasks.js';
import { dense } from '../../src/index.js';
import { lossNames } from '../../src/nn/losses.js';
import { classMetrics, numberMetrics } from '../../src/nn/metrics/names.js';
import { activationBehind } from '../../src/nn/pairs.js';
import { blobs } from '../helpers/models.js';

const { x } = blobs(30);
/** Labels of six classes, more than the five that topKAccuracy considers. */
const y = Array.from({ length: 30 }, (_, row) => row % 6);
const classes = toDataset('test', x, y);
const numbers = toDataset(
  'test',
  x,
  y.map((label, row) => label + row / 7),
);
const rows = Int32Array.from({ length: 30 }, (_, row) => row);
const alone = rows.filter((row) => y[row] === y[0]);
const layers = [dense({ units: 2, activation: 'tanh' })];
const job = (set: Dataset, more: Partial<FitJob['pipeline']> = {}, test = rows): FitJob => ({
  pipeline: {
    layers,
    fit: { epochs: 2 },
    metrics: set.task === 'classification' ? [...classMetrics] : [...numberMetrics],
    ...more,
  },
  train: rows,
  test,
  seed: 1,
});
const ran = async (asked: FitJob, set: Dataset): Promise<FitResult> => (await runTask('fit', asked, set)) as FitResult;

test('as many bytes as two classes give by one sigmoid are allowed', async () => {
  const count = 20_000;
  const wide = Array.from({ length: count }, (_, row) => [row % 7, row % 3]);
  const set = toDataset(
    'test',
    wide,
    wide.map(([a = 0]) => Number(a > 3)),
  );
  const all = Int32Array.from({ length: count }, (_, row) => row);
  const asked: FitJob = { ...job(set, { metrics: [] }, all), wants: { model: true } };
  const { model, predictions } = await ran(asked, set);
  expect(predictions?.columns).toBe(2);
  const given = (model as Uint8Array).byteLength + (predictions as { data: Float32Array }).data.byteLength;
  const most = mostBytes('fit', asked, set);
  expect(given).toBeLessThanOrEqual(most);
  // Of the bytes beside the predictions it allows 1 MiB and some.
  expect(most - 4 * 2 * count).toBeGreaterThan(2 ** 20);
});

describe('figures', () => {
  test('of every loss and metric pass, also where auc and r2 are NaN', async () => {
    const ofNumbers = lossNames.filter((loss) => activationBehind(loss) === undefined);
    const jobs: [FitJob, Dataset][] = [
      ...ofNumbers.map((loss): [FitJob, Dataset] => [job(numbers, { loss }), numbers]),
      [job(classes, { loss: 'categoricalCrossentropy' }), classes],
      [job(classes, {}, alone), classes],
      [job(numbers, {}, Int32Array.of(3)), numbers],
    ];
    for (const [asked, set] of jobs) {
      const result = await ran(asked, set);
      expect(checkResult('fit', result, asked, set)).toBe(result);
    }
    expect((await ran(job(classes, {}, alone), classes)).scores['auc']).toBeNaN();
    expect((await ran(job(numbers, {}, Int32Array.of(3)), numbers)).scores['r2']).toBeNaN();
  });

  const { NaN: none, POSITIVE_INFINITY: infinite } = Number;
  const shares = classMetrics.filter((name) => name !== 'matthewsCorrelation');
  test.each<[string, Dataset, number, string]>([
    ...shares.map((name): [string, Dataset, number, string] => [name, classes, 1.01, 'a number from 0 to 1']),
    ...shares.map((name): [string, Dataset, number, string] => [name, classes, -0.01, 'a number from 0 to 1']),
    ['matthewsCorrelation', classes, 1.01, 'a number from -1 to 1'],
    ['matthewsCorrelation', classes, -1.01, 'a number from -1 to 1'],
    ['auc', classes, none, 'a number'],
    ['loss', classes, -1, 'a number from 0 up'],
    ['loss', numbers, -infinite, 'a number from 0 up'],
    ['meanSquaredError', numbers, -1, 'a number from 0 up'],
    ['meanAbsoluteError', numbers, -1, 'a number from 0 up'],
    ['rootMeanSquaredError', numbers, -1, 'a number from 0 up'],
    ['r2', numbers, 1.5, 'at most 1'],
    ['r2', numbers, none, 'a number'],
  ])('%s of %#', async (name, set, value, expected) => {
    const asked = job(set);
    const result = await ran(asked, set);
    const forged = { ...result, scores: { ...result.scores, [name]: value } };
    expect(() => checkResult('fit', forged, asked, set)).toThrow(
      expect.objectContaining({
        code: 'FORMAT',
        message: `the result of a training run: scores: expected ${expected} for ${name}, got ${value}`,
      }),
    );
  });
});
