// Matrices as arrays of rows, in float64.

export type Rows = number[][];

export function multiply(a: Rows, b: Rows): Rows {
  return a.map((row) => (b[0] ?? []).map((_, j) => row.reduce((sum, value, k) => sum + value * b[k]![j]!, 0)));
}

export function transpose(a: Rows): Rows {
  return (a[0] ?? []).map((_, j) => a.map((row) => row[j]!));
}
