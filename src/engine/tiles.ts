import type { Kernels } from './kernels.js';

/** Tiles of the products over rows, by their number in the kernels; see scripts/generate-tiles.mjs. */
export const tileNames = ['2x16', '4x8', '5x8'] as const;

/** A slice runs each tile so many times, for about 5 µs each. */
const CALLS_A_SLICE = 8;
const REPEATS = 8;
/** Milliseconds that each tile must have run before its time counts: V8 swaps its quick compilation for the optimised one after about 2. */
const WARM_UP = 2.5;
/** Milliseconds that optimising takes beside us, on another thread. */
const SETTLE = 10;
const TIMED_SLICES = 4;
/** A tile replaces the default only where it gains more than noise. */
const GAIN = 0.97;

/**
 * Times the tiles in slices of a fraction of a millisecond, between the steps of a training, and then keeps the fastest.
 * All tiles give the same bits, so the choice may change at any time. A measurement at once, in a few milliseconds, would be of
 * V8's unoptimised code, in which another tile is the fastest.
 */
export class TileTuner {
  /** Number of the chosen tile. */
  chosen = 0;
  #spent = tileNames.map(() => 0);
  #best = tileNames.map(() => Number.POSITIVE_INFINITY);
  #timed = 0;
  #warm = Number.POSITIVE_INFINITY;
  #done = false;
  readonly #kernels: Kernels;

  constructor(kernels: Kernels) {
    this.#kernels = kernels;
  }

  get done(): boolean {
    return this.#done;
  }

  /** Runs one slice; nothing once the choice is made. */
  slice(): void {
    if (this.#done) return;
    const now = performance.now();
    if (this.#warm === Number.POSITIVE_INFINITY) {
      this.#run(false);
      if (this.#spent.every((ms) => ms >= WARM_UP)) this.#warm = performance.now();
    } else if (now - this.#warm >= SETTLE) {
      this.#run(true);
      if (++this.#timed === TIMED_SLICES) this.#choose();
    }
  }

  #run(count: boolean): void {
    for (let tile = 0; tile < tileNames.length; tile++) {
      for (let call = 0; call < CALLS_A_SLICE; call++) {
        const begin = performance.now();
        this.#kernels.tileTrial(tile, REPEATS);
        const time = performance.now() - begin;
        this.#spent[tile] = (this.#spent[tile] as number) + time;
        if (count && time < (this.#best[tile] as number)) this.#best[tile] = time;
      }
    }
  }

  #choose(): void {
    let chosen = 0;
    for (let tile = 1; tile < tileNames.length; tile++) {
      if ((this.#best[tile] as number) < (this.#best[chosen] as number) * GAIN) chosen = tile;
    }
    this.chosen = chosen;
    this.#kernels.setTile(chosen);
    this.#done = true;
  }
}
