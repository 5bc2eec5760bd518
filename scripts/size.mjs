// What a page pays: everything that `simdense` exports, with the kernels, bundled, minified and gzipped; at most 32 KB. Also the
// files as they are in the package, where nothing bundles them. Run after the build:   npm run size

import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const LIMIT = 32 * 1024;
const gzipped = (bytes) => gzipSync(bytes, { level: 9 }).length;

async function bundle(conditions) {
  const result = await build({
    stdin: { contents: "export * from 'simdense';", resolveDir: '.' },
    bundle: true,
    minify: true,
    // As most bundlers leave it; esbuild alone would escape what is not ASCII.
    charset: 'utf8',
    format: 'esm',
    write: false,
    conditions,
    external: ['*.wasm'],
  });
  return result.outputFiles[0].contents;
}

const wasm = readFileSync('dist/simdense.wasm');
const figures = [
  ['bundled, kernels embedded', gzipped(await bundle([]))],
  ['bundled for workerd, with its .wasm', gzipped(await bundle(['workerd'])) + gzipped(wasm)],
  ['of which the .wasm', gzipped(wasm)],
];
for (const [name, bytes] of figures) {
  console.log(`${name.padEnd(36)} ${(bytes / 1024).toFixed(1).padStart(5)} KB gzipped, at most ${LIMIT / 1024} KB`);
}
process.exitCode = figures.every(([, bytes]) => bytes <= LIMIT) ? 0 : 1;
