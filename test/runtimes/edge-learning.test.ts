// examples/edge-learning, built by wrangler and run by workerd: regions keep their rows, are evicted half-way, and the network has the bits of inline in Node.
import { execFile, execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadPipeline } from '../../src/evaluate/index.js';
import { hasRuntimes, makeProject, type Project } from './project.js';
import { bundleWorker, startWorker } from './workerd.js';

const MESSAGE = new URL('../../examples/edge-learning/src/message.js', import.meta.url).href;
const { pack, unpack } = (await import(MESSAGE)) as {
  pack(value: unknown): Uint8Array<ArrayBuffer>;
  unpack(buffer: ArrayBuffer): unknown;
};

test('a message comes back as it was', () => {
  const value = { a: [1, 'ü', null], x: { data: Float32Array.of(1, -0, 3.5), columns: 3 }, y: Float32Array.of(7) };
  expect(unpack(pack(value).buffer)).toEqual(value);
  expect(unpack(pack({}).buffer)).toEqual({});
});

describe.runIf(hasRuntimes)('regions that learn together', () => {
  let project: Project;
  let folder: string;
  beforeAll(() => {
    project = makeProject();
    folder = join(project.folder, 'edge-learning');
    cpSync('examples/edge-learning', folder, { recursive: true });
    cpSync('examples/data', join(project.folder, 'data'), { recursive: true });
    bundleWorker(folder, 'wrangler.jsonc');
  }, 60_000);
  afterAll(() => project?.remove());

  async function start(): Promise<{ url: string; stop(): Promise<void> }> {
    // Named one by one: Miniflare's own search stops at readers of tables that are not installed, which nobody calls.
    const out = join(folder, 'out');
    const modules = readdirSync(out).flatMap((name) => {
      const type = name.endsWith('.wasm') ? 'CompiledWasm' : name.endsWith('.js') ? 'ESModule' : undefined;
      return type ? [{ type, path: join(out, name) }] : [];
    });
    const miniflare = startWorker(folder, {
      modules: modules.sort((a, b) => Number(b.path.endsWith('worker.js')) - Number(a.path.endsWith('worker.js'))),
      durableObjects: { REGION: { className: 'Region', useSQLite: true } },
      durableObjectsPersist: join(folder, 'state'),
    });
    return { url: String(await miniflare.ready), stop: () => miniflare.dispose() };
  }
  const train = async (url: string): Promise<[Buffer, number]> => {
    const { stdout } = await promisify(execFile)(process.execPath, ['train.js', url], { cwd: folder });
    const [, percent] = /([\d.]+) % of/.exec(stdout) ?? [];
    return [readFileSync(join(folder, 'digits.safetensors')), Number(percent)];
  };

  test('all ten digits, though no region knows them all; the same bits after they were evicted', {
    timeout: 180_000,
  }, async () => {
    let worker = await start();
    try {
      execFileSync(process.execPath, ['collect.js', worker.url], { cwd: folder });
      const [first, percent] = await train(worker.url);
      expect(percent).toBeGreaterThan(85);
      await worker.stop();
      worker = await start();
      const [second] = await train(worker.url);
      expect(Buffer.compare(first, second)).toBe(0);
      using fitted = loadPipeline(first);
      expect(fitted.classes).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
      const bad = await fetch(new URL('/eu/job', worker.url), {
        method: 'POST',
        body: pack({ task: 'other', job: {} }),
      });
      expect(bad.status).toBe(400);
      expect(await bad.text()).toMatch(/executor: task: expected one of fit, summarizeShard, trainShard/);
    } finally {
      await worker.stop();
    }
  });
});
