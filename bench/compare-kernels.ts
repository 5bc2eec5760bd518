// Compares two builds of the kernels in interleaved rounds: on the steps of src/bench/workloads.ts, on large batches and on networks with batch
// normalization. Shows the cost of a change in assembly/.   npx tsx bench/compare-kernels.ts before/simdense.wasm dist/simdense.wasm
import { readFileSync } from 'node:fs';
import { interleaved, repeated } from '../src/bench/measure.js';
import { type Workload, workloads } from '../src/bench/workloads.js';
import { Engine } from '../src/engine/engine.js';
import { instantiate } from '../src/engine/instantiate.js';
import type { Kernels } from '../src/engine/kernels.js';
import { activation, batchNormalization, dense, type Layer } from '../src/index.js';
import { bindStep, layersOf } from './step.js';

const files = process.argv.slice(2);
if (files.length !== 2) throw new Error('npx tsx bench/compare-kernels.ts before.wasm after.wasm');

/** An engine with a file's kernels and the default tiles. Kernels of 0.1.0 have no heapStart, so allocate a first block to find free memory. */
function engineOf(file: string): Engine {
  const calls: Kernels = instantiate(() => new WebAssembly.Module(readFileSync(file)));
  const old = calls as unknown as { allocate(bytes: number): number };
  const heapStart = 'heapStart' in calls ? calls.heapStart() : old.allocate(64);
  return new Engine(undefined, { calls, heapStart, threads: 1, relaxed: false, wide: false });
}

const withNorm = ({ units }: Workload) =>
  units.flatMap((n, i) =>
    i === units.length - 1
      ? [dense({ units: n, activation: 'softmax' })]
      : [dense({ units: n }), batchNormalization(), activation('relu')],
  );
const [w1, w2] = workloads as [Workload, Workload];
type Task = readonly [name: string, workload: Workload, layers: readonly Layer[]];
const tasks: readonly Task[] = [
  ...workloads.map((w): Task => [w.name, w, layersOf(w)]),
  ['W2 with batch norm', w2, withNorm(w2)],
  ['W1, 1,797 rows', { ...w1, batch: 1797 }, layersOf(w1)],
  ['W1, 1,797 rows, norm', { ...w1, batch: 1797 }, withNorm(w1)],
  ['W2, 300 rows', { ...w2, batch: 300 }, layersOf(w2)],
  ['W2, 60,000 rows', { ...w2, batch: 60_000 }, layersOf(w2)],
  ['W1, 60,000 rows', { ...w1, batch: 60_000 }, layersOf(w1)],
];
for (const [name, workload, layers] of tasks) {
  const steps = files.map((file, i) => ({ file: `${i} ${file}`, ...bindStep(workload, layers, engineOf(file)) }));
  const times = await interleaved(
    steps.map(({ file, step }) => repeated(file, step)),
    workload.batch > 10_000 ? 15 : 101,
  );
  const [before, after] = steps.map(({ file }) => times.get(file)!) as [number, number];
  const change = ((after / before - 1) * 100).toFixed(1);
  console.log(
    `${name.padEnd(22)} ${before.toFixed(1).padStart(10)} µs → ${after.toFixed(1).padStart(10)} µs  ${change} %`,
  );
}
