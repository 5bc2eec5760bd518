// Which output of a graph is the network's: its numbers. Labels that follow from them give the names of its columns.
import { SimdenseError } from '../base/errors.js';
import { columnsOf } from './columns.js';
import type { Node } from './graph.js';
import { Call, unsupported } from './operators/index.js';
import type { Reading } from './reading.js';

/** Classes in the order of the columns: whole numbers or texts. */
export type Classes = readonly (number | string)[];

export interface Chosen {
  /** The name of the value that is the network's output. */
  readonly name: string;
  /** What its columns are, where the graph says so. */
  readonly classes: Classes | undefined;
}

/** An output that is a label for each row: of which value, and what the labels are. */
interface LabelOutput {
  readonly of: string;
  readonly classes: Classes | undefined;
}

/** Operators that labels may pass. */
const passing = ['Identity', 'Cast', 'Reshape', 'Squeeze', 'Unsqueeze', 'Flatten'];

/** The value behind operators that only pass it on. */
function behind(reading: Reading, name: string): string {
  let at = name;
  for (let count = 0; count <= reading.view.nodes.length; count++) {
    const node = reading.view.maker(at)?.node;
    if (!node || !passing.includes(node.op) || node.inputs[0] === undefined) return at;
    at = node.inputs[0];
  }
  return at;
}

/** The labels that a linear classifier, a ZipMap or a list of constants names. */
function namesIn(node: Node): Classes | undefined {
  const keys = ['classlabels_strings', 'classlabels_int64s', 'classlabels_ints'];
  return keys.map((key) => node.attributes[key]).find((list) => Array.isArray(list) && list.length > 0) as
    | Classes
    | undefined;
}

/** What an output is, if it is labels. Throws SimdenseError 'UNSUPPORTED' for labels that are chosen otherwise than by the largest number. */
function labelsOf(reading: Reading, name: string): LabelOutput | undefined {
  const found = reading.view.maker(behind(reading, name));
  if (!found) return undefined;
  const { node, output } = found;
  const [first, second] = node.inputs as [string, string];
  if (node.op === 'ai.onnx.ml.LinearClassifier' && output === 0)
    return { of: node.outputs[1] as string, classes: namesIn(node) };
  if (node.op === 'ai.onnx.ml.Binarizer') return { of: first, classes: undefined };
  if (node.op === 'ArgMax') return { of: checkedArgMax(reading, node), classes: undefined };
  if (node.op === 'ai.onnx.ml.LabelEncoder') {
    const inner = labelsOf(reading, first);
    return inner && { of: inner.of, classes: encoded(node, inner.classes) };
  }
  if (node.op === 'ai.onnx.ml.ArrayFeatureExtractor') {
    const constant = reading.constant(first);
    const inner = constant && labelsOf(reading, second);
    return inner && { of: inner.of, classes: [...constant.data] };
  }
  return undefined;
}

/** ArgMax over the columns, the first of equal ones. */
function checkedArgMax(reading: Reading, node: Node): string {
  const call = new Call(node, reading.view.opset, []);
  const [from] = node.inputs as [string];
  const rank = reading.dims(from).length;
  const axis = call.number('axis', 0);
  if (rank !== 2 || (axis !== 1 && axis !== -1)) throw unsupported(node, `axis ${axis}`);
  if (call.number('select_last_index', 0) !== 0) throw unsupported(node, 'select_last_index');
  return from;
}

/** What LabelEncoder makes of whole numbers. */
function encoded(node: Node, classes: Classes | undefined): Classes | undefined {
  const { keys_int64s: keys, values_strings: texts, values_int64s: numbers, classes_strings: plain } = node.attributes;
  if (Array.isArray(plain)) return plain as Classes;
  const values = (texts ?? numbers) as Classes | undefined;
  if (!Array.isArray(keys) || !Array.isArray(values))
    throw unsupported(node, 'other keys and values than whole numbers and texts');
  const of = new Map((keys as readonly number[]).map((key, i) => [key, values[i] as number | string]));
  return (classes ?? [...(keys as readonly number[])].sort((a, b) => a - b)).map(
    (each) => of.get(each as number) ?? each,
  );
}

/** The value behind a ZipMap, which gives a table of names and numbers, and the names. */
function unzipped(reading: Reading, output: string): Chosen {
  const node = reading.view.maker(behindIdentity(reading, output))?.node;
  // skl2onnx ends a regressor of several targets by Reshape to (−1, 1): the same numbers, in the same order.
  const [from, shape] = node?.inputs ?? [];
  const wanted = node?.op === 'Reshape' ? reading.constant(shape)?.data : undefined;
  if (from !== undefined && wanted && [...wanted].join() === '-1,1' && reading.isRows(from))
    return { name: from, classes: undefined };
  if (node?.op !== 'ai.onnx.ml.ZipMap') return { name: output, classes: undefined };
  const [name] = node.inputs as [string];
  const classes = namesIn(node);
  const width = reading.width(name);
  if (!classes || classes.length === width) return { name, classes };
  const positive = positivesOf(reading, name);
  if (positive === undefined || reading.width(positive) !== classes.length)
    throw unsupported(node, `${classes.length} names for ${width} columns`);
  return { name: positive, classes };
}

