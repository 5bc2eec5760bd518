// From a file to the steps of a network, and the proof that it computes what its graph computes.
import { isRecord, options, refuse } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { type Step, spread } from '../train/steps.js';
import { FLOAT, type Graph, type Tensor, type Value } from './graph.js';
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

/** A network as its file has it. */
export interface Network {
  readonly columns: number;
  readonly steps: readonly Step[];
  readonly chosen: Chosen;
  /** Throws SimdenseError 'UNSUPPORTED' if what is predicted for rows that are tried, flat, is not what the graph gives, or what `made` makes of that. */
  prove(
    predict: (rows: Float32Array | Float64Array) => ArrayLike<number>,
    outputs: number,
    made?: (value: number) => number,
  ): void;
}

/** Reads a file for one of the functions of this room, whose errors begin with its name, and makes something of it. */
export function readNetwork<Made>(
  where: string,
  bytes: Uint8Array,
  o: FromOnnxOptions | undefined,
  make: (network: Network) => Made,
): Made {
  const { output, external } = options<FromOnnxOptions, string[]>(where, o, ['output', 'external']);
  if (output !== undefined && typeof output !== 'string') refuse(`${where}(output)`, 'the name of an output', output);
  const files = checkedFiles(where, external);
  try {
    return make(networkOf(bytes, output, files));
  } catch (cause) {
    if (!(cause instanceof SimdenseError)) throw cause;
    const { code } = cause;
    const message = cause.message.replace(/^fromOnnx\b/, where);
    if (!['ARGUMENT', 'SHAPE', 'DATA'].includes(code) || message.startsWith(`${where}(`))
      throw message === cause.message ? cause : new SimdenseError(code, message, { cause });
    throw new SimdenseError('FORMAT', `${where}: the network cannot be built: ${message}`, { cause });
  }
}

function checkedFiles(where: string, external: ExternalFiles | undefined): ExternalFiles {
  const files = external ?? {};
  if (!isRecord(files)) refuse(`${where}(external)`, 'an object with bytes by the names of files', external);
  for (const [name, bytes] of Object.entries(files))
    if (!(bytes instanceof Uint8Array)) refuse(`${where}(external: "${name}")`, 'a Uint8Array', bytes);
  return files;
}

function networkOf(bytes: Uint8Array, wanted: string | undefined, files: ExternalFiles): Network {
  const { graph, opset } = readModel(bytes, files);
  const view = new View(graph, opset);
  const dims = inputDims(graph, view);
  const columns = dims.slice(1).reduce((product, n) => product * n, 1);
  const { reading } = tried(view, dims);
  const chosen = chooseOutput(reading, wanted);
  checkConstant(view, chosen);
  const steps = stepsTo(reading, chosen.name);
  checkRanks(reading, view.input, chosen);
  return {
    columns,
    steps,
    chosen,
    prove(predict, outputs, made = (value) => value) {
      checkDeclared(view.outputs, chosen, outputs);
      for (const { rows, values } of tried(view, dims, steps[0]).traces)
        compare(predict(numbersOf(rows)), numbersOf(values.get(chosen.name) as Tensor).map(made));
    },
  };
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
    // What takes or joins columns changes how many there are.
    if (['Concat', 'Slice', 'Gather', 'ai.onnx.ml.ArrayFeatureExtractor'].includes(op)) return undefined;
    if (op === 'MatMul') return view.constant(inputs[1])?.dims.length === 2 ? size(inputs[1], 0) : undefined;
    if (op === 'Gemm' && !attributes['transA']) return size(inputs[1], attributes['transB'] ? 1 : 0);
    if (op === 'BatchNormalization' || op === 'LayerNormalization') return size(inputs[1], 0);
    reached = new Set([...outputs, ...(reached.size > 1000 ? [] : reached)]);
  }
  return undefined;
}

/** Numbers of rows that are tried where any number goes, so that what is rows is known by what changes. */
const TRIED = [3, 5];
/** How large the numbers of each trial are, in standard deviations: what is alike near the middle may differ far from it. */
const SIZES = [1, 20];

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
      const value = (center[c] as number) + ((SIZES[seed] as number) * normal(i, seed)) / ((scale[c] as number) || 1);
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

/** Throws SimdenseError 'UNSUPPORTED' if the numbers are others. */
function compare(found: ArrayLike<number>, wanted: Float32Array | Float64Array): void {
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
