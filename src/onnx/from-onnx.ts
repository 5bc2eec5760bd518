import { isRecord, noMore, options, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Sequential } from '../train/sequential.js';
import { layersOf, modelOf, type Step, spread } from '../train/steps.js';
import { FLOAT, type Graph, type Model, type Tensor, type Value } from './graph.js';
import { stepsTo } from './match.js';
import { type Chosen, chooseOutput } from './outputs.js';
import { type ExternalFiles, readModel } from './read-proto.js';
import { Reading } from './reading.js';
import { computed, isFloat, isNarrow, numbersOf, typeName } from './tensor.js';
import { type Values, View } from './view.js';

export interface FromOnnxOptions {
  /** The name of the output that the network is to give; needed where the graph has several, other than labels that follow from it. */
  output?: string;
  /** The bytes of files that the numbers lie in, by their names as the model has them: `{ 'model.onnx.data': bytes }`. */
  external?: ExternalFiles;
}

/**
 * Reads a dense network from an ONNX file, as the exporters of PyTorch and scikit-learn write it.
 *
 * What is constant is computed first; then the operators become layers. Supported are Gemm, MatMul, arithmetic with constants, BatchNormalization, LayerNormalization, activations, also those composed of other
 * operators, what moves and joins columns, and the linear models and scalers of ai.onnx.ml. Labels that follow from the network's numbers, as scikit-learn's exporter writes them, are left out. Rows that are tried
 * must agree with what the graph itself computes.
 * @param bytes The bytes of the file.
 * @param o The options; all have defaults.
 * @returns A model with the weights of the file. It is not compiled.
 * @throws SimdenseError 'UNSUPPORTED' for another operator, attribute or output of a node; the message names the operator and the node. Also for operators of
 * another version (opset) than 7 to 22, for several inputs, and for several outputs without the option.
 * @throws SimdenseError 'FORMAT' for bytes that are not an ONNX model, or one that contradicts itself.
 * @throws SimdenseError 'ARGUMENT' for anything but a Uint8Array, an unknown option, or an output that is not there.
 * @example
 * import { dense, sequential } from 'simdense';
 * import { fromOnnx, toOnnx } from 'simdense/onnx';
 *
 * const model = sequential({ inputs: 2, layers: [dense({ units: 1, activation: 'sigmoid' })], seed: 1 });
 * const read = fromOnnx(toOnnx(model));
 * read.summary();
 * const [before, after] = [model.predict([[1, 2]]).data[0], read.predict([[1, 2]]).data[0]];
 * console.log(before === after); // true
 */
export function fromOnnx(bytes: Uint8Array, o?: FromOnnxOptions): Sequential {
  noMore('fromOnnx', arguments, 2);
  const { output, external } = options<FromOnnxOptions, string[]>('fromOnnx', o, ['output', 'external']);
  if (output !== undefined && typeof output !== 'string') refuse('fromOnnx(output)', 'the name of an output', output);
  const read = readModel(bytes, checkedFiles(external));
  try {
    return built(read, output);
  } catch (cause) {
    const { code, message } = cause as SimdenseError;
    if (!['ARGUMENT', 'SHAPE', 'DATA'].includes(code) || message.startsWith('fromOnnx(')) throw cause;
    throw new SimdenseError('FORMAT', `fromOnnx: the network cannot be built: ${message}`, { cause });
  }
}

function checkedFiles(external: ExternalFiles | undefined): ExternalFiles {
  const files = external ?? {};
  if (!isRecord(files)) refuse('fromOnnx(external)', 'an object with bytes by the names of files', external);
  for (const [name, bytes] of Object.entries(files))
    if (!(bytes instanceof Uint8Array)) refuse(`fromOnnx(external: "${name}")`, 'a Uint8Array', bytes);
  return files;
}

