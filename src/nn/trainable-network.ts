import { LAYER_PURPOSE, seedWords } from '../base/draws.js';
import type { Engine } from '../engine/engine.js';
import type { Address } from '../engine/kernels.js';
import type { Layer } from './layers/index.js';
import { type LayerRates, Network, rateOf } from './network.js';
import { trainingPlacesOf, worksInPlace } from './places.js';
import type { BoundStep } from './plan.js';

/** A network with a block of gradients of the layout of its trained parameters, and a backward pass. It does not depend on losses, optimizers or data. */
export class TrainableNetwork extends Network {
  /** True while a loss or metric computes on the batch, which must not be overwritten then. */
  lent = false;
  readonly #seed: readonly [number, number];
  #gradients: Address = 0;
  /** Those that the steps are bound for, since frozen ones run otherwise; undefined while they only predict. */
  #rates: LayerRates | undefined;
  /** The index of the first step that learns. Steps before it need no backward pass. */
  #first = 0;
  /** The gradient by the output of each step. */
  #slopes: readonly Address[] = [];

  /** `seed` is the seed of the layers' random draws in training. */
  constructor(engine: Engine, inputs: number, layers: readonly Layer[], seed = 0) {
    super(engine, inputs, layers);
    this.#seed = seedWords(seed);
  }

  /** Address of the block of gradients, allocated when training first needs it. */
  get gradients(): Address {
    if (this.#gradients === 0) this.#gradients = this.engine.allocate(this.trainedFloats * 4);
    return this.#gradients;
  }

  /** The activation of the last step, if a crossentropy can be computed from its input instead. */
  get fuses(): 'softmax' | 'sigmoid' | undefined {
    const last = this.steps.length - 1;
    return worksInPlace(this.steps, last) ? this.steps[last]?.fuses : undefined;
  }

  /** The same; with `rates` the workspace is also for training. */
  override reserve(rows: number, rates = this.#rates): void {
    if (!rates) {
      super.reserve(rows);
      return;
    }
    this.check();
    const before = this.binding?.rows ?? 0;
    if (before >= rows && this.#rates === rates) return;
    const most = Math.max(rows, before);
    const { gradients } = this;
    const places = trainingPlacesOf(this.steps, this.inputs, most);
    const left = [...this.parameters];
    const learning = this.steps.map(({ parameters: { length } }) =>
      left.splice(0, length).some((parameter) => rateOf(parameter, rates) > 0),
    );
    const first = [...learning, true].indexOf(true);
    this.bind(most, places, (index, own, block) => {
      const at = (place: number): Address => block + place;
      return {
        dy: at(places.gradients[index] as number),
        dx: index > first ? at(places.gradients[index - 1] as number) : 0,
        gradients: own.map(({ offset }) => gradients + offset * 4),
        scratch: at(places.scratch),
        kept: (places.kept[index] as readonly number[]).map(at),
        learns: learning[index] as boolean,
        shiftIsLost: (learning[index + 1] && this.steps[index + 1]?.centers) ?? false,
        seed: this.#seed,
        purpose: LAYER_PURPOSE + index,
      };
    });
    this.#rates = rates;
    this.#first = first;
    this.#slopes = places.gradients.map((place) => this.bound.block + place);
  }

  /** Address of a layer's output for the last batch, in panels. */
  outputOf(layer: number): Address {
    return this.bound.outputs[this.ends[layer] as number] ?? this.input;
  }

  /** Address for the gradient of the loss, by the output, or by the logits if `fused`. */
  outputGradient(fused: boolean): Address {
    return this.#slopes.at(fused ? -2 : -1) as Address;
  }

  /** Runs `compute`, which may call a custom loss or metric; `lent` is true meanwhile. */
  lend<T>(compute: () => T): T {
    this.lent = true;
    try {
      return compute();
    } finally {
      this.lent = false;
    }
  }

  /** Fills the block of gradients, from the gradient that the loss has written. */
  backward(rows: number, fused: boolean): void {
    const { steps } = this.bound;
    for (let i = steps.length - (fused ? 2 : 1); i >= this.#first; i--) (steps[i] as BoundStep).backward(rows);
  }

  /** Updates the layers' moving averages after a backward pass. */
  applyStatistics(rows: number): void {
    for (const step of this.bound.steps) step.applyStatistics?.(rows);
  }

  override dispose(): void {
    super.dispose();
    if (this.#gradients) this.engine.release(this.#gradients);
  }
}
