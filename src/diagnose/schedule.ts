import type { Sequential } from '../train/sequential.js';

/** The default number of looks an epoch, and the fewest rows between two looks. */
const LOOKS = 4;
const ROWS_BETWEEN = 1024;
/** After this many looks, looks may take at most this share of the run's time. */
const FREE = 16;
const SHARE = 0.02;

/**
 * The cost of a look, including the judgement of its epoch, and of an update, in nanoseconds (measured by bench/diagnose.ts): a fixed part, and parts for each
 * trained number, unit or output. The estimate uses sizes and not the clock, so that a run has the same findings on every machine.
 */
const LOOK = { fixed: 25_000, kernel: 4000, parameter: 0.25, unit: 6, output: 4 };
const UPDATE = { fixed: 3500, parameter: 0.6, product: 0.12 };

/** Decides which batches are looked at. */
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

  /** Call this after each batch, with its rows. Returns whether to look at the next batch. The first batch is always looked at. */
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
