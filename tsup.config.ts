import { defineConfig, type Options } from 'tsup';

const common: Options = { format: 'esm', target: 'es2022', platform: 'neutral', sourcemap: false, splitting: true };
/** Kept as an import that each runtime resolves for itself: see `imports` in package.json. */
const kernelsStayOutside = {
  name: 'kernels-stay-outside',
  setup(build: { onResolve(o: { filter: RegExp }, f: (a: { path: string }) => object): void }) {
    build.onResolve({ filter: /^#kernels$|\.wasm(\?module)?$/ }, ({ path }) => ({ path, external: true }));
  },
};

export default defineConfig([
  {
    ...common,
    entry: { index: 'src/index.ts', data: 'src/data/index.ts', node: 'src/node/index.ts' },
    dts: true,
    external: [/^node:/],
    esbuildPlugins: [kernelsStayOutside],
  },
  {
    ...common,
    entry: { kernels: 'src/engine/kernels/embedded.ts' },
    loader: { '.wasm': 'base64' },
  },
  {
    ...common,
    entry: {
      'kernels.workerd': 'src/engine/kernels/workerd.ts',
      'kernels.edge-light': 'src/engine/kernels/edge-light.ts',
    },
    esbuildPlugins: [kernelsStayOutside],
  },
]);
