// Files: IDX and CSV, compressed or not, errors for invalid files, and atomic saving.
import { spawnSync } from 'node:child_process';
import {
  chmod,
  chown,
  lstat,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseIdx } from '../../src/data/index.js';
import { readCsv, readIdx, saveFile } from '../../src/node/files.js';
import { descriptorOf } from '../../src/node/save-file.js';

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
  await expect(readCsv(folder)).rejects.toMatchObject({ code: 'EISDIR', path: folder });
});

describe('first-contact row 18: the true limits', () => {
  const path = (name: string): string => join(folder, name);

  test('a table larger than a string may be is refused by its size, before it is read', async () => {
    // A sparse file: it takes no room.
    const file = await open(path('large.csv'), 'w');
    await file.truncate(558e6);
    await file.close();
    const before = process.memoryUsage().rss;
    await expect(readCsv(path('large.csv'))).rejects.toMatchObject({
      code: 'FORMAT',
      message: `readCsv: ${path('large.csv')}: the file has 558 MB, expected at most 536 MB; split it into smaller files`,
    });
    expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
  });

  test('1.6 MB of gzip that hold 1.6 GB: refused in memory that does not follow them', async () => {
    // Members of a gzip file follow one another: 100 of 16 MB each.
    const member = gzipSync(new Uint8Array(16e6));
    await writeFile(path('bomb.csv.gz'), Buffer.concat(Array.from({ length: 100 }, () => member)));
    const { rss, arrayBuffers } = process.memoryUsage();
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, process.memoryUsage().arrayBuffers)), 5);
    await expect(readCsv(path('bomb.csv.gz'))).rejects.toMatchObject({
      code: 'FORMAT',
      message: `readCsv: ${path('bomb.csv.gz')}: the file decompresses to more than 536 MB, the most that can be read; split it into smaller files`,
    });
    clearInterval(watch);
    expect(most - arrayBuffers).toBeLessThan(100e6);
    expect(process.memoryUsage().rss - rss).toBeLessThan(250e6);
  });

  test('UTF-16 is called so', async () => {
    for (const [name, bytes] of [
      ['le.csv', Uint8Array.of(0xff, 0xfe, 0x61, 0)],
      ['be.csv', Uint8Array.of(0xfe, 0xff, 0, 0x61)],
    ] as const) {
      await writeFile(path(name), bytes);
      await expect(readCsv(path(name))).rejects.toThrow(
        'the text is in UTF-16, expected UTF-8; save it again as "CSV UTF-8"',
      );
    }
  });

  test.skipIf(process.platform === 'win32')('a pipe is read to its end', async () => {
    spawnSync('mkfifo', [path('pipe')]);
    const writing = writeFile(path('pipe'), 'a,b\n1,2\n');
    const { x } = await readCsv(path('pipe'));
    await writing;
    expect(Array.from(x.data)).toEqual([1, 2]);
  });
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

  test('first-contact row 75: under a name as long as the system allows', async () => {
    const own = await mkdtemp(join(folder, 'save-'));
    for (const name of ['n'.repeat(255), `${'é'.repeat(127)}n`]) {
      await saveFile(join(own, name), Uint8Array.of(1));
      expect((await readdir(own)).map((found) => found.normalize())).toContain(name);
    }
    const long = join(own, 'n'.repeat(256));
    await expect(saveFile(long, Uint8Array.of(1))).rejects.toMatchObject({ code: 'ENAMETOOLONG', path: long });
    expect((await readdir(own)).length).toBe(2);
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

describe.skipIf(process.platform === 'win32')('first-contact row 73: saveFile onto what is not a plain file', () => {
  let own = '';
  const path = (name: string): string => join(own, name);
  const bytes = Uint8Array.of(1, 2, 3);
  beforeAll(async () => {
    own = await mkdtemp(join(folder, 'kinds-'));
  });

  test('a link stays, to a file, to a link, and to nothing yet', async () => {
    await writeFile(path('target'), 'old');
    await symlink('target', path('link'));
    await symlink(path('link'), path('link-to-link'));
    await symlink('not-yet', path('dangling'));
    await saveFile(path('link-to-link'), bytes);
    await saveFile(path('dangling'), bytes);
    for (const name of ['target', 'not-yet']) {
      expect((await lstat(path(name))).isFile()).toBe(true);
      expect(new Uint8Array(await readFile(path(name)))).toEqual(bytes);
    }
    expect(await readlink(path('link'))).toBe('target');
    expect(await readlink(path('dangling'))).toBe('not-yet');
    await symlink('loop', path('loop'));
    await expect(saveFile(path('loop'), bytes)).rejects.toMatchObject({ code: 'ELOOP', path: path('loop') });
    await symlink('gone/model', path('nowhere'));
    await expect(saveFile(path('nowhere'), bytes)).rejects.toMatchObject({ code: 'ENOENT', path: path('nowhere') });
    expect((await readdir(own)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('the mode is kept, and for root the owner', async () => {
    for (const mode of [0o600, 0o640, 0o444, 0o755]) {
      await writeFile(path(`m${mode}`), 'old');
      await chmod(path(`m${mode}`), mode);
      await saveFile(path(`m${mode}`), bytes);
      expect((await stat(path(`m${mode}`))).mode & 0o7777).toBe(mode);
    }
    const fresh = process.umask() === 0o22 ? 0o644 : 0o666 & ~process.umask();
    await saveFile(path('fresh'), bytes);
    expect((await stat(path('fresh'))).mode & 0o777).toBe(fresh);
    if (process.getuid?.() !== 0) return;
    await chown(path('fresh'), 1234, 2345);
    await saveFile(path('fresh'), bytes);
    expect(await stat(path('fresh'))).toMatchObject({ uid: 1234, gid: 2345 });
  });

  test('a device and a pipe are written to', async () => {
    await saveFile('/dev/null', bytes);
    expect((await stat('/dev/null')).isCharacterDevice()).toBe(true);
    await symlink('/dev/null', path('null'));
    await saveFile(path('null'), bytes);
    expect((await lstat(path('null'))).isSymbolicLink()).toBe(true);
    spawnSync('mkfifo', [path('pipe')]);
    const [read] = await Promise.all([readFile(path('pipe')), saveFile(path('pipe'), bytes)]);
    expect(new Uint8Array(read)).toEqual(bytes);
    expect((await stat(path('pipe'))).isFIFO()).toBe(true);
    if (process.platform === 'linux')
      await expect(saveFile('/dev/full', bytes)).rejects.toMatchObject({ code: 'ENOSPC', path: '/dev/full' });
  });

  test('only /dev/stdout and numbers are descriptors', () => {
    expect(
      ['/dev/stdout', '/dev/stderr', '/dev/fd/5', '/proc/self/fd/7', '/dev/fd/out', '/dev/std1'].map(descriptorOf),
    ).toEqual([1, 2, 5, 7, undefined, undefined]);
  });

  test('a file that is open already, such as the standard output, goes on where it is', async () => {
    const program = `process.stdout.write('a'); const { saveFile } = await import('./dist/node.js');
      await saveFile('/dev/stdout', Uint8Array.of(98)); await saveFile('/dev/fd/3', Uint8Array.of(100)); process.stdout.write('c');`;
    const [out, third] = [await open(path('out'), 'w'), await open(path('third'), 'w')];
    spawnSync(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', out.fd, 'inherit', third.fd],
    });
    await Promise.all([out.close(), third.close()]);
    expect([await readFile(path('out'), 'utf8'), await readFile(path('third'), 'utf8')]).toEqual(['abc', 'd']);
  });
});
