// Processes are killed at any moment while they save: the file is entirely the old or entirely the new one, and loads.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadModel } from '../../src/index.js';
import { numbers } from '../helpers/numbers.js';
import { rounds } from './rounds.js';

const ROUNDS = rounds(50, 5, 1000);
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'simdense-death-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program that trains and saves repeatedly with the built package, and prints when it has begun. */
const program = (file: string) => `
import { checkpoint, dense, sequential } from 'simdense';
import { saveFile } from 'simdense/node';
const model = sequential({ inputs: 64, layers: [dense({ units: 512, activation: 'relu' }), dense({ units: 3, activation: 'softmax' })] }).compile({ loss: 'categoricalCrossentropy' });
const x = Float32Array.from({ length: 64 * 8 }, (_, i) => Math.sin(i)), y = [0, 1, 2, 0, 1, 2, 0, 1];
const first = checkpoint(async (bytes) => {
  await saveFile(${JSON.stringify(file)}, bytes);
  process.stdout.write('.');
});
await model.fit(x, y, { epochs: 1e6, callbacks: [first] });`;

describe('killed while it saves', () => {
  test(`${ROUNDS} times, at any moment`, { timeout: 60_000 + ROUNDS * 1000 }, async () => {
    const next = numbers(5);
    const file = join(folder, 'model.safetensors');
    const sizes = new Set<number>();
    for (let round = 0; round < ROUNDS; round++) {
      const child = spawn(process.execPath, ['--input-type=module', '-e', program(file)], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const ended = new Promise((resolve) => child.on('close', resolve));
      await new Promise((resolve) => child.stdout.once('data', resolve));
      await new Promise((resolve) => setTimeout(resolve, Math.abs(next()) * 30));
      child.kill('SIGKILL');
      await ended;
      const bytes = new Uint8Array(readFileSync(file));
      sizes.add(bytes.length);
      // The file is complete, and contains what it claims.
      loadModel(bytes).dispose();
    }
    expect(sizes.size).toBeLessThan(4);
    // An unfinished file may remain beside it, under another name.
    expect(
      readdirSync(folder).every(
        (name) => name === 'model.safetensors' || /^model\.safetensors\.\d+-\w+\.tmp$/.test(name),
      ),
    ).toBe(true);
  });
});

/** A search on two threads that stores its results, and prints when each point is done. */
const searching = (results: string) => `
import { dense } from 'simdense';
import { kFold } from 'simdense/data';
import { search } from 'simdense/evaluate';
import { resumable, workers } from 'simdense/node';
const x = Array.from({ length: 60 }, (_, i) => [i % 7, i % 3]);
const y = x.map(([a]) => (a > 3 ? 'high' : 'low'));
const executor = resumable({ folder: ${JSON.stringify(results)}, executor: workers({ count: 2 }) });
const { best, trials } = await search({
  space: { units: { min: 1, max: 9, integer: true } },
  pipeline: ({ units }) => ({ layers: [dense({ units, activation: 'tanh' })], fit: { epochs: 20, batchSize: 8 } }),
  x, y, trials: 6, seed: 3, executor, splits: kFold(60, { folds: 2 }),
  onTrial: ({ seconds, ...trial }) => console.log(JSON.stringify(trial)),
});
await executor.close();
console.log('result', JSON.stringify({ best, trials: trials.map(({ seconds, ...trial }) => trial) }));`;

describe('a search on workers, killed', () => {
  test(`${ROUNDS} times: begun again it goes on to the same bits, and what it had told was right`, {
    timeout: 60_000 + ROUNDS * 3000,
  }, async () => {
    const next = numbers(8);
    const results = join(folder, 'results');
    const start = () => {
      const child = spawn(process.execPath, ['--input-type=module', '-e', searching(results)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let out = '';
      child.stdout.on('data', (chunk: Buffer) => {
        out += chunk;
      });
      const ended = new Promise<string>((resolve) => child.on('close', () => resolve(out)));
      return { child, ended };
    };
    const result = (out: string) => /^result (.*)$/m.exec(out)?.[1];
    const expected = result(await start().ended) as string;
    const trials = (JSON.parse(expected) as { trials: unknown[] }).trials.map((trial) => JSON.stringify(trial));
    const all = readdirSync(results);
    for (let round = 0; round < ROUNDS; round++) {
      rmSync(results, { recursive: true });
      mkdirSync(results);
      const { child, ended } = start();
      // From its first result on, which may be its last.
      const first = new Promise<void>((resolve) => {
        const watcher = watch(results, () => {
          watcher.close();
          resolve();
        });
      });
      await Promise.race([first, ended]);
      await new Promise((resolve) => setTimeout(resolve, Math.abs(next()) * 40));
      child.kill('SIGKILL');
      for (const line of (await ended).matchAll(/^\{.*$/gm)) expect(trials).toContain(line[0]);
      expect(result(await start().ended)).toBe(expected);
      // Apart from a file that was unfinished at the kill, the results are the same: those stored before, and the others.
      expect(readdirSync(results).filter((name) => !name.endsWith('.tmp'))).toEqual(all);
    }
  });
});
