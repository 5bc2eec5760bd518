// The step of the coordinator: the mean of what the shards have learnt, weighted by their rows, and Nesterov's momentum over rounds. In float64, by + − × ÷ alone, in the order of the shards.
import { atLeastZero, fraction, options, positiveNumber } from '../../base/checks.js';

/** How the coordinator steps after each round. */
export interface OuterOptions {
  /** The share of the mean change that is taken. Default: 1, as in federated averaging. */
  learningRate?: number;
  /** The share of the previous rounds' change that is kept (Nesterov's, as in DiLoCo). Default: 0, none. */
  momentum?: number;
}

export function checkOuter(where: string, o: OuterOptions | undefined): Required<OuterOptions> {
  const { learningRate = 1, momentum = 0 } = options(where, o, ['learningRate', 'momentum']);
  return {
    learningRate: positiveNumber(`${where}: learningRate`, learningRate),
    momentum: fraction(`${where}: momentum`, atLeastZero(`${where}: momentum`, momentum)),
  };
}

/** The parameters of all rounds. */
export class Outer {
  /** Those that the next round begins with. */
  weights: Float32Array;
  readonly #o: Required<OuterOptions>;
  readonly #velocity: Float64Array;
  /** Whether a parameter is trained; of the others, such as moving means, the mean is taken as it is. */
  readonly #trained: (index: number) => boolean;

  constructor(weights: Float32Array, o: Required<OuterOptions>, trained: (index: number) => boolean) {
    this.weights = weights;
    this.#o = o;
    this.#velocity = new Float64Array(weights.length);
    this.#trained = trained;
  }

  /** Steps by what each shard has changed; `shares` are those of the rows. */
  step(changes: readonly ArrayLike<number>[], shares: readonly number[]): void {
    const { learningRate, momentum } = this.#o;
    const before = this.weights;
    const after = new Float32Array(before.length);
    for (let i = 0; i < before.length; i++) {
      const from = before[i] as number;
      let change = 0;
      for (let shard = 0; shard < changes.length; shard++)
        change += (shares[shard] as number) * (changes[shard]?.[i] as number);
      if (!this.#trained(i)) {
        after[i] = from + change;
        continue;
      }
      const velocity = momentum * (this.#velocity[i] as number) + change;
      this.#velocity[i] = velocity;
      after[i] = from + learningRate * (momentum === 0 ? change : change + momentum * velocity);
    }
    this.weights = after;
  }
}
