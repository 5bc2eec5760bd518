import { SimdenseError } from '../base/errors.js';
import type { Engine } from '../engine/engine.js';
import type { Address } from '../engine/kernels.js';
import { type Layer, planLayer } from './layers/index.js';
import { parameterFloats } from './layout.js';
import { layerNames } from './names.js';
import { type Places, placesOf } from './places.js';
import type { BoundStep, ParameterPlan, Place, StepPlan } from './plan.js';

/** One parameter of the network. `offset` is its place in the block of all parameters, in floats. */
export interface Parameter {
  /** The name of its layer. */
  readonly layer: string;
  /** 'layer/variable', such as 'dense_1/kernel'. */
  readonly path: string;
  readonly shape: ParameterPlan['shape'];
  readonly offset: number;
  readonly plan: ParameterPlan;
}

/** For layers by name a factor on their learning rate; 0 freezes a layer. Without prototype. */
export type LayerRates = Readonly<Record<string, number>>;

/** The factor on a parameter's learning rate; 0 if it is not trained. */
export const rateOf = ({ layer, plan }: Parameter, rates?: LayerRates): number =>
  plan.trained === false ? 0 : (rates?.[layer] ?? 1);

/** Plans the steps and parameters of layers for `inputs` columns. Allocates nothing; the parameters have no offsets yet. */
export function planLayers(inputs: number, layers: readonly Layer[]) {
  const names = layerNames(layers);
  const steps: StepPlan[] = [];
  const parameters: Parameter[] = [];
  let outputs = inputs;
  /** The index of each layer's last step; that of the layer before if it has none. */
  const ends = layers.map((description, index) => {
    const layer = names[index] as string;
    for (const step of planLayer(description, outputs)) {
      for (const plan of step.parameters)
        parameters.push({ layer, path: `${layer}/${plan.name}`, shape: plan.shape, offset: 0, plan });
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
    if (rateOf(parameter) > 0 !== trained) return parameter;
    const offset = end;
    end += parameterFloats(parameter.shape);
    return { ...parameter, offset };
  });
  return { parameters: placed, end };
}

/** The workspace of a network for up to `rows` rows. */
interface Binding {
  readonly rows: number;
  readonly block: Address;
  readonly steps: readonly BoundStep[];
  readonly input: Address;
  /** The output of each step. */
  readonly outputs: readonly Address[];
}

/** What a step that is trained has in its place, and one that only predicts has not. */
const untrained = {
  dy: 0,
  dx: 0,
  gradients: [],
  scratch: 0,
  kept: [],
  learns: false,
  shiftIsLost: false,
  seed: [0, 0],
  purpose: 0,
} as const;

/** A list of layers bound to memory: one block for all parameters, and a workspace for the largest batch so far. It predicts; TrainableNetwork also learns. */
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
  /** Number of rows of the last batch. */
  rows = 0;
  protected readonly steps: readonly StepPlan[];
  /** The index of each layer's last step. */
  protected readonly ends: readonly number[];
  /** The workspace; another object after each time that the steps have been bound to other addresses. */
  binding: Binding | undefined;
  #disposed = false;

  /** The parameters start as zeros; drawWeights or the caller fills them. `plan` is how the layers are computed, where that is not as usual. */
  constructor(engine: Engine, inputs: number, layers: readonly Layer[], plan = planLayers(inputs, layers)) {
    this.engine = engine;
    this.inputs = inputs;
    const { names, steps, parameters, ends, outputs } = plan;
    this.names = names;
    this.outputs = outputs;
    this.ends = ends;
    this.steps = steps;
    const trained = layOut(parameters, 0, true);
    this.trainedFloats = trained.end;
    const all = layOut(trained.parameters, trained.end, false);
    this.parameters = all.parameters;
    this.valueFloats = all.end;
    this.values = engine.allocate(all.end * 4);
  }

  /** Makes a workspace for batches of up to `rows` rows. The old one stays until the new one is complete. */
  reserve(rows: number): void {
    this.check();
    if ((this.binding?.rows ?? 0) < rows) this.bind(rows, placesOf(this.steps, this.inputs, rows));
  }

  /** Address for the rows of a batch, in panels, before `forward`. */
  get input(): Address {
    return this.bound.input;
  }

  /** Address of the result of `forward`; of the last step's input if the loss computes that step. */
  get output(): Address {
    return this.bound.outputs.at(-1) ?? this.bound.input;
  }

  /** Runs all steps, or all but the last if the loss is computed from logits (`fused`). `step` counts the batches of a training run, or is INFERENCE. */
  forward(rows: number, fused: boolean, step: number): void {
    const { steps } = this.bound;
    this.rows = rows;
    const end = fused ? steps.length - 1 : steps.length;
    for (let i = 0; i < end; i++) (steps[i] as BoundStep).forward(rows, step);
  }

  /** Throws SimdenseError 'DISPOSED' if the network has been disposed, for example by a getter of an argument. */
  check(): void {
    if (this.#disposed) throw new SimdenseError('DISPOSED', 'the model has been disposed');
  }

  dispose(): void {
    this.#disposed = true;
    if (this.binding) this.engine.release(this.binding.block);
    this.engine.release(this.values);
  }

  protected get bound(): Binding {
    return this.binding as Binding;
  }

  /** Binds the steps to a new block of workspace; `trained` gives what training needs of it. */
  protected bind(
    rows: number,
    places: Places,
    trained?: (index: number, own: readonly Parameter[], block: Address) => Partial<Place>,
  ): void {
    const block = this.engine.allocate(places.bytes);
    const input = block + places.input;
    const outputs = places.outputs.map((place) => block + place);
    const left = [...this.parameters];
    const steps = this.steps.map((step, index) => {
      const own = left.splice(0, step.parameters.length);
      return step.bind({
        engine: this.engine,
        inputs: step.inputs,
        outputs: step.outputs,
        x: outputs[index - 1] ?? input,
        y: outputs[index] as Address,
        parameters: own.map(({ offset }) => this.values + offset * 4),
        ...untrained,
        ...trained?.(index, own, block),
      });
    });
    if (this.binding) this.engine.release(this.binding.block);
    this.binding = { rows, block, steps, input, outputs };
  }
}
