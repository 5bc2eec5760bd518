// Builds dist/, with --test also what only tests load: tiles, then the kernels by AssemblyScript, then ES modules and types by tsup. Says what failed, else one line.
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** Runs a package's command with this Node: npx and .bin differ between systems. */
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
const shared = ['--enable', 'threads', '--importMemory', '--sharedMemory', '--zeroFilledMemory'];

const begin = performance.now();
rmSync('dist', { recursive: true, force: true });
await import('./generate-tiles.mjs');
await Promise.all([
  assemble('assembly/index.ts', 'dist/simdense.wasm'),
  assemble('assembly/index.ts', 'dist/simdense.relaxed.wasm', ...relaxed),
  assemble('assembly/threads/index.ts', 'dist/simdense.threads.wasm', ...shared),
  assemble('assembly/threads/index.ts', 'dist/simdense.relaxed-threads.wasm', ...shared, ...relaxed),
  ...(process.argv.includes('--test')
    ? [assemble('assembly/test/index.ts', 'build/test/kernels.wasm', '--use', 'abort=assembly/test/index/fail')]
    : []),
]);
await run('tsup', 'dist/cli-default.js', '--silent');
// What is bundled, which each file names where it begins, with its licence.
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
const seconds = ((performance.now() - begin) / 1000).toFixed(1);
console.log(`built dist/ in ${seconds} s; simdense.wasm has ${statSync('dist/simdense.wasm').size} bytes`);
