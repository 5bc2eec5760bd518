// What comes of samples, and how many there are. No time is asserted.
import { describe, expect, test } from 'vitest';
import { bench } from '../../src/bench/index.js';
import { compared, timesOf } from '../../src/bench/measure.js';

test('quartiles are those of NumPy', () => {
  // numpy.quantile([7, 1, 3, 10], [0.25, 0.5, 0.75])
  expect(timesOf([7, 1, 3, 10])).toEqual({ low: 2.5, median: 5, high: 7.75, samples: 4 });
  expect(timesOf([2])).toEqual({ low: 2, median: 2, high: 2, samples: 1 });
});

describe('compared', () => {
  const spin = (milliseconds: number) => (): void => {
    for (const begin = performance.now(); performance.now() - begin < milliseconds; );
  };

  test('what takes longer than half of its share is run once', async () => {
    let calls = 0;
    const slow = {
      name: 'slow',
      run() {
        calls++;
        spin(450)();
      },
    };
    const times = await compared([slow, { name: 'fast', run: spin(0.01) }], 800);
    expect([calls, times.get('slow')?.samples]).toEqual([1, 1]);
    expect(times.get('fast')?.samples).toBeGreaterThanOrEqual(3);
    expect(times.get('slow')?.median).toBeGreaterThan(450_000 - 1);
  });

  test('thorough: what takes long has three samples too', async () => {
    const slow = { name: 'slow', run: spin(30) };
    const times = await compared([slow, { name: 'fast', run: spin(0.01) }], 20, undefined, { thorough: true });
    expect(times.get('slow')?.samples).toBe(3);
    expect(times.get('fast')?.samples).toBe(3);
  });

  test('what was held up while its calls were counted runs often enough for the clock all the same', async () => {
    let calls = 0;
    const held = {
      name: 'held',
      // The first call, and the next, which tells how many a sample needs.
      run: () => (calls++ < 2 ? spin(20) : () => {})(),
    };
    const times = await compared([held], 100);
    expect(calls).toBeGreaterThan(3000);
    expect(times.get('held')?.median).toBeGreaterThan(0);
  });

  test('what a run throws is thrown', async () => {
    const broken = () => {
      throw new Error('broken');
    };
    await expect(compared([{ name: 'a', run: broken }], 10)).rejects.toThrow('broken');
  });

  test('ends with its signal', async () => {
    const controller = new AbortController();
    const run = (): void => controller.abort(new Error('enough'));
    await expect(compared([{ name: 'a', run }], 1000, controller.signal)).rejects.toThrow('enough');
  });
});

describe('bench', () => {
  test('refuses what it does not know', async () => {
    for (const seconds of [0, 7.9, 601, Number.NaN, '9'])
      await expect(bench({ seconds } as never)).rejects.toThrow('bench(seconds): expected a number from 8 to 600, got');
    await expect(bench({ second: 1 } as never)).rejects.toThrow('unknown option "second"');
    await expect((bench as (...args: unknown[]) => Promise<unknown>)({}, 1)).rejects.toThrow('takes 1 argument');
  });

  test('tells how far it is, and ends with its signal', async () => {
    const controller = new AbortController();
    const told: string[] = [];
    const run = bench({
      seconds: 8,
      signal: controller.signal,
      onProgress({ next, done, results }) {
        told.push(next);
        expect(results.lines.length).toBe(Math.max(0, done - 1));
        if (results.lines.length === 2) controller.abort(new Error('enough'));
      },
    });
    await expect(run).rejects.toThrow('enough');
    expect(told).toEqual(['the peak', 'gemm 64, 64×64×64', 'gemm 256, 256×256×256', 'gemm 512, 512×512×512']);
  });
});
