// Worker threads as an executor, with the built package.
import { execFileSync } from 'node:child_process';
import { dense, sgd } from 'simdense';
import { kFold } from 'simdense/data';
import { crossValidate, inline, type Pipeline, search } from 'simdense/evaluate';
import { workers } from 'simdense/node';
import { afterAll, describe, expect, test } from 'vitest';
import { blobs } from '../helpers/models.js';

const { x, y } = blobs(90);
const pipeline: Pipeline = { layers: [dense({ units: 6, activation: 'tanh' })], fit: { epochs: 4, batchSize: 16 } };
const splits = [...kFold(90, { folds: 5, stratify: y })];

async function collect<T>(all: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const one of all) list.push(one);
  return list;
}

describe('workers', () => {
  const executor = workers({ count: 2 });
  afterAll(() => executor.close());

  test('give the bits of inline, for a cross-validation and a search', async () => {
    const o = { seed: 4 };
    expect(await crossValidate(pipeline, x, y, splits, { ...o, executor })).toEqual(
      await crossValidate(pipeline, x, y, splits, { ...o, executor: inline() }),
    );
    const run = async (on = inline()) => {
      const space = { units: { min: 1, max: 8, integer: true }, epochs: [2, 3] };
      const result = await search({
        space,
        pipeline: (p: { units: number; epochs: number }) => ({
          ...pipeline,
          layers: [dense({ units: p.units, activation: 'tanh' })],
          fit: { epochs: p.epochs },
        }),
        x,
        y,
        splits,
        trials: 5,
        executor: on,
      });
      return [result.best, result.trials.map(({ seconds: _, ...trial }) => trial)];
    };
    expect(await run(executor)).toEqual(await run());
  });

  test('train with the factors of a pipeline', async () => {
    const frozen = { ...pipeline, layerRates: { dense: 0 } };
    const scores = await crossValidate(frozen, x, y, splits, { executor });
    expect(scores).toEqual(await crossValidate(frozen, x, y, splits, { executor: inline() }));
    expect(scores).not.toEqual(await crossValidate(pipeline, x, y, splits, { executor }));
  });

  test('progress counts to the end', async () => {
    const told: number[] = [];
    await crossValidate(pipeline, x, y, splits, {
      executor,
      onProgress: (done, total) => told.push(done * 10 + total),
    });
    expect(told).toEqual([15, 25, 35, 45, 55]);
  });

  test('what fails keeps its code and words', async () => {
    const bad = { ...pipeline, fit: { batchSize: -1 } };
    await expect(crossValidate(bad, x, y, splits, { executor })).rejects.toThrow(
      expect.objectContaining({ code: 'ARGUMENT', message: expect.stringContaining('fit(batchSize)') }),
    );
    const [outcome] = await collect(executor.run('nothing', [1]));
    // Which run it was, and the thread's own stack, are the last of the causes.
    expect(outcome?.error?.cause).toMatchObject({
      message: 'workers: training run 0',
      stack: expect.stringMatching(
        /^Error: workers: training run 0\nSimdenseError \[ARGUMENT\]: .*\n\s+at .*evaluate-worker/s,
      ),
    });
    expect(outcome?.error?.message).toBe(
      'executor: task: expected one of fit, summarizeShard, trainShard, got "nothing"',
    );
  });

  test('a signal ends a run at once, and the threads go on to others', async () => {
    const long = { ...pipeline, fit: { epochs: 1_000_000 } };
    const begin = performance.now();
    await expect(crossValidate(long, x, y, splits, { executor, signal: AbortSignal.timeout(300) })).rejects.toThrow(
      expect.objectContaining({ name: 'TimeoutError' }),
    );
    expect(performance.now() - begin).toBeLessThan(5000);
    expect((await crossValidate(pipeline, x, y, splits, { executor }))['loss']?.values.length).toBe(5);
  });
});

describe('one thread', () => {
  const long = { ...pipeline, fit: { epochs: 1_000_000 } };
  const executor = workers({ count: 1 });
  afterAll(() => executor.close());

  test('is free again after an abort, and after a callback that throws in mid-run', async () => {
    for (let round = 0; round < 3; round++) {
      const signal = AbortSignal.timeout(100);
      await expect(crossValidate(long, x, y, splits, { executor, signal })).rejects.toThrow(
        expect.objectContaining({ name: 'TimeoutError' }),
      );
      let jobs = 0;
      const running = search({
        space: { epochs: [2, 1_000_000] },
        strategy: 'grid',
        pipeline: ({ epochs }: { epochs: number }) => ({ ...pipeline, fit: { epochs } }),
        x,
        y,
        splits: splits.slice(0, 1),
        executor,
        onProgress() {
          jobs++;
          throw new Error('mine');
        },
      });
      await expect(running).rejects.toThrow('mine');
      expect(jobs).toBe(1);
      // With the thread still at the long training this would not end.
      expect((await crossValidate(pipeline, x, y, splits, { executor }))['loss']?.values.length).toBe(5);
    }
  });

  test('serves two runs at once; one is aborted, the other ends', async () => {
    const aborted = crossValidate(long, x, y, splits, { executor, signal: AbortSignal.timeout(100) });
    const staying = crossValidate(pipeline, x, y, splits, { executor });
    await expect(aborted).rejects.toThrow(expect.objectContaining({ name: 'TimeoutError' }));
    expect(await staying).toEqual(await crossValidate(pipeline, x, y, splits));
  });

  test('keeps codes of errors', async () => {
    const wild = { ...pipeline, task: 'regression' as const, optimizer: sgd({ learningRate: 1e20 }) };
    await expect(crossValidate(wild, x, y, splits, { executor })).rejects.toThrow(
      expect.objectContaining({ code: 'DIVERGED' }),
    );
  });
});

test('closed during a run: it ends with DISPOSED; closing again does nothing', async () => {
  const executor = workers({ count: 1 });
  const long = { ...pipeline, fit: { epochs: 1_000_000 } };
  const running = expect(crossValidate(long, x, y, splits, { executor })).rejects.toThrow(
    expect.objectContaining({ code: 'DISPOSED', message: 'workers: closed during a run' }),
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  await Promise.all([executor.close(), executor.close(), running]);
  await executor.close();
});

test('after close it is refused', async () => {
  const executor = workers({ count: 1 });
  await executor.close();
  await expect(crossValidate(pipeline, x, y, splits, { executor })).rejects.toThrow('workers: used after close');
  expect(() => workers({ count: 0 })).toThrow('workers(count): expected a positive integer, got 0');
});

test('a process that does not close it ends all the same', () => {
  const program = `
    import { dense } from 'simdense';
    import { kFold } from 'simdense/data';
    import { crossValidate } from 'simdense/evaluate';
    import { workers } from 'simdense/node';
    const x = Array.from({ length: 40 }, (_, i) => [i % 7, i % 3]);
    const y = x.map(([a]) => (a > 3 ? 'high' : 'low'));
    const { accuracy } = await crossValidate({ layers: [], fit: { epochs: 2 } }, x, y, kFold(40, { folds: 4 }), { executor: workers({ count: 2 }) });
    console.log(accuracy.values.length);`;
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect(out).toBe('4\n');
});
