// Shows why tiles are not timed in the first two milliseconds: which one would be chosen then, and which once the code is optimised.   npx tsx bench/tuning.ts

import { interleaved } from '../src/bench/measure.js';
import { tileTasks } from '../src/bench/tile.js';
import { Engine } from '../src/engine/engine.js';
import { tilesOf } from '../src/engine/tiles.js';

const begin = performance.now();
const engine = new Engine();
const made = performance.now() - begin;
const { rows } = tilesOf(engine);
/** Milliseconds for each row tile, so that all are timed within 2 ms. */
const MILLISECONDS = 2 / rows.length;
const early = rows.map((name, tile) => {
  let best = Number.POSITIVE_INFINITY;
  for (const from = performance.now(); performance.now() - from < MILLISECONDS; ) {
    const start = performance.now();
    engine.calls.tileTrial(tile, 0, 1);
    best = Math.min(best, performance.now() - start);
  }
  return { name, best };
});
const first = early.reduce((a, b) => (b.best < a.best ? b : a)).name;
let slices = 0;
while (!engine.tuner.done) {
  const start = performance.now();
  engine.tuner.slice();
  slices += performance.now() - start;
  await new Promise((resolve) => setTimeout(resolve, 12));
}
const tasks = tileTasks(engine);
const times = await interleaved(tasks, 15);
const fastest = Math.min(...times.values());
const speed = (name: string) => fastest / times.get(`tile ${name}`)!;
console.log(
  `Node ${process.versions.node}: an engine is made in ${made.toFixed(1)} ms. In 2 ms ${first} looks fastest, and runs at ${(speed(first) * 100).toFixed(0)} % of the fastest tile's speed; ` +
    `${slices.toFixed(0)} ms of slices in a training's first pauses choose ${rows[engine.tuner.chosen]}, at ${(speed(rows[engine.tuner.chosen] as string) * 100).toFixed(0)} %`,
);
