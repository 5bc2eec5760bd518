// The steps by each kind of engine that this runtime has, interleaved.   npx tsx bench/engines.ts, with the Node of your choice
import { createEngine, type Engine, type EngineOptions, supports } from '../src/index.js';
import { interleaved, repeated } from './measure.js';
import { makeStep } from './step.js';
import { flops, title, workloads } from './workloads.js';

// Made first, and optimised: what is compiled after the flag is set would be wide as well.
const plain = await createEngine();
const engines: [string, Engine][] = [['default', plain]];
for (const workload of workloads) {
  const { step } = makeStep(workload, plain);
  await interleaved([repeated(workload.name, step)], 3);
}
const { relaxed: hasRelaxed } = supports();
const relaxed: [string, EngineOptions][] = hasRelaxed ? [['relaxed', { relaxed: true }]] : [];
for (const [name, options] of [
  ['2 threads', { threads: 2 }],
  ...relaxed,
  ['wide', { wide: true }],
  ...relaxed.map(([, o]) => ['wide relaxed', { ...o, wide: true }] as [string, EngineOptions]),
  ...relaxed.map(([, o]) => ['wide relaxed 2', { ...o, wide: true, threads: 2 }] as [string, EngineOptions]),
] as [string, EngineOptions][]) {
  const engine = await createEngine(options);
  engines.push([name, engine]);
  for (const workload of workloads) await interleaved([repeated(workload.name, makeStep(workload, engine).step)], 3);
}
console.log(
  `Node ${process.versions.node}: ${engines.map(([name, { kernels }]) => `${name} is ${kernels}`).join(', ')}\n`,
);
console.log(`${'step'.padEnd(28)}${engines.map(([name]) => `${name} µs`.padStart(16)).join('')}     GFLOP/s`);
for (const workload of workloads) {
  const tasks = engines.map(([name, engine]) => repeated(name, makeStep(workload, engine).step));
  const times = await interleaved(tasks, flops(workload) > 1e9 ? 9 : 25);
  const speeds = engines.map(([name]) => (flops(workload) / times.get(name)! / 1000).toFixed(1)).join(' → ');
  const figures = engines.map(([name]) => times.get(name)!.toFixed(1).padStart(16)).join('');
  console.log(`${`${workload.name} ${title(workload)}`.padEnd(28)}${figures}     ${speeds}`);
}
