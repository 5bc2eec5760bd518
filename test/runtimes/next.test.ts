// Routes of Next.js, built by both of its bundlers and run: on the edge with a module that the host compiles, on Node with the embedded kernels.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HASH } from './hash.js';
import { hasRuntimes, installedPackage, makeProject, type Project } from './project.js';

const rest = `import * as simdense from 'simdense';
import { program } from '../../program.mjs';
import * as digits from '../../digits.mjs';
`;
const edge = `${rest}export const config = { runtime: 'edge' };
const refusal = async (options) => simdense.createEngine(options).then(() => 'made', ({ code }) => code);
export default async () => {
  const refused = [await refusal({ relaxed: true }), await refusal({ threads: 2 })];
  return Response.json({ ...await program(simdense, digits), refused, supports: simdense.supports() });
};`;
const node = `${rest}export default async (_, response) => response.json(await program(simdense, digits));`;

const good = { hash: HASH, accuracy: 0.857540345019477, same: true };
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' } as const;

/** The address of a server that `next start` has started. */
function address(server: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    server.stdout?.on('data', (chunk) => {
      text += chunk;
      const found = /http:\/\/localhost:\d+/.exec(text);
      if (found && text.includes('Ready')) resolve(found[0]);
    });
    server.on('exit', () => reject(new Error(text)));
  });
}

describe.runIf(hasRuntimes)("Next's routes, built by", () => {
  let project: Project;
  let next: string;
  beforeAll(() => {
    next = installedPackage('next/dist/bin/next');
    project = makeProject('runtimes');
    const { folder } = project;
    mkdirSync(join(folder, 'pages/api'), { recursive: true });
    writeFileSync(join(folder, 'pages/api/edge.js'), edge);
    writeFileSync(join(folder, 'pages/api/node.js'), node);
    const root = JSON.stringify(dirname(folder));
    writeFileSync(
      join(folder, 'next.config.mjs'),
      `export default { turbopack: { root: ${root} }, outputFileTracingRoot: ${root} };`,
    );
  }, 60_000);
  afterAll(() => project?.remove());

  test.each(['--turbopack', '--webpack'])('%s', { timeout: 120_000 }, async (bundler) => {
    const { folder } = project;
    execFileSync(process.execPath, [next, 'build', bundler], { cwd: folder, env, stdio: 'pipe' });
    const server = spawn(process.execPath, [next, 'start', '-p', '0'], { cwd: folder, env, detached: true });
    try {
      const url = await address(server);
      const ask = async (path: string) => (await fetch(`${url}/api/${path}`)).json();
      expect(await ask('node')).toEqual(good);
      expect(await ask('edge')).toEqual({
        ...good,
        refused: ['UNSUPPORTED', 'UNSUPPORTED'],
        supports: { simd: true, relaxed: false, threads: false },
      });
    } finally {
      process.kill(-(server.pid as number));
    }
  });
});
