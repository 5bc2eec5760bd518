// Control variates (SCAFFOLD; Karimireddy et al. 2020, arXiv 1910.06378): what each shard's gradients were off from those of all, so that local steps follow the gradient of all rows. The
// coordinator keeps them, since a worker may vanish: it knows them from what a shard has changed.

/** The mean gradient of each shard in its last round, and of all together. */
export class Controls {
  readonly #own: readonly Float32Array[];
  #all: Float32Array;
  readonly #shares: readonly number[];
  #isFirst = true;

  constructor(shares: readonly number[], count: number) {
    this.#own = shares.map(() => new Float32Array(count));
    this.#all = new Float32Array(count);
    this.#shares = shares;
  }

  /** What is added to the parameters after each update of a shard; undefined in the first round. */
  correction(shard: number, learningRate: number): Float32Array | undefined {
    if (this.#isFirst) return undefined;
    const own = this.#own[shard] as Float32Array;
    return own.map((value, i) => learningRate * (value - (this.#all[i] as number)));
  }

  /** Learns from what each shard has changed by so many updates. Parameters that are not trained keep 0. */
  learn(changes: readonly Float32Array[], updates: readonly number[], learningRate: number, trained: Uint8Array): void {
    const all = new Float64Array(this.#all.length);
    for (const [shard, change] of changes.entries()) {
      const own = this.#own[shard] as Float32Array;
      const step = (updates[shard] as number) * learningRate;
      const share = this.#shares[shard] as number;
      for (let i = 0; i < own.length; i++) {
        if (trained[i] === 0) continue;
        own[i] = (own[i] as number) - (this.#all[i] as number) - (change[i] as number) / step;
        (all[i] as number) += share * (own[i] as number);
      }
    }
    this.#all = Float32Array.from(all);
    this.#isFirst = false;
  }
}
