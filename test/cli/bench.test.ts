// npx simdense bench, in as little time as it takes: what it prints and writes. No time is asserted.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cli, workplace } from './run.js';

const { run, file } = workplace();

describe('bench', { timeout: 120_000 }, () => {
  test('prints tables, and the options that pay', () => {
    const { out, status, err } = run('bench', '--seconds', '8');
    expect([status, err]).toEqual([0, '']);
    for (const name of ['gemm 64', 'gemm 512', 'softmax', 'W1', 'W4', 'W5', 'one row', 'no option'])
      expect(out).toMatch(new RegExp(`^${name} `, 'm'));
    expect(out).toMatch(/The peak is [\d.]+ GFLOP\/s/);
    expect(out).toMatch(
      /const engine = await createEngine\(\{ .* \}\);|No option (makes it 5 % faster here|was clearly faster)/,
    );
  });

  test('--json is one value with all of it; --report a page with charts', () => {
    const { out, status, err } = run('bench', '--seconds', '8', '--json', '--report', 'bench.html');
    expect([status, err]).toEqual([0, '']);
    const results = JSON.parse(out);
    expect(results.lines.map(({ name }: { name: string }) => name)).toEqual([
      ...['gemm 64', 'gemm 256', 'gemm 512', 'gemv', 'tanh', 'softmax', 'sum'],
      ...['W1', 'W2', 'W3', 'W4', 'W5', 'one row'],
    ]);
    for (const { simdense } of results.lines) {
      expect(simdense.low).toBeLessThanOrEqual(simdense.median);
      expect(simdense.median).toBeLessThanOrEqual(simdense.high);
    }
    for (const { share, gigaflops } of results.lines) {
      if (share === undefined) continue;
      expect(share).toBeLessThanOrEqual(1);
      expect(share).toBeCloseTo(gigaflops / results.peak, 12);
    }
    expect(results.options[0].choice).toEqual({});
    for (const { choice, kernels, times } of results.options) {
      for (const { samples } of Object.values<{ samples: number }>(times)) expect(samples).toBeGreaterThanOrEqual(3);
      // The tiles that win only where V8 makes them wide.
      if (!choice.wide) expect(kernels).not.toMatch(/simd128 3x16|relaxed 6x16/);
    }
    expect(results.fastest.code).toMatch(/^const engine = await createEngine\(/);
    expect([results.peak > 0, results.written]).toEqual([true, ['bench.html']]);
    const page = readFileSync(file('bench.html'), 'utf8');
    expect(page).toMatch(/^<!doctype html>/);
    expect(page.match(/<figure>/g)?.length).toBe(3);
    // Its own report may be replaced, another file not.
    writeFileSync(file('mine.html'), '<!doctype html><p>Mine.');
    expect(run('bench', '--report', 'mine.html').err).toContain('mine.html is there already');
  });

  test('refuses what it cannot use', () => {
    expect(run('bench', '--seconds', '0')).toMatchObject({
      status: 2,
      err: 'simdense: --seconds: expected a number from 8 to 600, got "0"',
    });
    expect(run('bench', '--seconds', '1e9').err).toContain('expected a number from 8 to 600, got "1e9"');
    const { stderr } = spawnSync(process.execPath, [cli, 'bench', file('iris.csv')], { encoding: 'utf8' });
    expect(stderr).toBe('simdense: expected no file: simdense bench\n');
    expect(run('bench', '--force').err).toBe('simdense: --force: has no effect without --report');
    expect(run('benchmark').err).toContain('did you mean bench?');
  });
});
