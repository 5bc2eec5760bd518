import { LAYER_PURPOSE, seedWords } from '../base/draws.js';
import { SimdenseError } from '../base/errors.js';
import { largest } from '../base/extremes.js';
import type { Engine } from '../engine/engine.js';
import type { Address } from '../engine/kernels.js';
import { type Layer, planLayer } from './layers/index.js';
import { parameterFloats } from './layout.js';
import { layerNames } from './names.js';
import { placesOf, worksInPlace } from './places.js';
import type { BoundStep, ParameterPlan, StepPlan } from './plan.js';

/** One parameter of the network. `offset` is its place in the block of all parameters, in floats. */
export interface Parameter {
  /** 'layer/variable', such as 'dense_1/kernel'. */
  readonly path: string;
  readonly shape: ParameterPlan['shape'];
  readonly offset: number;
  readonly plan: ParameterPlan;
}

/** Plans the steps and parameters of layers for `inputs` columns. Allocates nothing; the parameters have no offsets yet. */
export function planLayers(inputs: number, layers: readonly Layer[]) {
  const names = layerNames(layers);
  const steps: StepPlan[] = [];
  const parameters: Parameter[] = [];
  let outputs = inputs;
  /** The index of each layer's last step; that of the layer before if it has none. */
  const ends = layers.map((layer, index) => {
    for (const step of planLayer(layer, outputs)) {
      for (const plan of step.parameters)
        parameters.push({ path: `${names[index]}/${plan.name}`, shape: plan.shape, offset: 0, plan });
      outputs = step.outputs;
      steps.push(step);
    }
    return steps.length - 1;
  });
  return { names, steps, parameters, ends, outputs };
}

/** Assigns offsets from `start` on to the parameters that are trained, or to the others. */
function layOut(
  parameters: readonly Parameter[],
  start: number,
  trained: boolean,
): { parameters: Parameter[]; end: number } {
  let end = start;
  const placed = parameters.map((parameter) => {
    if ((parameter.plan.trained !== false) !== trained) return parameter;
    const offset = end;
    end += parameterFloats(parameter.shape);
    return { ...parameter, offset };
  });
  return { parameters: placed, end };
}

/** The workspace of a network for up to `rows` rows. */
interface Binding {
  readonly rows: number;
  readonly training: boolean;
  readonly block: Address;
  readonly steps: readonly BoundStep[];
  readonly input: Address;
  /** The output of each step. */
  readonly outputs: readonly Address[];
  /** The gradient by the output of each step; 0 for inference. */
  readonly gradients: readonly Address[];
}

/**
 * A list of layers bound to memory: one block for all parameters, one of the same layout for their gradients, and a
 * workspace for the largest batch so far. It does not depend on losses, optimizers or data.
 */
export class Network {
  readonly inputs: number;
  readonly outputs: number;
  readonly engine: Engine;
  readonly names: readonly string[];
  readonly parameters: readonly Parameter[];
  /** Floats of the trained parameters, and of all; multiples of 16, padding included. */
  readonly trainedFloats: number;
  readonly valueFloats: number;
  /** Address of the block of all parameters, trained ones first. */
  readonly values: Address;
  /** The fewest rows of a training batch. */
  readonly minimumRows: number;
  readonly #seed: readonly [number, number];
  #gradients: Address = 0;
  /** Number of rows of the last batch. */
  rows = 0;
  /** True while a loss or metric computes on the batch, which must not be overwritten then. */
  lent = false;
  readonly #steps: readonly StepPlan[];
  /** The index of each layer's last step. */
  readonly #ends: number[] = [];
  #binding: Binding | undefined;
  #disposed = false;

  /**
   * `seed` is the seed of the layers' random draws in training. The parameters start as zeros; drawWeights or the caller fills them. `plan` is how the layers
   * are computed, where that is not as usual.
   */
  constructor(engine: Engine, inputs: number, layers: readonly Layer[], seed = 0, plan = planLayers(inputs, layers)) {
    this.engine = engine;
    this.inputs = inputs;
    const { names, steps, parameters, ends, outputs } = plan;
    this.names = names;
    this.outputs = outputs;
    this.#ends = ends;
    this.#steps = steps;
    this.minimumRows = largest(
      steps.map((step) => step.minimumRows ?? 1),
      1,
    );
    this.#seed = seedWords(seed);
    const trained = layOut(parameters, 0, true);
    this.trainedFloats = trained.end;
    const all = layOut(trained.parameters, trained.end, false);
    this.parameters = all.parameters;
    this.valueFloats = all.end;
    this.values = engine.allocate(all.end * 4);
  }

