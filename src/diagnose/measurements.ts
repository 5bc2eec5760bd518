// The measurements of one run: gradients, updates, dead and saturated units, predicted classes.
import { argmax } from '../base/extremes.js';
import type { Parameter } from '../nn/network.js';
import type { Sequential } from '../train/sequential.js';
import {
  countClasses,
  countSilent,
  gradientSquares,
  type Kernel,
  kernelsOf,
  learning,
  sameUnits,
  sample,
  saturatedShare,
  type Unit,
  unitsOf,
  updateRatio,
} from './look.js';

/** Share of the class counts that each epoch with looks keeps. */
const FADE = 0.8;
/** A set is unequal if its most frequent class has more than this share of the targets. */
const UNEQUAL = 0.8;

/** Sums over the looks of one epoch. */
export interface Looks {
  count: number;
  norm: number;
  readonly gradient: Float64Array;
  readonly update: Float64Array;
  readonly saturated: Float64Array;
}

export class Measurements {
  readonly kernels: readonly Kernel[];
  readonly units: readonly Unit[];
  /** For each unit of each relu layer, the number of consecutive rows in which it was inactive. */
  readonly silent: readonly Uint32Array[];
  /** The share of each layer's outputs that were saturated in the first batch. */
  readonly begun: Float64Array;
  /** Numbers of rows by predicted class and by target class; empty for a regression. */
  readonly predicted: Float64Array;
  readonly wanted: Float64Array;
  readonly #model: Sequential;
  /** The other trained parameters: biases, and those of batch normalization. */
  readonly #others: readonly Parameter[];
  /** The weights before the batch of the next look. */
  readonly #before: readonly Float32Array[];
  #looks: Looks;

  constructor(model: Sequential, classes: number) {
    const { bound } = model;
    this.#model = model;
    this.kernels = kernelsOf(bound);
    this.#others = learning(bound).filter(({ plan }) => plan.name !== 'kernel');
    this.units = unitsOf(model);
    this.silent = this.units.map(({ columns }) => new Uint32Array(columns));
    this.begun = new Float64Array(this.units.length);
    this.predicted = new Float64Array(classes);
    this.wanted = new Float64Array(classes);
    this.#looks = this.#noLooks();
    this.#before = this.weights();
  }

  /** Sums over the looks of this epoch. */
  get looks(): Looks {
    return this.#looks;
  }

  /** Returns the sums of the epoch, and starts new ones. */
  takeLooks(): Looks {
    const looks = this.#looks;
    this.#looks = this.#noLooks();
    return looks;
  }

  /** Call this before a batch of a look: it copies the weights from which the update is measured. */
  rememberWeights(): void {
    for (const [i, kernel] of this.kernels.entries()) sample(this.#model.bound, kernel, this.#before[i]);
  }

  /** Call this after the first batch. */
  rememberSaturation(): void {
    this.begun.set(this.#looks.saturated);
  }

  /** Measures the last batch, from its results in memory. */
  look(): void {
    const { bound } = this.#model;
    const looks = this.#looks;
    looks.count++;
    let squares = 0;
    for (const parameter of this.#others) squares += gradientSquares(bound, parameter);
    for (const [i, kernel] of this.kernels.entries()) {
      const own = gradientSquares(bound, kernel.parameter);
      squares += own;
      (looks.gradient[i] as number) += Math.sqrt(own / kernel.count);
      (looks.update[i] as number) += updateRatio(bound, kernel, this.#before[i] as Float32Array);
    }
    looks.norm += Math.sqrt(squares);
    for (const [i, unit] of this.units.entries()) {
      if (unit.kind === 'relu') countSilent(this.#model, unit, this.silent[i] as Uint32Array);
      else (looks.saturated[i] as number) += saturatedShare(this.#model, unit);
    }
    if (this.wanted.length > 0) countClasses(bound, this.predicted, this.wanted);
  }

  /** The hidden layers whose units are all the same; `zero`: all of their weights are 0. */
  symmetric(): { layer: string; units: number; zero: boolean }[] {
    return this.kernels.slice(0, -1).flatMap((kernel) => {
      const units = kernel.parameter.shape[1] as number;
      const same = units > 1 ? sameUnits(this.#model.bound, kernel) : undefined;
      return same ? [{ layer: kernel.layer, units, zero: same === 'zero' }] : [];
    });
  }

  /** Whether the most frequent class has more than the share UNEQUAL of the rows. */
  unequal(): boolean {
    const rows = this.wanted.reduce((sum, n) => sum + n, 0);
    return (this.wanted[argmax(this.wanted, 0, this.wanted.length)] as number) > UNEQUAL * rows;
  }

  /** Call this after an epoch with looks: it reduces the weight of older counts. */
  fadeClasses(): void {
    for (let i = 0; i < this.wanted.length; i++) {
      (this.predicted[i] as number) *= FADE;
      (this.wanted[i] as number) *= FADE;
    }
  }

  /** Samples of the current kernels. */
  weights(): readonly Float32Array[] {
    return this.kernels.map((kernel) => sample(this.#model.bound, kernel));
  }

  /** Whether the weights have changed since these samples, as when earlyStopping restores those of the best epoch. */
  differFrom(weights: readonly Float32Array[]): boolean {
    const { bound } = this.#model;
    return this.kernels.some((kernel, i) => updateRatio(bound, kernel, weights[i] as Float32Array) > 0);
  }

  #noLooks(): Looks {
    return {
      count: 0,
      norm: 0,
      gradient: new Float64Array(this.kernels.length),
      update: new Float64Array(this.kernels.length),
      saturated: new Float64Array(this.units.length),
    };
  }
}
