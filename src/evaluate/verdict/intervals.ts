// Means with their 95 % intervals. Where rows come in groups, such as those of a patient, the interval is over groups: rows of one group are alike.

export const meanOf = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/** The value in the middle; of an even number of values the mean of the two. */
export function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length >> 1;
  const above = sorted[half] as number;
  return sorted.length % 2 === 1 ? above : ((sorted[half - 1] as number) + above) / 2;
}

/** A number for each row, equal in the rows of a group. */
export type Groups = ArrayLike<number>;

export interface Interval {
  readonly mean: number;
  /** Half the width; infinite for a single value or group, and for few that are all the same. */
  readonly half: number;
}

/** So many values that are all the same may be so by chance: their interval would have no width. */
const FEW_ALIKE = 10;
/** Values that differ by less than this share of their size differ by rounding. */
const ROUNDING = 1e-12;

/** The mean and half the width of its 95 % interval: Student's, or with groups by the cluster-robust variance. */
export function intervalOf(values: readonly number[], groups?: Groups): Interval {
  const mean = meanOf(values);
  if (values.length < FEW_ALIKE && values.every((value) => Math.abs(value - mean) <= ROUNDING * Math.abs(mean)))
    return { mean, half: Number.POSITIVE_INFINITY };
  const parts = values.map((value) => (value - mean) / values.length);
  return { mean, half: clustered(parts, groups ?? parts.map((_, row) => row)) };
}

/**
 * Half the width of the 95 % interval of an estimate to which each row contributes a part, its influence; the parts sum to zero. The variance is the sum of the
 * squares of the groups' sums × G ÷ (G − 1), and t has G − 1 degrees of freedom: Cameron and Miller 2015, "A Practitioner's Guide to Cluster-Robust Inference",
 * sections II.B and VI.D. `least` is the number of groups that count, if fewer than all tell about it.
 */
export function clustered(parts: readonly number[], groups: Groups, least = Number.POSITIVE_INFINITY): number {
  const sums = new Map<number, number>();
  for (const [row, part] of parts.entries()) {
    const group = groups[row] as number;
    sums.set(group, (sums.get(group) ?? 0) + part);
  }
  const free = Math.min(sums.size, least) - 1;
  if (free < 1) return Number.POSITIVE_INFINITY;
  let squares = 0;
  for (const value of sums.values()) squares += value ** 2;
  if (squares === 0 && free < FEW_ALIKE - 1) return Number.POSITIVE_INFINITY;
  return studentT(free) * Math.sqrt((squares * sums.size) / (sums.size - 1));
}

/** How many groups there are in some rows. */
export const countGroups = (groups: Groups): number => new Set(Array.from(groups)).size;

/**
 * The 95 % interval of a share of rows in groups: Wilson's, with as many rows as would give the cluster-robust variance, and with Student's t (Dean and Pagano
 * 2015, "Evaluating Confidence Interval Methods for Binomial Proportions in Clustered Surveys"). Undefined for a single group.
 */
export function shareInterval(
  hits: readonly number[],
  groups: Groups,
): readonly [low: number, high: number] | undefined {
  const count = countGroups(groups);
  if (count < 2) return undefined;
  const { mean: share, half } = intervalOf(hits, groups);
  const t = studentT(count - 1);
  const variance = (half / t) ** 2;
  const spread = share * (1 - share);
  // Where all are right, or none, or few groups are alike, there is no variance to go by.
  const rows = spread === 0 || !Number.isFinite(half) ? count : Math.min(hits.length, spread / variance);
  const middle = share + t ** 2 / (2 * rows);
  const wide = t * Math.sqrt(spread / rows + t ** 2 / (4 * rows ** 2));
  const scale = 1 + t ** 2 / rows;
  return [share === 0 ? 0 : (middle - wide) / scale, share === 1 ? 1 : (middle + wide) / scale];
}

/**
 * The 97.5 % point of Student's t distribution: exact for 1 and 2 degrees of freedom, else a series around that of the normal distribution, Abramowitz and Stegun
 * 1964, 26.7.5.
 */
function studentT(free: number): number {
  if (free === 1) return Math.tan(0.475 * Math.PI);
  if (free === 2) return 0.95 * Math.sqrt(2 / (1 - 0.95 ** 2));
  const z = 1.959963984540054;
  const first = (z ** 3 + z) / 4;
  const second = (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96;
  const third = (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384;
  const fourth = (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160;
  return z + first / free + second / free ** 2 + third / free ** 3 + fourth / free ** 4;
}
