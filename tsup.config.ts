import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { defineConfig, type Options } from 'tsup';

const common: Options = {
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  sourcemap: false,
  splitting: false,
  minify: true,
  define: { 'Number.POSITIVE_INFINITY': 'Infinity' },
  removeNodeProtocol: false,
};
/** Kept as an import that each runtime resolves for itself: see `imports` in package.json. */
const kernelsStayOutside = {
  name: 'kernels-stay-outside',
  setup(build: { onResolve(o: { filter: RegExp }, f: (a: { path: string }) => object): void }) {
    build.onResolve({ filter: /^#kernels|\.wasm(\?module)?$/ }, ({ path }) => ({ path, external: true }));
  },
};

/**
 * A program loads two files, simdense and its kernels: each module more costs it nearly a millisecond. The other entries take what there must be
 * one of, such as Matrix and SimdenseError, from index.js, and have their own copy of pure functions.
 */
const oneOfEach = {
  name: 'one-of-each',
  setup(build: {
    onResolve(o: { filter: RegExp }, f: (a: { path: string; importer: string }) => object | undefined): void;
  }) {
    build.onResolve({ filter: /^\.\.?\// }, ({ path, importer }) => {
      const file = relative('src', resolve(dirname(importer), path));
      const shared =
        importer !== '' &&
        /^(base\/errors|data\/matrix|engine\/engine|nn\/.*|train\/(?!safetensors).*)\.js$/.test(file);
      if (shared) return { path: './index.js', external: true };
      // A file of its own, which bundlers leave out with its CSV library where it is not used.
      if (file === 'data/csv.js') return { path: './csv.js', external: true };
      return file === 'bullmq/index.js' ? { path: './bullmq.js', external: true } : undefined;
    });
  },
};
/** An imported .wasm is a string, each byte a character. */
const wasmIsText = {
  name: 'wasm-is-text',
  setup(build: { onLoad(o: { filter: RegExp }, f: (a: { path: string }) => object): void }) {
    build.onLoad({ filter: /\.wasm$/ }, ({ path }) => ({
      contents: `export default ${JSON.stringify(readFileSync(path, 'latin1'))};`,
      loader: 'js',
    }));
  },
};
/** Long names of properties that nobody outside the core sees, in code or in files: minified like variables. */
const onlyInside =
  /^(trainedFloats|valueFloats|gradientInPlace|keepsOutput|shiftIsLost|minimumRows|centers|scratch|kept|rowLosses|loadRows|loadTargets|loadWeights|loadFloats|unloadPredictions|outputGradient|chosenColumns|needsInput|snapshot|checkAlive|purpose|inPlace|measure|reserve)$/;
const core = { index: 'src/index.ts' };
const others = {
  data: 'src/data/index.ts',
  evaluate: 'src/evaluate/index.ts',
  node: 'src/node/index.ts',
  bullmq: 'src/bullmq/index.ts',
};
const cli = { cli: 'src/cli/main.ts' };
const csv = { csv: 'src/data/csv.ts' };
/** Of simdense/node: what its threads run, and their pool, which looks for its own file at entry/worker.js. */
const threads = {
  'evaluate-worker': 'src/node/evaluate-worker.ts',
  pool: 'node_modules/tinypool/dist/index.js',
  'entry/worker': 'node_modules/tinypool/dist/entry/worker.js',
};
const poolIsAFile = {
  name: 'pool-is-a-file',
  setup(build: { onResolve(o: { filter: RegExp }, f: (a: { path: string }) => object): void }) {
    build.onResolve({ filter: /^tinypool$/ }, () => ({ path: './pool.js', external: true }));
  },
};
/** What createEngine loads when it is called: beside the core, under the name by which engine.ts imports it. */
const engines = { engines: 'src/engine/engines.ts' };
const enginesStayOutside = {
  name: 'engines-stay-outside',
  setup(build: { onResolve(o: { filter: RegExp }, f: (a: { path: string }) => object): void }) {
    build.onResolve({ filter: /^\.\/engines\.js$/ }, ({ path }) => ({ path, external: true }));
  },
};
/** The kernels by build, and by what the host takes: see `imports` in package.json. */
const kernels = (host: string, builds: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    builds.map((name) => {
      const end = name && `.${name}`;
      const out = host === 'embedded' ? `kernels${end}` : `kernels${end}.${host}`;
      return [out, `src/engine/kernels/${host}${end}.ts`];
    }),
  );

export default defineConfig([
  {
    ...common,
    entry: { ...others, ...csv, ...cli, ...threads },
    // Optional peers of simdense/bullmq.
    external: [/^node:/, 'bullmq', 'ioredis'],
    esbuildPlugins: [poolIsAFile, oneOfEach],
    // The licence of what is bundled.
    esbuildOptions(options) {
      options.legalComments = 'inline';
    },
  },
  {
    ...common,
    entry: core,
    esbuildPlugins: [kernelsStayOutside, enginesStayOutside],
    esbuildOptions(options) {
      options.mangleProps = onlyInside;
    },
  },
  { ...common, entry: engines, esbuildPlugins: [kernelsStayOutside, oneOfEach] },
  { ...common, entry: { worker: 'src/engine/threads/page-worker.ts' } },
  {
    entry: { ...core, ...others },
    dts: { only: true },
    format: 'esm',
    external: [/^node:/, 'bullmq', 'ioredis'],
  },
  {
    ...common,
    entry: kernels('embedded', ['', 'relaxed', 'threads', 'relaxed-threads']),
    esbuildPlugins: [wasmIsText],
    esbuildOptions(options) {
      options.charset = 'utf8';
    },
  },
  {
    ...common,
    entry: {
      ...kernels('workerd', ['', 'relaxed']),
      ...kernels('edge-light', ['', 'relaxed']),
      'kernels.none': 'src/engine/kernels/none.ts',
    },
    esbuildPlugins: [kernelsStayOutside],
  },
]);
