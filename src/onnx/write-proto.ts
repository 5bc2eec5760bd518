// Writes, by pbf, the part of onnx.proto (github.com/onnx/onnx) that networks need. The field numbers are the format's.
import { PbfWriter } from 'pbf';
import { version } from '../base/version.js';
import { type Attribute, FLOAT, type Graph, type Model, type Node, type Tensor, type Value } from './graph.js';

/** The version of the format to which these operators belong. */
const IR_VERSION = 8;

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
  pbf.writeBytesField(9, bytesOf(data as Float32Array));
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
    dims ?? [],
  );
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
