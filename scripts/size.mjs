// The download size for a page: everything that `simdense` exports, with the kernels, bundled, minified and gzipped, at most 45 KB; and simdense/predict, at
// most 28 KB for those who load one network, 30 KB with ensembles, and 31 KB for those who load quantized ones; and simdense/kernels, at most 22.5 KB. Run after the build:   npm run size

import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const LIMIT = 45 * 1024;
const PREDICT_LIMIT = 28 * 1024;
const ENSEMBLE_LIMIT = 30 * 1024;
const QUANTIZED_LIMIT = 31 * 1024;
const KERNELS_LIMIT = 22.5 * 1024;
const gzipped = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** Gzipped bytes that a program which imports all of an entry loads at once, and those that are loaded later, by createEngine or a fit that asks for them. */
async function bundle(entry, conditions = [], names = '*') {
  const { outputFiles, metafile } = await build({
    stdin: { contents: `export ${names} from '${entry}';`, resolveDir: '.' },
    bundle: true,
    minify: true,
    // Like other bundlers, put dynamic imports into separate files.
    splitting: true,
    metafile: true,
    outdir: 'out',
    // Like most bundlers, do not escape non-ASCII characters.
    charset: 'utf8',
    format: 'esm',
    write: false,
    conditions,
    external: ['*.wasm'],
  });
  const first = new Set(['out/stdin.js']);
  for (const file of first) {
    for (const { path, kind } of metafile.outputs[file]?.imports ?? [])
      if (kind === 'import-statement') first.add(path);
  }
  const sizes = outputFiles.map(({ path, contents }) => [relative('.', path), gzipped(contents)]);
  const sum = (files) => files.reduce((total, [, bytes]) => total + bytes, 0);
  return {
    atOnce: sum(sizes.filter(([path]) => first.has(path))),
    later: sizes.filter(([path]) => !first.has(path)),
  };
}

const wasm = readFileSync('dist/simdense.wasm');
const blasWasm = readFileSync('dist/simdense.blas.wasm');
const predictWasm = readFileSync('dist/simdense.predict.wasm');
const quantizedWasm = ['', '-relaxed'].map((end) => readFileSync(`dist/simdense.quantized${end}.wasm`));
const workerd = ['workerd'];
const ofOne = '{ loadPredictor, Predictor, Matrix, SimdenseError }';
const ofBoth = '{ loadPredictor, Predictor, loadEnsemblePredictor, EnsemblePredictor, Matrix, SimdenseError }';
const ofQuantized = '{ loadQuantizedPredictor, Predictor, Matrix, SimdenseError }';
const embedded = await bundle('simdense');
const figures = [
  ['bundled, kernels embedded', embedded.atOnce, LIMIT],
  ['bundled for workerd, with its .wasm', (await bundle('simdense', workerd)).atOnce + gzipped(wasm), LIMIT],
  ['of which the .wasm', gzipped(wasm)],
  ['simdense/predict, kernels embedded', (await bundle('simdense/predict', [], ofOne)).atOnce, PREDICT_LIMIT],
  ['with loadEnsemblePredictor', (await bundle('simdense/predict', [], ofBoth)).atOnce, ENSEMBLE_LIMIT],
  [
    'for workerd, with its .wasm',
    (await bundle('simdense/predict', workerd, ofOne)).atOnce + gzipped(predictWasm),
    PREDICT_LIMIT,
  ],
  ['only loadQuantizedPredictor', (await bundle('simdense/predict', [], ofQuantized)).atOnce, QUANTIZED_LIMIT],
  [
    'for workerd, with its .wasm',
    (await bundle('simdense/predict', workerd, ofQuantized)).atOnce +
      [predictWasm, ...quantizedWasm].reduce((sum, bytes) => sum + gzipped(bytes), 0),
    QUANTIZED_LIMIT,
  ],
  ['simdense/kernels, kernels embedded', (await bundle('simdense/kernels')).atOnce, KERNELS_LIMIT],
  [
    'for workerd, with its .wasm',
    (await bundle('simdense/kernels', workerd)).atOnce + gzipped(blasWasm),
    KERNELS_LIMIT,
  ],
];
const line = (name, bytes, limit) =>
  console.log(
    `${name.padEnd(36)} ${(bytes / 1024).toFixed(1).padStart(5)} KB gzipped${limit ? `, at most ${limit / 1024} KB` : ''}`,
  );
for (const [name, bytes, limit] of figures) line(name, bytes, limit);
for (const [path, bytes] of embedded.later)
  line(`loaded later: ${path.replace(/^out\/|-[A-Z0-9]+|\.js$/g, '')}`, bytes);
process.exitCode = figures.every(([, bytes, limit = Number.POSITIVE_INFINITY]) => bytes <= limit) ? 0 : 1;
