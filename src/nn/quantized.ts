// Dense layers whose kernels are whole numbers of 8 bits, for prediction alone: their plan, and their kernels in memory.
import { SHIFT } from '../../assembly/kinds.js';
import type { Engine } from '../engine/engine.js';
import type { Address } from '../engine/kernels.js';
import { inLine, quantizedAt, quantizedBytes, vectorBytes } from './layout.js';
import type { planLayers } from './network.js';
import type { ParameterPlan, StepPlan } from './plan.js';

type Plan = ReturnType<typeof planLayers>;
type Parameter = Plan['parameters'][number];

/** What the quantized builds of the kernels export: see assembly/quantized. */
export interface QuantizedKernels {
  quantizedForward(
    rows: number,
    inputs: number,
    units: number,
    x: Address,
    kernel: Address,
    scale: Address,
    bias: Address,
    y: Address,
  ): void;
}

/** The sums of more inputs may not fit into 32 bits. */
export const MOST_INPUTS = 262_144;

/** The name of the scale that belongs to a kernel: what one of a unit's whole numbers stands for. */
export const scaleOf = (path: string): string => path.replace(/kernel$/, 'scale');

/** Whether a step multiplies by a kernel, which is its first parameter then. */
const multiplies = ({ parameters: [first] }: StepPlan): boolean => first?.shape.length === 2;

const blockBytes = (inputs: number, units: number): number =>
  quantizedBytes(inputs, units).reduce((sum, bytes) => sum + bytes);

function quantizedStep(step: StepPlan, kernels: QuantizedKernels): StepPlan {
  const { inputs, outputs, parameters } = step;
  const scale: ParameterPlan = { name: 'scale', shape: [outputs], initializer: 'zeros', variance: true };
  const kernel: ParameterPlan = { name: 'kernel', shape: [blockBytes(inputs, outputs) / 4], initializer: 'zeros' };
  return {
    ...step,
    parameters: [kernel, scale, ...parameters.slice(1)],
    bind({ x, y, parameters: [kernel = 0, scale = 0, bias = 0] }) {
      return {
        forward: (rows) => kernels.quantizedForward(rows, inputs, outputs, x, kernel, scale, bias, y),
        backward() {},
      };
    },
  };
}

/** The plan of a network with quantized kernels, by that of the network; and the kernels as files hold them, in order. */
export function quantizedPlan(plan: Plan, kernels: QuantizedKernels): { plan: Plan; whole: readonly Parameter[] } {
  let at = 0;
  const parameters: Parameter[] = [];
  const whole: Parameter[] = [];
  const steps = plan.steps.map((step) => {
    const own = plan.parameters.slice(at, at + step.parameters.length);
    at += own.length;
    if (!multiplies(step)) {
      for (const parameter of own) parameters.push(parameter);
      return step;
    }
    const [kernel, ...others] = own as [Parameter, ...Parameter[]];
    const made = quantizedStep(step, kernels);
    const [ownKernel, ownScale] = made.parameters as [ParameterPlan, ParameterPlan];
    whole.push(kernel);
    parameters.push({ ...kernel, shape: ownKernel.shape, plan: ownKernel });
    const path = scaleOf(kernel.path);
    parameters.push({ layer: kernel.layer, path, shape: ownScale.shape, offset: 0, plan: ownScale });
    for (const parameter of others) parameters.push(parameter);
    return made;
  });
  return { plan: { ...plan, steps, parameters }, whole };
}

/** Writes a kernel of whole numbers, [inputs, units], row-major, to its block of zeros in memory. */
export function writeQuantized(
  { bytes, words }: Engine,
  block: Address,
  [inputs, units]: readonly [number, number],
  whole: ArrayLike<number>,
): void {
  const shifts = (block + quantizedBytes(inputs, units)[0]) / 4;
  for (let input = 0, i = 0; input < inputs; input++)
    for (let unit = 0; unit < units; unit++, i++) {
      const weight = (whole[i] as number) | 0;
      bytes[block + quantizedAt(inputs, input, unit)] = weight;
      (words[shifts + unit] as number) -= SHIFT * weight;
    }
}

/** Whether a product of the largest numbers is exact. It is not in Node 20, which has relaxed SIMD behind a flag. */
export function isExact(engine: Engine, kernels: QuantizedKernels): boolean {
  const [inputs, units] = [4, 1] as const;
  const places = inLine([...[inputs, units, units].map(vectorBytes), blockBytes(inputs, units)]);
  const block = engine.allocate(places.at(-1) as number);
  const [x, scale, y, kernel] = places.map((place) => block + place) as [number, number, number, number];
  const { floats } = engine;
  floats.set([63, -63, 63, 63], x / 4);
  floats.set([1], scale / 4);
  writeQuantized(engine, kernel, [inputs, units], [127, -127, 127, 127]);
  kernels.quantizedForward(1, inputs, units, x, kernel, scale, 0, y);
  const found = floats[y / 4];
  engine.release(block);
  return found === 4 * 63 * 127;
}
