// Output on a terminal: control characters in names are escaped, a pipe receives plain text only, and an error is one line.
import { spawnSync } from 'node:child_process';
import { readFileSync, renameSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { cli, workplace } from './run.js';

const { folder, file, write, run } = workplace();
const evil = '\u001b]0;owned\u0007\u202e\u2066\u061c\u009b31m';
const escaped = '\\u001b]0;owned\\u0007\\u202e\\u2066\\u061c\\u009b31m';
/** Characters that must not be sent to a terminal, except newlines. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\p{Bidi_C}]/u;

/** Runs the command on a terminal of this width, with util-linux's `script`, and returns exactly what the terminal receives. */
function onTerminal(columns: number, env: Record<string, string>, ...args: string[]): string {
  const words = [process.execPath, cli, ...args].map((word) => `'${word}'`).join(' ');
  const { stdout } = spawnSync('script', ['-qec', `stty cols ${columns}; ${words}`, '/dev/null'], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return stdout.replaceAll('\r\n', '\n');
}
const terminal = /util-linux/.test(String(spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout ?? ''));
if (!terminal) console.log('skipped: the command on a terminal, for which there is no script of util-linux');

describe('first-contact row 72: names from data', () => {
  const labels = [`a${evil}`, 'b'];
  write(
    'evil.csv',
    `x${evil},"kind${evil}"\n${Array.from({ length: 60 }, (_, i) => `${i % 2},${labels[i % 2]}`).join('\n')}\n`,
  );

  test('are escaped in what is said, and as they are in files and pipes', () => {
    const { status, out } = run('train', 'evil.csv', '--epochs', '5', '-o', 'm.safetensors');
    expect(status).toBe(0);
    expect(out).toContain(`Classification of kind${escaped}`);
    const inspected = run('inspect', 'm.safetensors').out;
    expect(inspected).toContain(`a${escaped}`);
    for (const text of [out, inspected, run('evaluate', 'm.safetensors', 'evil.csv').out])
      expect(text).not.toMatch(UNSAFE);
    expect(JSON.parse(run('inspect', 'm.safetensors', '--json').out).classes).toEqual(labels);
    expect(run('predict', 'm.safetensors', 'evil.csv').out).toContain(`a${evil}`);
    expect(run('predict', 'm.safetensors', 'evil.csv', '-o', 'p.csv').status).toBe(0);
    expect(readFileSync(file('p.csv'), 'utf8')).toContain(`a${evil}`);
    renameSync(file('m.safetensors'), file(`m\u001b[31m.safetensors`));
    const named = run('export', `m\u001b[31m.safetensors`);
    expect(named.out).toMatch(/^m\\u001b\[31m\.onnx has [\d,]+ bytes\.$/);
    renameSync(file(`m\u001b[31m.safetensors`), file('m.safetensors'));
    expect(run('train', 'evil.csv', '--target', 'none').err).not.toMatch(UNSAFE);
    expect(run(`tr${evil}`).err).toBe(`simdense: no command "tr${escaped}"; simdense --help lists them`);
    expect(run('train', `no${evil}\nsuch.csv`).err).toBe(`simdense: there is no no${escaped} such.csv`);
  });

  test.runIf(terminal)("predict's CSV and JSON on a terminal", () => {
    for (const args of [
      ['predict', 'm.safetensors', 'evil.csv'],
      ['predict', 'm.safetensors', 'evil.csv', '--json'],
    ]) {
      const shown = onTerminal(80, {}, ...args);
      expect(shown).toContain(escaped);
      expect(shown).not.toMatch(UNSAFE);
    }
  });
});

test('first-contact row 82: an error is one readable line, whoever throws it', () => {
  // An error of the system, one of the package, and an unhandled one.
  for (const args of [
    ['train', '.'],
    ['predict', 'iris.csv', 'iris.csv'],
    ['train', 'iris.csv', '-o', '/'],
  ]) {
    const { status, err } = run(...args);
    expect([status, err.split('\n').length, err.startsWith('simdense: ')]).toEqual([expect.any(Number), 1, true]);
    expect(err.length).toBeLessThan(250);
  }
  const program = `process.argv[2] = '--version'; await import(${JSON.stringify(cli)}); Promise.reject(new Error('gone\\nwrong'));`;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', program, 'x', 'y'], {
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([1, 'simdense: unexpected error: gone wrong\n']);
});

test('into a pipe goes no code of a terminal', () => {
  for (const args of [['train', 'iris.csv', '--epochs', '3', '-o', 'i.safetensors'], ['demo'], ['train', '--help']]) {
    const { out, err } = run(...args);
    expect([out.match(UNSAFE), err]).toEqual([null, '']);
  }
});

const commands = ['train', 'predict', 'evaluate', 'explain', 'tune', 'describe', 'inspect', 'export', 'worker', 'demo'];

test.runIf(terminal)('words fit 80 and 40 columns; bars stay in their line; no colour where none is wanted', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  const codes = /\u001b\[[\d;?]*[a-zA-Z]/g;
  for (const [columns, ...args] of [
    [80, 'tune', '--help'],
    [40, '--help'],
    [40, 'train', 'iris.csv', '--epochs', '3', '-o', 'i.safetensors', '-q'],
    [40, 'train', 'iris.csv', '--epochs', '0'],
    ...[80, 40].flatMap((columns) => [
      [columns, 'demo', '-q'],
      [columns, 'inspect', 'i.safetensors'],
      [columns, 'describe', 'iris.csv', '--target', 'species'],
      [columns, 'evaluate', 'i.safetensors', 'iris.csv'],
      [columns, 'explain', 'i.safetensors', 'iris.csv', '--row', '72', '--column', 'petal width'],
      [columns, 'tune', 'iris.csv', '--trials', '2', '--folds', '2', '--epochs', '3', '-q', '-o', 't.safetensors'],
      [columns, 'predict', 'i.safetensors', 'nowhere.csv'],
      ...commands.map((command) => [columns, command, '--help']),
    ]),
  ] as [number, ...string[]][]) {
    const lines = onTerminal(columns, {}, ...args)
      .replace(codes, '')
      .split('\n');
    expect(lines.length).toBeGreaterThan(1);
    // A command that is there to be copied stays whole.
    const long = lines.filter((line) => line.length > columns && !line.startsWith('npx '));
    expect([args, long]).toEqual([args, []]);
    // A percent sign stays with its figure.
    expect(lines.filter((line) => line.startsWith('%'))).toEqual([]);
  }
  const bar = onTerminal(40, {}, 'train', 'iris.csv', '--epochs', '3', '-o', 'i.safetensors');
  expect(bar).toMatch(/training .*3\/3/);
  expect(onTerminal(80, { NO_COLOR: '1' }, 'demo', '-q')).not.toMatch(codes);
  expect(onTerminal(80, { TERM: 'dumb' }, 'train', 'iris.csv', '--epochs', '3', '-o', 'i.safetensors')).not.toMatch(
    codes,
  );
});

test.runIf(terminal)('the bar of tune tells the best so far and the time left, in a pipe nothing', () => {
  const few = ['--trials', '12', '--folds', '2', '--epochs', '20', '-o', 't.safetensors', '--force'];
  const shown = onTerminal(80, {}, 'tune', 'iris.csv', ...few);
  expect(shown).toMatch(/trainings .*\d\/24 {2}best accuracy 0\.\d+, about \d+ s left/);
  expect(onTerminal(40, {}, 'tune', 'iris.csv', ...few)).toMatch(/trainings .*\d\/24 {2}0\.\d+, \d+ s/);
  expect(run('tune', 'iris.csv', ...few).err).toBe('');
});
