// What an operator is computed from, and how it refuses.
import { SimdenseError } from '../../base/errors.js';
import type { Node, Tensor } from '../graph.js';
import { numbersOf } from '../tensor.js';

/** An operator that is not supported, or not in this form. */
export function unsupported({ op, name }: Node, what = '', cause?: unknown): SimdenseError {
  const message = `fromOnnx: operator ${op} (node "${name}")${what ? ` with ${what}` : ''} is not supported; dense networks have Gemm, MatMul, Add, BatchNormalization, LayerNormalization and activations`;
  return new SimdenseError('UNSUPPORTED', message, cause === undefined ? undefined : { cause });
}

/** An operator that trains, as PyTorch exports it where the model was not told to predict. */
export function trains({ op, name }: Node): SimdenseError {
  const message = `fromOnnx: operator ${op} (node "${name}") with training_mode is not supported; call model.eval() before exporting`;
  return new SimdenseError('UNSUPPORTED', message);
}

/** A node that contradicts itself. */
export function contradiction({ op, name }: Node, what: string): SimdenseError {
  return new SimdenseError('FORMAT', `fromOnnx: operator ${op} (node "${name}"): ${what}`);
}

/** A node with the values of its inputs. */
export class Call {
  constructor(
    readonly node: Node,
    /** The version of the operators. */
    readonly opset: number,
    /** The inputs; undefined for those that are left out. */
    readonly inputs: readonly (Tensor | undefined)[],
  ) {}

  /** An input that must be there. Throws SimdenseError 'FORMAT' if it is left out. */
  input(i: number): Tensor {
    const tensor = this.inputs[i];
    if (!tensor) throw contradiction(this.node, `input ${i} is missing`);
    return tensor;
  }

  has(key: string): boolean {
    return this.node.attributes[key] !== undefined;
  }

  number(key: string, otherwise: number): number {
    return numberOf(this.node, key, otherwise);
  }

  text(key: string, otherwise: string): string {
    const value = this.node.attributes[key] ?? otherwise;
    if (typeof value !== 'string') throw contradiction(this.node, `${key} is not a text`);
    return value;
  }

  /** A list of numbers. */
  list(key: string): readonly number[] | undefined {
    const value = this.node.attributes[key];
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || value.some((each) => typeof each !== 'number'))
      throw contradiction(this.node, `${key} is not a list of numbers`);
    return value as readonly number[];
  }

  /** Whole numbers that are an attribute in older versions, and an input in newer ones. */
  numbers(key: string, i: number): readonly number[] | undefined {
    const input = this.inputs[i];
    return input ? Array.from(numbersOf(input)) : this.list(key);
  }

  /** An axis from 0 up. Throws SimdenseError 'FORMAT' if there is none of this number. */
  axis(given: number, rank: number): number {
    const axis = given < 0 ? given + rank : given;
    if (!Number.isInteger(axis) || axis < 0 || axis >= Math.max(1, rank))
      throw contradiction(this.node, `there is no axis ${given} of ${rank}`);
    return axis;
  }
}

/** A numeric attribute. Throws SimdenseError 'FORMAT' if it is not a number. */
export function numberOf(node: Node, key: string, otherwise: number): number {
  const value = node.attributes[key] ?? otherwise;
  if (typeof value === 'number') return value;
  throw new SimdenseError('FORMAT', `fromOnnx: ${key} of operator ${node.op} (node "${node.name}") is not a number`);
}

/** An operator as a file may have it: how many inputs, which attributes, and what it computes. */
export interface Operator {
  readonly inputs: number;
  readonly attributes: readonly string[];
  /** The number of the output that is computed; 0 by default. */
  readonly output?: number;
  run(call: Call): Tensor;
}

export const operator = (inputs: number, attributes: readonly string[], run: (call: Call) => Tensor): Operator => ({
  inputs,
  attributes,
  run,
});
