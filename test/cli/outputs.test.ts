// Output files: the command never overwrites its inputs or files of others, and reports paths that cannot be written before it trains anything.
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { describe, expect, test } from 'vitest';
import { checkOutputs, outputsOf } from '../../src/cli/outputs.js';
import type { OutputKind } from '../../src/cli/own-files.js';
import { isOwn } from '../../src/cli/own-files.js';
import { commandOf } from '../../src/cli/repeat.js';
import { workplace } from './run.js';

const { folder, file, write, run } = workplace();
const posix = process.platform !== 'win32';

/** Checks of one output, from the tests' folder. */
const check = (path: string, kind: OutputKind = 'model', inputs: string[] = ['iris.csv'], values = {}) =>
  checkOutputs(inputs.map(file), [{ option: '--out', kind, path: path === '' ? path : file(path) }], values);

describe('first-contact row 74: what is not replaced', () => {
  test('the file that is read, under any of its names', async () => {
    const names = ['iris.csv', './iris.csv', '../x/../iris.csv'.replace('../x/..', '.')];
    linkSync(file('iris.csv'), file('hard.csv'));
    if (posix) symlinkSync('iris.csv', file('soft.csv'));
    // Also with --force.
    for (const name of [...names, 'hard.csv', ...(posix ? ['soft.csv'] : [])])
      for (const values of [{}, { force: true }])
        await expect(check(name, 'model', ['iris.csv'], values)).rejects.toThrow(
          `--out: ${file(name)} is the file that is read; give --out another name`,
        );
  });

  test('two outputs in one file', async () => {
    const of = (path: string, other: string) =>
      checkOutputs(
        [],
        [
          { option: '--out', kind: 'model', path: file(path) },
          { option: '--report', kind: 'report', path: file(other) },
        ],
        {},
      );
    await expect(of('new', './new')).rejects.toThrow('new is also the file of --out; give one of them another name');
    await expect(of('new', 'other')).resolves.toBeUndefined();
    await expect(of('hard.csv', 'iris.csv')).rejects.toThrow('hard.csv is there already, and simdense did not make it');
    // Anything may be thrown away twice.
    if (posix)
      await checkOutputs(
        [],
        [
          { option: '--out', kind: 'model', path: '/dev/null' },
          { option: '--report', kind: 'report', path: '/dev/null' },
        ],
        {},
      );
  });

  test('a file that simdense did not make; with --force it is', async () => {
    for (const kind of ['model', 'report', 'trials', 'predictions', 'onnx', 'json', 'flowers'] as const) {
      write('theirs', '<!doctype html><html><title>My page</title>');
      const made = kind === 'predictions' ? 'nothing in it says who made it' : 'simdense did not make it';
      await expect(check('theirs', kind)).rejects.toMatchObject({
        code: 'ARGUMENT',
        message: `--out: ${file('theirs')} is there already, and ${made}; give --out another name, or --force to replace it`,
      });
      await expect(check('theirs', kind, [], { force: true })).resolves.toBeUndefined();
    }
    write('empty', '');
    await expect(check('empty')).resolves.toBeUndefined();
  });

  test('the command: told before the training, by exit code 2, and nothing is written', () => {
    write('index.html', '<p>mine');
    const before = readdirSync(folder);
    for (const [args, message] of [
      [['-o', 'iris.csv'], '--out: iris.csv is the file that is read; give --out another name'],
      [
        ['--report', 'index.html'],
        '--report: index.html is there already, and simdense did not make it; give --report another name, or --force to replace it',
      ],
      [['-o', 'a', '--report', 'a'], '--report: a is also the file of --out; give one of them another name'],
    ] as const) {
      // So many epochs would take minutes.
      expect(run('train', 'iris.csv', '--epochs', '1000000', '--patience', '0', ...args)).toEqual({
        status: 2,
        out: '',
        err: `simdense: ${message}`,
      });
    }
    expect(readdirSync(folder)).toEqual(before);
    expect(readFileSync(file('index.html'), 'utf8')).toBe('<p>mine');
  });

  test('its own files are replaced, and known by their first bytes; a model that is read is not', async () => {
    const order = ['iris.csv', '--epochs', '2'];
    expect(run('train', ...order).status).toBe(0);
    expect(run('train', ...order).status).toBe(0);
    expect(await isOwn(file('iris.safetensors'), 'model')).toBe(true);
    expect(await isOwn(file('iris.html'), 'report')).toBe(true);
    expect(await isOwn(file('iris.safetensors'), 'report')).toBe(false);
    expect(await isOwn('test/fixtures/0.1.0/pipeline.safetensors', 'model')).toBe(true);
    for (const [to, name, kind] of [
      ['onnx', 'iris.onnx', 'onnx'],
      ['json', 'iris.json', 'json'],
      ['weights', 'iris.weights.safetensors', 'model'],
    ] as const) {
      expect(run('export', 'iris.safetensors', '--to', to).status).toBe(0);
      expect(await isOwn(file(name), kind)).toBe(true);
    }
    const { status, err } = run('export', 'iris.safetensors', '--to', 'weights', '-o', 'iris.safetensors', '--force');
    expect([status, err]).toEqual([
      2,
      'simdense: --out: iris.safetensors is the file that is read; give --out another name',
    ]);
    expect(run('predict', 'iris.safetensors', 'iris.csv', '-o', 'iris.safetensors').status).toBe(2);
    expect(run('evaluate', 'iris.safetensors', 'iris.csv', '--report', 'iris.csv').status).toBe(2);
    expect(run('predict', 'iris.safetensors', 'iris.csv', '-o', 'p.csv').status).toBe(0);
    expect(run('predict', 'iris.safetensors', 'iris.csv', '-o', 'p.csv').err).toContain('p.csv is there already');
    expect(run('predict', 'iris.safetensors', 'iris.csv', '-o', 'p.csv', '--force').status).toBe(0);
    const few = ['--trials', '2', '--folds', '2', '--executor', 'inline', '--report', 'none'];
    expect(run('tune', ...order, ...few, '--table', 't.csv', '-o', 't.safetensors').status).toBe(0);
    expect(await isOwn(file('t.csv'), 'trials')).toBe(true);
    expect(run('demo', '--csv', 'flowers.csv', '--report', 'demo.html').status).toBe(0);
    expect(await isOwn(file('flowers.csv'), 'flowers')).toBe(true);
    expect(await isOwn(file('demo.html'), 'report')).toBe(true);
  });
});

