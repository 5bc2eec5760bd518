// The three products of a dense layer in plain JavaScript, in two versions: simple loops, and the fastest code that we found.

export interface Products {
  /** y[rows, units] = x[rows, inputs]·w[inputs, units] + bias. */
  forward(
    rows: number,
    inputs: number,
    units: number,
    x: Float32Array,
    w: Float32Array,
    bias: Float32Array,
    y: Float32Array,
  ): void;
  /** dw[inputs, units] = xᵀ·dy. */
  kernelGradient(
    rows: number,
    inputs: number,
    units: number,
    x: Float32Array,
    dy: Float32Array,
    dw: Float32Array,
  ): void;
  /** dx[rows, inputs] = dy·wᵀ. */
  inputGradient(rows: number, inputs: number, units: number, dy: Float32Array, w: Float32Array, dx: Float32Array): void;
}

/** Simple loops in float32, in the order in which the innermost one accesses memory sequentially. */
export const plain: Products = {
  forward(rows, inputs, units, x, w, bias, y) {
    for (let r = 0; r < rows; r++) {
      const to = r * units;
      for (let j = 0; j < units; j++) y[to + j] = bias[j]!;
      for (let k = 0; k < inputs; k++) {
        const value = x[r * inputs + k]!;
        const from = k * units;
        for (let j = 0; j < units; j++) y[to + j]! += value * w[from + j]!;
      }
    }
  },
  kernelGradient(rows, inputs, units, x, dy, dw) {
    dw.fill(0);
    for (let r = 0; r < rows; r++) {
      const from = r * units;
      for (let k = 0; k < inputs; k++) {
        const value = x[r * inputs + k]!;
        const to = k * units;
        for (let j = 0; j < units; j++) dw[to + j]! += value * dy[from + j]!;
      }
    }
  },
  inputGradient(rows, inputs, units, dy, w, dx) {
    for (let r = 0; r < rows; r++) {
      const from = r * units;
      for (let k = 0; k < inputs; k++) {
        const at = k * units;
        let sum = 0;
        for (let j = 0; j < units; j++) sum += dy[from + j]! * w[at + j]!;
        dx[r * inputs + k] = sum;
      }
    }
  },
};

/** c[i, j] = initial[j] + Σ_k a[i·aRow + k·aColumn]·b[k·bRow + j·bColumn], with four sums at a time in registers, in float64. */
function product(
  rows: number,
  columns: number,
  depth: number,
  a: Float32Array,
  aRow: number,
  aColumn: number,
  b: Float32Array,
  bRow: number,
  bColumn: number,
  c: Float32Array,
  initial: Float32Array | undefined,
): void {
  const whole = columns - (columns % 4);
  for (let i = 0; i < rows; i++) {
    const to = i * columns;
    for (let j = 0; j < whole; j += 4) {
      let s0 = initial ? initial[j]! : 0;
      let s1 = initial ? initial[j + 1]! : 0;
      let s2 = initial ? initial[j + 2]! : 0;
      let s3 = initial ? initial[j + 3]! : 0;
      let at = j * bColumn;
      let from = i * aRow;
      for (let k = 0; k < depth; k++) {
        const value = a[from]!;
        s0 += value * b[at]!;
        s1 += value * b[at + bColumn]!;
        s2 += value * b[at + 2 * bColumn]!;
        s3 += value * b[at + 3 * bColumn]!;
        at += bRow;
        from += aColumn;
      }
      c[to + j] = s0;
      c[to + j + 1] = s1;
      c[to + j + 2] = s2;
      c[to + j + 3] = s3;
    }
    for (let j = whole; j < columns; j++) {
      let sum = initial ? initial[j]! : 0;
      for (let k = 0; k < depth; k++) sum += a[i * aRow + k * aColumn]! * b[k * bRow + j * bColumn]!;
      c[to + j] = sum;
    }
  }
}

/** Blocked by hand for registers, the fastest that we found in plain JavaScript. */
export const blocked: Products = {
  forward: (rows, inputs, units, x, w, bias, y) => product(rows, units, inputs, x, inputs, 1, w, units, 1, y, bias),
  kernelGradient: (rows, inputs, units, x, dy, dw) =>
    product(inputs, units, rows, x, 1, inputs, dy, units, 1, dw, undefined),
  inputGradient: (rows, inputs, units, dy, w, dx) =>
    product(rows, inputs, units, dy, units, 1, w, 1, units, dx, undefined),
};
