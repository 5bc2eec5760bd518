// One package for every runtime: the packed package learns the digits in each, with one hash of the weights.
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundle, hasChromium, launch, run as runInPage } from '../browser/page.js';
import { HASH } from './hash.js';
import { hasRuntimes, installedPackage, makeProject, type Project, runtimes } from './project.js';
import { bundleWorker, startWorker } from './workerd.js';

const good = { hash: HASH, accuracy: 0.857540345019477, same: true };

describe.runIf(hasRuntimes)('the digits in', () => {
  let project: Project;
  beforeAll(() => {
    project = makeProject();
    const { folder } = project;
    const file = (name: string, text: string) => writeFileSync(join(folder, name), text);
    const rest = "import { program } from './program.mjs';\nimport * as digits from './digits.mjs';\n";
    file(
      'import.mjs',
      `import * as simdense from 'simdense';\n${rest}console.log(JSON.stringify(await program(simdense, digits)));`,
    );
    file(
      'threads.mjs',
      `import * as simdense from 'simdense';\n${rest}
      const engine = await simdense.createEngine({ threads: 2 });
      const sequential = (o) => simdense.sequential({ ...o, engine });
      const loadModel = (bytes) => simdense.loadModel(bytes, { engine });
      console.log(JSON.stringify(await program({ ...simdense, sequential, loadModel }, digits)));`,
    );
    file(
      'require.cjs',
      `const simdense = require('simdense');
      Promise.all([import('./program.mjs'), import('./digits.mjs')])
        .then(([{ program }, digits]) => program(simdense, digits))
        .then((result) => console.log(JSON.stringify(result)));`,
    );
    file(
      'worker.mjs',
      `import * as simdense from 'simdense';\n${rest}
      export default { fetch: async () => Response.json(await program(simdense, digits)) };`,
    );
    file('in-vm.mjs', `import * as simdense from 'simdense';\n${rest}globalThis.result = program(simdense, digits);`);
    const tables = ['table.csv.gz', 'table.xlsx', 'table.sqlite'];
    for (const name of tables) copyFileSync(new URL(`../golden/formats/${name}`, import.meta.url), join(folder, name));
    file(
      'tables.mjs',
      `import { readTable } from 'simdense/node';
      const rows = [];
      for (const name of ${JSON.stringify(tables)})
        rows.push(await readTable(new URL(name, import.meta.url)).then(({ rows }) => rows, ({ code }) => code));
      console.log(JSON.stringify(rows));`,
    );
    file('wrangler.json', JSON.stringify({ name: 'digits', main: 'worker.mjs', compatibility_date: '2026-04-01' }));
  }, 60_000);
  afterAll(() => project?.remove());

  for (const [name, command] of Object.entries(runtimes)) {
    test.each(['import.mjs', 'require.cjs', 'threads.mjs'])(`${name}, %s`, (file) => {
      expect(JSON.parse(project.run(command, file))).toEqual(good);
    });
    test(`${name}, tables from files`, () => {
      const allowed = name === 'Deno' ? [...command, '--allow-all'] : command;
      const sqlite = command[0] === process.execPath && /^v20\./.test(process.version) ? 'UNSUPPORTED' : 60;
      expect(JSON.parse(project.run(allowed, 'tables.mjs'))).toEqual([60, 60, sqlite]);
    });
  }

  test("Cloudflare's workerd, as wrangler bundles it", async () => {
    bundleWorker(project.folder);
    const miniflare = startWorker(project.folder);
    try {
      const response = await miniflare.dispatchFetch('http://localhost/');
      expect(await response.json()).toEqual(good);
    } finally {
      await miniflare.dispose();
    }
  });

  /** A bundle as an edge host evaluates it; a module import is what the host hands over. */
  async function edgeBundle(conditions: string[]): Promise<string> {
    const { outputFiles } = await build({
      entryPoints: [join(project.folder, 'in-vm.mjs')],
      bundle: true,
      write: false,
      format: 'iife',
      charset: 'utf8',
      conditions,
      plugins: [
        {
          name: 'ready-modules',
          setup({ onResolve, onLoad }) {
            onResolve({ filter: /\.wasm\?module$/ }, ({ path }) => ({ path, namespace: 'ready' }));
            onLoad({ filter: /.*/, namespace: 'ready' }, () => ({ contents: 'export default globalThis.readyModule' }));
          },
        },
      ],
    });
    return (outputFiles[0] as { text: string }).text;
  }

  test.each([
    ['that may compile', true, [] as string[]],
    ['that forbids it, with the module that the host hands over', false, ['edge-light']],
  ])('edge-runtime %s', async (_, wasm, conditions) => {
    const { EdgeVM } = await import(pathToFileURL(installedPackage('@edge-runtime/vm/dist/index.js')).href);
    const vm = new EdgeVM({ codeGeneration: { strings: false, wasm } });
    const ready = new WebAssembly.Module(
      readFileSync(join(project.folder, 'node_modules/simdense/dist/simdense.wasm')),
    );
    vm.context.readyModule = ready;
    vm.evaluate(await edgeBundle(conditions));
    expect(await vm.evaluate('result')).toEqual(good);
  });

  test('edge-runtime without either says what it needs', async () => {
    const { EdgeVM } = await import(pathToFileURL(installedPackage('@edge-runtime/vm/dist/index.js')).href);
    const vm = new EdgeVM({ codeGeneration: { strings: false, wasm: false } });
    vm.evaluate(await edgeBundle([]));
    await expect(vm.evaluate('result')).rejects.toThrow(/engine: this runtime forbids compiling WebAssembly/);
  });

  describe.runIf(hasChromium)('Chromium', () => {
    test('in a page and in a worker, under a strict policy', async () => {
      const { folder } = project;
      const rest = `import { program } from '${folder}/program.mjs';\nimport * as digits from '${folder}/digits.mjs';\n`;
      const worker = await bundle(
        `import * as simdense from 'simdense';\n${rest}program(simdense, digits).then((result) => postMessage(result));`,
        folder,
      );
      const files = await bundle(
        `import * as simdense from 'simdense';\n${rest}
        const worker = new Worker('/worker.js', { type: 'module' });
        worker.onmessage = async ({ data }) => tell(JSON.stringify([await program(simdense, digits), data]));`,
        folder,
      );
      files.set('/worker.js', worker.get('/main.js') as string);
      for (const [path, text] of worker) if (path !== '/main.js') files.set(path, text);
      const policy = {
        'Content-Security-Policy': "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'",
      };
      const browser = await launch();
      try {
        expect(JSON.parse(await runInPage(browser, files, policy))).toEqual([good, good]);
      } finally {
        await browser.close();
      }
    });
  });
});
