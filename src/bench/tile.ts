// The tiles' own speed on x[30, 128]·w[128, 16] in panels, whose 24 KB stay in the first-level cache: the most that a product can reach.
import { largest } from '../base/extremes.js';
import type { Engine } from '../engine/engine.js';
import { panelsFor } from '../engine/fastest.js';
import { tilesOf } from '../engine/tiles.js';
import { type Run, repeated, type Task } from './measure.js';

const TILE = { rows: 30, k: 128, units: 16, repeats: 64 };

/** The same work by each of the engine's tiles. */
export function tileRuns(engine: Engine): Run[] {
  const { rows, k, units, repeats } = TILE;
  const [x, y] = [panelsFor(engine, rows, k), panelsFor(engine, rows, units)];
  const w = engine.allocate(k * units * Float32Array.BYTES_PER_ELEMENT);
  return tilesOf(engine).rows.map((name, number) => ({
    name: `tile ${name}`,
    run() {
      engine.calls.setTiles(number, engine.tuner.chosenColumns);
      for (let i = 0; i < repeats; i++) engine.calls.denseForward(rows, k, units, x, w, 0, y);
      engine.calls.setTiles(engine.tuner.chosen, engine.tuner.chosenColumns);
    },
  }));
}

/** A task for each of the engine's tiles. */
export const tileTasks = (engine: Engine): Task[] => tileRuns(engine).map(({ name, run }) => repeated(name, run));

/** GFLOP/s of a tile, by its microseconds. */
export const speedOf = (microseconds: number): number =>
  (2 * TILE.rows * TILE.k * TILE.units * TILE.repeats) / microseconds / 1000;

/** GFLOP/s of the fastest tile, by the microseconds of each. */
export function tileSpeed(tasks: readonly { readonly name: string }[], times: ReadonlyMap<string, number>): number {
  return largest(tasks.map(({ name }) => speedOf(times.get(name)!)));
}
