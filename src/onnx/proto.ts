// Reads and writes, by pbf, the part of onnx.proto (github.com/onnx/onnx) that dense networks need. The field numbers are the format's.
import { PbfReader, PbfWriter } from 'pbf';
import { toBytes } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { version } from '../base/version.js';

export interface Tensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly data: Float32Array;
}
export type Attribute = number | string | readonly number[] | Tensor;
export interface Node {
  readonly op: string;
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}
/** An input or output and its dimensions; 0 means any size. */
export interface Value {
  readonly name: string;
  readonly dims: readonly number[];
}
export interface Graph {
  readonly name: string;
  readonly nodes: readonly Node[];
  readonly initializers: readonly Tensor[];
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}
export interface Model {
  readonly opset: number;
  readonly graph: Graph;
  readonly metadata: Readonly<Record<string, string>>;
}

const FLOAT = 1;
const INT64 = 7;
const DOUBLE = 11;
/** The version of the format to which these operators belong. */
const IR_VERSION = 8;
/** The versions of the operators that are known: before 7, operators do not broadcast, and BatchNormalization trains by default. */
const OPSETS = { least: 7, most: 22 };

export function writeModel({ opset, graph, metadata }: Model): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, IR_VERSION);
  pbf.writeStringField(2, 'simdense');
  pbf.writeStringField(3, version);
  pbf.writeMessage(7, writeGraph, graph);
  pbf.writeMessage(8, (version: number, p) => p.writeVarintField(2, version), opset);
  for (const entry of Object.entries(metadata)) {
    pbf.writeMessage(14, writePair, entry);
  }
  return pbf.finish();
}

function writePair([key, value]: [string, string], pbf: PbfWriter): void {
  pbf.writeStringField(1, key);
  pbf.writeStringField(2, value);
}

function writeGraph({ name, nodes, initializers, inputs, outputs }: Graph, pbf: PbfWriter): void {
  for (const node of nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, name);
  for (const tensor of initializers) pbf.writeMessage(5, writeTensor, tensor);
  for (const value of inputs) pbf.writeMessage(11, writeValue, value);
  for (const value of outputs) pbf.writeMessage(12, writeValue, value);
}

function writeNode({ op, name, inputs, outputs, attributes }: Node, pbf: PbfWriter): void {
  for (const input of inputs) pbf.writeStringField(1, input);
  for (const output of outputs) pbf.writeStringField(2, output);
  pbf.writeStringField(3, name);
  pbf.writeStringField(4, op);
  for (const [key, value] of Object.entries(attributes)) {
    pbf.writeMessage(
      5,
      (v: Attribute, p) => {
        p.writeStringField(1, key);
        // Among the attributes of the operators here only axis is an integer and axes a list of them; all others are floats.
        const integer = key === 'axis';
        if (typeof v === 'object') for (const each of v as readonly number[]) p.writeVarintField(8, each);
        else if (integer) p.writeVarintField(3, v as number);
        else p.writeFloatField(2, v as number);
        p.writeVarintField(20, typeof v === 'object' ? 7 : integer ? 2 : 1);
      },
      value,
    );
  }
}

