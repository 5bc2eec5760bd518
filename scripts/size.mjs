// What a page pays: everything that `simdense` exports, with the kernels, bundled, minified and gzipped; at most 32 KB. Also the
// files as they are in the package, where nothing bundles them. Run after the build:   npm run size

import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

const LIMIT = 32 * 1024;
const gzipped = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** Bytes, gzipped, of what a program that imports all of simdense loads at once; and of what createEngine loads besides when it is called. */
async function bundle(conditions) {
  const { outputFiles, metafile } = await build({
    stdin: { contents: "export * from 'simdense';", resolveDir: '.' },
    bundle: true,
    minify: true,
    // As bundlers do with what is imported later.
    splitting: true,
    metafile: true,
    outdir: 'out',
    // As most bundlers leave it; esbuild alone would escape what is not ASCII.
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
const embedded = await bundle([]);
const figures = [
  ['bundled, kernels embedded', embedded.atOnce],
  ['bundled for workerd, with its .wasm', (await bundle(['workerd'])).atOnce + gzipped(wasm)],
  ['of which the .wasm', gzipped(wasm)],
];
const line = (name, bytes, limit) =>
  console.log(
    `${name.padEnd(36)} ${(bytes / 1024).toFixed(1).padStart(5)} KB gzipped${limit ? `, at most ${limit / 1024} KB` : ''}`,
  );
for (const [name, bytes] of figures) line(name, bytes, LIMIT);
for (const [path, bytes] of embedded.later)
  line(`loaded by createEngine: ${path.replace(/^out\/|-[A-Z0-9]+|\.js$/g, '')}`, bytes);
process.exitCode = figures.every(([, bytes]) => bytes <= LIMIT) ? 0 : 1;
