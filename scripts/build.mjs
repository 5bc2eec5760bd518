// Builds dist/, with --test also what only tests load: tiles, then the kernels by AssemblyScript, then ES modules and types by tsup. Says what failed, else one line.
import { execFileSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);

/** Runs a package's command with this Node: npx and .bin differ between systems. */
function run(name, bin, ...args) {
  const root = dirname(require.resolve(`${name}/package.json`));
  try {
    execFileSync(process.execPath, [join(root, bin), ...args], { stdio: 'pipe' });
  } catch (error) {
    process.stderr.write(`${error.stdout}${error.stderr}`);
    process.exit(1);
  }
}

const begin = performance.now();
rmSync('dist', { recursive: true, force: true });
await import('./generate-tiles.mjs');
run('assemblyscript', 'bin/asc.js', 'assembly/index.ts', '--target', 'release');
if (process.argv.includes('--test')) {
  const out = ['--outFile', 'build/test/kernels.wasm'];
  run('assemblyscript', 'bin/asc.js', 'assembly/test/index.ts', '--target', 'release', ...out);
}
run('tsup', 'dist/cli-default.js', '--silent');
const seconds = ((performance.now() - begin) / 1000).toFixed(1);
console.log(`built dist/ in ${seconds} s; simdense.wasm has ${statSync('dist/simdense.wasm').size} bytes`);
