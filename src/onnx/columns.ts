// Runs of operators that take columns and do fixed arithmetic with each: scalers, terms and factors, and columns that are taken apart and joined. They become one step.

import { type Affine, affine, product, type Step } from '../train/steps.js';
import type { Node, Tensor } from './graph.js';
import { Call, numberOf, unsupported } from './operators/index.js';
import type { Reading } from './reading.js';
import { isFloat, isNarrow, typeName } from './tensor.js';

/** scale · (x[source] − center) + offset. */
interface Column {
  readonly source: number;
  readonly center: number;
  readonly scale: number;
  readonly offset: number;
}

/** Columns that follow from those of the value `base`. */
export interface Columns {
  readonly base: string;
  readonly of: readonly Column[];
}

/** Joins within joins: more than anybody writes. */
const DEEPEST = 20;

/** Operators that do not change the numbers of a row; their attributes have been checked by what they compute. */
const passing = ['Identity', 'Dropout', 'Cast', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze'];

/** Checks that a node which moves numbers leaves each row in its place. */
function checkRows(reading: Reading, node: Node, from: string, to: string): void {
  const isKept = reading.isRows(to) && reading.isRows(from);
  if (node.op === 'Cast') checkCast(reading, node, from);
  if (isKept) return;
  const axis = node.op === 'Flatten' ? `axis ${node.attributes['axis'] ?? 1}` : 'rows that become columns';
  throw unsupported(node, axis);
}

/** Floats may become other floats, and an input of whole numbers floats. */
function checkCast(reading: Reading, node: Node, from: string): void {
  const to = numberOf(node, 'to', 0);
  const { type } = reading.value(from);
  if (!isFloat(to) || isNarrow(to)) throw unsupported(node, `type ${to}`);
  if (!isFloat(type) && from !== reading.view.input.name) throw unsupported(node, `numbers of type ${typeName(type)}`);
}

/** One more node of a run: the value that it reads, and what it does to the columns behind it. */
interface Link {
  readonly from: string;
  change(columns: readonly Column[]): readonly Column[];
}

const arithmetic = (values: Partial<Affine>, columns: readonly Column[]): readonly Column[] => {
  const of = (given: Affine[keyof Affine] | undefined, c: number, otherwise: number): number =>
    given === undefined ? otherwise : typeof given === 'number' ? given : (given[c] as number);
  return columns.map(({ source, center, scale, offset }, c) => {
    const [taken, factor, term] = [of(values.center, c, 0), of(values.scale, c, 1), of(values.offset, c, 0)];
    // What is subtracted first stays apart, so that it is exact where it is large.
    if (scale === 1 && offset === 0) return { source, center: center + taken, scale: factor, offset: term };
    return { source, center, scale: scale * factor, offset: (offset - taken) * factor + term };
  });
};

const chosen = (places: readonly number[], columns: readonly Column[]): readonly Column[] =>
  places.map((place) => columns[place] as Column);

/** The node of a run that makes a value from one other. Undefined for other nodes. */
function linkOf(reading: Reading, node: Node, to: string): Link | undefined {
  const { op, inputs } = node;
  const [first] = inputs;
  if (passing.includes(op) && first !== undefined) {
    checkRows(reading, node, first, to);
    return { from: first, change: (columns) => columns };
  }
  if (op === 'Neg' && first !== undefined)
    return { from: first, change: (columns) => arithmetic({ scale: -1 }, columns) };
  if (op === 'ai.onnx.ml.Scaler' && first !== undefined) {
    const call = new Call(node, reading.view.opset, []);
    const [center, scale] = [call.list('offset') ?? [0], call.list('scale') ?? [1]];
    const of = (list: readonly number[]) => (list.length === 1 ? (list[0] as number) : Float64Array.from(list));
    return { from: first, change: (columns) => arithmetic({ center: of(center), scale: of(scale) }, columns) };
  }
  if (['Add', 'Sub', 'Mul', 'Div', 'Sum'].includes(op)) return termOf(reading, node, to);
  return takenFrom(reading, node, to);
}

/** Arithmetic with constants. */
function termOf(reading: Reading, node: Node, to: string): Link | undefined {
  const computed = node.inputs.filter((name) => !reading.constant(name));
  const [from] = computed;
  if (computed.length !== 1 || from === undefined) return undefined;
  if (
    reading.dims(to).length !== reading.dims(from).length ||
    reading.width(to) !== reading.width(from) ||
    !reading.isRows(to)
  )
    throw unsupported(
      node,
      `a constant of shape ${node.inputs
        .map((name) => reading.constant(name)?.dims.join('×') ?? '')
        .filter(Boolean)
        .join(', ')}`,
    );
  const terms = node.inputs
    .filter((name) => name !== from)
    .map((name) => reading.byColumn(node, reading.constant(name) as Tensor, from));
  const [value = 0] = terms;
  const isFirst = node.inputs[0] === from;
  const map = (f: (x: number) => number) => (typeof value === 'number' ? f(value) : value.map(f));
  if (node.op === 'Div' && !isFirst) throw unsupported(node, 'a constant as its first input');
  const makes: Readonly<Record<string, Partial<Affine>[]>> = {
    Add: [{ offset: value }],
    Sum: terms.map((offset) => ({ offset })),
    Sub: isFirst ? [{ center: value }] : [{ scale: -1, offset: value }],
    Mul: [{ scale: value }],
    Div: [{ scale: map((x) => 1 / x) }],
  };
  const steps = makes[node.op] as Partial<Affine>[];
  return { from, change: (columns) => steps.reduce<readonly Column[]>((all, step) => arithmetic(step, all), columns) };
}

/** Slice, Gather and ArrayFeatureExtractor along the columns: found by what they do with the columns' numbers. */
function takenFrom(reading: Reading, node: Node, to: string): Link | undefined {
  const { op, inputs } = node;
  const [from] = inputs;
  if (from === undefined || !['Slice', 'Gather', 'ai.onnx.ml.ArrayFeatureExtractor'].includes(op)) return undefined;
  if (reading.constant(from) || inputs.slice(1).some((name) => name !== '' && !reading.constant(name)))
    return undefined;
  if (op === 'Slice' && takesRows(reading, node)) throw unsupported(node, 'rows that it takes');
  if (!reading.isRows(to) || !reading.isRows(from) || reading.dims(from).length !== 2)
    throw unsupported(node, 'other than whole columns');
  const places = reading.columnsTaken(node, reading.width(from));
  return { from, change: (columns) => chosen(places, columns) };
}

/** Whether a Slice names the rows, and does not take them all. */
function takesRows(reading: Reading, node: Node): boolean {
  const call = new Call(
    node,
    reading.view.opset,
    node.inputs.map((name) => reading.constant(name)),
  );
  const starts = call.numbers('starts', 1) ?? [];
  const axes = call.numbers('axes', 3) ?? starts.map((_, i) => i);
  return axes.some((axis, i) => {
    const isAll = starts[i] === 0 && (call.numbers('ends', 2)?.[i] ?? 0) >= 2 ** 31 - 1;
    return (axis === 0 || axis === -2) && !isAll;
  });
}

/** The run of such nodes that ends in a value; its columns as they are, if there is none. It begins behind `stop`, where that is on the way. */
export function columnsOf(reading: Reading, name: string, depth = 0, stop?: string): Columns {
  const links: Link[] = [];
  let at = name;
  let joined: Columns | undefined;
  for (let node = reading.maker(at); node && at !== stop; node = reading.maker(at)) {
    if (node.op === 'Concat') {
      joined = joinedColumns(reading, node, depth);
      break;
    }
    const link = linkOf(reading, node, at);
    if (!link) break;
    links.push(link);
    at = link.from;
  }
  const base = joined?.base ?? at;
  const start = joined?.of ?? identity(reading.width(base));
  return { base, of: links.reduceRight<readonly Column[]>((columns, link) => link.change(columns), start) };
}

export const identity = (width: number): Column[] =>
  Array.from({ length: width }, (_, source) => ({ source, center: 0, scale: 1, offset: 0 }));

/** Columns that are joined, where all parts follow from one value. */
function joinedColumns(reading: Reading, node: Node, depth: number): Columns {
  if (depth > DEEPEST) throw unsupported(node, 'so many joins within joins');
  const [to] = node.outputs;
  const rank = reading.dims(to as string).length;
  const axis = numberOf(node, 'axis', 0);
  if (rank !== 2 || (axis !== 1 && axis !== -1)) throw unsupported(node, `axis ${axis}`);
  const parts = node.inputs.map((name) => {
    if (reading.constant(name)) throw unsupported(node, 'a constant among its inputs');
    return columnsOf(reading, name, depth + 1);
  });
  const [first, ...others] = parts;
  if (!first || others.some(({ base }) => base !== first.base))
    throw unsupported(node, 'parts that are computed apart');
  return { base: first.base, of: parts.flatMap(({ of }) => of) };
}

/** The steps of columns: arithmetic where they keep their order, and a product of zeros and ones where they are chosen. */
export function stepsOfColumns(reading: Reading, { base, of }: Columns): Step[] {
  const width = reading.width(base);
  const numbers = (key: 'center' | 'scale' | 'offset'): Float64Array | number => {
    const values = Float64Array.from(of, (column) => column[key]);
    return values.every((value) => value === values[0]) ? (values[0] as number) : values;
  };
  const own = affine({ center: numbers('center'), scale: numbers('scale'), offset: numbers('offset') });
  if (of.length === width && of.every(({ source }, c) => source === c)) return [own];
  const chosenOnes = new Float32Array(width * of.length);
  for (const [c, { source }] of of.entries()) chosenOnes[source * of.length + c] = 1;
  return [product(width, of.length, chosenOnes), own];
}

/** scale · x + offset with the same numbers in all columns, in order; undefined for other columns. */
export function uniformOf(
  reading: Reading,
  name: string,
  stop?: string,
): { base: string; scale: number; offset: number } | undefined {
  const { base, of } = columnsOf(reading, name, 0, stop);
  const [first] = of;
  if (!first || of.length !== reading.width(base)) return undefined;
  const { scale, offset, center } = first;
  const isUniform = of.every(
    (column, c) =>
      column.source === c && column.scale === scale && column.offset === offset && column.center === center,
  );
  return isUniform ? { base, scale, offset: offset - scale * center } : undefined;
}

/** Whether columns are those of their base, as they are. */
export const isWhole = ({ of }: Columns, width: number): boolean =>
  of.length === width &&
  of.every(({ source, center, scale, offset }, c) => source === c && center === 0 && scale === 1 && offset === 0);
