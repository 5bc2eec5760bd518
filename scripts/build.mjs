// Builds dist/: generates parts of the assembly, compiles the kernels with AssemblyScript, and makes ES modules and types with tsup. --test also builds what only
// tests load. If nothing has changed since the last build, leaves dist/ as it is.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { writeActivations } from './generate-activations.mjs';
import { writeBlasMath } from './generate-blas-math.mjs';
import { writeBlasTiles } from './generate-blas-tiles.mjs';
import { CARRIED, writeCarried } from './generate-carried.mjs';
import { writeReplay } from './generate-replay.mjs';
import { writeThreads } from './generate-threads.mjs';
import { BLAS_TYPES, KERNEL_TYPES, writeKernelTypes } from './kernel-types.mjs';

const require = createRequire(import.meta.url);

/** Runs a package's command with this Node, since npx and .bin differ between systems. */
function run(name, bin, ...args) {
  const root = dirname(require.resolve(`${name}/package.json`));
  return new Promise((resolve) => {
    execFile(process.execPath, [join(root, bin), ...args], (error, stdout, stderr) => {
      if (!error) return resolve();
      process.stderr.write(`${stdout}${stderr}`);
      process.exit(1);
    });
  });
}

const assemble = (source, file, ...flags) =>
  run('assemblyscript', 'bin/asc.js', source, '--target', 'release', '--outFile', file, ...flags);
const relaxed = ['--enable', 'relaxed-simd'];
const imported = ['--importMemory', '--zeroFilledMemory'];
const shared = ['--enable', 'threads', ...imported, '--sharedMemory'];
/** The kernels of simdense/kernels; their workspace takes more than a MB of static memory. */
const blas = (end, ...flags) => {
  const source = flags.includes('threads') ? 'assembly/blas/threads.ts' : 'assembly/blas/index.ts';
  return assemble(source, `dist/simdense.blas${end}.wasm`, ...imported, '--initialMemory', '24', ...flags);
};

const forTests = process.argv.includes('--test');
/** The hash of the last build's sources. */
const STAMP = 'build/made-of.json';

/** A hash of all files that a build reads, without the generated ones. */
function sources() {
  const roots = [
    'src',
    'assembly',
    'scripts',
    // For the demo of the command.
    'examples/data',
    'asconfig.json',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'tsup.config.ts',
  ];
  const files = roots.flatMap((root) =>
    statSync(root).isDirectory() ? readdirSync(root, { recursive: true }).map((file) => join(root, file)) : [root],
  );
  const hash = createHash('sha256');
  for (const file of files.filter((each) => statSync(each).isFile() && !/generated/.test(each)).sort())
    hash.update(`${file}\0`).update(readFileSync(file));
  return hash.digest('hex');
}

const begin = performance.now();
const hash = sources();
if ([STAMP, 'dist', KERNEL_TYPES, BLAS_TYPES, CARRIED, 'assembly/generated/threads.ts'].every(existsSync)) {
  const last = JSON.parse(readFileSync(STAMP, 'utf8'));
  if (last.hash === hash && (last.forTests || !forTests)) {
    console.log('dist/ is up to date');
    process.exit();
  }
}
rmSync(STAMP, { force: true });
rmSync('dist', { recursive: true, force: true });
await import('./generate-tiles.mjs');
writeActivations();
writeBlasMath();
writeBlasTiles();
writeThreads();
writeReplay();
await Promise.all([
  writeCarried(),
  assemble('assembly/index.ts', 'dist/simdense.wasm', '--bindings', 'raw'),
  assemble('assembly/predict.ts', 'dist/simdense.predict.wasm'),
  assemble('assembly/quantized/index.ts', 'dist/simdense.quantized.wasm', '--importMemory'),
  assemble('assembly/quantized/index.ts', 'dist/simdense.quantized-relaxed.wasm', '--importMemory', ...relaxed),
  assemble('assembly/replay/index.ts', 'dist/simdense.replay.wasm', '--importMemory'),
  assemble('assembly/index.ts', 'dist/simdense.relaxed.wasm', ...relaxed),
  assemble('assembly/generated/threads.ts', 'dist/simdense.threads.wasm', ...shared),
  assemble('assembly/generated/threads.ts', 'dist/simdense.relaxed-threads.wasm', ...shared, ...relaxed),
  blas('', '--bindings', 'raw'),
  blas('-relaxed', ...relaxed),
  blas('-threads', ...shared),
  blas('-relaxed-threads', ...shared, ...relaxed),
  ...(forTests
    ? [assemble('assembly/test/index.ts', 'build/test/kernels.wasm', '--use', 'abort=assembly/test/index/fail')]
    : []),
]);
writeKernelTypes('dist/simdense.d.ts');
writeKernelTypes('dist/simdense.blas.d.ts', BLAS_TYPES, 'BlasKernels');
for (const end of ['d.ts', 'js']) for (const name of ['simdense', 'simdense.blas']) rmSync(`dist/${name}.${end}`);
await run('tsup', 'dist/cli-default.js', '--silent');
// Collect the licences of bundled packages. In a bundle, a comment with its path precedes each module.
const files = readdirSync('dist', { recursive: true }).filter((file) => file.endsWith('.js'));
const roots = files.flatMap((file) =>
  Array.from(
    readFileSync(join('dist', file), 'utf8').matchAll(
      /^\s*\/\/ (node_modules\/(?:.*\/node_modules\/)?(?:@[^/]+\/)?[^/\s]+)\//gm,
    ),
    ([, root]) => root,
  ),
);
const licences = [...new Set(roots)].sort().map((root) => {
  const { name, version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const file = readdirSync(root).find((entry) => /^licen[cs]e/i.test(entry));
  if (!file) throw new Error(`${root} has no licence file`);
  return `${name} ${version}\n\n${readFileSync(join(root, file), 'utf8').trim()}\n`;
});
writeFileSync('dist/THIRD-PARTY-LICENSES.txt', licences.join('\n---\n\n'));
mkdirSync('build', { recursive: true });
writeFileSync(STAMP, JSON.stringify({ hash, forTests }));
const seconds = ((performance.now() - begin) / 1000).toFixed(1);
console.log(`built dist/ in ${seconds} s; simdense.wasm has ${statSync('dist/simdense.wasm').size} bytes`);
