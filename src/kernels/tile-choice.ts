import type { BlasKernels } from '../engine/generated/blas.js';
import { type Tiles, TileTuner } from '../engine/tiles.js';

const tiles: Readonly<Record<'plain' | 'relaxed', Tiles>> = {
  plain: { rows: ['2x16', '5x8', '3x16'], columns: [], wide: '3x16' },
  relaxed: { rows: ['6x8', '2x16', '6x16'], columns: [], wide: '6x16' },
};

/** Multiplications of a product from which on a slice of timing does not matter. */
const WORTH = 4_000_000;

/** Chooses the tile of the matrix products by timing, a slice of some 0.1 ms beside each large product. All tiles of a build give the same bits. */
export class TileChoice {
  readonly #tuner: TileTuner;
  readonly #tiles: Tiles;

  constructor(calls: BlasKernels, relaxed: boolean) {
    this.#tiles = relaxed ? tiles.relaxed : tiles.plain;
    this.#tuner = new TileTuner(
      {
        tileTrial: (tile, _, repeats) => calls.tileTrial(tile, repeats),
        setTiles: (tile) => calls.setTile(tile),
      },
      this.#tiles,
    );
  }

  get name(): string {
    return this.#tiles.rows[this.#tuner.chosen] as string;
  }

  get isWide(): boolean {
    return this.name === this.#tiles.wide;
  }

  /** Times the tiles, beside a product of this many multiplications, until the choice is made. */
  tune(multiplications: number): void {
    if (multiplications >= WORTH) this.#tuner.slice();
  }
}
