interface Network {
  readonly inputs: number;
  readonly outputs: number;
  predictInto(out: Float32Array, row: Float32Array): unknown;
}

export declare function predicted(networks: readonly Network[], rows: number): number[];
