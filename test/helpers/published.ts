// Tests that import the package only through its entries run a second time on what is published: each src/…/index.js is its file in dist/.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import type { Plugin } from 'vitest/config';
import { rooms } from '../../docs/site/rooms.js';

/** The file of an entry whose name another file has. */
const files: Readonly<Record<string, string>> = { kernels: 'blas' };
const root = resolve(import.meta.dirname, '../..');

/** The published file of a source file, where it is an entry; null of other sources, undefined of what is no source. */
function published(file: string): string | null | undefined {
  const [, path] = /^src\/(.*)$/.exec(relative(root, file)) ?? [];
  if (path === undefined) return undefined;
  if (path === 'index.js') return join(root, 'dist/index.js');
  const entry = rooms.find((name) => path === `${name}/index.js`);
  return entry === undefined ? null : join(root, `dist/${files[entry] ?? entry}.js`);
}

/** Imports of a test file and of its helpers that are relative, resolved. */
function imports(file: string, seen = new Set<string>()): Set<string> {
  for (const [, path] of readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']*)'/g)) {
    const target = resolve(dirname(file), path as string);
    if (seen.has(target)) continue;
    seen.add(target);
    const source = target.replace(/\.js$/, '.ts');
    if (existsSync(source) && relative(root, source).startsWith('test')) imports(source, seen);
  }
  return seen;
}

/** The test files that know entries only, and at least one. */
export const suites = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
  // Tests that start other programs read dist/ anyway.
  .filter((file) => file.endsWith('.test.ts') && !/^(torture|browser|runtimes|bullmq)\b/.test(file))
  .map((file) => join('test', file))
  .filter((file) => {
    const all = Array.from(imports(join(root, file)), published);
    return all.some(Boolean) && !all.includes(null);
  });

export const fromDist: Plugin = {
  name: 'from-dist',
  enforce: 'pre',
  resolveId: (path, importer) =>
    importer && path.startsWith('.') ? published(resolve(dirname(importer), path)) : undefined,
};