function writeTensor({ name, dims, data }: Tensor, pbf: PbfWriter): void {
  for (const dim of dims) pbf.writeVarintField(1, dim);
  pbf.writeVarintField(2, FLOAT);
  pbf.writeStringField(8, name);
  pbf.writeBytesField(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function writeValue({ name, dims }: Value, pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  pbf.writeMessage(
    2,
    (all: readonly number[], type) =>
      type.writeMessage(
        1,
        (_: readonly number[], tensor) => {
          tensor.writeVarintField(1, FLOAT);
          tensor.writeMessage(
            2,
            (sizes: readonly number[], shape) => {
              for (const dim of sizes)
                shape.writeMessage(
                  1,
                  (n: number, p) => (n > 0 ? p.writeVarintField(1, n) : p.writeStringField(2, 'batch')),
                  dim,
                );
            },
            all,
          );
        },
        all,
      ),
    dims,
  );
}

/**
 * Reads a model. Throws SimdenseError 'FORMAT' for anything but an ONNX model, 'UNSUPPORTED' for tensors of other types than float, double and int64, and for
 * operators of an unknown version.
 */
export function readModel(bytes: Uint8Array): Model {
  const file = toBytes('fromOnnx(bytes)', bytes);
  let graph: Graph | undefined;
  const opsets = new Set<number>();
  const metadata: Record<string, string> = Object.create(null);
  try {
    fields(new PbfReader(file), (tag, read) => {
      if (tag === 7) graph = readGraph(read());
      else if (tag === 8) opsets.add(readOpset(read()));
      else if (tag === 14) {
        const [key, value] = readPair(read());
        metadata[key] = value;
      }
    });
  } catch (cause) {
    if (cause instanceof SimdenseError) throw cause;
    throw new SimdenseError('FORMAT', 'fromOnnx: the bytes are not an ONNX model', { cause });
  }
  if (!graph) throw new SimdenseError('FORMAT', 'fromOnnx: the bytes hold no ONNX graph');
  // Those of other domains, such as ai.onnx.ml, have versions of their own.
  opsets.delete(OTHER_DOMAIN);
  const [opset, ...others] = opsets;
  if (opset === undefined || others.length > 0)
    throw new SimdenseError(
      'FORMAT',
      `fromOnnx: the file names ${opsets.size} versions (opset_import) of its operators`,
    );
  if (!(opset >= OPSETS.least && opset <= OPSETS.most)) {
    const message = `the file has operators of version (opset) ${opset}; ${OPSETS.least} to ${OPSETS.most} are supported`;
    throw new SimdenseError('UNSUPPORTED', `fromOnnx: ${message}`);
  }
  return { graph, opset, metadata };
}

/** Visits each field. `read` returns a reader of the message in the field. Fields that `visit` does not read are skipped. */
function fields(pbf: PbfReader, visit: (tag: number, read: () => PbfReader) => unknown): void {
  let tag = pbf.nextField();
  const read = (): PbfReader => {
    if (pbf.type !== 2) throw new Error(`field ${tag} is no message`);
    return new PbfReader(sized(pbf));
  };
  for (; tag !== 0; tag = pbf.nextField()) {
    visit(tag, read);
    if (pbf.pos > pbf.length) throw new Error('cut short');
  }
  if (pbf.pos !== pbf.length) throw new Error('a field without a number');
}

/** Reads bytes preceded by their length, and throws if they are cut short. */
function sized(pbf: PbfReader): Uint8Array {
  const length = pbf.readVarint();
  if (length > pbf.length - pbf.pos) throw new Error('cut short');
  const from = pbf.pos;
  pbf.pos += length;
  return pbf.buf.subarray(from, pbf.pos);
}

/** The decoder of all texts, since making one is slow. */
const utf8 = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true });
const text = (pbf: PbfReader): string => utf8.decode(sized(pbf));

/** The domain of the operators; its name may be left out. */
export const isOwnDomain = (domain: string): boolean => domain === '' || domain === 'ai.onnx';
const OTHER_DOMAIN = -1;

function readOpset(pbf: PbfReader): number {
  let version = 0;
  let domain = '';
  fields(pbf, (tag) => {
    if (tag === 1) domain = text(pbf);
    else if (tag === 2) version = pbf.readVarint(true);
  });
  return isOwnDomain(domain) ? version : OTHER_DOMAIN;
}

function readPair(pbf: PbfReader): [string, string] {
  const pair: [string, string] = ['', ''];
  fields(pbf, (tag) => {
    if (tag === 1 || tag === 2) pair[tag - 1] = text(pbf);
  });
  return pair;
}

function readGraph(pbf: PbfReader): Graph {
  const graph = {
    name: '',
    nodes: [] as Node[],
    initializers: [] as Tensor[],
    inputs: [] as Value[],
    outputs: [] as Value[],
  };
  fields(pbf, (tag, read) => {
    if (tag === 1) graph.nodes.push(readNode(read()));
    else if (tag === 2) graph.name = text(pbf);
    else if (tag === 5) graph.initializers.push(readTensor(read()));
    else if (tag === 11) graph.inputs.push(readValue(read()));
    else if (tag === 12) graph.outputs.push(readValue(read()));
  });
  return graph;
}

function readNode(pbf: PbfReader): Node {
  const node = {
    op: '',
    name: '',
    domain: '',
    inputs: [] as string[],
    outputs: [] as string[],
    attributes: Object.create(null) as Record<string, Attribute>,
  };
  fields(pbf, (tag, read) => {
    if (tag === 1) node.inputs.push(text(pbf));
    else if (tag === 2) node.outputs.push(text(pbf));
    else if (tag === 3) node.name = text(pbf);
    else if (tag === 4) node.op = text(pbf);
    else if (tag === 7) node.domain = text(pbf);
    else if (tag === 5) {
      const [key, value] = readAttribute(read());
      if (key in node.attributes) throw new Error(`two attributes ${key}`);
      node.attributes[key] = value;
    }
  });
  return node;
}

