// Runs each measured library in a separate process that answers requests (see runner.mjs), so that they can take turns.
import { spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';

const here = (file) => new URL(file, import.meta.url).pathname;
const node = (library, options = {}) => [process.execPath, [here('runner.mjs'), library, JSON.stringify(options)]];
const python = '/usr/bin/python3';
const torch = (threads) => [python, [here('runners/pytorch.py'), String(threads)]];
/** Limits PyTorch's products to 256-bit vectors, as on a processor without AVX-512. */
const avx2 = { OPENBLAS_CORETYPE: 'Haswell', DNNL_MAX_CPU_ISA: 'AVX2' };

/** By key: the command, the cores to run on ('1' by default), and the kind of library ('simdense' by default). */
const known = {
  default: { command: node('simdense') },
  relaxed: { command: node('simdense', { relaxed: true }) },
  wide: { command: node('simdense', { wide: true }) },
  wideRelaxed: { command: node('simdense', { wide: true, relaxed: true }) },
  threads: { command: node('simdense', { threads: 2 }), cores: '0,1' },
  wideRelaxedThreads: { command: node('simdense', { wide: true, relaxed: true, threads: 2 }), cores: '0,1' },
  /** The two processes with which two threads are compared. */
  one: { command: node('simdense'), cores: '0' },
  other: { command: node('simdense'), cores: '1' },
  blocked: { command: node('pure-js'), kind: 'javascript' },
  plain: { command: node('pure-js', { products: 'plain' }), kind: 'javascript' },
  jax: { command: node('jax-js'), kind: 'peer' },
  tfjsWasm: { command: node('tfjs', { backend: 'wasm' }), kind: 'peer' },
  tfjsCpu: { command: node('tfjs', { backend: 'cpu' }), kind: 'peer' },
  brain: { command: node('brain'), kind: 'peer' },
  mlFnn: { command: node('ml-fnn'), kind: 'peer' },
  convnet: { command: node('convnet'), kind: 'peer' },
  torch: { command: torch(1), kind: 'torch' },
  torch2: { command: torch(2), cores: '0,1', kind: 'torch' },
  torchAvx2: { command: torch(1), env: avx2, kind: 'torch' },
  torchAvx2Threads: { command: torch(2), cores: '0,1', env: avx2, kind: 'torch' },
};

/** Starts the processes with these keys, except those that are not installed. Each has ask(request) → {microseconds} or {error}. */
export async function start(keys) {
  const processes = new Map();
  for (const key of keys) {
    const { command, cores = '1', env = {}, kind = 'simdense' } = known[key];
    const [program, args] = command;
    if (program === python && spawnSync(python, ['-c', 'import torch']).status !== 0) {
      console.log(`${key}: python3-torch is not installed, left out`);
      continue;
    }
    const child = spawn('taskset', ['-c', cores, program, ...args], {
      env: { ...process.env, ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    /** The next answer. Skips other lines, which some libraries print. */
    const answer = async () => {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) return { error: 'the process ended' };
        if (value.startsWith('{')) return JSON.parse(value);
      }
    };
    const { ready, detail } = await answer();
    processes.set(key, {
      key,
      kind,
      name: ready,
      detail,
      ask(request) {
        child.stdin.write(`${JSON.stringify(request)}\n`);
        return answer();
      },
      end: () => child.kill(),
    });
    console.log(`${key}: ${ready}`);
  }
  return processes;
}

/** Measures in rounds in which all take turns: key → microseconds of each round. If a call takes over 0.5 s, it is measured in two rounds only; over 5 s, in one. */
export async function takeTurns(processes, request, rounds) {
  const times = Object.fromEntries([...processes.keys()].map((key) => [key, []]));
  const errors = {};
  for (let round = 0; round < rounds; round++) {
    for (const [key, { ask }] of processes) {
      const slow = (times[key][0] ?? 0) > 500_000;
      if (key in errors || (slow && round > 1) || (times[key][0] > 5_000_000 && round > 0)) continue;
      const { microseconds, error } = await ask(request);
      if (error) errors[key] = error;
      else times[key].push(microseconds);
    }
  }
  return { times, errors };
}

export const best = (values) => Math.min(...values);

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

/** The machine and the versions, for the results. */
export function describe(processes) {
  const { stdout } = spawnSync('lscpu', { encoding: 'utf8' });
  const cpu = /Model name:\s*(.*)/.exec(stdout)?.[1];
  const vectors = /avx512f/.test(stdout) ? 'AVX-512' : /avx2/.test(stdout) ? 'AVX2' : '128 bits';
  return {
    date: new Date().toISOString().slice(0, 10),
    cpu: `${cpu}, ${/^CPU\(s\):\s*(\d+)/m.exec(stdout)?.[1]} cores, ${vectors}`,
    node: process.versions.node,
    v8: process.versions.v8,
    names: Object.fromEntries([...processes].map(([key, { name }]) => [key, name])),
    detail: processes.get('torch')?.detail,
  };
}
