// Reads, by pbf, the part of onnx.proto (github.com/onnx/onnx) that networks need. The field numbers are the format's.
import { PbfReader } from 'pbf';
import { toBytes } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import {
  type Attribute,
  FLOAT,
  type Graph,
  isOwnDomain,
  type Model,
  type Node,
  STRING,
  type Tensor,
  type Value,
} from './graph.js';
import { tensorOf } from './tensor.js';

/** The versions of the operators that are known: before 7, operators do not broadcast, and BatchNormalization trains by default. */
const OPSETS = { least: 7, most: 22 };

/** Bytes of other files that a model's numbers lie in, by their names as the model has them. */
export type ExternalFiles = Readonly<Record<string, Uint8Array>>;

/**
 * Reads a model. Throws SimdenseError 'FORMAT' for anything but an ONNX model, 'UNSUPPORTED' for tensors of unknown types, numbers in a file that is not given, and
 * operators of an unknown version.
 */
export function readModel(bytes: Uint8Array, external: ExternalFiles = {}): Model {
  const file = toBytes('fromOnnx(bytes)', bytes);
  let graph: Graph | undefined;
  const opsets = new Set<number>();
  const metadata: Record<string, string> = Object.create(null);
  try {
    fields(new PbfReader(file), (tag, read) => {
      if (tag === 7) graph = readGraph(read(), external);
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

/** The version of other domains than ONNX's own. */
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

function readGraph(pbf: PbfReader, external: ExternalFiles): Graph {
  const graph = {
    name: '',
    nodes: [] as Node[],
    initializers: [] as Tensor[],
    inputs: [] as Value[],
    outputs: [] as Value[],
  };
  fields(pbf, (tag, read) => {
    if (tag === 1) graph.nodes.push(readNode(read(), external));
    else if (tag === 2) graph.name = text(pbf);
    else if (tag === 5) graph.initializers.push(readTensor(read(), external));
    else if (tag === 11) graph.inputs.push(readValue(read()));
    else if (tag === 12) graph.outputs.push(readValue(read()));
    else if (tag === 15) throw new SimdenseError('UNSUPPORTED', 'fromOnnx: sparse initializers are not supported');
  });
  return graph;
}

function readNode(pbf: PbfReader, external: ExternalFiles): Node {
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
      const [key, value] = readAttribute(read(), external);
      if (key in node.attributes) throw new Error(`two attributes ${key}`);
      node.attributes[key] = value;
    }
  });
  return node;
}

/** The types of attributes: what a writer may leave out where it is 0 or empty. */
const TYPES = { float: 1, integer: 2, text: 3, floats: 6, integers: 7, texts: 8 } as const;

function readAttribute(pbf: PbfReader, external: ExternalFiles): [string, Attribute] {
  let [name, type] = ['', 0];
  let value: Attribute | undefined;
  const numbers: number[] = [];
  const texts: string[] = [];
  fields(pbf, (tag, read) => {
    if (tag === 1) name = text(pbf);
    else if (tag === 2) value = pbf.readFloat();
    else if (tag === 3) value = pbf.readVarint(true);
    else if (tag === 4) value = text(pbf);
    else if (tag === 5) value = readTensor(read(), external);
    else if (tag === 7) several(pbf, numbers, (p) => p.readFloat());
    else if (tag === 8) several(pbf, numbers, (p) => p.readVarint(true));
    else if (tag === 9) texts.push(text(pbf));
    else if (tag === 20) type = pbf.readVarint();
    else if (tag === 6 || tag === 10 || tag === 11 || tag === 22 || tag === 23) value = { unread: true };
  });
  if (type === TYPES.float || type === TYPES.integer) return [name, value ?? 0];
  if (type === TYPES.text) return [name, value ?? ''];
  return [name, value ?? (type === TYPES.texts || texts.length > 0 ? texts : numbers)];
}

function readTensor(pbf: PbfReader, external: ExternalFiles): Tensor {
  let [name, type] = ['', FLOAT];
  const dims: number[] = [];
  const numbers: number[] = [];
  const texts: string[] = [];
  const place: Record<string, string> = Object.create(null);
  let raw: Uint8Array | undefined;
  let elsewhere = false;
  fields(pbf, (tag, read) => {
    if (tag === 1) several(pbf, dims, (p) => p.readVarint(true));
    else if (tag === 2) type = pbf.readVarint();
    else if (tag === 4) several(pbf, numbers, (p) => p.readFloat());
    else if (tag === 5) several(pbf, numbers, (p) => p.readVarint(true));
    else if (tag === 6) texts.push(text(pbf));
    else if (tag === 7) several(pbf, numbers, (p) => p.readVarint(true));
    else if (tag === 8) name = text(pbf);
    else if (tag === 9) raw = sized(pbf);
    else if (tag === 10) several(pbf, numbers, (p) => p.readDouble());
    else if (tag === 11) several(pbf, numbers, (p) => p.readVarint());
    else if (tag === 13) {
      const [key, value] = readPair(read());
      place[key] = value;
    } else if (tag === 14) elsewhere = pbf.readVarint() === 1;
  });
  if (elsewhere) raw = externalBytes(name, place, external);
  return tensorOf(name, type, dims, raw ?? (type === STRING ? texts : numbers));
}

/** The bytes of a tensor that lie in another file. */
function externalBytes(name: string, place: Readonly<Record<string, string>>, external: ExternalFiles): Uint8Array {
  const { location = '', offset = '0', length } = place;
  const file = Object.hasOwn(external, location) ? external[location] : undefined;
  if (!file) {
    const message = `the numbers of "${name}" are in another file, "${location}"; give its bytes by { external: { "${location}": bytes } }`;
    throw new SimdenseError('UNSUPPORTED', `fromOnnx: ${message}`);
  }
  const from = Number(offset);
  const size = length === undefined ? file.length - from : Number(length);
  if (!Number.isSafeInteger(from) || !Number.isSafeInteger(size) || from < 0 || size < 0 || from + size > file.length) {
    const message = `the numbers of "${name}" lie at ${offset}, ${length ?? 'to the end'}, of "${location}", which has ${file.length} bytes`;
    throw new SimdenseError('FORMAT', `fromOnnx: ${message}`);
  }
  return file.subarray(from, from + size);
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

/** An input or output; without a shape, its sizes are not declared. */
function readValue(pbf: PbfReader): Value {
  const value = { name: '', type: 0, dims: undefined as number[] | undefined };
  const readSize = (p: PbfReader): void => {
    let size = 0;
    fields(p, (tag) => {
      if (tag === 1) size = p.readVarint(true);
    });
    value.dims?.push(Math.max(0, size));
  };
  const readShape = (p: PbfReader): void => {
    value.dims = [];
    fields(p, (tag, read) => {
      if (tag === 1) readSize(read());
    });
  };
  const readTensorType = (p: PbfReader): void =>
    fields(p, (tag, read) => {
      if (tag === 1) value.type = p.readVarint();
      else if (tag === 2) readShape(read());
    });
  fields(pbf, (tag, read) => {
    if (tag === 1) value.name = text(pbf);
    else if (tag === 2)
      fields(read(), (kind, readKind) => {
        if (kind === 1) readTensorType(readKind());
      });
  });
  return value;
}
