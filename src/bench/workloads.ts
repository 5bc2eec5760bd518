// The five workloads of all measurements.

export interface Workload {
  readonly name: string;
  readonly inputs: number;
  readonly units: readonly number[];
  readonly batch: number;
}

export const workloads: readonly Workload[] = [
  { name: 'W1', inputs: 64, units: [32, 10], batch: 32 },
  { name: 'W2', inputs: 784, units: [128, 10], batch: 32 },
  { name: 'W3', inputs: 784, units: [512, 256, 10], batch: 128 },
  { name: 'W4', inputs: 1024, units: [1024, 1024, 10], batch: 256 },
  { name: 'W5', inputs: 4, units: [16, 3], batch: 16 },
];

export const title = ({ inputs, units, batch }: Workload): string => `${[inputs, ...units].join('-')}, ${batch}`;

/** Floating-point operations of the products of one step: forward, the kernel's gradient, and, except for the first layer, the input's. */
export function flops({ inputs, units, batch }: Workload): number {
  let sum = 0;
  let columns = inputs;
  for (const [layer, n] of units.entries()) {
    sum += 2 * batch * columns * n * (layer === 0 ? 2 : 3);
    columns = n;
  }
  return sum;
}

/** Makes rows and labels; the same in each run. */
export function makeData({ inputs, units }: Workload, rows: number): { x: Float32Array; labels: Int32Array } {
  let state = 1;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const x = Float32Array.from({ length: rows * inputs }, next);
  const labels = Int32Array.from({ length: rows }, () => Math.floor(next() * units.at(-1)!));
  return { x, labels };
}
