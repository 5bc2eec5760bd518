// simdense/kernels from the packed package: the same bits in every runtime, in a page, on workerd, and by threads.
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as entry from '../../src/kernels/index.js';
import { bundle, hasChromium, launch, run as runInPage } from '../browser/page.js';
import { hasRuntimes, makeProject, type Project, runtimes } from './project.js';
import { bundleWorker, startWorker } from './workerd.js';

/** The hash of the results, in every runtime. */
const BITS = '48e0d630d08cd4d8c74ba5f57794f3cd055d694488bd5d2ef441341bddae5b59';

const { arithmetic } = await import(new URL('./kernels.mjs', import.meta.url).href);

test('this Node, with one thread and with three', async () => {
  expect(await arithmetic(entry)).toBe(BITS);
  expect(await arithmetic(entry, { threads: 3 })).toBe(BITS);
});

describe.runIf(hasRuntimes)('the arithmetic in', () => {
  let project: Project;
  const imports = "import * as entry from 'simdense/kernels';\nimport { arithmetic } from ";
  beforeAll(() => {
    project = makeProject();
    const { folder } = project;
    copyFileSync(new URL('./kernels.mjs', import.meta.url), join(folder, 'kernels.mjs'));
    const rest = `${imports}'./kernels.mjs';\n`;
    writeFileSync(
      join(folder, 'main.mjs'),
      `${rest}console.log(JSON.stringify([await arithmetic(entry), await arithmetic(entry, { threads: 2 })]));`,
    );
    writeFileSync(
      join(folder, 'worker.mjs'),
      `${rest}export default { fetch: async () => Response.json(await arithmetic(entry)) };`,
    );
    writeFileSync(
      join(folder, 'wrangler.json'),
      JSON.stringify({ name: 'kernels', main: 'worker.mjs', compatibility_date: '2026-04-01' }),
    );
  }, 60_000);
  afterAll(() => project?.remove());

  for (const [name, command] of Object.entries(runtimes))
    test(name, { timeout: 60_000 }, () => {
      expect(JSON.parse(project.run(command, 'main.mjs'))).toEqual([BITS, BITS]);
    });

  test("Cloudflare's workerd", { timeout: 60_000 }, async () => {
    bundleWorker(project.folder);
    const miniflare = startWorker(project.folder);
    try {
      expect(await (await miniflare.dispatchFetch('http://localhost/')).json()).toBe(BITS);
    } finally {
      await miniflare.dispose();
    }
  });

  test.runIf(hasChromium)('a page', { timeout: 60_000 }, async () => {
    const program = `${imports}'${project.folder}/kernels.mjs';\narithmetic(entry).then((result) => tell(JSON.stringify(result)));`;
    const browser = await launch();
    try {
      expect(JSON.parse(await runInPage(browser, await bundle(program, project.folder), {}))).toBe(BITS);
    } finally {
      await browser.close();
    }
  });
});
