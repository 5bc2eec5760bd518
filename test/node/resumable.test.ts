// Searches that continue from stored results, with the built package.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dense, Matrix } from 'simdense';
import { kFold } from 'simdense/data';
import { bagging, crossValidate, type Executor, inline, type Pipeline, search } from 'simdense/evaluate';
import { resumable } from 'simdense/node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { blobs } from '../helpers/models.js';

const { x, y } = blobs(60);
const pipeline: Pipeline = { layers: [dense({ units: 4, activation: 'tanh' })], fit: { epochs: 3, batchSize: 16 } };
const splits = [...kFold(60, { folds: 4, stratify: y })];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'simdense-resumable-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** An executor that counts its jobs, and can fail at one of them. */
function counting(failsAt = Number.POSITIVE_INFINITY): Executor & { jobs: number; closed: boolean } {
  const inner = inline();
  return {
    jobs: 0,
    closed: false,
    concurrency: 1,
    async *run<T, R>(task: string, jobs: readonly T[], o = {}) {
      for await (const outcome of inner.run<T, R>(task, jobs, o)) {
        if (this.jobs === failsAt) throw new Error('the power is gone');
        this.jobs++;
        yield outcome;
      }
    },
    async close() {
      this.closed = true;
    },
  };
}

test('what is finished is not trained again, and the figures are the same bits', async () => {
  const expected = await crossValidate(pipeline, x, y, splits, { seed: 3 });
  const broken = counting(2);
  await expect(
    crossValidate(pipeline, x, y, splits, { seed: 3, executor: resumable({ folder, executor: broken }) }),
  ).rejects.toThrow('the power is gone');
  expect(broken.jobs).toBe(2);
  const second = counting();
  const told: number[] = [];
  const executor = resumable({ folder, executor: second });
  const onProgress = (done: number, total: number): void => void told.push(done / total);
  expect(await crossValidate(pipeline, x, y, splits, { seed: 3, executor, onProgress })).toEqual(expected);
  expect(second.jobs).toBe(2);
  expect(told).toEqual([0.25, 0.5, 0.75, 1]);
  expect(await crossValidate(pipeline, x, y, splits, { seed: 3, executor })).toEqual(expected);
  expect(second.jobs).toBe(2);
  await executor.close();
  expect(second.closed).toBe(true);
});

test('another seed, other data, another pipeline, are trained', async () => {
  const counted = counting();
  const executor = resumable({ folder, executor: counted });
  const other = new Matrix(
    x.data.map((n, i) => (i === 0 ? 7 : n)),
    x.columns,
  );
  await crossValidate(pipeline, x, y, splits, { seed: 3, executor });
  await crossValidate(pipeline, x, y, splits, { seed: 4, executor });
  await crossValidate(pipeline, other, y, splits, { seed: 3, executor });
  await crossValidate({ ...pipeline, scale: 'none' }, x, y, splits, { seed: 3, executor });
  expect(counted.jobs).toBe(16);
});

test('a search and a bagging, whose members and predictions are kept too', async () => {
  const counted = counting();
  const run = async (executor: Executor) => {
    const { best, trials } = await search({
      space: { units: { min: 1, max: 8, integer: true } },
      pipeline: ({ units }: { units: number }) => ({ ...pipeline, layers: [dense({ units, activation: 'tanh' })] }),
      x,
      y,
      splits,
      trials: 4,
      strategy: 'halving',
      executor,
    });
    using ensemble = await bagging(pipeline, x, y, { members: 3, executor });
    return [best, trials.map(({ seconds: _, ...trial }) => trial), ensemble.save(), ensemble.outOfBag];
  };
  const expected = await run(inline());
  expect(await run(resumable({ folder, executor: counted }))).toEqual(expected);
  const { jobs } = counted;
  expect(await run(resumable({ folder, executor: counted }))).toEqual(expected);
  expect(counted.jobs).toBe(jobs);
});

