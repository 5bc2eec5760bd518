// Functional ANOVA of a regression forest: how much of the variance over a space is explained by each parameter by itself. Source: Hutter, Hoos, Leyton-Brown 2014, "An Efficient
// Approach for Assessing Hyperparameter Importance", ICML, sections 3 and 4; the forest is that of Optuna's FanovaImportanceEvaluator, with choices cut as choices, not as numbers.
// All places of a range count the same, all choices too, wherever the trials lie.
import { IMPORTANCE_PURPOSE } from '../../base/draws.js';
import { words } from '../../data/random.js';
import type { Dimension } from './parzen.js';
import { type FullPlace, growTree, type Leaf, type Side } from './regression-tree.js';

const TREES = 64;
/** The most values that a tree is grown on: so the time grows no further with the trials. */
const MOST_ROWS = 1000;

/** The shares of the variance, for each dimension by itself. */
export interface Fanova {
  /** The mean share over the trees, for each dimension; empty if no tree has found a difference. */
  readonly means: readonly number[];
  /** Its standard deviation over the trees. */
  readonly stds: readonly number[];
  /** R² of the forest, each value predicted by the trees that were not grown on it. */
  readonly r2: number;
}

/** Grows the forest on places and their values, and measures its trees. */
export function fanova(
  dimensions: readonly Dimension[],
  places: readonly FullPlace[],
  given: readonly number[],
  seed: number,
): Fanova {
  const values = scaled(given);
  const count = values.length;
  const shares: number[][] = [];
  const outside = values.map(() => ({ sum: 0, trees: 0 }));
  for (let tree = 0; tree < TREES; tree++) {
    const draw = words(seed, IMPORTANCE_PURPOSE, tree);
    const next = (): number => draw() / 2 ** 32;
    const rows = Array.from({ length: Math.min(count, MOST_ROWS) }, () => Math.floor(next() * count));
    const drawn = new Set(rows);
    const others = values.map((_, row) => row).filter((row) => !drawn.has(row));
    const leaves = growTree({ dimensions, places, values, rows }, others, next);
    for (const { value, asked } of leaves)
      for (const row of asked) {
        const each = outside[row] as (typeof outside)[number];
        each.sum += value;
        each.trees++;
      }
    const { total, marginals } = variancesOf(dimensions, leaves);
    if (total > 0) shares.push(marginals.map((variance) => variance / total));
  }
  const ofEach = shares.length > 0 ? dimensions.map((_, d) => shares.map((share) => share[d] as number)) : [];
  const means = ofEach.map(meanOf);
  const stds = ofEach.map((own, d) => Math.sqrt(meanOf(own.map((share) => (share - (means[d] as number)) ** 2))));
  return { means, stds, r2: r2Of(values, outside) };
}

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Values around 0 and not beyond 1, so that no square of them is too large. */
function scaled(values: readonly number[]): number[] {
  const most = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) || 1;
  const shares = values.map((value) => value / most);
  const mean = meanOf(shares);
  return shares.map((value) => value - mean);
}

function r2Of(values: readonly number[], outside: readonly { readonly sum: number; readonly trees: number }[]): number {
  const known = values.flatMap((value, row) => {
    const { sum, trees } = outside[row] as { sum: number; trees: number };
    return trees > 0 ? [{ value, predicted: sum / trees }] : [];
  });
  const mean = meanOf(known.map(({ value }) => value));
  const [left, all] = known.reduce(
    ([left, all], { value, predicted }) => [left + (value - predicted) ** 2, all + (value - mean) ** 2],
    [0, 0] as [number, number],
  );
  return 1 - left / all;
}

/** The share of a dimension that a side takes. */
function shareOf(dimension: Dimension, side: Side): number {
  if ('choices' in dimension) return (side as { choices: readonly number[] }).choices.length / dimension.choices;
  const { from, to } = side as { from: number; to: number };
  return (to - from) / (dimension.high - dimension.low);
}

/** The variance of a tree over the space, and that of its mean along each dimension. */
export function variancesOf(
  dimensions: readonly Dimension[],
  leaves: readonly Pick<Leaf, 'box' | 'value'>[],
): { total: number; marginals: number[] } {
  const sizes = leaves.map(({ box }) => dimensions.map((dimension, d) => shareOf(dimension, box[d] as Side)));
  const volumes = sizes.map((size) => size.reduce((product, share) => product * share, 1));
  const mean = leaves.reduce((sum, { value }, i) => sum + (volumes[i] as number) * value, 0);
  const total = leaves.reduce((sum, { value }, i) => sum + (volumes[i] as number) * (value - mean) ** 2, 0);
  const marginals = dimensions.map((dimension, d) => {
    const pieces = piecesOf(
      dimension,
      leaves.map(({ box }) => box[d] as Side),
    );
    const sums = pieces.sizes.map(() => 0);
    for (const [i, { box, value }] of leaves.entries()) {
      // The leaf's share of the space along the other dimensions.
      const rest = (sizes[i] as number[]).reduce(
        (product, share, other) => (other === d ? product : product * share),
        1,
      );
      for (const piece of pieces.of(box[d] as Side)) (sums[piece] as number) += rest * (value - mean);
    }
    return sums.reduce((sum, each, piece) => sum + (pieces.sizes[piece] as number) * each * each, 0);
  });
  return { total, marginals };
}

/** The pieces of a dimension within which the mean along it does not change, and which of them a side takes. */
function piecesOf(
  dimension: Dimension,
  sides: readonly Side[],
): { sizes: readonly number[]; of(side: Side): Iterable<number> } {
  if ('choices' in dimension) {
    const sizes = Array.from({ length: dimension.choices }, () => 1 / dimension.choices);
    return { sizes, of: (side) => (side as { choices: readonly number[] }).choices };
  }
  const stretches = sides as readonly { from: number; to: number }[];
  const ends = [...new Set(stretches.flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  const index = new Map(ends.map((end, i) => [end, i]));
  const width = dimension.high - dimension.low;
  return {
    sizes: ends.slice(1).map((end, i) => (end - (ends[i] as number)) / width),
    *of(side) {
      const { from, to } = side as { from: number; to: number };
      for (let i = index.get(from) as number; i < (index.get(to) as number); i++) yield i;
    },
  };
}
