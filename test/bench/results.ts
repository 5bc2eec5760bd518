import type { Times } from '../../src/bench/measure.js';
import { speedupOf } from '../../src/bench/recommendation.js';
import type { BenchResults, OptionTimes } from '../../src/bench/results.js';
import type { Choice } from '../../src/engine/fastest.js';

export const times = (median: number, samples = 9): Times => ({
  median,
  low: median * 0.98,
  high: median * 1.04,
  samples,
});

/** Options whose works take this share of the time without options. */
export function optionOf(choice: Choice, share: number): OptionTimes {
  const always = (median: number): Times => ({ median, low: median, high: median, samples: 9 });
  const works = (of: number): OptionTimes['times'] => ({
    W2: always(400 * of),
    W3: always(7000 * of),
    'gemm 512': always(5800 * of),
  });
  return { choice, kernels: 'simd128 2x16', times: works(share), speedup: speedupOf(works(share), works(1), choice) };
}

export const results: BenchResults = {
  simdense: '0.2.0',
  date: '2026-01-02T03:04:05.000Z',
  unit: 'µs',
  machine: { runtime: 'Node 24.0.0', cpu: 'A <b>fast</b> | one', cores: 2 },
  kernels: 'simd128 2x16',
  peak: 46,
  lines: [
    {
      group: 'kernels',
      name: 'gemm 512',
      about: '512×512×512',
      simdense: times(5800),
      plain: times(174_000),
      blocked: times(116_000),
      gigaflops: 46.28,
      share: 0.985,
    },
    { group: 'kernels', name: 'tanh', about: '10,000', simdense: times(20), plain: times(160) },
    {
      group: 'steps',
      name: 'W4',
      about: '1024-1024-1024-10, 256',
      simdense: times(65_000),
      plain: times(1_800_000, 1),
      gigaflops: 41.5,
      share: 0.9,
    },
    { group: 'predict', name: 'one row', about: '784-128-10', simdense: times(9.5), plain: times(95), gigaflops: 21.4 },
  ],
  options: [
    optionOf({}, 1),
    optionOf({ relaxed: true }, 0.5),
    optionOf({ threads: 2 }, 0.6),
    optionOf({ relaxed: true, threads: 2 }, 0.3),
  ],
  absent: [{ option: 'wide', why: 'only V8 in Node from 22 on has it' }],
  seconds: 14.8,
};