test.each([
  ['cut short', (file: string) => writeFileSync(file, readFileSync(file).subarray(0, -3))],
  ['empty', (file: string) => writeFileSync(file, '')],
  ['changed', (file: string) => writeFileSync(file, readFileSync(file, 'utf8').replace('loss', 'gain'))],
])('a result that is %s is trained again', async (_, spoil) => {
  const counted = counting();
  const executor = resumable({ folder, executor: counted });
  const expected = await crossValidate(pipeline, x, y, splits, { executor });
  const [first] = readdirSync(folder) as [string];
  spoil(join(folder, first));
  expect(await crossValidate(pipeline, x, y, splits, { executor })).toEqual(expected);
  expect(counted.jobs).toBe(5);
});

/** Replaces a stored result by anything, with a correct hash. */
function forge(file: string, change: (result: Record<string, unknown>) => unknown): void {
  const text = readFileSync(file, 'utf8');
  const forged = JSON.stringify(change(JSON.parse(text.slice(text.indexOf('\n') + 1)) as Record<string, unknown>));
  writeFileSync(file, `${createHash('sha256').update(forged).digest('hex')} simdense\n${forged}`);
}

test.each([
  ['null', () => null],
  ['a text', () => 'good'],
  ['a list', (result: object) => [result]],
  ['without scores', ({ scores: _, ...rest }: Record<string, unknown>) => rest],
  ['with other scores', (result: object) => ({ ...result, scores: { gain: 1 } })],
  ['with a score that is a text', (result: object) => ({ ...result, scores: { loss: '1', accuracy: '1' } })],
  [
    'with a model that nobody asked for',
    (result: object) => ({ ...result, model: { $typed: 'Uint8Array', bytes: '' } }),
  ],
  ['of too many epochs', (result: object) => ({ ...result, epochs: 4 })],
])('first-contact row 79: a result that is %s, with a right hash, is trained again', async (_, change) => {
  const counted = counting();
  const executor = resumable({ folder, executor: counted });
  const expected = await crossValidate(pipeline, x, y, splits, { executor });
  for (const name of readdirSync(folder)) forge(join(folder, name), change as never);
  expect(await crossValidate(pipeline, x, y, splits, { executor })).toEqual(expected);
  expect(counted.jobs).toBe(8);
});

test('a model that is none is trained again', async () => {
  const counted = counting();
  const executor = resumable({ folder, executor: counted });
  using expected = await bagging(pipeline, x, y, { members: 2, executor });
  const models = ['', 'AAAA', Buffer.from('{}'.padEnd(300, ' ')).toString('base64')];
  for (const bytes of models) {
    for (const name of readdirSync(folder))
      forge(join(folder, name), (result) => ({ ...result, model: { $typed: 'Uint8Array', bytes } }));
    using again = await bagging(pipeline, x, y, { members: 2, executor });
    expect(again.save()).toEqual(expected.save());
  }
  expect(counted.jobs).toBe(2 * (1 + models.length));
});

test('a training that fails is not kept; a folder that is none is told', async () => {
  const bad = { ...pipeline, fit: { batchSize: -1 } };
  const executor = resumable({ folder, executor: inline() });
  await expect(crossValidate(bad, x, y, splits, { executor })).rejects.toThrow('fit(batchSize)');
  expect(readdirSync(folder)).toEqual([]);
  writeFileSync(join(folder, 'file'), '');
  const lost = resumable({ folder: join(folder, 'file'), executor: inline() });
  await expect(crossValidate(pipeline, x, y, splits, { executor: lost })).rejects.toThrow(
    expect.objectContaining({ code: 'EEXIST' }),
  );
});

test('a result that cannot be written ends the run: it is not taken for a failed training', async () => {
  const executor = resumable({ folder, executor: inline() });
  await crossValidate(pipeline, x, y, splits, { executor });
  const names = readdirSync(folder);
  rmSync(folder, { recursive: true });
  // A folder stands where a file should.
  for (const name of names) mkdirSync(join(folder, name), { recursive: true });
  await expect(crossValidate(pipeline, x, y, splits, { executor })).rejects.toThrow(
    expect.objectContaining({ code: 'EISDIR' }),
  );
});

test('options are checked', () => {
  expect(() => resumable({} as never)).toThrow('resumable(folder): expected the path of a folder, got undefined');
  expect(() => resumable({ folder: 'x', executor: 3 as never })).toThrow(
    'resumable(executor): expected an executor such as inline(), got 3',
  );
});
