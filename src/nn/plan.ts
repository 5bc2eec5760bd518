import type { Engine } from '../engine/engine.js';
import type { Address } from '../engine/kernels.js';
import type { Initializer } from './initializers.js';
import type { Regularizer } from './regularizers.js';

/** The part that every layer's description has. Descriptions are plain, frozen objects, which survive JSON; a model binds them to memory and kernels. */
export interface LayerBase<Type extends string = string> {
  readonly type: Type;
  readonly name?: string;
}

/** Checks a layer's description, and plans the steps that a network runs for it. */
export interface LayerKind<L extends LayerBase> {
  check(layer: L): L;
  plan(layer: L, inputs: number): StepPlan[];
}

/** One parameter of a layer: a kernel of [inputs, units], or a vector of [units]. */
export interface ParameterPlan {
  readonly name: string;
  readonly shape: readonly [number, number] | readonly [number];
  readonly initializer: Initializer;
  /** false for values that the layer updates itself, such as moving means: they have no gradient. */
  readonly trained?: boolean;
  /** The fewest rows of a batch that trains it, if more than one. */
  readonly minimumRows?: number;
  /** true for values that are at least 0. */
  readonly variance?: true;
  readonly regularizer?: Regularizer | undefined;
}

/** The addresses of a bound step's numbers. Activations are in panels, see assembly/layout.ts. */
export interface Place {
  readonly engine: Engine;
  readonly inputs: number;
  readonly outputs: number;
  /** Addresses of the input and the output; they are the same if the step works in place. */
  readonly x: Address;
  readonly y: Address;
  /** Addresses of the gradients by the output and by the input. `dx` is 0 if no earlier step needs it, `dy` is 0 in a network bound for inference. */
  readonly dy: Address;
  readonly dx: Address;
  /** Low and high word of the model's seed, and a number that separates this step's draws from all others. */
  readonly seed: readonly [number, number];
  readonly purpose: number;
  /** Addresses of the parameters' values in the plan's order, and of the gradients, which only trained ones have, and only in training. */
  readonly parameters: readonly Address[];
  readonly gradients: readonly Address[];
  /** Whether a parameter of the step is trained. If none is, its layer is frozen, and its gradients are not read. */
  readonly learns: boolean;
  /** Whether the next step subtracts column means, so that this step's bias has gradient zero. */
  readonly shiftIsLost: boolean;
  /** Workspace shared by all steps, of at least the plan's `scratch` bytes. */
  readonly scratch: Address;
  /** The step's own workspace: the blocks that the plan's `kept` requests, in that order; empty in a network bound for inference. */
  readonly kept: readonly Address[];
}

/** The step number that means inference: nothing is drawn, and no moving average changes. */
export const INFERENCE = -1;

/** A step bound to memory, which only calls kernels. */
export interface BoundStep {
  /** `step` counts the batches of a training run; draws depend on it. */
  forward(rows: number, step: number): void;
  backward(rows: number): void;
  /** Updates moving averages, once it is certain that the batch will be applied. */
  applyStatistics?(rows: number): void;
}

/** The requirements of a step, from which a network lays out its memory. A layer has one or more steps. */
export interface StepPlan {
  readonly inputs: number;
  readonly outputs: number;
  readonly parameters: readonly ParameterPlan[];
  /** Whether it may overwrite its input with its output. */
  readonly inPlace: boolean;
  /** Whether its backward pass reads its output, which must not be overwritten then. */
  readonly keepsOutput: boolean;
  /** Whether it may overwrite the gradient by its output with the gradient by its input. */
  readonly gradientInPlace: boolean;
  /** Bytes of shared workspace that it needs. */
  readonly scratch: number;
  /** The sizes in bytes of the blocks that it keeps from the forward to the backward pass of a batch of up to `rows` rows, if any. */
  kept?(rows: number): readonly number[];
  /** Whether it subtracts column means, so that a bias just before it has no effect. */
  readonly centers?: boolean;
  /** Set if a crossentropy can be computed from this step's input when the step is the last one. */
  readonly fuses?: 'softmax' | 'sigmoid';
  bind(place: Place): BoundStep;
}

/** The plan of an elementwise step without parameters that may work in place: its backward pass reads neither its input nor its output. */
export const stepInPlace = (inputs: number, bind: StepPlan['bind']): StepPlan => ({
  inputs,
  outputs: inputs,
  parameters: [],
  inPlace: true,
  keepsOutput: false,
  gradientInPlace: true,
  scratch: 0,
  bind,
});
