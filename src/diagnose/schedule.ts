import type { Sequential } from '../train/sequential.js';

/** Looks an epoch where nobody says how often, and rows between two of them at least. */
const LOOKS = 4;
const ROWS_BETWEEN = 1024;
/** Looks after which they may take no more than this share of the run's work. */
const FREE = 16;
const SHARE = 0.02;

/**
 * What a look, with the judgement of its epoch, and an update take, in nanoseconds as measured once (bench/diagnose.ts): a fixed part, and one for each trained number, or
 * each number of a batch. It is an estimate by sizes, not by the clock, since a run has the same findings wherever it runs.
 */
const LOOK = { fixed: 25_000, kernel: 4000, parameter: 0.25, unit: 6, output: 4 };
const UPDATE = { fixed: 3500, parameter: 0.6, product: 0.12 };

/** Which batches are looked at. */
export class Schedule {
  readonly #asked: number | undefined;
  readonly #perEpoch: number;
  readonly #look: number;
  readonly #parameters: number;
  #looks = 0;
  #left = 0;

  constructor({ layers, outputs, parameterCount, bound }: Sequential, batches: number, asked: number | undefined) {
    const kernels = bound.network.parameters.filter(({ path }) => path.endsWith('/kernel'));
    const units = layers.reduce((sum, layer) => sum + ((layer as { units?: number }).units ?? 0), 0);
    this.#asked = asked;
    this.#perEpoch = Math.max(1, Math.ceil(batches / LOOKS));
    this.#parameters = parameterCount;
    this.#look =
      LOOK.fixed +
      LOOK.kernel * kernels.length +
      LOOK.parameter * parameterCount +
      LOOK.unit * units +
      LOOK.output * 32 * outputs;
  }

  /** Called after each batch of so many rows; whether to look at the next one. The first is always looked at. */
  next(rows: number): boolean {
    if (this.#left === 0) {
      this.#left = this.#every(rows);
      this.#looks++;
    }
    return --this.#left === 0;
  }

  /** Batches from this look to the next. */
  #every(rows: number): number {
    if (this.#asked !== undefined) return this.#asked;
    const close = Math.max(this.#perEpoch, Math.ceil(ROWS_BETWEEN / rows));
    if (this.#looks < FREE) return close;
    const update = UPDATE.fixed + this.#parameters * (UPDATE.parameter + UPDATE.product * rows);
    return Math.max(close, Math.ceil(this.#look / (SHARE * update)));
  }
}