function built({ graph, opset }: Model, wanted: string | undefined): Sequential {
  const view = new View(graph, opset);
  const dims = inputDims(graph, view);
  const columns = dims.slice(1).reduce((product, n) => product * n, 1);
  const { reading } = tried(view, dims);
  const chosen = chooseOutput(reading, wanted);
  checkConstant(view, chosen);
  const steps = stepsTo(reading, chosen.name);
  checkRanks(reading, view.input, chosen);
  const model = modelOf(layersOf(steps, columns), columns);
  try {
    checkDeclared(view.outputs, chosen, model.outputs);
    const first = steps[0];
    const again = tried(view, dims, first);
    for (const { rows, values } of again.traces) prove(model, rows, values.get(chosen.name) as Tensor);
    return model;
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** The most columns of an input. */
const MOST_COLUMNS = 2 ** 22;

/** The dimensions of the input, the first 0 for any number of rows: as declared, or by the weights that it meets first. */
function inputDims(graph: Graph, view: View): readonly number[] {
  const { name, dims, type } = view.input;
  if (type !== 0 && ((!isFloat(type) && ![2, 3, 4, 5, 6, 7, 12, 13].includes(type)) || isNarrow(type)))
    throw new SimdenseError(
      'UNSUPPORTED',
      `fromOnnx: the input "${name}" has numbers of type ${typeName(type)}; float and double are supported`,
    );
  const needed = columnsNeeded(view);
  const isDeclared = dims !== undefined && dims.length > 1 && dims.slice(1).every((n) => n > 0);
  if (dims?.length === 1 || (dims && dims.length > 2 && !isDeclared)) throw otherRank(view.input);
  const declared = isDeclared ? dims.slice(1).reduce((product, n) => product * n, 1) : undefined;
  if (declared !== undefined && dims?.length === 2 && needed !== undefined && declared !== needed) {
    const message = `the input "${name}" is declared with ${declared} columns, and the weights take ${needed}`;
    throw new SimdenseError('FORMAT', `fromOnnx: ${message}`);
  }
  const columns = declared ?? needed;
  if (columns === undefined)
    throw new SimdenseError(
      'UNSUPPORTED',
      `fromOnnx: the graph "${graph.name}" does not say how many columns it takes`,
    );
  if (columns > MOST_COLUMNS)
    throw new SimdenseError('UNSUPPORTED', `fromOnnx: an input of ${columns} columns is too wide`);
  return isDeclared ? dims : [dims?.[0] ?? 0, columns];
}

/** The columns that the first weights after the input take. */
function columnsNeeded(view: View): number | undefined {
  let reached = new Set([view.input.name]);
  const size = (name: string | undefined, axis: number): number | undefined => view.constant(name)?.dims.at(axis);
  for (const { op, inputs, outputs, attributes } of view.nodes) {
    const [first] = inputs;
    if (first === undefined || !reached.has(first)) continue;
    if (op === 'MatMul') return view.constant(inputs[1])?.dims.length === 2 ? size(inputs[1], 0) : undefined;
    if (op === 'Gemm' && !attributes['transA']) return size(inputs[1], attributes['transB'] ? 1 : 0);
    if (op === 'BatchNormalization' || op === 'LayerNormalization') return size(inputs[1], 0);
    reached = new Set([...outputs, ...(reached.size > 1000 ? [] : reached)]);
  }
  return undefined;
}

/** Numbers of rows that are tried where any number goes, so that what is rows is known by what changes. */
const TRIED = [3, 5];

interface Trace {
  readonly rows: Tensor;
  readonly values: Values;
}

/** The graph computed for some rows. They lie where its first arithmetic looks for them: (x − center) · scale of them are normal. */
function tried(view: View, dims: readonly number[], first?: Step): { reading: Reading; traces: readonly Trace[] } {
  const [declared = 0, ...rest] = dims;
  const width = rest.reduce((product, n) => product * n, 1);
  const counts = declared > 0 ? [declared, declared] : TRIED;
  const arithmetic = first && 'affine' in first ? first.affine : undefined;
  const [center, scale] = [spread(arithmetic?.center ?? 0, width), spread(arithmetic?.scale ?? 1, width)];
  const { type } = view.input;
  const isWhole = type !== 0 && !isFloat(type);
  const traces = counts.map((count, seed) => {
    const rows = computed(type === 0 ? FLOAT : type, [count, ...rest], (i) => {
      const c = i % width;
      const value = (center[c] as number) + normal(i, seed) / ((scale[c] as number) || 1);
      return isWhole ? Math.abs(Math.round(3 * value)) : value;
    });
    return { rows, values: view.trace(rows) };
  });
  return {
    reading: new Reading(
      view,
      traces.map(({ values }) => values),
      counts,
    ),
    traces,
  };
}

/** Numbers that look normal, the same each time. */
const normal = (i: number, seed: number): number => {
  const hash = Math.imul(i + 1, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca6b);
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return 3.4 * (((mixed ^ (mixed >>> 12)) >>> 0) / 2 ** 32 - 0.5);
};

/** The share of the largest number by which a network may differ from its graph: what float32 rounds off in many layers, and far less than any mistake. */
const TOLERANCE = 1e-3;

/** Throws SimdenseError 'UNSUPPORTED' if the model does not give what the graph gives. */
function prove(model: Sequential, rows: Tensor, expected: Tensor): void {
  const given = numbersOf(rows);
  const found = model.predict(Float32Array.from(given)).data;
  const wanted = numbersOf(expected);
  let most = 1;
  for (const value of wanted) if (Math.abs(value) > most && Number.isFinite(value)) most = Math.abs(value);
  const isSame = (a: number, b: number): boolean =>
    Object.is(Math.fround(a), Math.fround(b)) ||
    Math.abs(a - b) <= TOLERANCE * most ||
    (Number.isNaN(a) && Number.isNaN(b));
  for (const [i, value] of wanted.entries()) {
    if (isSame(value, found[i] as number)) continue;
    const message = `the network that was read gives ${found[i]} where the graph gives ${value}, so it is not the same; please report the file`;
    throw new SimdenseError('UNSUPPORTED', `fromOnnx: ${message}`);
  }
}

function checkConstant(view: View, { name }: Chosen): void {
  if (view.constant(name))
    throw new SimdenseError('FORMAT', `fromOnnx: the output "${name}" does not depend on the input`);
}

function otherRank({ name, dims }: Value): SimdenseError {
  const message = `the input "${name}" has ${dims?.length} dimensions; rows of numbers have two, unless Flatten makes them of more`;
  return new SimdenseError('UNSUPPORTED', `fromOnnx: ${message}`);
}

/** An input of more than two dimensions is rows of numbers only if the output has two. */
function checkRanks(reading: Reading, input: Value, { name }: Chosen): void {
  const [before, after] = [reading.dims(input.name).length, reading.dims(name).length];
  if (before > 2 && after > 2) throw otherRank(input);
  if (after > 2) {
    const message = `the output "${name}" has ${after} dimensions; rows of numbers have two`;
    throw new SimdenseError('UNSUPPORTED', `fromOnnx: ${message}`);
  }
}

/** An output that is declared with another number of columns. */
function checkDeclared(outputs: readonly Value[], { name }: Chosen, width: number): void {
  const dims = outputs.find((each) => each.name === name)?.dims;
  if (!dims || dims.length < 2 || dims.slice(1).some((n) => n === 0)) return;
  const declared = dims.slice(1).reduce((product, n) => product * n, 1);
  if (declared === width) return;
  const message = `the output "${name}" is declared with ${declared} columns, and has ${width}`;
  throw new SimdenseError('FORMAT', `fromOnnx: ${message}`);
}
