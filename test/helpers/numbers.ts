// Numbers for tests: the same ones each time, and how far results may be from them.

/** A source of float32 numbers from −1 to 1 (Steele's mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.fround((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * 2 - 1);
  };
}

/** Rows × columns of them. */
export function matrix(rows: number, columns: number, next: () => number): number[][] {
  return Array.from({ length: rows }, () => Array.from({ length: columns }, next));
}

/** Largest difference, relative to the largest of 1 and the expected number. */
export function distance(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!) / Math.max(1, Math.abs(expected[i]!));
    // NaN counts as far away.
    if (!(difference <= worst)) worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return worst;
}
