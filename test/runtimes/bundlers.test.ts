// A five-line app, built by each bundler without configuration and run in Chromium: the kernels are found, and unused code is left out.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build as esbuild, transform } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasChromium, isolated, launch, run } from '../browser/page.js';
import { hasRuntimes, installedPackage, makeProject, type Project } from './project.js';

const app = `import { createEngine, dense, sequential } from 'simdense';
const layers = [dense({ units: 3, activation: 'softmax' })];
const [one, two] = [undefined, await createEngine({ threads: 2 })].map((engine) => sequential({ inputs: 2, layers, seed: 1, ...(engine && { engine }) }));
tell(JSON.stringify([one.predict([1, 2]).toArrays(), two.predict([1, 2]).toArrays()]));
two.dispose();`;
/** A program that uses nothing that computes. */
const small = "import { holdOut } from 'simdense/data';\ntell(String([...holdOut(8)].length));";

/** A program that predicts, and cannot train. */
const predicting = "import { loadPredictor } from 'simdense/predict';\ntell(loadPredictor);";

/** A page that reads what its user gives it, and a format whose library is not installed. */
const reading = `import { readTable } from 'simdense/table';
const { rows } = await readTable(new File(['a,b\\n1,x\\n2,y\\n'], 'table.csv'));
const refused = await readTable(Uint8Array.of(80, 65, 82, 49)).catch(({ message }) => message);
tell(JSON.stringify([rows, refused]));`;

const load = (name: string, file: string) => import(pathToFileURL(installedPackage(join(name, file))).href);

/**
 * Gzipped bytes of a program, measured as by npm run size: Rollup needs a plugin to minify, which must be told that this is a module, and only esbuild escapes
 * non-ASCII characters.
 */
async function minified(text: string): Promise<number> {
  const { code } = await transform(text, { minify: true, charset: 'utf8', format: 'esm' });
  return gzipSync(code).length;
}

/** Builds the entry to a folder, with main.js in it. */
type Bundler = (folder: string, entry: string, out: string) => Promise<unknown>;

const bundlers: Readonly<Record<string, Bundler>> = {
  esbuild: (_, entry, outdir) =>
    esbuild({ entryPoints: { main: entry }, bundle: true, minify: true, format: 'esm', splitting: true, outdir }),
  async Rollup(_, entry, dir) {
    const { rollup } = await load('rollup', 'dist/es/rollup.js');
    const { nodeResolve } = await load('@rollup/plugin-node-resolve', 'dist/es/index.js');
    const bundle = await rollup({ input: { main: entry }, plugins: [nodeResolve()] });
    await bundle.write({ dir, format: 'es' });
    await bundle.close();
  },
  async Vite(root, entry, outDir) {
    const { build } = await load('vite', 'dist/node/index.js');
    const output = { entryFileNames: 'main.js' };
    const rollupOptions = { input: { main: entry }, output };
    await build({
      root,
      configFile: false,
      logLevel: 'silent',
      build: { outDir, target: 'esnext', rollupOptions, modulePreload: false },
    });
  },
  async webpack(context, entry, path) {
    const webpack = createRequire(installedPackage('webpack/package.json'))('webpack');
    const compiler = webpack({
      mode: 'production',
      context,
      entry: { main: entry },
      experiments: { outputModule: true },
      output: { path, filename: '[name].js', module: true, publicPath: '/' },
      performance: false,
    });
    await new Promise<void>((resolve, reject) => {
      compiler.run((error: Error | null, stats: { hasErrors(): boolean; toString(): string }) =>
        error || stats.hasErrors() ? reject(error ?? new Error(stats.toString())) : resolve(),
      );
    });
  },
};

/** All files below a folder, by the path under which a page asks for them. */
function filesOf(folder: string): Map<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => [
      `/${relative(folder, join(parentPath, name))}`,
      readFileSync(join(parentPath, name), 'utf8'),
    ]),
  );
}

describe.runIf(hasRuntimes && hasChromium)('bundled by', () => {
  let project: Project;
  beforeAll(() => {
    project = makeProject();
    mkdirSync(join(project.folder, 'src'));
    writeFileSync(join(project.folder, 'src/app.js'), app);
    writeFileSync(join(project.folder, 'src/small.js'), small);
    writeFileSync(join(project.folder, 'src/predicting.js'), predicting);
    writeFileSync(join(project.folder, 'src/reading.js'), reading);
  }, 60_000);
  afterAll(() => project?.remove());

  describe.each(Object.entries(bundlers))('%s', (name, build) => {
    const built = async (entry: string): Promise<Map<string, string>> => {
      const out = join(project.folder, `out-${name}-${entry}`);
      await build(project.folder, join(project.folder, `src/${entry}.js`), out);
      return filesOf(out);
    };

    test('an app trains and predicts, with threads as well', async () => {
      const browser = await launch();
      try {
        const [one, two] = JSON.parse(await run(browser, await built('app'), isolated));
        expect(one[0].length).toBe(3);
        expect(two).toEqual(one);
      } finally {
        await browser.close();
      }
    });

    test('a page reads a table; a library that is not installed is no error of the bundler', async () => {
      const browser = await launch();
      try {
        const [rows, refused] = JSON.parse(await run(browser, await built('reading'), isolated));
        expect(rows).toBe(2);
        expect(refused).toMatch(/npm install hyparquet\b/);
      } finally {
        await browser.close();
      }
    });

    test('what is not used is not there, the kernels included', async () => {
      // What a page loads: bundlers may write files for imports that never happen.
      const text = (await built('small')).get('/main.js') as string;
      expect(text).not.toMatch(/^import|\bimport\(/m);
      expect(text).not.toContain('WebAssembly');
      expect(await minified(text)).toBeLessThan(4096);
    });

    test('what only predicts brings nothing that trains', async () => {
      const text = (await built('predicting')).get('/main.js') as string;
      expect(text).not.toMatch(/^import|\bimport\(/m);
      expect(text).not.toMatch(/trainOnBatch|learningRate|validationSplit/);
      expect(await minified(text)).toBeLessThanOrEqual(28 * 1024);
    });
  });
});
