// Files: IDX and CSV, compressed or not, what is wrong with others, and saving whole or not at all.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseIdx } from '../../src/data/index.js';
import { readCsv, readIdx, saveFile } from '../../src/node/files.js';

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

test('readCsv reads both, and names the file in its errors', async () => {
  const text = 'a,b,kind\n1,2,x\n3,4,y\n';
  await writeFile(join(folder, 'plain.csv'), text);
  await writeFile(join(folder, 'packed.csv.gz'), gzipSync(text));
  for (const name of ['plain.csv', 'packed.csv.gz']) {
    const { x, target } = await readCsv(join(folder, name), { target: 'kind' });
    expect([Array.from(x.data), target]).toEqual([
      [1, 2, 3, 4],
      ['x', 'y'],
    ]);
  }
  const path = join(folder, 'plain.csv');
  await expect(readCsv(path, { target: 'sort' })).rejects.toMatchObject({
    code: 'ARGUMENT',
    message: `readCsv(target): ${path}: no column "sort" among "a", "b", "kind"`,
  });
  await writeFile(join(folder, 'latin.csv'), Uint8Array.of(0x61, 0x0a, 0xe9));
  await expect(readCsv(join(folder, 'latin.csv'))).rejects.toThrow('the text is not in UTF-8');
});

describe('saveFile', () => {
  test('replaces a file whole, and leaves nothing beside it', async () => {
    const own = await mkdtemp(join(folder, 'save-'));
    const path = join(own, 'model');
    await saveFile(path, Uint8Array.of(1, 2, 3));
    await saveFile(path, Uint8Array.of(4));
    expect(Array.from(await readFile(path))).toEqual([4]);
    expect(await readdir(own)).toEqual(['model']);
  });

  test('where it cannot, the old file is there still', async () => {
    const own = await mkdtemp(join(folder, 'save-'));
    // A folder in the place of the file.
    await expect(saveFile(own, Uint8Array.of(1))).rejects.toThrow();
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    await expect(saveFile(join(own, 'gone', 'model'), Uint8Array.of(1))).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(saveFile(join(own, 'model'), 'text' as never)).rejects.toThrow(
      'saveFile(bytes): expected a Uint8Array',
    );
  });
});
