// One dense layer with softmax, and its loss and gradient over rows, by the kernels that train networks.
import type { Matrix } from '../data/matrix.js';
import type { Layer } from '../nn/layers/index.js';
import { dense } from '../nn/layers/index.js';
import { cellAt } from '../nn/layout.js';
import type { Parameter } from '../nn/network.js';
import { type Sequential, sequential } from '../train/sequential.js';
import type { Trainer } from '../train/trainer.js';

/** Rows, and the index of each one's class. */
export interface Examples {
  readonly x: Matrix;
  readonly classes: Int32Array;
}

/** The most numbers that are loaded at once: 16 MiB. */
const LOADED = 2 ** 22;

export const LOSS = 'categoricalCrossentropy';
export const METRICS = ['accuracy'] as const;
/** Never used, but compile asks for one. */
export const OPTIMIZER = 'sgd';

/** The layer of a classifier. */
export const layersFor = (classes: number): Layer[] => [
  dense({ units: classes, activation: 'softmax', kernelInitializer: 'zeros' }),
];

/** The number of weights: the kernel, row-major, and behind it the biases. */
export const weightCount = (inputs: number, classes: number): number => (inputs + 1) * classes;

export class SoftmaxModel {
  readonly model: Sequential;
  readonly inputs: number;
  readonly classes: number;
  /** What the network's input holds. */
  #loaded: { readonly examples: Examples; readonly from: number } | undefined;

  /** A new model, whose weights are 0, or one of a file. */
  constructor(inputs: number, classes: number, model?: Sequential) {
    this.inputs = inputs;
    this.classes = classes;
    this.model = model ?? sequential({ inputs, layers: layersFor(classes), name: 'classifier' });
    if (!model) this.model.compile({ optimizer: OPTIMIZER, loss: LOSS, metrics: METRICS });
  }

  /** The weights that it predicts with. */
  read(): Float64Array {
    const { engine, values } = this.model.bound.network;
    const weights = new Float64Array(weightCount(this.inputs, this.classes));
    const from = values / 4;
    this.#each((index, offset) => {
      weights[index] = engine.floats[from + offset] as number;
    });
    return weights;
  }

  /** Predicts with these weights, rounded to float32. */
  write(weights: Float64Array): void {
    const { engine, values } = this.model.bound.network;
    const { floats } = engine;
    const from = values / 4;
    this.#each((index, offset) => {
      floats[from + offset] = weights[index] as number;
    });
  }

  /** The mean loss over the examples with these weights, which it writes. With `gradient`, writes the gradient there. */
  *loss(examples: Examples, weights: Float64Array, gradient?: Float64Array): Generator<void, number> {
    const { rows, columns } = examples.x;
    const { trainer } = this.model.bound as { trainer: Trainer };
    const most = Math.max(1, Math.floor(LOADED / columns));
    trainer.reserve(Math.min(rows, most), true);
    this.write(weights);
    gradient?.fill(0);
    let loss = 0;
    for (let from = 0; from < rows; from += most) {
      const count = Math.min(most, rows - from);
      this.#load(examples, from, count);
      const share = count / rows;
      loss += share * (gradient ? trainer.differentiate(count, 0) : trainer.measure(count));
      if (gradient) this.#addGradient(gradient, share);
      yield;
    }
    return loss;
  }

  #load(examples: Examples, from: number, count: number): void {
    if (this.#loaded?.examples === examples && this.#loaded.from === from) return;
    const { batch } = this.model.bound;
    batch.loadRows(examples.x, undefined, from, count);
    batch.loadTargets({ classes: examples.classes }, undefined, from, count);
    batch.loadWeights(undefined, undefined, from, count);
    this.#loaded = { examples, from };
  }

  /** Adds a share of the gradient that the kernels have computed. */
  #addGradient(gradient: Float64Array, share: number): void {
    const { engine, gradients } = this.model.bound.network;
    const { floats } = engine;
    const from = gradients / 4;
    this.#each((index, offset) => {
      gradient[index] = (gradient[index] as number) + share * (floats[from + offset] as number);
    });
  }

  /** Calls `visit` with the index of each weight, and its offset in a block of all parameters. */
  #each(visit: (index: number, offset: number) => void): void {
    const { inputs, classes } = this;
    const [kernel, bias] = this.model.bound.network.parameters as readonly [Parameter, Parameter];
    for (let row = 0, index = 0; row < inputs; row++)
      for (let column = 0; column < classes; column++) visit(index++, kernel.offset + cellAt(inputs, row, column));
    for (let column = 0; column < classes; column++) visit(inputs * classes + column, bias.offset + column);
  }
}
