// Parzen estimators of several parameters together: a mixture of one kernel for each point, and a broad one for all of the space. Source: Bergstra, Bardenet, Bengio, Kégl 2011,
// "Algorithms for Hyper-Parameter Optimization", section 4; Falkner, Klein, Hutter 2018, BOHB, arXiv 1807.01774, for kernels over all parameters at once. The constants are the defaults
// of Optuna's TPESampler with multivariate = True (optuna/samplers/_tpe/parzen_estimator.py, version 3.1).
import { density, massBetween, quantileBetween } from './normal.js';

/** A parameter as the estimator sees it. */
export type Dimension =
  | { readonly choices: number }
  /** A range, of logarithms for a log scale; for whole numbers it goes half a step beyond its ends. */
  | { readonly low: number; readonly high: number; readonly whole: boolean };

/** A point: for each dimension the number of its choice, or a place in its range; undefined where the parameter has no meaning at this point. */
export type Place = readonly (number | undefined)[];

/** The weight of the broad kernel; of each point it is 1. */
const PRIOR = 1;
/** The deviation of a kernel, as a share of the range, for one point; it shrinks as Scott's rule says. */
const WIDTH = 0.2;
/** The last points that count in full. The older ones count less, the oldest least. */
const RECENT = 25;

/** A kernel along a range. */
interface Bell {
  readonly mean: number;
  readonly deviation: number;
  /** Its probability within the range. */
  readonly mass: number;
}

export class Parzen {
  readonly #dimensions: readonly Dimension[];
  readonly #places: readonly Place[];
  /** The weight of each kernel; the last is the broad one's. They add up to 1. */
  readonly #weights: readonly number[];
  /** For each kernel and each dimension that is a range. */
  readonly #bells: readonly (readonly (Bell | undefined)[])[];

  /** `places` in the order in which they were tried. */
  constructor(dimensions: readonly Dimension[], places: readonly Place[]) {
    const count = places.length;
    this.#dimensions = dimensions;
    this.#places = places;
    const weights = [...places.map((_, i) => weightOf(i, count)), PRIOR];
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    this.#weights = weights.map((weight) => weight / total);
    // Scott's rule: count^(−1 / (dimensions + 4)).
    const scott = rootOf(Math.max(1, count), dimensions.length + 4);
    const least = 1 / Math.min(100, 2 + count);
    const share = Math.min(1, Math.max(least, WIDTH / scott));
    const broad = dimensions.map((dimension) => bell(dimension, undefined, 1));
    this.#bells = [
      ...places.map((place) =>
        dimensions.map((dimension, d) => (place[d] === undefined ? broad[d] : bell(dimension, place[d], share))),
      ),
      broad,
    ];
  }

  /** Draws a place. `next` gives numbers from 0 to below 1; for each dimension one is taken, and one before for the kernel. */
  draw(next: () => number): Place {
    const kernel = chosen(this.#weights, next());
    return this.#dimensions.map((dimension, d) => {
      const share = next();
      if ('choices' in dimension) {
        const { choices } = dimension;
        return chosen(
          Array.from({ length: choices }, (_, choice) => this.#shareOf(kernel, d, choices, choice)),
          share,
        );
      }
      const { mean, deviation } = this.#bellOf(kernel, d);
      const { low, high, whole } = dimension;
      const z = quantileBetween((low - mean) / deviation, (high - mean) / deviation, share);
      const value = mean + z * deviation;
      return whole ? Math.min(high - 0.5, Math.max(low + 0.5, Math.round(value))) : value;
    });
  }

  /** The density at a place. The broad kernel keeps it above 0. */
  at(place: Place): number {
    return this.#weights.reduce((sum, weight, kernel) => sum + weight * this.#product(kernel, place), 0);
  }

  #product(kernel: number, place: Place): number {
    let product = 1;
    for (const [d, dimension] of this.#dimensions.entries()) {
      const value = place[d];
      if (value === undefined) continue;
      if ('choices' in dimension) {
        product *= this.#shareOf(kernel, d, dimension.choices, value);
        continue;
      }
      const { mean, deviation, mass } = this.#bellOf(kernel, d);
      product *= dimension.whole
        ? massBetween((value - 0.5 - mean) / deviation, (value + 0.5 - mean) / deviation) / mass
        : density((value - mean) / deviation) / (deviation * mass);
    }
    return product;
  }

  #bellOf(kernel: number, d: number): Bell {
    return (this.#bells[kernel] as readonly Bell[])[d] as Bell;
  }

  /** The probability of a choice in a kernel: 1 for its own and a share of the prior for each, divided by their sum. */
  #shareOf(kernel: number, d: number, choices: number, choice: number): number {
    const own = this.#places[kernel]?.[d];
    const prior = PRIOR / this.#weights.length;
    return (prior + (choice === own ? 1 : 0)) / (prior * choices + (own === undefined ? 0 : 1));
  }
}

/** The kernel of one value along a range; undefined for the broad one, around the middle. */
function bell(dimension: Dimension, value: number | undefined, share: number): Bell | undefined {
  if ('choices' in dimension) return undefined;
  const { low, high } = dimension;
  const mean = value ?? (low + high) / 2;
  const deviation = share * (high - low);
  return { mean, deviation, mass: massBetween((low - mean) / deviation, (high - mean) / deviation) };
}

/** Recent points count 1; the older ones less, in even steps from 1 / count. */
function weightOf(i: number, count: number): number {
  const old = count - RECENT;
  if (i >= old) return 1;
  return old === 1 ? 1 / count : 1 / count + ((1 - 1 / count) * i) / (old - 1);
}

/** The index at which the sum of the shares goes beyond `share`. */
function chosen(shares: readonly number[], share: number): number {
  let sum = 0;
  const index = shares.findIndex((each) => {
    sum += each;
    return share < sum;
  });
  return index < 0 ? shares.length - 1 : index;
}

/** The n-th root of a number from 1 on, by Newton's method: the same bits everywhere. */
function rootOf(x: number, n: number): number {
  let root = 1 + (x - 1) / n;
  for (let i = 0; i < 200; i++) {
    let power = 1;
    for (let k = 1; k < n; k++) power *= root;
    const next = root - (root - x / power) / n;
    if (next >= root) break;
    root = next;
  }
  return root;
}
