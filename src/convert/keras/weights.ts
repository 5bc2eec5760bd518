// Where the weights of a Keras model's layers come from: each format keeps them in its own way.
import type { KerasLayer } from './topology.js';

export interface Weight {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}

export interface WeightSource {
  /**
   * The weights of a layer, which has those of these names, in the order of Keras. Throws SimdenseError 'FORMAT' if there are others.
   */
  of(layer: KerasLayer, names: readonly string[]): readonly Weight[];
  /** Throws SimdenseError 'FORMAT' if there are weights that no layer has asked for. */
  checkAllUsed?(): void;
}
