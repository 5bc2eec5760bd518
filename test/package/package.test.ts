// The tarball that users install: its contents, and that import and require work and give the same module.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { version } from '../../src/base/version.js';

let folder = '';
let files: string[] = [];

/** The npm beside the Node that runs the tests, or the one on the path. */
const npm = (...args: string[]) =>
  execFileSync('npm', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env['PATH']}` },
  });

/** The output of a program that uses the installed package. */
function run(name: string, program: string): string {
  writeFileSync(join(folder, name), program);
  return execFileSync(process.execPath, ['--no-warnings', join(folder, name)], { encoding: 'utf8' }).trim();
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'simdense-package-'));
  const [packed] = JSON.parse(npm('pack', '--json', '--ignore-scripts', '--pack-destination', folder));
  files = packed.files.map(({ path }: { path: string }) => path);
  const target = join(folder, 'node_modules', 'simdense');
  mkdirSync(target, { recursive: true });
  execFileSync('tar', ['xzf', join(folder, packed.filename), '--strip-components=1', '-C', target]);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('holds the built files, the guides, the README, the licence and the changes, and nothing else', () => {
  const guides = readdirSync('docs').filter((name) => name.endsWith('.md'));
  expect(guides).toContain('deploying.md');
  expect(files.filter((file) => !file.startsWith('dist/')).sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    ...guides.map((name) => `docs/${name}`).sort(),
    'package.json',
  ]);
  expect(files).toEqual(
    expect.arrayContaining(['dist/index.js', 'dist/index.d.ts', 'dist/kernels.js', 'dist/simdense.wasm']),
  );
});

test('holds the licence of whatever is bundled', () => {
  const root = join(folder, 'node_modules', 'simdense', 'dist');
  const licences = readFileSync(join(root, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
  const bundled = files
    .filter((file) => file.endsWith('.js'))
    .flatMap((file) => [...readFileSync(join(root, '..', file), 'utf8').matchAll(/^\s*\/\/ node_modules\/(.+)$/gm)])
    .map(([, path = '']) => /^(?:.*node_modules\/)?((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] as string);
  expect([...new Set(bundled)]).toEqual(expect.arrayContaining(['papaparse', 'pbf', 'string-width', 'ansi-regex']));
  for (const name of new Set(bundled)) expect(licences).toMatch(new RegExp(`^${name} \\d`, 'm'));
});

test("the version that jobs carry is the package's", () => {
  expect(version).toBe(JSON.parse(readFileSync('package.json', 'utf8')).version);
});

const program = `
const model = simdense.sequential({ inputs: 2, layers: [simdense.dense({ units: 1, activation: 'sigmoid' })] });
model.compile({ loss: 'binaryCrossentropy' });
model.fit([[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 1], { epochs: 3 }).then(({ epochs }) => {
  console.log(epochs.length, model.predict([1, 0]).data.length);
});`;

test('import', () => {
  expect(run('a.mjs', `import * as simdense from 'simdense';${program}`)).toBe('3 1');
});

test('require', () => {
  expect(run('b.cjs', `const simdense = require('simdense');${program}`)).toBe('3 1');
});

test('both are one instance, and so are the entries', () => {
  const compare = `
import { createRequire } from 'node:module';
import { Matrix } from 'simdense';
import { Matrix as OfData } from 'simdense/data';
import { readIdx } from 'simdense/node';
const required = createRequire(import.meta.url)('simdense');
console.log(required.Matrix === Matrix, OfData === Matrix, typeof readIdx, Matrix.name);`;
  expect(run('c.mjs', compare)).toBe('true true function Matrix');
});

test('importing starts nothing: no kernel is compiled before the first model', () => {
  const count = `
let compiled = 0;
WebAssembly.Module = new Proxy(WebAssembly.Module, { construct: (t, a) => (compiled++, Reflect.construct(t, a)) });
const simdense = await import('simdense');
const before = compiled;
simdense.sequential({ inputs: 1, layers: [simdense.dense({ units: 1 })] });
console.log(before, compiled);`;
  expect(run('d.mjs', count)).toBe('0 1');
});