describe('first-contact row 75: where nothing can be written', () => {
  test('a folder, a missing folder, a name that is too long, a protected file', async () => {
    mkdirSync(file('folder'));
    await expect(check('folder')).rejects.toThrow(`--out: ${file('folder')} is a folder, expected a file`);
    await expect(check('new/')).rejects.toThrow('ends as a folder does, expected a file');
    await expect(check('no/such')).rejects.toMatchObject({ code: 'ENOENT' });
    await expect(check('iris.csv/x')).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(check('n'.repeat(300))).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
    write('protected', '');
    chmodSync(file('protected'), 0o444);
    await expect(check('protected')).rejects.toThrow('protected is write-protected; give --out another name');
    await expect(outputsOf(file('iris.csv'), { out: file('m'), results: file('iris.csv') })).rejects.toThrow(
      'iris.csv is a file, expected a folder',
    );
    const outputs = await outputsOf(file('iris.csv'), { out: file('m'), report: 'none', results: file('a/b/c') });
    expect(outputs).toEqual({ model: file('m'), report: undefined, table: undefined });
  });

  test('by the command, in one line', () => {
    const long = 'n'.repeat(300);
    for (const [out, message] of [
      ['folder', '--out: folder is a folder, expected a file'],
      ['', '--out: expected the path of a file, got ""'],
      [long, `the name of ${'n'.repeat(40)}… is too long for this system, which allows about 250 characters`],
    ] as const)
      expect(run('train', 'iris.csv', '--epochs', '1000000', '--patience', '0', `--out=${out}`).err).toBe(
        `simdense: ${message}`,
      );
    // As long as the system allows: a name for the temporary file is found.
    const name = `${'n'.repeat(240)}.html`;
    expect(run('train', 'iris.csv', '--epochs', '1', '--report', name).status).toBe(0);
    expect(readFileSync(file(name), 'utf8')).toContain('<meta name="generator" content="simdense 0.2.0">');
    rmSync(file(name));
  });

  test('a password stands not in the command that repeats it', () => {
    const values = { executor: 'redis://ann:hunter2@host:1/0', out: "it's", quiet: true, force: true };
    expect(commandOf('tune', 'a b.csv', ['y'], 3, values)).toBe(
      "npx simdense tune 'a b.csv' --target y --seed 3 --executor redis://host:1/0 --out 'it'\\''s'",
    );
  });
});

test.runIf(posix)('first-contact row 73: links stay, modes stay, and what is no file is written to', () => {
  const order = ['train', 'iris.csv', '--epochs', '1', '--report', 'none', '--seed', '3'];
  expect(run(...order, '-o', 'plain').status).toBe(0);
  const bytes = readFileSync(file('plain'));
  chmodSync(file('plain'), 0o600);
  symlinkSync('plain', file('link'));
  expect(run(...order, '-o', 'link').status).toBe(0);
  expect(lstatSync(file('link')).isSymbolicLink()).toBe(true);
  expect(statSync(file('plain')).mode & 0o777).toBe(0o600);
  expect(run(...order, '-o', '/dev/null').status).toBe(0);
  expect(lstatSync('/dev/null').isFile()).toBe(false);
  const piped = run('predict', 'plain', 'iris.csv', '-o', '/dev/stdout');
  expect(piped.out.split('\n').length).toBe(151);
  expect(piped.err).toBe('150 predictions are in /dev/stdout.');
  expect(readFileSync(file('plain')).equals(bytes)).toBe(true);
});

test("Node's own descriptors, and those that nobody opened, are no place for a model; nor is one for two outputs", () => {
  const order = ['train', 'iris.csv', '--epochs', '1'];
  for (const fd of [3, 5, 8, 12, 17, 20, 99]) {
    const { status, err } = run(...order, '-o', `/dev/fd/${fd}`);
    expect([fd, status, err]).toEqual([fd, 2, expect.stringContaining(`--out: /dev/fd/${fd} is not open for writing`)]);
  }
  expect(run(...order, '-o', '/dev/fd/1', '--report', '/dev/stdout').err).toContain(
    '--report: /dev/stdout is also the file of --out',
  );
});

test('an ending of another format is refused, before the work begins', async () => {
  const refused = async (kind: 'report' | 'predictions' | 'trials', path: string, said: string) =>
    expect(checkOutputs([], [{ option: '--x', kind, path }], {})).rejects.toMatchObject({
      code: 'ARGUMENT',
      message: `--x: ${path}: what is written is ${said}`,
    });
  await refused('report', 'rep.pdf', 'a page of HTML; give it a name such as report.html');
  await refused('predictions', 'out.XLSX', 'CSV; give it a name such as predictions.csv');
  await refused('trials', 'trials.parquet', 'CSV; give it a name such as trials.csv');
});
