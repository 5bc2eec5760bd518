// The golden figures, computed again by the scripts beside them, if Python has PyTorch and scikit-learn.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

const folder = fileURLToPath(new URL('.', import.meta.url));
// Debian's Python, even if another one comes first on the path.
const python = (...args: string[]) => spawnSync('/usr/bin/python3', args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
const has = (library: string): boolean => python('-c', `import ${library}`).status === 0;

for (const [name, library] of [
  ['runs', 'torch'],
  ['metrics', 'sklearn'],
  ['encoders', 'sklearn'],
  ['explain', 'sklearn'],
] as const)
  test.runIf(has(library))(`${name}, by ${library}`, { timeout: 120_000 }, () => {
    const { status, stderr } = python(`${folder}/make-${name}.py`);
    expect(stderr).toContain('the largest difference');
    expect(status, stderr).toBe(0);
  });

for (const [name, library] of [
  ['tables', 'pandas'],
  ['probabilities', 'sklearn'],
  ['classifier', 'sklearn'],
] as const)
  test.runIf(has(library))(`${name}, by ${library}`, { timeout: 60_000 }, () => {
    const { status, stdout, stderr } = python(`${folder}/make-${name}.py`);
    expect(status, stderr).toBe(0);
    expect(stdout).toBe(readFileSync(`${folder}/${name}.json`, 'utf8'));
  });

test.runIf(has('torch'))('tabular-run, by torch', { timeout: 60_000 }, () => {
  const { status, stdout, stderr } = python(`${folder}/make-tabular-run.py`);
  expect(status, stderr).toBe(0);
  const [made, kept] = [stdout, gunzipSync(readFileSync(`${folder}/tabular-run.json.gz`)).toString()].map((text) => JSON.parse(text));
  expect(made.x).toEqual(kept.x);
  for (const [r, { losses, initial }] of made.runs.entries()) {
    expect(initial).toEqual(kept.runs[r].initial);
    for (const [step, loss] of losses.entries()) expect(loss).toBeCloseTo(kept.runs[r].losses[step], 9);
  }
});

test('each file of figures has its script', () => {
  const names = readdirSync(folder);
  const figures = names.filter((name) => /\.json(\.gz)?$/.test(name));
  expect(figures.length).toBeGreaterThan(2);
  for (const name of figures) expect(names).toContain(`make-${name.replace(/\..*/, '')}.py`);
  for (const made of ['onnx', 'formats']) expect(readdirSync(`${folder}/${made}`)).toContain('make.py');
});
