// IDX files, compressed or not, and what is wrong with others.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseIdx } from '../../src/data/index.js';
import { readIdx } from '../../src/node/index.js';

/** Two images of 2×3, and their labels. */
const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 255);
const labels = Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9);
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'simdense-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('one row an item, bytes kept as bytes, without a copy', () => {
  const m = parseIdx(images);
  expect([m.rows, m.columns]).toEqual([2, 6]);
  expect(m.row(1)).toEqual(Uint8Array.of(7, 8, 9, 10, 11, 255));
  expect(m.data.buffer).toBe(images.buffer);
  expect(parseIdx(labels).columns).toBe(1);
});

test('readIdx reads both', async () => {
  await writeFile(join(folder, 'plain'), images);
  await writeFile(join(folder, 'packed.gz'), gzipSync(images));
  expect((await readIdx(join(folder, 'plain'))).data).toEqual(parseIdx(images).data);
  expect((await readIdx(join(folder, 'packed.gz'))).data).toEqual(parseIdx(images).data);
});

test('a file that is none says so, with its path', async () => {
  const path = join(folder, 'text');
  await writeFile(path, 'a,b,c');
  await expect(readIdx(path)).rejects.toMatchObject({
    code: 'FORMAT',
    message: `readIdx: ${path}: not an IDX file: it begins with 97 44 98 44`,
  });
  await writeFile(path, gzipSync(images).subarray(0, 20));
  await expect(readIdx(path)).rejects.toMatchObject({ code: 'FORMAT' });
  await expect(readIdx(join(folder, 'nowhere'))).rejects.toThrow('ENOENT');
});
