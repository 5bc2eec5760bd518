// A folder as a user has it: the packed package in node_modules, the digits as a module, and the program.
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { readDigits } from '../../examples/digits-data.js';

/** The folder in which .ci/run has installed the runtimes and bundlers. */
const installed = process.env['RUNTIMES'] ?? '';

/** Where they are not installed these tests say that they are skipped; in CI they fail. */
export const hasRuntimes = installed !== '' || process.env['CI'] !== undefined;
if (!hasRuntimes) console.log('skipped: $RUNTIMES names no folder with the runtimes; .ci/run installs them');

const modules = join(installed, 'node_modules');
export const runtimes: Readonly<Record<string, readonly string[]>> = {
  'this Node': [process.execPath],
  'Node 22': [join(modules, 'node22/bin/node')],
  'Node 24': [join(modules, 'node24/bin/node')],
  'Node 26': [join(modules, 'node26/bin/node')],
  Bun: [join(modules, '@oven/bun-linux-x64/bin/bun')],
  Deno: [join(modules, '@deno/linux-x64-glibc/deno'), 'run'],
};

/** A package that is installed there. */
export const installedPackage = (name: string): string => join(modules, name);

export interface Project {
  readonly folder: string;
  /** What a file of the project prints when a runtime runs it. */
  run(command: readonly string[], file: string): string;
  remove(): void;
}

/** `beside` what is installed, for a framework that must find itself from the project. */
export function makeProject(beside: 'nothing' | 'runtimes' = 'nothing'): Project {
  const folder = mkdtempSync(join(beside === 'runtimes' ? installed : tmpdir(), 'simdense-runtimes-'));
  const npm = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env['PATH']}` };
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [{ filename }] = JSON.parse(
    execFileSync('npm', pack, { encoding: 'utf8', env: npm, stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  const target = join(folder, 'node_modules', 'simdense');
  mkdirSync(target, { recursive: true });
  execFileSync('tar', ['xzf', join(folder, filename), '--strip-components=1', '-C', target]);
  const { x, y } = readDigits();
  const text = (bytes: Iterable<number>) => JSON.stringify(Buffer.from(Uint8Array.from(bytes)).toString('base64'));
  const unpack = '(text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0))';
  writeFileSync(
    join(folder, 'digits.mjs'),
    `const bytes = ${unpack};\nexport const pixels = bytes(${text(x.data)});\nexport const labels = Int32Array.from(bytes(${text(y)}));\n`,
  );
  copyFileSync(new URL('./program.mjs', import.meta.url), join(folder, 'program.mjs'));
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  return {
    folder,
    run([command, ...args], file) {
      if (!existsSync(command as string)) throw new Error(`there is no ${command}`);
      const { status, stdout, stderr } = spawnSync(command as string, [...args, join(folder, file)], {
        cwd: folder,
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(`${command} ended with ${status}: ${stderr}`);
      return stdout.trim();
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
