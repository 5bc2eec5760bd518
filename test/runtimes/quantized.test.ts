// Quantized files predict the same bits in every runtime, from the packed package: with relaxed SIMD where there is some, and without.
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { quantize } from '../../src/compile/index.js';
import { bundle, hasChromium, launch, run as runInPage } from '../browser/page.js';
import { randomModel } from '../helpers/networks.js';
import { hasRuntimes, installedPackage, makeProject, type Project, runtimes } from './project.js';
import { bundleWorker, startWorker } from './workerd.js';

describe.runIf(hasRuntimes)('quantized networks in', () => {
  let project: Project;
  let told: string;
  const imports =
    "import * as entry from 'simdense/predict';\nimport { files } from './files.mjs';\nimport { predictions } from './quantized.mjs';\n";
  const both = '[await predictions(entry, files, { relaxed: false }), await predictions(entry, files)]';
  beforeAll(() => {
    project = makeProject();
    const { folder } = project;
    copyFileSync(new URL('./quantized.mjs', import.meta.url), join(folder, 'quantized.mjs'));
    const texts = Array.from({ length: 26 }, (_, seed) => {
      using model = randomModel(seed);
      return Buffer.from(quantize(model)).toString('base64');
    });
    writeFileSync(
      join(folder, 'files.mjs'),
      `import { bytesOf } from './quantized.mjs';\nexport const files = ${JSON.stringify(texts)}.map(bytesOf);`,
    );
    writeFileSync(join(folder, 'main.mjs'), `${imports}console.log(JSON.stringify(${both}));`);
    writeFileSync(
      join(folder, 'worker.mjs'),
      `${imports}export default { fetch: async () => Response.json(${both}) };`,
    );
    writeFileSync(
      join(folder, 'wrangler.json'),
      JSON.stringify({ name: 'quantized', main: 'worker.mjs', compatibility_date: '2026-04-01' }),
    );
    [told] = JSON.parse(project.run([process.execPath], 'main.mjs'));
  }, 120_000);
  afterAll(() => project?.remove());

  for (const [name, command] of Object.entries(runtimes))
    test(name, { timeout: 60_000 }, () => {
      expect(JSON.parse(project.run(command, 'main.mjs'))).toEqual([told, told]);
    });

  test("Cloudflare's workerd", { timeout: 60_000 }, async () => {
    bundleWorker(project.folder);
    const miniflare = startWorker(project.folder);
    try {
      expect(await (await miniflare.dispatchFetch('http://localhost/')).json()).toEqual([told, told]);
    } finally {
      await miniflare.dispose();
    }
  });

  test.each([
    ['that may compile', true, [] as string[]],
    ['that forbids it, with the modules that the host hands over', false, ['edge-light']],
  ])('edge-runtime %s', { timeout: 60_000 }, async (_, wasm, conditions) => {
    const { EdgeVM } = await import(pathToFileURL(installedPackage('@edge-runtime/vm/dist/index.js')).href);
    const { outputFiles } = await build({
      stdin: { contents: `${imports}globalThis.result = predictions(entry, files);`, resolveDir: project.folder },
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
            onLoad({ filter: /.*/, namespace: 'ready' }, ({ path }) => ({
              contents: `export default globalThis.ready[${JSON.stringify(path)}]`,
            }));
          },
        },
      ],
    });
    const vm = new EdgeVM({ codeGeneration: { strings: false, wasm } });
    const moduleOf = (name: string) => {
      const bytes = readFileSync(join(project.folder, `node_modules/simdense/dist/simdense.${name}.wasm`));
      return [`./simdense.${name}.wasm?module`, new WebAssembly.Module(bytes)];
    };
    vm.context.ready = Object.fromEntries(['predict', 'quantized'].map(moduleOf));
    vm.evaluate((outputFiles[0] as { text: string }).text);
    expect(await vm.evaluate('result')).toBe(told);
  });

  test('a Worker that loads no quantized file does not load the kernels for them', { timeout: 60_000 }, () => {
    const { folder } = project;
    writeFileSync(
      join(folder, 'float.mjs'),
      "import { loadPredictor } from 'simdense/predict';\nexport default { fetch: () => new Response(typeof loadPredictor) };",
    );
    writeFileSync(
      join(folder, 'float.json'),
      JSON.stringify({ name: 'float', main: 'float.mjs', compatibility_date: '2026-04-01' }),
    );
    rmSync(join(folder, 'out'), { recursive: true, force: true });
    bundleWorker(folder, 'float.json');
    // wrangler uploads every .wasm that it meets, also what the Worker does not import then.
    const imported = readFileSync(join(folder, 'out/float.js'), 'utf8').match(/simdense\.[\w.-]+\.wasm/g);
    expect(new Set(imported)).toEqual(new Set(['simdense.predict.wasm']));
  });

  test.runIf(hasChromium)('a page', { timeout: 60_000 }, async () => {
    const program = `${imports.replaceAll("'./", `'${project.folder}/`)}tell(JSON.stringify(${both}));`;
    const browser = await launch();
    try {
      expect(JSON.parse(await runInPage(browser, await bundle(program, project.folder), {}))).toEqual([told, told]);
    } finally {
      await browser.close();
    }
  });
});
