// A Redis of our own on a free port, for the tests that need one.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis as Client } from 'ioredis';
import { afterAll, beforeAll } from 'vitest';

const found = spawnSync('redis-server', ['--version']).status === 0;

/** Where there is no redis-server these tests say that they are skipped; in CI they fail. */
export const hasRedis = found || process.env['CI'] !== undefined;
if (!hasRedis) console.log('skipped: no redis-server on the path');

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

export interface Redis {
  readonly url: string;
  /** Kills it, and starts it anew with what it had saved. */
  crash(): Promise<void>;
  stop(): void;
}

/** One for all tests of a describe, and a client of it: begun before the first, gone after the last. */
export function redisOfTests(): { readonly redis: Redis; readonly client: Client } {
  let redis: Redis | undefined;
  let client: Client | undefined;
  beforeAll(async () => {
    redis = await startRedis();
    client = new Client(redis.url);
  });
  afterAll(() => {
    client?.disconnect();
    redis?.stop();
  });
  return {
    get redis() {
      return redis as Redis;
    },
    get client() {
      return client as Client;
    },
  };
}

/** Saves each write before it answers. */
export async function startRedis(): Promise<Redis> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'simdense-redis-'));
  const saving = ['--appendonly', 'yes', '--appendfsync', 'always', '--save', ''];
  const start = async (): Promise<ChildProcess> => {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, ...saving];
    const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    await says(server, /Ready to accept connections/);
    return server;
  };
  let server = await start();
  return {
    url: `redis://127.0.0.1:${port}`,
    async crash() {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGKILL');
      await ended;
      server = await start();
    },
    stop() {
      server.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until a process has printed this; all that it has printed then. */
export function says(child: ChildProcess, what: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`it ended with code ${code}: ${text}`)));
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk;
      if (what.test(text)) resolve(text);
    });
  });
}
