// The built command in a folder of its own.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll } from 'vitest';

export const cli = resolve('dist/cli.js');

export interface Ran {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

/** A folder that is gone after the tests of this file, with the irises in it, and the command that runs there. */
export function workplace(): {
  folder: string;
  file(name: string): string;
  write(name: string, content: string | Uint8Array): void;
  run(...args: string[]): Ran;
} {
  const folder = mkdtempSync(join(tmpdir(), 'simdense-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const file = (name: string): string => join(folder, name);
  const write = (name: string, content: string | Uint8Array): void => writeFileSync(file(name), content);
  write('iris.csv', readFileSync('examples/data/iris.csv'));
  return {
    folder,
    file,
    write,
    run(...args) {
      const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...args], { cwd: folder, encoding: 'utf8' });
      return { status, out: stdout.trim(), err: stderr.trim() };
    },
  };
}
