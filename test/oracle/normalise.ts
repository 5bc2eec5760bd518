// Batch normalization of one column, and layer normalization of one row, in float64.

export function moments(column: readonly number[]): { mean: number; variance: number } {
  const mean = column.reduce((a, b) => a + b, 0) / column.length;
  return { mean, variance: column.reduce((sum, v) => sum + (v - mean) ** 2, 0) / column.length };
}

export function normalise(column: readonly number[], gamma: number, beta: number, epsilon: number): number[] {
  const { mean, variance } = moments(column);
  return column.map((v) => (gamma * (v - mean)) / Math.sqrt(variance + epsilon) + beta);
}

export function normaliseRow(
  row: readonly number[],
  gamma: readonly number[],
  beta: readonly number[],
  epsilon: number,
): number[] {
  return normalise(row, 1, 0, epsilon).map((v, j) => gamma[j]! * v + beta[j]!);
}
