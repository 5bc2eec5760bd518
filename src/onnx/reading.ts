// What the reading of a network knows of each value: its shape in rows, and the constants beside it.
import { SimdenseError } from '../base/errors.js';
import { FLOAT, type Node, type Tensor } from './graph.js';
import { placesOf } from './operators/elementwise.js';
import { Call, contradiction, operatorOf, outputOf, unsupported } from './operators/index.js';
import { computed, countOf, numbersOf, shapeWords } from './tensor.js';
import type { Values, View } from './view.js';

/** A graph that has been computed for several numbers of rows, or several times for the number that it is made for. */
export class Reading {
  readonly view: View;
  readonly #traces: readonly Values[];
  readonly #rows: readonly number[];

  /** `traces` are computed values, each for so many rows as `rows` says. */
  constructor(view: View, traces: readonly Values[], rows: readonly number[]) {
    this.view = view;
    this.#traces = traces;
    this.#rows = rows;
  }

  /** A value in the last trace. Throws the reason if it could not be computed. */
  value(name: string): Tensor {
    for (const trace of this.#traces) {
      const value = trace.get(name);
      if (value instanceof SimdenseError) throw value;
      if (!value) throw new SimdenseError('FORMAT', `fromOnnx: no node computes "${name}"`);
    }
    return this.#traces.at(-1)?.get(name) as Tensor;
  }

  dims(name: string): readonly number[] {
    return this.value(name).dims;
  }

  /** Whether the first dimension is that of the rows, in all traces. */
  isRows(name: string): boolean {
    this.value(name);
    return this.#traces.every((trace, i) => (trace.get(name) as Tensor).dims[0] === this.#rows[i]);
  }

  /** Numbers of a row. */
  width(name: string): number {
    return countOf(this.dims(name).slice(1));
  }

  constant(name: string | undefined): Tensor | undefined {
    return this.view.constant(name);
  }

  /** The node that computes a value as the output that is known of it: in nearly all the first. Throws SimdenseError 'UNSUPPORTED' for another output. */
  maker(name: string | undefined): Node | undefined {
    const found = name === undefined ? undefined : this.view.maker(name);
    if (found && found.output !== outputOf(found.node)) throw unsupported(found.node, `its output "${name}"`);
    return found?.node;
  }

  /** The weights of a node. Throws SimdenseError 'UNSUPPORTED' if they are computed from the input, or left out. */
  weights(node: Node, i: number): Tensor {
    const found = this.constant(node.inputs[i]);
    if (!found) throw unsupported(node, node.inputs[i] ? 'computed weights' : 'missing inputs');
    return found;
  }

  /** The numbers of the columns that a node takes from rows of so many. */
  columnsTaken(node: Node, width: number): readonly number[] {
    const probe = computed(FLOAT, [1, width], (i) => i);
    const inputs = node.inputs.map((name, i) => (i === 0 ? probe : name === '' ? undefined : this.constant(name)));
    return Array.from(numbersOf(operatorOf(node).run(new Call(node, this.view.opset, inputs))));
  }

  /** The numbers of a constant for each column of a node's rows: one, or as many as there are. Throws SimdenseError 'UNSUPPORTED' for one with a number for each row. */
  byColumn(node: Node, constant: Tensor, name: string): number | Float64Array {
    const numbers = numbersOf(constant);
    const { dims } = constant;
    const own = this.dims(name);
    if (numbers.length === 1 && dims.length <= own.length) return numbers[0] as number;
    // Aligned from the right, what stands before the last dimensions is for rows.
    const before = dims.slice(0, Math.max(0, dims.length - own.length + 1));
    if (dims.length > own.length || before.some((n) => n !== 1))
      throw unsupported(node, `a constant of shape ${shapeWords(dims)}`);
    const row = own.slice(1);
    const rest = dims.slice(-row.length);
    if (rest.some((n, i) => n !== 1 && n !== row[i + row.length - rest.length]))
      throw contradiction(node, `a constant of shape ${shapeWords(dims)} for rows of ${shapeWords(row)}`);
    if (rest.length === 0) return numbers[0] as number;
    const place = placesOf(rest, row);
    return Float64Array.from({ length: countOf(row) }, (_, i) => numbers[place(i)] as number);
  }
}
