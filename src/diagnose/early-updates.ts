import { type Bound, type Kernel, sample, updateRatio } from './look.js';
import { UPDATE_TOO_LARGE } from './thresholds.js';

/** Number of first batches whose updates are all measured: most damage happens early, and cannot be seen later. */
const BATCHES = 64;
/** Share of the old value that each batch keeps in a running mean. */
const KEEP = 0.75;

/** The first updates of each kernel. */
export class EarlyUpdates {
  /** The largest single update of each kernel, and the largest running mean. */
  readonly largest: Float64Array;
  readonly peaks: Float64Array;
  readonly #means: Float64Array;
  readonly #kernels: readonly Kernel[];
  /** Which kernels started as zeros: their first updates are relatively large, but harmless. */
  readonly #zeros: readonly boolean[];
  readonly #last: readonly Float32Array[];
  #batches = 0;

  constructor(bound: Bound, kernels: readonly Kernel[]) {
    this.#kernels = kernels;
    this.largest = new Float64Array(kernels.length);
    this.peaks = new Float64Array(kernels.length);
    this.#means = new Float64Array(kernels.length);
    this.#last = kernels.map((kernel) => sample(bound, kernel));
    this.#zeros = this.#last.map((weights) => weights.every((value) => value === 0));
  }

  get over(): boolean {
    return this.#batches >= BATCHES;
  }

  /** Whether the running mean of some kernel's updates was too large. */
  get large(): boolean {
    return this.peaks.some((peak) => peak > UPDATE_TOO_LARGE);
  }

  add(bound: Bound): void {
    this.#batches++;
    for (const [i, kernel] of this.#kernels.entries()) {
      if (this.#zeros[i]) continue;
      const last = this.#last[i] as Float32Array;
      const ratio = updateRatio(bound, kernel, last);
      sample(bound, kernel, last);
      const mean = KEEP * (this.#means[i] as number) + (1 - KEEP) * ratio;
      this.#means[i] = mean;
      if (ratio > (this.largest[i] as number)) this.largest[i] = ratio;
      if (mean > (this.peaks[i] as number)) this.peaks[i] = mean;
    }
  }
}
