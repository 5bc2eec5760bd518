// Numbers by pieces of their range. Source: Gorishniy, Rubachev, Babenko 2022, "On Embeddings for Numerical Features in Tabular Deep Learning", section 3.2.

/** The most pieces of a column. */
export const MOST_PIECES = 256;

/** Whether these are the edges of pieces: finite numbers, each above the one before, of two pieces or more. */
export const areEdges = (value: unknown): value is readonly number[] =>
  Array.isArray(value) &&
  value.length >= 3 &&
  value.length <= MOST_PIECES + 1 &&
  value.every((edge, i) => Number.isFinite(edge) && (i === 0 || edge > value[i - 1]));

/** The places of the edges among so many sorted numbers. */
export const placesOf = (count: number, pieces: number): number[] =>
  Array.from({ length: pieces + 1 }, (_, i) => Math.round((i / pieces) * (count - 1)));

/** The quantiles of sorted numbers that bound so many pieces; undefined where fewer than two are left, since many numbers are the same. */
export function edgesOf(sorted: Float64Array, pieces: number): readonly number[] | undefined {
  const edges: number[] = [];
  for (const [i, place] of placesOf(sorted.length, pieces).entries()) {
    const edge = sorted[place] as number;
    // −0 would come back from JSON as 0.
    if (i === 0 || edge > (edges.at(-1) as number)) edges.push(edge + 0);
  }
  return edges.length < 3 ? undefined : edges;
}

/** Writes for each piece how much of it lies below a number: from −½ for none to ½ for all of it. */
export function writePieces(edges: readonly number[], value: number, out: Float32Array, at: number): void {
  for (let i = 1; i < edges.length; i++) {
    const [low, high] = [edges[i - 1] as number, edges[i] as number];
    const width = high - low;
    // The difference of two large numbers is beyond float64, and half of the least number is 0.
    const share = Number.isFinite(width) ? (value - low) / width : (value / 2 - low / 2) / (high / 2 - low / 2);
    out[at + i - 1] = Math.min(1, Math.max(0, share)) - 0.5;
  }
}