/** p of [1 − p, p], which skl2onnx writes for several labels a row, with as many names as there are labels. */
function positivesOf(reading: Reading, name: string): string | undefined {
  const { base, of } = columnsOf(reading, name);
  const half = of.length / 2;
  const isPair = of.every(({ source, center, scale, offset }, c) =>
    c < half
      ? source === c && center === 0 && scale === -1 && offset === 1
      : source === c - half && center === 0 && scale === 1 && offset === 0,
  );
  return isPair ? base : undefined;
}

function behindIdentity(reading: Reading, name: string): string {
  const node = reading.view.maker(name)?.node;
  return node?.op === 'Identity' ? (node.inputs[0] as string) : name;
}

/**
 * The output that is the network's: the one that is named; or else the only one, beside labels that follow from it. Outputs that are the columns of one value, one by one, are that
 * value. Throws SimdenseError 'UNSUPPORTED' if there are several, 'ARGUMENT' for a name that is none of them.
 */
export function chooseOutput(reading: Reading, wanted: string | undefined): Chosen {
  const names = reading.view.outputs.map(({ name }) => name);
  const list = names.map((name) => `"${name}"`).join(', ');
  if (wanted !== undefined && !names.includes(wanted))
    throw new SimdenseError('ARGUMENT', `fromOnnx(output): expected one of ${list}, got "${wanted}"`);
  if (names.length === 0) throw new SimdenseError('FORMAT', 'fromOnnx: the graph has no output');
  const labels = new Map(names.map((name) => [name, labelsOf(reading, name)]));
  if (wanted !== undefined && labels.get(wanted)) throw onlyLabels(reading, wanted);
  const found = (wanted === undefined ? names.filter((name) => !labels.get(name)) : [wanted]).map((name) =>
    unzipped(reading, name),
  );
  const [first, ...others] = found;
  if (!first) throw onlyLabels(reading, names[0] as string);
  const classes = first.classes ?? classesOf(labels.values(), reading, first.name);
  const areRelated = (name: string): boolean =>
    wanted !== undefined || [...labels.values()].every((label) => !label || areAlike(reading, label.of, name));
  if (others.length === 0 && areRelated(first.name)) return { name: first.name, classes };
  const joined = joinedOutputs(
    reading,
    found.map(({ name }) => name),
  );
  if (others.length > 0 && joined !== undefined && areRelated(joined))
    return { name: joined, classes: classesOf(labels.values(), reading, joined) };
  throw new SimdenseError(
    'UNSUPPORTED',
    `fromOnnx: the graph has the outputs ${list}; choose one by { output: "${first.name}" }`,
  );
}

function onlyLabels(reading: Reading, name: string): SimdenseError {
  const node = reading.view.maker(name)?.node as Node;
  const message = `the output "${name}" (node "${node?.name}") is labels, and a network gives numbers; choose the output with scores or probabilities, or add it to the graph`;
  return new SimdenseError('UNSUPPORTED', `fromOnnx: ${message}`);
}

/** Operators that keep which number of a row is the largest. */
const keeping = [...passing, 'Softmax', 'LogSoftmax', 'Sigmoid', 'ai.onnx.ml.Normalizer', 'ai.onnx.ml.ZipMap'];

/** Whether two values have their largest numbers in the same places, since one follows from the other, or both from a third. */
function areAlike(reading: Reading, a: string, b: string): boolean {
  const before = (name: string): Set<string> => {
    const all = new Set([name]);
    let node = reading.view.maker(name)?.node;
    while (node && keeping.includes(node.op) && node.inputs[0] !== undefined && !all.has(node.inputs[0])) {
      all.add(node.inputs[0]);
      node = reading.view.maker(node.inputs[0])?.node;
    }
    return all;
  };
  const others = before(b);
  return [...before(a)].some((name) => others.has(name));
}

/** The classes of labels that follow from a value. */
function classesOf(labels: Iterable<LabelOutput | undefined>, reading: Reading, name: string): Classes | undefined {
  for (const label of labels) {
    if (!label?.classes) continue;
    const [a, b] = [behind(reading, label.of), behind(reading, name)];
    if (a === b || reading.view.maker(name)?.node.op === 'ai.onnx.ml.Normalizer') return label.classes;
  }
  return undefined;
}

/** The value whose columns the outputs are, one by one and in order. */
function joinedOutputs(reading: Reading, names: readonly string[]): string | undefined {
  const parts = names.map((name) => columnsOf(reading, name));
  const [first] = parts;
  const isOne = parts.every(({ base, of: [column, ...more] }, i) => {
    const isPlain = column?.scale === 1 && column.offset === 0 && column.center === 0;
    return base === first?.base && more.length === 0 && isPlain && column.source === i;
  });
  return first && isOne && reading.width(first.base) === names.length ? first.base : undefined;
}
