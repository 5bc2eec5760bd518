import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { defineConfig, type Options } from 'tsup';

const common: Options = {
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  sourcemap: false,
  splitting: false,
  // What is published can be read: a stack trace shows source. It starts as fast, and users' bundlers minify.
  minify: false,
  removeNodeProtocol: false,
};
/** Kept as an import that each runtime resolves for itself: see `imports` in package.json. */
const kernelsStayOutside = {
  name: 'kernels-stay-outside',
  setup(build: { onResolve(o: { filter: RegExp }, f: (a: { path: string }) => object): void }) {
    build.onResolve({ filter: /^#kernels|\.wasm(\?module)?$/ }, ({ path }) => ({ path, external: true }));
  },
};

type Resolve = (a: { path: string; importer: string }) => object | undefined;
/** A plugin that takes relative imports, by the file below src that they name, from a file of the package. */
const takeFrom = (name: string, from: (file: string) => string | undefined) => ({
  name,
  setup(build: { onResolve(o: { filter: RegExp }, f: Resolve): void }) {
    build.onResolve({ filter: /^\.\.?\// }, ({ path, importer }) => {
      const target = importer === '' ? undefined : from(relative('src', resolve(dirname(importer), path)));
      return target === undefined ? undefined : { path: target, external: true };
    });
  },
});

/** What there must be one of comes from a file that has nothing else: see src/data/shared.ts. */
const oneOfEach = takeFrom('one-of-each', (file) =>
  /^(base\/(checks|did-you-mean|errors|typed-arrays|visible)|data\/(cells|copy-rows|matrix|numbers))\.js$/.test(file)
    ? './shared.js'
    : undefined,
);
/**
 * A program loads three files, simdense, what is shared, and its kernels: each module more costs it half a millisecond. The other entries take models from
 * index.js, and have their own copy of pure functions.
 */
const fromTheCore = takeFrom('from-the-core', (file) => {
  // What makes models, of which there must be one. Pure functions of these rooms are copied.
  if (/^(engine\/engine|nn\/layers\/index|train\/(history|loading|monitors|sequential))\.js$/.test(file))
    return './index.js';
  // A file of its own, which bundlers leave out with its CSV library where it is not used.
  if (file === 'data/csv.js') return './csv.js';
  return file === 'bullmq/index.js' ? './bullmq.js' : undefined;
});
/** The command takes everything from the package's entries. */
const fromTheEntries = takeFrom('from-the-entries', (file) => {
  if (file === 'index.js') return './index.js';
  const [, room] = /^(data|evaluate|diagnose|onnx|report|node|bullmq)\/index\.js$/.exec(file) ?? [];
  return room ? `./${room}.js` : file === 'data/csv.js' ? './csv.js' : undefined;
});
const allFromTheCore = takeFrom('all-from-the-core', (file) =>
  /^(base\/errors|engine\/engine)\.js$/.test(file) ? './index.js' : undefined,
);
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
const core = { index: 'src/index.ts' };
/** A file of its own with its own kernels' instance: what predicts must not bring along what trains. */
const predict = { predict: 'src/predict/index.ts' };
/** Reaches into a model's memory: with its own copy of pure functions, and the core's names. */
const diagnose = { diagnose: 'src/diagnose/index.ts' };
const others = {
  data: 'src/data/index.ts',
  evaluate: 'src/evaluate/index.ts',
  node: 'src/node/index.ts',
  bullmq: 'src/bullmq/index.ts',
  report: 'src/report/index.ts',
  onnx: 'src/onnx/index.ts',
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
/**
 * createEngine, and what it loads when it is called. A file of its own, since webpack and esbuild follow imports also in functions that nobody
 * calls: where it is not used they leave the file out.
 */
const engines = {
  'create-engine': 'src/engine/create-engine.ts',
  engines: 'src/engine/engines.ts',
  threads: 'src/engine/threads/crew.ts',
};
const enginesStayOutside = {
  name: 'engines-stay-outside',
  setup(build: { onResolve(o: { filter: RegExp }, f: (a: { path: string }) => object): void }) {
    build.onResolve({ filter: /^\.\/(engine\/)?(create-engine|engines)\.js$/ }, ({ path }) => ({
      path: path.replace('engine/', ''),
      external: true,
    }));
    // By `imports` in package.json: on edge hosts, which have none, webpack would look for a page's address to find worker.js.
    build.onResolve({ filter: /^\.\/threads\/crew\.js$/ }, () => ({ path: '#threads', external: true }));
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
    entry: { ...others, ...csv, ...threads },
    // Optional peers of simdense/bullmq.
    external: [/^node:/, 'bullmq', 'ioredis'],
    esbuildPlugins: [poolIsAFile, oneOfEach, fromTheCore],
    // The licence of what is bundled.
    esbuildOptions(options) {
      options.legalComments = 'inline';
    },
  },
  {
    ...common,
    entry: { ...core, ...predict },
    esbuildPlugins: [kernelsStayOutside, enginesStayOutside, oneOfEach],
  },
  {
    ...common,
    entry: cli,
    platform: 'node',
    loader: { '.csv': 'text' },
    // What cli-progress, which is CommonJS, asks for.
    banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    external: [/^node:/, 'bullmq', 'ioredis'],
    esbuildPlugins: [oneOfEach, fromTheEntries],
  },
  { ...common, entry: diagnose, esbuildPlugins: [oneOfEach] },
  {
    ...common,
    entry: engines,
    // All of them by index.js, which is there already: bundlers would make a file more of what only some share.
    esbuildPlugins: [kernelsStayOutside, enginesStayOutside, allFromTheCore],
  },
  { ...common, entry: { worker: 'src/engine/threads/page-worker.ts', shared: 'src/data/shared.ts' } },
  {
    entry: { ...core, ...predict, ...diagnose, ...others },
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
      ...kernels('edge-light', ['']),
      'kernels.none': 'src/engine/kernels/none.ts',
    },
    esbuildPlugins: [kernelsStayOutside],
  },
]);
