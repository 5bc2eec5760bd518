// examples/edge-worker, built by wrangler and driven over HTTP: it learns 10,000 rows, and although the object is evicted meanwhile, no row is lost and the
// weights equal those of the same stream in Node.
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDigits } from '../../examples/digits-data.js';
import { loadPipeline } from '../../src/evaluate/index.js';
import { hasRuntimes, makeProject, type Project } from './project.js';
import { bundleWorker, startWorker } from './workerd.js';

const ROWS = 10_000;
/** The number of simultaneous requests. */
const CLIENTS = 16;

describe.runIf(hasRuntimes)('a Worker that learns', () => {
  let project: Project;
  let folder: string;
  const { x, y } = readDigits();

  beforeAll(() => {
    project = makeProject();
    folder = join(project.folder, 'edge-worker');
    cpSync('examples/edge-worker', folder, { recursive: true });
    cpSync('examples/data', join(project.folder, 'data'), { recursive: true });
    rmSync(join(folder, 'src/digits.bin'), { force: true });
    execFileSync(process.execPath, ['train.js'], { cwd: folder });
    bundleWorker(folder, 'wrangler.jsonc');
  }, 60_000);
  afterAll(() => project?.remove());

  async function start(): Promise<{ url: string; stop(): Promise<void> }> {
    const miniflare = startWorker(folder, {
      durableObjects: { LEARNER: { className: 'Learner', useSQLite: true } },
      durableObjectsPersist: join(folder, 'state'),
    });
    return { url: String(await miniflare.ready), stop: () => miniflare.dispose() };
  }

  const post = async (url: string, path: string, body: unknown) => {
    const response = await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) });
    return { status: response.status, answer: await response.json() };
  };
  const pixels = (row: number) => Array.from(x.row(row % x.rows));
  const label = (row: number) => y[row % x.rows] as number;

  test(`${ROWS} rows: none is lost, and the weights are Node's`, { timeout: 240_000 }, async () => {
    const begun = readFileSync(join(folder, 'src/digits.bin'));
    /** Rows in the order in which they were learnt. */
    const order: number[] = [];
    let sent = 0;
    const client = async (url: string, until: number): Promise<void> => {
      while (sent < until) {
        const row = sent++;
        const { status, answer } = await post(url, 'learn', { pixels: pixels(row), label: label(row) });
        expect(status).toBe(200);
        expect(order[answer.number]).toBe(undefined);
        order[answer.number] = row;
      }
    };
    let worker = await start();
    // Between two snapshots, so that rows are to be learnt anew.
    for (const until of [70, 4321, ROWS]) {
      await Promise.all(Array.from({ length: CLIENTS }, () => client(worker.url, until)));
      await worker.stop();
      worker = await start();
    }
    try {
      const bad = await post(worker.url, 'learn', { pixels: pixels(0), label: 11 });
      expect(bad.status).toBe(400);
      expect(bad.answer.error).toMatch(/trainOnBatch: y is 11 in row 0, which is not among the classes 0, 1/);
      expect((await post(worker.url, 'learn', { pixels: [1], label: 1 })).status).toBe(400);

      expect(order.length).toBe(ROWS);
      expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: ROWS }, (_, row) => row));
      using twin = loadPipeline(begun);
      for (const row of order) twin.trainOnBatch([pixels(row)], [label(row)]);
      const file = new Uint8Array(await (await fetch(`${worker.url}model`)).arrayBuffer());
      expect(Buffer.compare(file, twin.save({ optimizer: true }))).toBe(0);

      const { answer } = await post(worker.url, 'predict', { pixels: pixels(5) });
      expect(answer).toEqual({
        label: label(5),
        probability: Math.max(...twin.predictProbabilities([pixels(5)]).data),
      });
      // It has seen each digit, most of them often.
      expect(twin.evaluate(x, Array.from(y))['accuracy']).toBeGreaterThan(0.97);
    } finally {
      await worker.stop();
    }
  });
});
