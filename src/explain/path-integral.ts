// The integral of a gradient along the straight way between two points.

/** A function of a row, and its gradient there. */
export interface Slope {
  valueAt(x: Float64Array): number;
  gradientAt(x: Float64Array): Float64Array;
}

export interface Integral {
  /** For each input its share of the difference of the function between the ends. */
  readonly shares: Float64Array;
  /** At most how far the shares are from adding up to it. */
  readonly error: number;
}

/** Nodes and weights on [0, 1] of Gauss and Legendre's rule of five points (Abramowitz, Stegun 25.4.30). */
const rule: readonly (readonly [node: number, weight: number])[] = [
  [0.5, 64 / 225],
  ...[0.5384693101056831, -0.5384693101056831].map((x) => [(1 + x) / 2, 0.47862867049936647 / 2] as const),
  ...[0.906179845938664, -0.906179845938664].map((x) => [(1 + x) / 2, 0.23692688505618908 / 2] as const),
];

/** A part of the way. */
interface Part {
  readonly from: number;
  readonly to: number;
  /** The function at its ends. */
  readonly first: number;
  readonly last: number;
  readonly shares: Float64Array;
  /** How far its shares are from adding up to the difference between its ends. */
  readonly error: number;
}

/**
 * Integrates until the shares add up to within `enough`, or the gradient has been computed `most` times. The difference of the function between the ends of each part is known, so
 * it is known which part is least exact: that one is halved. Parts with a bend, as ReLU has them, become small, and smooth ones stay large.
 */
export function* integrating(
  { valueAt, gradientAt }: Slope,
  start: Float64Array,
  end: Float64Array,
  { enough, most }: { readonly enough: number; readonly most: number },
): Generator<void, Integral> {
  const way = end.map((value, i) => value - (start[i] as number));
  const pointAt = (t: number): Float64Array => start.map((value, i) => value + t * (way[i] as number));
  const partOf = (from: number, to: number, first: number, last: number): Part => {
    const shares = new Float64Array(way.length);
    for (const [node, weight] of rule) {
      const gradient = gradientAt(pointAt(from + node * (to - from)));
      for (let i = 0; i < shares.length; i++)
        shares[i] = (shares[i] as number) + weight * (to - from) * (way[i] as number) * (gradient[i] as number);
    }
    return {
      from,
      to,
      first,
      last,
      shares,
      error: Math.abs(last - first - shares.reduce((sum, each) => sum + each, 0)),
    };
  };
  const parts = [partOf(0, 1, valueAt(start), valueAt(end))];
  const errorOf = (): number => parts.reduce((sum, { error }) => sum + error, 0);
  for (let used = rule.length; errorOf() > enough && used + 2 * rule.length <= most; used += 2 * rule.length) {
    const worst = parts.reduce((most, { error }, i) => (error > (parts[most] as Part).error ? i : most), 0);
    const { from, to, first, last } = parts[worst] as Part;
    const middle = (from + to) / 2;
    const between = valueAt(pointAt(middle));
    parts.splice(worst, 1, partOf(from, middle, first, between), partOf(middle, to, between, last));
    yield;
  }
  const shares = new Float64Array(way.length);
  for (const part of parts)
    for (let i = 0; i < shares.length; i++) shares[i] = (shares[i] as number) + (part.shares[i] as number);
  return { shares, error: errorOf() };
}