/** The name and value of an attribute; an empty list for a value of a kind that no operator here has. */
function readAttribute(pbf: PbfReader): [string, Attribute] {
  let [name, type] = ['', 0];
  let value: Attribute | undefined;
  const integers: number[] = [];
  fields(pbf, (tag, read) => {
    if (tag === 1) name = text(pbf);
    else if (tag === 2) value = pbf.readFloat();
    else if (tag === 3) value = pbf.readVarint(true);
    else if (tag === 4) value = text(pbf);
    else if (tag === 5) value = readTensor(read());
    else if (tag === 8) several(pbf, integers, (p) => p.readVarint(true));
    else if (tag === 20) type = pbf.readVarint();
  });
  // Some writers leave out a 0 or an empty text.
  return [name, value ?? (type === 1 || type === 2 ? 0 : type === 3 ? '' : integers)];
}

function readTensor(pbf: PbfReader): Tensor {
  let [name, type] = ['', FLOAT];
  const dims: number[] = [];
  const numbers: number[] = [];
  let raw: Uint8Array | undefined;
  let elsewhere = false;
  fields(pbf, (tag) => {
    if (tag === 1) several(pbf, dims, (p) => p.readVarint(true));
    else if (tag === 2) type = pbf.readVarint();
    else if (tag === 4) several(pbf, numbers, (p) => p.readFloat());
    else if (tag === 7) several(pbf, numbers, (p) => p.readVarint(true));
    else if (tag === 8) name = text(pbf);
    else if (tag === 9) raw = sized(pbf);
    else if (tag === 10) several(pbf, numbers, (p) => p.readDouble());
    else if (tag === 14) elsewhere = pbf.readVarint() === 1;
  });
  if (elsewhere) throw new SimdenseError('UNSUPPORTED', `fromOnnx: the numbers of "${name}" are in another file`);
  const data = raw ? fromRaw(name, type, raw) : Float32Array.from(numbers);
  const size = dims.reduce((product, n) => product * n, 1);
  if (size !== data.length) {
    throw new SimdenseError(
      'FORMAT',
      `fromOnnx: "${name}" has ${data.length} numbers for the shape ${dims.join('×') || 'of one number'}`,
    );
  }
  return { name, dims, data };
}

/** Reads repeated numbers: one by one, or packed and preceded by their length. */
function several(pbf: PbfReader, out: number[], read: (p: PbfReader) => number): void {
  if (pbf.type !== 2) {
    out.push(read(pbf));
    return;
  }
  const inside = new PbfReader(sized(pbf));
  while (inside.pos < inside.length) out.push(read(inside));
  if (inside.pos > inside.length) throw new Error('cut short');
}

function fromRaw(name: string, type: number, raw: Uint8Array): Float32Array {
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  const size = type === FLOAT ? 4 : 8;
  if (type !== FLOAT && type !== DOUBLE && type !== INT64)
    throw new SimdenseError(
      'UNSUPPORTED',
      `fromOnnx: the numbers of "${name}" have type ${type}; float, double and int64 are supported`,
    );
  if (raw.length % size !== 0) throw new SimdenseError('FORMAT', `fromOnnx: "${name}" ends in the middle of a number`);
  const read = (i: number): number =>
    type === FLOAT
      ? view.getFloat32(i * 4, true)
      : type === DOUBLE
        ? view.getFloat64(i * 8, true)
        : Number(view.getBigInt64(i * 8, true));
  const data = new Float32Array(raw.length / size);
  for (let i = 0; i < data.length; i++) data[i] = read(i);
  return data;
}

function readValue(pbf: PbfReader): Value {
  const value = { name: '', dims: [] as number[] };
  const dimension = (p: PbfReader): void => {
    let size = 0;
    fields(p, (tag) => {
      if (tag === 1) size = p.readVarint(true);
    });
    value.dims.push(Math.max(0, size));
  };
  const inside =
    (wanted: number, next: (p: PbfReader) => void) =>
    (p: PbfReader): void =>
      fields(p, (tag, read) => {
        if (tag === wanted) next(read());
      });
  fields(pbf, (tag, read) => {
    if (tag === 1) value.name = text(pbf);
    // The nesting is type, tensor, shape, dimension.
    else if (tag === 2) inside(1, inside(2, inside(1, dimension)))(read());
  });
  return value;
}
