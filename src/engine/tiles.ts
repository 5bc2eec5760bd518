import type { Kernels } from './kernels.js';

/**
 * Tiles of the products over rows and of the kernel's gradient, by their number in the kernels, for each build; see scripts/generate-tiles.mjs. The
 * wide one is made of pairs of registers in such numbers that it is the fastest where pairs are fused, and the slowest elsewhere.
 */
const tiles = {
  plain: { rows: ['2x16', '5x8', '3x16'], columns: ['2x16', '3x16'], wide: '3x16' },
  relaxed: { rows: ['6x8', '2x16', '6x16'], columns: ['6x8', '2x16', '6x16'], wide: '6x16' },
} as const;

export interface Tiles {
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly wide: string;
}

export function tilesOf({ relaxed }: { readonly relaxed: boolean }): Tiles {
  return relaxed ? tiles.relaxed : tiles.plain;
}

/** A slice runs each tile so many times, for about 5 µs each. */
const CALLS_A_SLICE = 4;
const REPEATS = 6;
/** Milliseconds that each tile must have run before its time counts: V8 swaps its quick compilation for the optimised one after about 2. */
const WARM_UP = 2.5;
/** Milliseconds that optimising takes beside us, on another thread. */
const OPTIMISING = 10;
const TIMED_SLICES = 8;
/** Rounds of timed slices, at most: two in a row must agree, since a busy machine may optimise a tile late. */
const ROUNDS = 6;
/** A tile replaces the default only where it gains more than noise. */
const GAIN = 0.97;

/**
 * Times the tiles in slices of a millisecond, between the steps of a training, and then keeps the fastest.
 * All tiles of a build give the same bits, so the choice may change at any time. A measurement at once, in a few milliseconds, would be of
 * V8's unoptimised code, in which another tile is the fastest.
 */
export class TileTuner {
  /** Numbers of the chosen tiles. */
  chosen = 0;
  chosenColumns = 0;
  /** What `tileTrial` takes for each tile: those over rows first. */
  readonly #trials: readonly (readonly [rows: number, columns: number])[];
  readonly #rowTiles: number;
  readonly #spent: number[];
  readonly #best: number[];
  #timed = 0;
  /** What the round before chose. */
  #found = '';
  /** When all had run long enough; 0 before. */
  #warm = 0;
  #done = false;
  readonly #kernels: Kernels;

  constructor(kernels: Kernels, { rows, columns }: Tiles) {
    this.#kernels = kernels;
    this.#rowTiles = rows.length;
    this.#trials = [...rows.map((_, i) => [i, 0] as const), ...columns.map((_, i) => [-1, i] as const)];
    this.#spent = this.#trials.map(() => 0);
    this.#best = this.#trials.map(() => Number.POSITIVE_INFINITY);
  }

  get done(): boolean {
    return this.#done;
  }

  /** Runs one slice; nothing once the choice is made. */
  slice(): void {
    if (this.#done) return;
    const warm = this.#warm > 0 && performance.now() - this.#warm >= OPTIMISING;
    if (this.#warm && !warm) return;
    for (const [i, [rows, columns]] of this.#trials.entries()) {
      for (let call = 0; call < CALLS_A_SLICE; call++) {
        const begin = performance.now();
        this.#kernels.tileTrial(rows, columns, REPEATS);
        const time = performance.now() - begin;
        (this.#spent[i] as number) += time;
        if (warm) this.#best[i] = Math.min(this.#best[i] as number, time);
      }
    }
    if (!this.#warm) {
      if (this.#spent.every((ms) => ms >= WARM_UP)) this.#warm = performance.now();
    } else if (++this.#timed % TIMED_SLICES === 0) this.#choose();
  }

  /** Falls back to the default tiles for good. */
  giveUp(): void {
    this.#set(0, 0);
  }

  /** Takes the fastest where the round before found the same, or rounds run out; else waits for V8 and times again. */
  #choose(): void {
    const rows = fastest(this.#best.slice(0, this.#rowTiles));
    const columns = fastest(this.#best.slice(this.#rowTiles));
    const found = `${rows},${columns}`;
    if (found === this.#found || this.#timed >= ROUNDS * TIMED_SLICES) this.#set(rows, columns);
    this.#found = found;
    this.#best.fill(Number.POSITIVE_INFINITY);
    this.#warm = performance.now();
  }

  #set(rows: number, columns: number): void {
    this.chosen = rows;
    this.chosenColumns = columns;
    this.#kernels.setTiles(rows, columns);
    this.#done = true;
  }
}

/** The number of the least time; the first one unless another gains. */
function fastest(times: readonly number[]): number {
  let chosen = 0;
  for (const [i, time] of times.entries()) if (time < (times[chosen] as number) * GAIN) chosen = i;
  return chosen;
}
