// A graph as it is evaluated: what is constant is folded, and the rest is computed for rows that are tried. So shapes are inferred by what comes out.
import { SimdenseError } from '../base/errors.js';
import { type Graph, isOwnDomain, type Node, type Tensor, type Value } from './graph.js';
import { Call, operatorOf, unsupported } from './operators/index.js';

/** The most numbers that are computed of constants, and in a trace: more than networks have, so that a hostile file takes no time. */
const [MOST_FOLDED, MOST_TRACED] = [2 ** 28, 2 ** 24];

/** Computed values, or why they cannot be computed. */
export type Values = ReadonlyMap<string, Tensor | SimdenseError>;

export class View {
  /** The one input of the graph. */
  readonly input: Value;
  readonly outputs: readonly Value[];
  readonly constants = new Map<string, Tensor>();
  /** The nodes that depend on the input, in order. */
  readonly nodes: readonly Node[];
  readonly opset: number;
  readonly #makers = new Map<string, { node: Node; output: number }>();
  /** Numbers that may still be computed. */
  #room = MOST_FOLDED;
  /** Why constants could not be computed. */
  readonly #failed = new Map<string, SimdenseError>();

  constructor(graph: Graph, opset: number) {
    this.opset = opset;
    this.outputs = graph.outputs;
    const taken = new Set<string>();
    const take = (name: string): void => {
      if (taken.has(name)) throw new SimdenseError('FORMAT', `fromOnnx: two values are named "${name}"`);
      taken.add(name);
    };
    for (const tensor of graph.initializers) {
      take(tensor.name);
      this.constants.set(tensor.name, tensor);
    }
    // An initializer may be the default of an input.
    const inputs = graph.inputs.filter(({ name }) => !this.constants.has(name));
    for (const { name } of inputs) take(name);
    const nodes = graph.nodes.map(named);
    for (const node of nodes) for (const output of node.outputs) if (output !== '') take(output);
    this.nodes = nodes.filter((node) => !this.#fold(node));
    for (const node of this.nodes)
      for (const [output, name] of node.outputs.entries()) this.#makers.set(name, { node, output });
    this.input = oneOf(inputs);
  }

  /** The node that computes a value, and the number of its output. */
  maker(name: string): { node: Node; output: number } | undefined {
    return this.#makers.get(name);
  }

  constant(name: string | undefined): Tensor | undefined {
    return name === undefined ? undefined : this.constants.get(name);
  }

  /** Computes a node whose inputs are all constants. Whether it has. */
  #fold(node: Node): boolean {
    const given = node.inputs.filter((name) => name !== '');
    const failed = given.map((name) => this.#failed.get(name)).find(Boolean);
    const isConstant =
      given.length > 0
        ? given.every((name) => this.constants.has(name) || this.#failed.has(name))
        : node.op === 'Constant';
    if (!isConstant) return false;
    const made = failed ?? this.#run(node, (name) => this.constants.get(name));
    for (const [i, name] of node.outputs.entries()) {
      if (made instanceof SimdenseError) this.#failed.set(name, made);
      else if (i === made.output) this.constants.set(name, { ...made.tensor, name });
      else this.#failed.set(name, unsupported(node, `its output "${name}"`));
    }
    return true;
  }

  #run(node: Node, valueAt: (name: string) => Tensor | undefined): { tensor: Tensor; output: number } | SimdenseError {
    if (this.#room < 0)
      return new SimdenseError('UNSUPPORTED', `fromOnnx: the graph computes too many numbers, by node "${node.name}"`);
    const made = run(node, this.opset, valueAt);
    if (!(made instanceof SimdenseError)) this.#room -= made.tensor.data.length;
    return made;
  }

  /** All values, for these rows. */
  trace(rows: Tensor): Values {
    const values = new Map<string, Tensor | SimdenseError>([
      ...this.constants,
      ...this.#failed,
      [this.input.name, rows],
    ]);
    this.#room = MOST_TRACED;
    for (const node of this.nodes) {
      const found = node.inputs.map((name) => values.get(name));
      const failed = found.find((value) => value instanceof SimdenseError) as SimdenseError | undefined;
      const made = failed ?? this.#run(node, (name) => values.get(name) as Tensor | undefined);
      for (const [i, name] of node.outputs.entries()) {
        if (made instanceof SimdenseError) values.set(name, made);
        else values.set(name, i === made.output ? made.tensor : unsupported(node, `its output "${name}"`));
      }
    }
    return values;
  }
}

/** An operator of another domain is another one, even if it has the same name. */
const named = (node: Node): Node => (isOwnDomain(node.domain) ? node : { ...node, op: `${node.domain}.${node.op}` });

function oneOf(inputs: readonly Value[]): Value {
  const [input, ...others] = inputs;
  if (!input) throw new SimdenseError('FORMAT', 'fromOnnx: the graph has no input');
  if (others.length > 0) {
    const names = inputs.map(({ name }) => `"${name}"`).join(', ');
    throw new SimdenseError(
      'UNSUPPORTED',
      `fromOnnx: the graph has ${inputs.length} inputs, ${names}; networks here have one`,
    );
  }
  return input;
}

/** What a node computes, or why it cannot be computed. */
function run(
  node: Node,
  opset: number,
  valueAt: (name: string) => Tensor | undefined,
): { tensor: Tensor; output: number } | SimdenseError {
  try {
    const operator = operatorOf(node);
    const inputs = node.inputs.map((name) => {
      if (name === '') return undefined;
      const value = valueAt(name);
      if (!value) throw new SimdenseError('FORMAT', `fromOnnx: no node computes "${name}"`);
      return value;
    });
    if (node.op !== 'Constant' && !inputs[0])
      throw new SimdenseError('FORMAT', `fromOnnx: operator ${node.op} (node "${node.name}") has no input`);
    return { tensor: operator.run(new Call(node, opset, inputs)), output: operator.output ?? 0 };
  } catch (error) {
    if (error instanceof SimdenseError) return error;
    throw error;
  }
}
