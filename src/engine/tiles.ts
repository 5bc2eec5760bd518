import type { Kernels } from './kernels.js';

/**
 * The tiles of each build, in the order of their numbers in the kernels, for products over rows and for the kernel's gradient; see
 * scripts/generate-tiles.mjs. `wide` wins only where V8 fuses pairs of registers into 256 bits, so choosing it proves that V8 does.
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

/** Calls of each tile in a slice, and repeats within a call, which takes about 5 µs. */
const CALLS_A_SLICE = 4;
const REPEATS = 6;
/** Milliseconds that each tile must run before its time counts. V8 switches to optimised code after about 2. */
const WARM_UP = 2.5;
/** Milliseconds to wait while V8 optimises on another thread. */
const OPTIMISING = 10;
const TIMED_SLICES = 8;
/** The most rounds of timed slices. Two consecutive rounds must agree, since a busy machine may optimise a tile late. */
const ROUNDS = 6;
/** A tile replaces the default only if its time is below this share of the default's, so that noise does not decide. */
const GAIN = 0.97;

/**
 * Times the tiles in slices of a millisecond, between training steps, and then keeps the fastest. All tiles of a build give the same bits, so the
 * choice may change at any time. Timing them all at once, in a few milliseconds, would measure V8's unoptimised code, where another tile wins.
 */
export class TileTuner {
  /** Numbers of the chosen tiles. */
  chosen = 0;
  chosenColumns = 0;
  /** The arguments of `tileTrial` for each tile, those over rows first. */
  readonly #trials: readonly (readonly [rows: number, columns: number])[];
  readonly #rowTiles: number;
  readonly #spent: number[];
  readonly #best: number[];
  #timed = 0;
  /** The choice of the previous round. */
  #found = '';
  /** The time at which all tiles were warm; 0 before. */
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

  /** Runs one slice; does nothing once the choice is final. */
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

  /** Makes the choice final if the previous round chose the same, or if no rounds are left; otherwise starts another round. */
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

/** The index of the least time; 0 unless another is clearly less. */
function fastest(times: readonly number[]): number {
  let chosen = 0;
  for (const [i, time] of times.entries()) if (time < (times[chosen] as number) * GAIN) chosen = i;
  return chosen;
}
