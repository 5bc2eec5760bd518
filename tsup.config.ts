// What is published: a table of files, and the rules by which one file loads another instead of copying what is in it.
import { readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { defineConfig, type Options } from 'tsup';
import { MASK } from './src/engine/kernels/decode.js';

interface File {
  readonly source: string;
  /** Sources below src/, without their ending, that the files which load this one take from it: what there must be one of, however many entries a program imports. */
  readonly gives?: readonly string[];
  /** Published files that this one loads. Whatever else it needs it copies: each file more costs a cold start half a millisecond. */
  readonly loads?: readonly string[];
  /** The name by which others load it where that is not its own: see `imports` in package.json. */
  readonly as?: string;
  /** The build of the kernels that it loads as '#kernels', where that is not all of them. */
  readonly kernels?: string;
  /** The source of the kernels that it copies instead, for pages without a bundler. */
  readonly copies?: string;
  readonly options?: Options;
}

/** What of simdense/node runs in threads, and the pool of threads, which looks for its own file at entry/worker.js. */
const pool = 'node_modules/tinypool/dist';
/** An entry for those who have a model: it makes no model without the core. */
const besideTheCore = ['shared', 'index', 'csv', 'papa', 'table', 'bullmq', 'pool'];
const entries = ['data', 'evaluate', 'classifier', 'explain', 'onnx', 'compile', 'convert', 'report', 'node', 'bullmq'];

/** The builds of the kernels of simdense/kernels. */
const blas = ['blas', 'blas-relaxed', 'blas-threads', 'blas-relaxed-threads'];

const files: Readonly<Record<string, File>> = {
  // A program loads three files: index, shared, kernels.
  index: {
    source: 'src/index.ts',
    gives: [
      'index',
      'base/errors',
      'engine/engine',
      'nn/layers/index',
      'train/history',
      'train/loading',
      'train/monitors',
      'train/sequential',
    ],
    loads: ['shared', 'create-engine', 'augmenter', 'class-weights', 'replay', 'set-aside', 'streaming'],
  },
  // Loaded by a fit that asks for them.
  augmenter: { source: 'src/train/augmenter.ts', gives: ['train/augmenter'] },
  'class-weights': { source: 'src/train/class-weights.ts', gives: ['train/class-weights'], loads: ['index'] },
  replay: { source: 'src/train/replay.ts', gives: ['train/replay'], loads: ['index'] },
  'set-aside': { source: 'src/data/set-aside.ts', gives: ['data/set-aside'] },
  streaming: { source: 'src/train/streaming.ts', gives: ['train/streaming'] },
  // So that simdense/data does not bring the core along.
  shared: {
    source: 'src/shared.ts',
    gives: Array.from(readFileSync('src/shared.ts', 'utf8').matchAll(/from '\.\/(.*)\.js'/g), ([, file]) => `${file}`),
  },
  // What only predicts brings nothing that trains: with its own kernels' instance.
  predict: { source: 'src/predict/index.ts', loads: ['shared', 'create-engine'], kernels: '#kernels/predict' },
  // The same in one file, for a script tag: no bundler minifies it.
  'predict.page': {
    source: 'src/predict/index.ts',
    copies: 'src/engine/kernels/embedded.predict.ts',
    options: { minify: true },
  },
  ...Object.fromEntries(
    entries.map((name) => [name, { source: `src/${name}/index.ts`, gives: [`${name}/index`], loads: besideTheCore }]),
  ),
  // It reads files with what simdense/evaluate has.
  compile: { source: 'src/compile/index.ts', gives: ['compile/index'], loads: [...besideTheCore, 'evaluate'] },
  // What looks into a training uses more of these sources than the core exports: with its own copies.
  diagnose: { source: 'src/diagnose/index.ts', gives: ['diagnose/index'], loads: ['shared'] },
  // With its library, which reads CSV. What others take of it: the class, and what makes it.
  table: {
    source: 'src/table/index.ts',
    gives: ['table/index', 'table/table', 'table/read-table'],
    loads: ['shared', 'papa', 'parquet', 'arrow', 'xlsx'],
  },
  // simdense/kernels: in blas.js, since kernels.js is what the core loads as '#kernels'.
  blas: { source: 'src/kernels/index.ts', gives: ['kernels/index'], loads: ['shared', 'blas-engines'] },
  // By `imports` for the same reason as the core's threads, and not those, which load the core.
  'blas-engines': {
    source: 'src/kernels/custom.ts',
    gives: ['kernels/custom'],
    loads: ['shared', 'blas', 'blas-crew'],
  },
  'blas-crew': {
    source: 'src/engine/threads/crew.ts',
    gives: ['engine/threads/crew'],
    as: '#kernels/blas-crew',
    loads: ['shared'],
  },
  // Loaded when such a file comes.
  parquet: { source: 'src/table/readers/parquet.ts', gives: ['table/readers/parquet'], loads: ['shared'] },
  arrow: { source: 'src/table/readers/arrow.ts', gives: ['table/readers/arrow'], loads: ['shared'] },
  xlsx: { source: 'src/table/readers/xlsx/xlsx.ts', gives: ['table/readers/xlsx/xlsx'], loads: ['shared'] },
  // With its library, so that bundlers leave it out where no CSV is read.
  csv: { source: 'src/data/csv.ts', gives: ['data/csv'], loads: ['shared', 'papa'] },
  papa: { source: 'src/data/papa.ts', gives: ['data/papa'] },
  'evaluate-worker': { source: 'src/node/evaluate-worker.ts', loads: besideTheCore },
  pool: { source: `${pool}/index.js`, gives: ['tinypool'] },
  'entry/worker': { source: `${pool}/entry/worker.js` },
  // A file of its own, since bundlers follow imports also in functions that nobody calls: where createEngine is not used they leave it out. By index, not
  // shared, which is there already: bundlers would make a file more of what only some share.
  'create-engine': {
    source: 'src/engine/create-engine.ts',
    gives: ['engine/create-engine'],
    loads: ['index', 'engines'],
  },
  engines: { source: 'src/engine/custom-engine.ts', gives: ['engine/custom-engine'], loads: ['index', 'threads'] },
  // By `imports`: on edge hosts, which have no threads, webpack would look for a page's address to find worker.js.
  threads: { source: 'src/engine/threads/crew.ts', gives: ['engine/threads/crew'], as: '#threads', loads: ['index'] },
  worker: { source: 'src/engine/threads/page-worker.ts' },
  // What the command bench loads, with tinybench; no entry of the package.
  bench: { source: 'src/bench/index.ts', gives: ['bench/index'], loads: ['shared', 'index', 'blas'] },
  cli: {
    source: 'src/cli/main.ts',
    loads: ['shared', 'index', 'csv', 'table', 'diagnose', 'bench', ...entries],
    options: {
      platform: 'node',
      loader: { '.csv': 'text' },
      // What cli-progress, which is CommonJS, asks for.
      banner: { js: "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);" },
    },
  },
  ...kernels('embedded', ['', 'predict', 'replay', 'relaxed', 'threads', 'relaxed-threads', ...blas]),
  ...kernels('workerd', ['', 'predict', 'quantized', 'relaxed', 'blas', 'blas-relaxed']),
  ...kernels('edge-light', ['', 'predict', 'quantized', 'blas']),
  'kernels.none': { source: 'src/engine/kernels/none.ts' },
};

/** The kernels by build, and by what the host takes: see `imports` in package.json. Embedded, an imported .wasm is a string, each byte a character. */
function kernels(host: string, builds: readonly string[]): Record<string, File> {
  return Object.fromEntries(
    builds.map((name) => {
      const end = name && `.${name}`;
      const out = host === 'embedded' ? `kernels${end}` : `kernels${end}.${host}`;
      const own = `engine/kernels/${host}${end}`;
      return [out, { source: `src/${own}.ts`, gives: [own], loads: [`kernels.quantized.${host}`] }];
    }),
  );
}

/** See src/engine/kernels/decode.ts. */
const flipped = (bytes: Buffer): Buffer => Buffer.from(bytes.map((byte) => byte ^ MASK));

/** Leaves to the runtime what a file does not copy. */
const rules = (name: string, { loads = [], kernels = '#kernels', copies }: File) => ({
  name: 'rules',
  setup(build: Parameters<NonNullable<Options['esbuildPlugins']>[number]['setup']>[0]) {
    build.onResolve({ filter: /^(\.|tinypool$)/ }, ({ path, importer }) => {
      if (importer === '') return;
      const source = path.startsWith('.')
        ? relative('src', resolve(dirname(importer), path)).replace(/\.js$/, '')
        : path;
      const file = loads.find((each) => files[each]?.gives?.includes(source));
      return file === undefined ? undefined : { path: files[file]?.as ?? `./${file}.js`, external: true };
    });
    // An edge host's bundler hands the .wasm over; elsewhere its bytes are in the file.
    build.onResolve({ filter: /^#|\.wasm(\?module)?$/ }, ({ path }) => {
      if (copies !== undefined && path.startsWith('#kernels')) return { path: resolve(copies) };
      return /workerd|edge-light/.test(name) || path.startsWith('#')
        ? { path: path === '#kernels' ? kernels : path, external: true }
        : undefined;
    });
    build.onLoad({ filter: /\.wasm$/ }, ({ path }) => ({
      contents: `export default ${JSON.stringify(flipped(readFileSync(path)).toString('latin1'))};`,
      loader: 'js',
    }));
  },
});

/** Optional peers: of simdense/bullmq, and of the readers of tables. */
const external = [/^node:/, 'bullmq', 'ioredis', /^hyparquet/, '@uwdata/flechette'];

export default defineConfig([
  ...Object.entries(files).map(
    ([name, file]): Options => ({
      entry: { [name]: file.source },
      format: 'esm',
      target: 'es2022',
      platform: 'neutral',
      splitting: false,
      removeNodeProtocol: false,
      external,
      esbuildPlugins: [rules(name, file)],
      esbuildOptions(options) {
        options.charset = 'utf8';
        // The licences of what is bundled.
        options.legalComments = 'inline';
      },
      ...file.options,
    }),
  ),
  {
    entry: Object.fromEntries(
      ['index', 'predict', 'diagnose', 'table', 'blas', ...entries].map((name) => [name, (files[name] as File).source]),
    ),
    dts: { only: true },
    format: 'esm',
    external,
  },
]);
