// The time from the import of the packed package to the first prediction of 784-128-10, in each runtime: by a new model, and by a saved one with
// simdense/predict. In workerd also the CPU time of this and of a prediction.
//   RUNTIMES=FOLDER npx tsx bench/cold.ts [ROUNDS]     after npm run build; FOLDER as .ci/run installs it; writes bench/results/cold.json
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { dense, sequential } from 'simdense';
import { bundle, launch, run } from '../test/browser/page.js';
import { installedPackage, makeProject, runtimes } from '../test/runtimes/project.js';

const ROUNDS = Number(process.argv[2] ?? 21);
const PREDICTIONS = 1000;
const project = makeProject();
const { folder } = project;

const building784 = `
const begin = performance.now();
const { dense, sequential } = await import('simdense');
const layers = [dense({ units: 128, activation: 'relu' }), dense({ units: 10, activation: 'softmax' })];
sequential({ inputs: 784, layers }).predict(new Float32Array(784));
const ms = performance.now() - begin;`;
const loading784 = `
const begin = performance.now();
const { loadPredictor } = await import('simdense/predict');
loadPredictor(file).predict(new Float32Array(784));
const ms = performance.now() - begin;`;
writeFileSync(join(folder, 'builds.mjs'), `${building784}\nconsole.log(ms);`);
writeFileSync(
  join(folder, 'loads.mjs'),
  `import { readFileSync } from 'node:fs';
const file = new Uint8Array(readFileSync(new URL('./784.bin', import.meta.url)));${loading784}\nconsole.log(ms);`,
);

/** The code of Workers: one that answers without simdense, and others that predict, by import and network. */
const empty = 'export default { fetch: async () => new Response("0") };';
const loading = (inputs: number) => `import { loadPredictor } from 'simdense/predict';
import file from '../${inputs}.bin';
const row = new Float32Array(${inputs});
let predictor;
export default { async fetch() { predictor ??= loadPredictor(new Uint8Array(file)); return new Response(String(predictor.predict(row).data[0])); } };`;
const building = `import { dense, sequential } from 'simdense';
const layers = [dense({ units: 128, activation: 'relu' }), dense({ units: 10, activation: 'softmax' })];
const row = new Float32Array(784);
let model;
export default { async fetch() { model ??= sequential({ inputs: 784, layers }); return new Response(String(model.predict(row).data[0])); } };`;
for (const [inputs, units] of [
  [64, 32],
  [784, 128],
] as const) {
  const layers = [dense({ units, activation: 'relu' }), dense({ units: 10, activation: 'softmax' })];
  writeFileSync(join(folder, `${inputs}.bin`), sequential({ inputs, layers }).save());
}
const workers = { empty, loads64: loading(64), loads784: loading(784), builds784: building };

function deploy(name: string, main: string): string {
  const own = join(folder, name);
  mkdirSync(own, { recursive: true });
  writeFileSync(join(own, 'worker.mjs'), main);
  writeFileSync(
    join(own, 'wrangler.json'),
    JSON.stringify({ name: name.toLowerCase(), main: 'worker.mjs', compatibility_date: '2026-04-01' }),
  );
  const wrangler = join(installedPackage('wrangler'), 'bin/wrangler.js');
  execFileSync(process.execPath, [wrangler, 'deploy', '--dry-run', '--minify', '--outdir', 'out'], {
    cwd: own,
    stdio: 'pipe',
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', HOME: folder },
  });
  return join(own, 'out');
}

const childrenOf = (pid: number): number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((child) => {
      try {
        return (
          Number(
            readFileSync(`/proc/${child}/stat`, 'utf8')
              .replace(/^.*\) /, '')
              .split(' ')[1],
          ) === pid
        );
      } catch {
        return false;
      }
    });

