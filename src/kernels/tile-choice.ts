import type { BlasKernels } from '../engine/generated/blas.js';

/** Tiles by their numbers in scripts/generate-blas-tiles.mjs. The last is for 256-bit registers. */
const TILES = { plain: ['2x16', '5x8', '3x16'], relaxed: ['6x8', '2x16', '6x16'] } as const;

/** Calls of a tile until V8 has optimised it, and those that are timed. Each has 10 repeats, which take some 10 µs. */
const WARM_UP = 400;
const TIMED = 100;
/** A tile replaces the first only if its time is below this share of the first's. */
const GAIN = 0.97;

/** Chooses the tile of the matrix products by timing, a slice of some 0.2 ms beside each large product. All tiles of a build give the same bits. */
export class TileChoice {
  readonly #calls: BlasKernels;
  readonly #names: readonly string[];
  readonly #best: number[];
  #chosen = 0;
  #round = 0;

  constructor(calls: BlasKernels, relaxed: boolean) {
    this.#calls = calls;
    this.#names = relaxed ? TILES.relaxed : TILES.plain;
    this.#best = this.#names.map(() => Number.POSITIVE_INFINITY);
  }

  get name(): string {
    return this.#names[this.#chosen] as string;
  }

  /** Whether the choice is made. */
  get isDone(): boolean {
    return this.#round > WARM_UP + TIMED;
  }

  /** Times the tiles a little, until the choice is made. */
  tune(): void {
    if (this.isDone) return;
    for (let i = 0; i < 5; i++, this.#round++)
      for (const tile of this.#names.keys()) {
        const begin = performance.now();
        this.#calls.tileTrial(tile, 10);
        if (this.#round >= WARM_UP) this.#best[tile] = Math.min(this.#best[tile] as number, performance.now() - begin);
      }
    if (!this.isDone) return;
    for (const [tile, time] of this.#best.entries())
      if (time < (this.#best[this.#chosen] as number) * GAIN) this.#chosen = tile;
    this.#calls.setTile(this.#chosen);
  }
}