  /** Address of the block of gradients, allocated when training first needs it. */
  get gradients(): Address {
    if (this.#gradients === 0) this.#gradients = this.engine.allocate(this.trainedFloats * 4);
    return this.#gradients;
  }

  /** The activation of the last step, if a crossentropy can be computed from its input instead. */
  get fuses(): 'softmax' | 'sigmoid' | undefined {
    const last = this.#steps.length - 1;
    return worksInPlace(this.#steps, last) ? this.#steps[last]?.fuses : undefined;
  }

  /** Makes a workspace for batches of up to `rows` rows. The old one stays until the new one is complete. */
  reserve(rows: number, training: boolean): void {
    this.check();
    const old = this.#binding;
    if (old && old.rows >= rows && (old.training || !training)) return;
    const next = this.#bind(Math.max(rows, old?.rows ?? 0), training || (old?.training ?? false));
    this.#binding = next;
    if (old) this.engine.release(old.block);
  }

  /** Address for the rows of a batch, in panels, before `forward`. */
  get input(): Address {
    return this.#bound.input;
  }

  /** Address of the result of `forward`; of the last step's input if the loss computes that step. */
  get output(): Address {
    return this.#bound.outputs.at(-1) ?? this.#bound.input;
  }

  /** Address of a layer's output for the last batch, in panels. */
  outputOf(layer: number): Address {
    return this.#bound.outputs[this.#ends[layer] as number] ?? this.input;
  }

  /** Address for the gradient of the loss, by the output, or by the logits if `fused`. */
  outputGradient(fused: boolean): Address {
    return this.#bound.gradients.at(fused ? -2 : -1) as Address;
  }

  /** Runs all steps, or all but the last if the loss is computed from logits (`fused`). `step` counts the batches of a training run, or is INFERENCE. */
  forward(rows: number, fused: boolean, step: number): void {
    const { steps } = this.#bound;
    this.rows = rows;
    const end = fused ? steps.length - 1 : steps.length;
    for (let i = 0; i < end; i++) (steps[i] as BoundStep).forward(rows, step);
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
    const { steps } = this.#bound;
    const first = this.#firstTrained();
    for (let i = fused ? steps.length - 2 : steps.length - 1; i >= first; i--) (steps[i] as BoundStep).backward(rows);
  }

  /** Updates the layers' moving averages after a backward pass. */
  applyStatistics(rows: number): void {
    for (const step of this.#bound.steps) step.applyStatistics?.(rows);
  }

  /** Throws SimdenseError 'DISPOSED' if the network has been disposed, for example by a getter of an argument. */
  check(): void {
    if (this.#disposed) throw new SimdenseError('DISPOSED', 'the model has been disposed');
  }

  dispose(): void {
    this.#disposed = true;
    if (this.#binding) this.engine.release(this.#binding.block);
    if (this.#gradients) this.engine.release(this.#gradients);
    this.engine.release(this.values);
  }

  get #bound(): Binding {
    return this.#binding as Binding;
  }

  /** The index of the first step with parameters. Steps before it need no backward pass. */
  #firstTrained(): number {
    const index = this.#steps.findIndex((step) => step.parameters.length > 0);
    return index < 0 ? this.#steps.length : index;
  }

  /** Binds the steps to a new block of workspace. */
  #bind(rows: number, training: boolean): Binding {
    const steps = this.#steps;
    const places = placesOf(steps, this.inputs, rows, training);
    const gradientBlock = training ? this.gradients : 0;
    const block = this.engine.allocate(places.bytes);
    const at = (place: number): Address => block + place;
    const input = at(places.input);
    const outputs = places.outputs.map(at);
    const gradients = places.gradients.map(at);
    const first = this.#firstTrained();
    let parameter = 0;
    const bound = steps.map((step, index) => {
      const own = this.parameters.slice(parameter, parameter + step.parameters.length);
      parameter += step.parameters.length;
      return step.bind({
        engine: this.engine,
        inputs: step.inputs,
        outputs: step.outputs,
        x: outputs[index - 1] ?? input,
        y: outputs[index] as Address,
        dy: gradients[index] ?? 0,
        dx: index > first ? (gradients[index - 1] ?? 0) : 0,
        parameters: own.map(({ offset }) => this.values + offset * 4),
        gradients: own
          .filter(({ plan }) => plan.trained !== false)
          .map(({ offset }) => (training ? gradientBlock + offset * 4 : 0)),
        scratch: at(places.scratch),
        kept: (places.kept[index] ?? []).map(at),
        shiftIsLost: steps[index + 1]?.centers ?? false,
        seed: this.#seed,
        purpose: LAYER_PURPOSE + index,
      });
    });
    return { rows, training, block, steps: bound, input, outputs, gradients };
  }
}
