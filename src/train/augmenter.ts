import { Purpose, seedWords } from '../base/draws.js';
import type { Augmentation } from '../data/augmentations.js';
import type { Address } from '../engine/kernels.js';
import { activationBytes, activationFloats, panelRows } from '../nn/layout.js';
import type { TrainableNetwork } from '../nn/trainable-network.js';
import type { Batch } from './batch.js';

/** Applies augmentations to the loaded batch, in linear memory. */
export class Augmenter {
  readonly #network: TrainableNetwork;
  readonly #batch: Batch;
  readonly #list: readonly Augmentation[];
  readonly #seed: readonly [number, number];
  /** Two row-major buffers, each for one batch. */
  readonly #a: Address;
  readonly #b: Address;
  /** The partner of each row in mixup. */
  readonly #partners: Address;

  constructor(network: TrainableNetwork, batch: Batch, list: readonly Augmentation[], seed: number, rows: number) {
    const { engine, inputs, outputs } = network;
    this.#network = network;
    this.#batch = batch;
    this.#list = list;
    this.#seed = seedWords(seed);
    const bytes = activationBytes(rows, Math.max(inputs, outputs));
    this.#a = engine.allocate(2 * bytes + rows * 4);
    this.#b = this.#a + bytes;
    this.#partners = this.#b + bytes;
  }

  /** `step` counts the batches that the model has been trained on; the draws depend on it. */
  apply(rows: number, step: number): void {
    const { inputs, outputs, input } = this.#network;
    const { calls } = this.#network.engine;
    for (const [i, change] of this.#list.entries()) {
      const draw = [...this.#seed, Purpose.augment + i, step] as const;
      if (change.type === 'jitter') {
        calls.addNoise(activationFloats(rows, inputs), input, input, ...draw, 0, change.stddev);
      } else if (change.type === 'mixup') {
        const share = calls.drawBeta(...draw, change.alpha);
        this.#shuffle(rows, draw);
        this.#mix(rows, inputs, input, share);
        this.#mix(rows, outputs, this.#batch.target, share);
      } else {
        const { width, height } = change;
        calls.unpackFloats(rows, inputs, input, panelRows(rows), this.#a);
        if (change.type === 'shiftImage')
          calls.shiftImages(rows, width, height, this.#a, this.#b, ...draw, 0, change.max);
        else calls.rotateImages(rows, width, height, this.#a, this.#b, ...draw, 0, (change.degrees * Math.PI) / 180);
        calls.packFloats(rows, inputs, this.#b, 0, input, panelRows(rows));
      }
    }
  }

  dispose(): void {
    this.#network.engine.release(this.#a);
  }

  /** Draws the partner of each row. */
  #shuffle(rows: number, [low, high, purpose, step]: readonly [number, number, number, number]): void {
    const { words, calls } = this.#network.engine;
    for (let row = 0; row < rows; row++) words[this.#partners / 4 + row] = row;
    // Another purpose than that of the share, so that both draws are independent.
    calls.shuffle(rows, this.#partners, low, high, purpose + Purpose.partners, step);
  }

  /** Replaces each row in the panels by (1 − share)·row + share·partner. */
  #mix(rows: number, columns: number, panels: Address, share: number): void {
    const { calls } = this.#network.engine;
    calls.unpackFloats(rows, columns, panels, panelRows(rows), this.#a);
    calls.packFloats(rows, columns, this.#a, this.#partners, this.#b, panelRows(rows));
    calls.mix(activationFloats(rows, columns), this.#b, panels, 1 - share);
  }
}
