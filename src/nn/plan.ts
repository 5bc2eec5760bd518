import type { Engine } from '../engine/engine.js';
import type { Address } from '../engine/kernels.js';
import type { Initializer } from './initializers.js';
import type { Regularizer } from './regularizers.js';

/** What every layer's description has: it is plain, frozen and JSON-serialisable; a model binds it to memory and kernels. */
export interface LayerBase<Type extends string = string> {
  readonly type: Type;
  readonly name?: string;
}

/** How a layer's description is checked, and the steps that a network runs for it. */
export interface LayerKind<L extends LayerBase> {
  check(layer: L): L;
  plan(layer: L, inputs: number): StepPlan[];
}

/** One parameter of a layer: a kernel of [inputs, units], or a vector of [units]. */
export interface ParameterPlan {
  readonly name: string;
  readonly shape: readonly [number, number] | readonly [number];
  readonly initializer: Initializer;
  /** false for what the layer moves itself, such as moving means: no gradient, no update. */
  readonly trained?: false;
  readonly regularizer?: Regularizer | undefined;
}

/** Where a bound step of the network finds its numbers. Activations are panels, see assembly/layout.ts. */
export interface Place {
  readonly engine: Engine;
  readonly inputs: number;
  readonly outputs: number;
  /** Input and output; the same address where the step works in place. */
  readonly x: Address;
  readonly y: Address;
  /** Gradients by output and input; `dx` is 0 where nobody wants it, `dy` 0 in a network bound for inference. */
  readonly dy: Address;
  readonly dx: Address;
  /** Low and high word of the model's seed, and a number that sets this step's draws apart from the others'. */
  readonly seed: readonly [number, number];
  readonly purpose: number;
  /** Values of the parameters, in the plan's order, and gradients of those that are trained. */
  readonly parameters: readonly Address[];
  readonly gradients: readonly Address[];
  /** Whether adding the same to every row of a column of y changes nothing further on. */
  readonly shiftIsLost: boolean;
  /** Workspace that steps share, of at least the plan's `scratch` bytes. */
  readonly scratch: Address;
  /** Workspace of its own, of the plan's `kept` bytes, for what the backward pass needs. */
  readonly kept: Address;
}

/** In place of a training's step number: inference, where nothing is drawn and nothing moves. */
export const INFERENCE = -1;

/** A step bound to memory: only calls of kernels. */
export interface BoundStep {
  /** `step` counts the batches of a training: what is drawn follows from it. */
  forward(rows: number, step: number): void;
  backward(rows: number): void;
  /** Moves what the layer moves itself: the batch is sure to be learnt from. */
  settle?(rows: number): void;
}

/** What a step of the network needs, before anything is laid out. A layer is one step or several. */
export interface StepPlan {
  readonly inputs: number;
  readonly outputs: number;
  readonly parameters: readonly ParameterPlan[];
  /** May write its output over its input. */
  readonly inPlace: boolean;
  /** Its backward pass reads its output, which must therefore stay. */
  readonly keepsOutput: boolean;
  /** May write the input's gradient over the output's. */
  readonly gradientInPlace: boolean;
  /** Bytes of shared workspace. */
  readonly scratch: number;
  /** Bytes of workspace of its own, if any. */
  readonly kept?: number;
  /** Takes each column's mean away, so that a bias just before it does nothing. */
  readonly centers?: boolean;
  /** Rows that a batch must have to be trained on, if more than one. */
  readonly minimumRows?: number;
  /** The crossentropy that can be computed from this step's input, if the step comes last. */
  readonly fuses?: 'softmax' | 'sigmoid';
  bind(place: Place): BoundStep;
}

/** A step that changes each number where it lies, and whose gradient does not need it afterwards. */
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
