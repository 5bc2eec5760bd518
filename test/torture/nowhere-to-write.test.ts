// A vanished folder, a read-only one, a full disk: one clear line, and nothing damaged.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { saveFile } from '../../src/node/index.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'simdense-nowhere-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

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

test.skipIf(process.platform === 'win32')('a read-only folder', async () => {
  const locked = join(folder, 'locked');
  mkdirSync(locked);
  writeFileSync(join(locked, 'model'), 'old');
  chmodSync(folder, 0o755);
  chmodSync(locked, 0o555);
  // For root nothing is read-only, so become the user nobody for a moment.
  const root = process.getuid?.() === 0;
  if (root) process.seteuid?.(65_534);
  try {
    await expect(saveFile(join(locked, 'model'), Uint8Array.of(1))).rejects.toThrow(
      expect.objectContaining({ code: 'EACCES', path: join(locked, 'model') }),
    );
  } finally {
    if (root) process.seteuid?.(0);
    chmodSync(locked, 0o755);
  }
  expect(readFileSync(join(locked, 'model'), 'utf8')).toBe('old');
  expect(readdirSync(locked)).toEqual(['model']);
});

test.runIf(process.platform === 'linux')('a device that is full', async () => {
  await expect(saveFile('/dev/full/model', Uint8Array.of(1))).rejects.toThrow();
});

const mounts = spawnSync('unshare', ['--mount', 'true']).status === 0;
if (!mounts) console.log('skipped: a full and a read-only disk, which only root may mount');

test.runIf(mounts)('the command on a full disk, then on a read-only one', () => {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  // What the command says, and the bytes of each file that is there then.
  const run = (...words: string[]) => `
    "${process.execPath}" dist/cli.js ${words.join(' ')} --epochs 2 --quiet 2>&1 >/dev/null || true
    (cd "${disk}" && find . -type f -printf '%p %s ' | sort)
    echo`;
  const train = ['train', 'examples/data/iris.csv'];
  const script = `
    mount -t tmpfs -o size=24k none "${disk}"
    ${run(...train, '--report none', '--hidden 32', `--out "${disk}/model"`)}
    ${run(...train, '--report none', '--hidden 128,128', `--out "${disk}/model"`)}
    ${run('tune examples/data/iris.csv --report none --executor inline --trials 20', `--results "${disk}"`, `--out "${folder}/model"`)}
    mount -o remount,ro "${disk}"
    ${run(...train, '--report none', `--out "${disk}/model"`)}
    ${run('tune examples/data/iris.csv --report none', `--results "${disk}/other"`, `--out "${folder}/model"`)}`;
  const { stdout } = spawnSync('unshare', ['--mount', 'sh', '-c', script], { encoding: 'utf8' });
  const lines = stdout.replaceAll(disk, 'disk').split('\n').filter(Boolean);
  const [saved, full, same, noRoom, kept, ...locked] = lines as [string, string, string, string, string, ...string[]];
  expect(saved).toMatch(/^\.\/model \d+ $/);
  expect(full).toBe('simdense: the disk is full: disk/model could not be written, what was there is there still');
  expect(same).toBe(saved);
  expect(noRoom).toMatch(/^simdense: the disk is full: disk\/\w{64}\.json could not be written/);
  // The results that found room, whole.
  expect(kept).toMatch(/^(\.\/\w{64}\.json \d\d+ )+\.\/model \d+ $/);
  expect(kept).toContain(saved);
  expect(locked).toEqual([
    'simdense: disk may not be read or written here',
    kept,
    'simdense: disk/other may not be read or written here',
    kept,
  ]);
});
