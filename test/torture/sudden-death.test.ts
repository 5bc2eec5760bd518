// Processes killed at any moment while they save: the file is the whole old or the whole new one, and loads.
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadModel } from '../../src/index.js';
import { saveFile } from '../../src/node/index.js';
import { numbers } from '../helpers/numbers.js';
import { rounds } from './rounds.js';

const ROUNDS = rounds(50, 10, 1000);
let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'simdense-death-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Trains and saves again and again, through the built package; says when it has begun. */
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
      // Whole, and what it claims to be.
      loadModel(bytes).dispose();
    }
    expect(sizes.size).toBeLessThan(4);
    // What was begun may lie beside it, under a name of its own.
    expect(
      readdirSync(folder).every(
        (name) => name === 'model.safetensors' || /^model\.safetensors\.\d+-\w+\.tmp$/.test(name),
      ),
    ).toBe(true);
  });
});

describe('where nothing can be written', () => {
  test('a vanished folder, a folder in its place, a file in the way: the error is one, and what was there stays', async () => {
    const bytes = Uint8Array.of(1, 2, 3);
    await expect(saveFile(join(folder, 'gone/model'), bytes)).rejects.toThrow(
      expect.objectContaining({ code: 'ENOENT' }),
    );
    mkdirSync(join(folder, 'taken/inside'), { recursive: true });
    await expect(saveFile(join(folder, 'taken'), bytes)).rejects.toThrow();
    expect(readdirSync(join(folder, 'taken'))).toEqual(['inside']);
    writeFileSync(join(folder, 'file'), 'old');
    await expect(saveFile(join(folder, 'file/model'), bytes)).rejects.toThrow(
      expect.objectContaining({ code: 'ENOTDIR' }),
    );
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe('old');
  });

  test.skipIf(process.getuid?.() === 0)('a read-only folder', async () => {
    const locked = join(folder, 'locked');
    mkdirSync(locked);
    writeFileSync(join(locked, 'model'), 'old');
    chmodSync(locked, 0o500);
    await expect(saveFile(join(locked, 'model'), Uint8Array.of(1))).rejects.toThrow(
      expect.objectContaining({ code: 'EACCES' }),
    );
    expect(readFileSync(join(locked, 'model'), 'utf8')).toBe('old');
    chmodSync(locked, 0o700);
  });

  test.runIf(process.platform === 'linux')('a full disk', async () => {
    // /dev/full takes nothing: a file of it is as full as a disk can be.
    await expect(saveFile('/dev/full/model', Uint8Array.of(1))).rejects.toThrow();
  });
});
