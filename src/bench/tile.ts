// The tiles' own speed on x[30, 128]·w[128, 16] in panels, whose 24 KB stay in the first-level cache.
import type { Engine } from '../engine/engine.js';
import { tilesOf } from '../engine/tiles.js';
import { repeated, type Task } from './measure.js';

const TILE = { rows: 30, k: 128, repeats: 64 };

/** A task for each of the engine's tiles. */
export function tileTasks(engine: Engine): Task[] {
  const { rows, k, repeats } = TILE;
  const x = engine.allocate((k / 16) * (rows + 1) * 64);
  const [w, y] = [engine.allocate(k * 64), engine.allocate((rows + 1) * 64)];
  return tilesOf(engine).rows.map((name, number) =>
    repeated(`tile ${name}`, () => {
      engine.calls.setTiles(number, engine.tuner.chosenColumns);
      for (let i = 0; i < repeats; i++) engine.calls.denseForward(rows, k, 16, x, w, 0, y);
      engine.calls.setTiles(engine.tuner.chosen, engine.tuner.chosenColumns);
    }),
  );
}

/** GFLOP/s of the fastest tile. */
export function tileSpeed(tasks: readonly Task[], times: ReadonlyMap<string, number>): number {
  const { rows, k, repeats } = TILE;
  return Math.max(...tasks.map(({ name }) => (2 * rows * k * 16 * repeats) / times.get(name)! / 1000));
}
