// Functions on arrays in plain JavaScript, in simple loops; where blocking by hand gains, in that version too. simdense/kernels is compared with them.

/** y = a[rows, columns]·x. */
export function gemv(rows: number, columns: number, a: Float32Array, x: Float32Array, y: Float32Array): void {
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += a[i * columns + k]! * x[k]!;
    y[i] = sum;
  }
}

/** The same, four rows at a time. */
export function gemvBlocked(rows: number, columns: number, a: Float32Array, x: Float32Array, y: Float32Array): void {
  const whole = rows - (rows % 4);
  for (let i = 0; i < whole; i += 4) {
    const [at0, at1, at2, at3] = [i * columns, (i + 1) * columns, (i + 2) * columns, (i + 3) * columns];
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let k = 0; k < columns; k++) {
      const value = x[k]!;
      s0 += a[at0 + k]! * value;
      s1 += a[at1 + k]! * value;
      s2 += a[at2 + k]! * value;
      s3 += a[at3 + k]! * value;
    }
    y[i] = s0;
    y[i + 1] = s1;
    y[i + 2] = s2;
    y[i + 3] = s3;
  }
  for (let i = whole; i < rows; i++) {
    let sum = 0;
    for (let k = 0; k < columns; k++) sum += a[i * columns + k]! * x[k]!;
    y[i] = sum;
  }
}

export function tanh(x: Float32Array, y: Float32Array): void {
  for (let i = 0; i < x.length; i++) y[i] = Math.tanh(x[i]!);
}

export function sum(x: Float32Array): number {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += x[i]!;
  return total;
}

/** The same by four sums, which do not wait for each other. */
export function sumBlocked(x: Float32Array): number {
  const whole = x.length - (x.length % 4);
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  for (let i = 0; i < whole; i += 4) {
    s0 += x[i]!;
    s1 += x[i + 1]!;
    s2 += x[i + 2]!;
    s3 += x[i + 3]!;
  }
  for (let i = whole; i < x.length; i++) s0 += x[i]!;
  return s0 + s1 + (s2 + s3);
}

/** Softmax of each row. */
export function softmax(columns: number, x: Float32Array, y: Float32Array): void {
  for (let from = 0; from < x.length; from += columns) {
    let top = Number.NEGATIVE_INFINITY;
    let total = 0;
    for (let j = 0; j < columns; j++) if (x[from + j]! > top) top = x[from + j]!;
    for (let j = 0; j < columns; j++) total += y[from + j] = Math.exp(x[from + j]! - top);
    for (let j = 0; j < columns; j++) y[from + j]! /= total;
  }
}
