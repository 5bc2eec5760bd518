// The time of the steps on each kind of engine that this runtime has, interleaved, and as a share of the tile's own speed.
//   npx tsx bench/engines.ts, with the Node of your choice

import { interleaved, repeated } from '../src/bench/measure.js';
import { tileSpeed, tileTasks } from '../src/bench/tile.js';
import { flops, title, workloads } from '../src/bench/workloads.js';
import { createEngine, type Engine, type EngineOptions, supports } from '../src/index.js';
import { makeStep } from './step.js';

const has = supports();
const relaxed: [string, EngineOptions][] = has.relaxed ? [['relaxed', { relaxed: true }]] : [];
const kinds: [string, EngineOptions][] = [
  ['default', {}],
  ['2 threads', { threads: 2 }],
  ...relaxed,
  // The wide engines come last: the flag holds for the whole process, and later code would be compiled wide too.
  ['wide', { wide: true }],
  ...relaxed.map(([name, o]): [string, EngineOptions] => [`wide ${name}`, { ...o, wide: true }]),
];
const engines: [string, Engine][] = [];
for (const [name, options] of kinds) {
  const engine = await createEngine(options);
  engines.push([name, engine]);
  // Run it until it is optimised before the next engine is made, for the same reason.
  for (const workload of workloads) await interleaved([repeated(workload.name, makeStep(workload, engine).step)], 3);
}
console.log(
  `Node ${process.versions.node}: ${engines.map(([name, { kernels }]) => `${name} is ${kernels}`).join(', ')}\n`,
);
console.log(`${'µs a step, share of the tile'.padEnd(28)}${engines.map(([name]) => name.padStart(16)).join('')}`);
for (const workload of workloads) {
  const tasks = engines.map(([name, engine]) => ({
    step: repeated(name, makeStep(workload, engine).step),
    tiles: tileTasks(engine),
  }));
  const own = tasks.flatMap(({ step, tiles }) => [
    step,
    ...tiles.map((tile) => ({ ...tile, name: `${step.name} ${tile.name}` })),
  ]);
  const times = await interleaved(own, flops(workload) > 1e9 ? 9 : 25);
  const figures = tasks.map(({ step: { name }, tiles }) => {
    const tile = tileSpeed(
      tiles.map((task) => ({ ...task, name: `${name} ${task.name}` })),
      times,
    );
    const share = flops(workload) / times.get(name)! / 1000 / tile;
    return `${times.get(name)!.toFixed(1)} ${share.toFixed(2)}`.padStart(16);
  });
  console.log(`${`${workload.name} ${title(workload)}`.padEnd(28)}${figures.join('')}`);
}