/** Milliseconds of CPU that workerd has used so far: its first thread, which runs the Worker, and all threads. */
function cpu(): { first: number; all: number } {
  const [pid] = childrenOf(process.pid).filter((child) =>
    readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('workerd'),
  );
  const spent = (task: string | number) =>
    Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  const all = readdirSync(`/proc/${pid}/task`).reduce((sum, task) => sum + spent(task), 0);
  return { first: spent(pid as number), all };
}

async function workerd(out: string): Promise<Record<'first' | 'all' | 'prediction', number>> {
  const { Miniflare } = createRequire(installedPackage('miniflare/package.json'))('miniflare');
  const miniflare = new Miniflare({
    modules: true,
    modulesRoot: out,
    scriptPath: join(out, 'worker.js'),
    modulesRules: [
      { type: 'CompiledWasm', include: ['**/*.wasm'] },
      { type: 'Data', include: ['**/*.bin'] },
    ],
    compatibilityDate: '2026-04-01',
  });
  try {
    const url = await miniflare.ready;
    await (await fetch(url)).text();
    const cold = cpu();
    for (let i = 0; i < PREDICTIONS; i++) await (await fetch(url)).text();
    return { ...cold, prediction: (cpu().all - cold.all) / PREDICTIONS };
  } finally {
    await miniflare.dispose();
  }
}

const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] as number;
type Program = 'builds' | 'loads';
const times: Record<Program, Record<string, number[]>> = { builds: {}, loads: {} };
const note = (program: Program, runtime: string, value: number): void => {
  times[program][runtime] ??= [];
  times[program][runtime].push(value);
};

const saved = JSON.stringify(readFileSync(join(folder, '784.bin')).toString('base64'));
const fetched = `const file = Uint8Array.from(atob(${saved}), (c) => c.charCodeAt(0));`;
const pages = {
  builds: await bundle(`${building784}\ntell(String(ms));`, folder),
  loads: await bundle(`${fetched}${loading784}\ntell(String(ms));`, folder),
};
const outs = Object.entries(workers).map(([name, main]) => [name, deploy(name, main)] as const);
const browser = await launch();
for (let round = 0; round < ROUNDS; round++) {
  for (const program of ['builds', 'loads'] as const) {
    for (const [name, command] of Object.entries(runtimes)) {
      const readsFiles = name === 'Deno' ? ['--allow-read'] : [];
      const pinned = ['/usr/bin/taskset', '-c', '1', ...command, ...readsFiles];
      note(program, name, Number(project.run(pinned, `${program}.mjs`)));
    }
    note(program, 'Chromium', Number(await run(browser, pages[program], {})));
  }
}
await browser.close();
const load: Record<string, Record<'first' | 'all' | 'prediction', number>[]> = {};
for (let round = 0; round < ROUNDS; round++) {
  for (const [name, out] of outs) {
    load[name] ??= [];
    load[name].push(await workerd(out));
  }
}
/** The CPU time of a Worker minus that of the empty one. */
const beside = (name: string, part: 'first' | 'all' | 'prediction'): number => {
  const [own, none] = [name, 'empty'].map((key) => median((load[key] ?? []).map((figures) => figures[part])));
  return (own as number) - (none as number);
};
const result = {
  machine: cpus()[0]?.model,
  date: new Date().toISOString().slice(0, 10),
  rounds: ROUNDS,
  milliseconds: Object.fromEntries(
    Object.keys(times.builds).map((name) => [
      name === 'this Node' ? `Node ${process.versions.node.split('.')[0]}` : name,
      { builds: median(times.builds[name] as number[]), loads: median(times.loads[name] as number[]) },
    ]),
  ),
  workerd: Object.fromEntries(
    Object.keys(workers)
      .slice(1)
      .map((name) => [
        name,
        { first: beside(name, 'first'), all: beside(name, 'all'), prediction: beside(name, 'prediction') },
      ]),
  ),
};
mkdirSync('bench/results', { recursive: true });
writeFileSync('bench/results/cold.json', `${JSON.stringify(result, undefined, 2)}\n`);
console.log(result);
project.remove();
