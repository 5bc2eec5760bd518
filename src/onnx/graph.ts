// The parts of an ONNX model that networks need (github.com/onnx/onnx, onnx.proto), as plain data.

/** The numbers of the types of elements, as the format has them. */
export const FLOAT = 1;
export const UINT8 = 2;
export const INT8 = 3;
export const UINT16 = 4;
export const INT16 = 5;
export const INT32 = 6;
export const INT64 = 7;
export const STRING = 8;
export const BOOL = 9;
export const FLOAT16 = 10;
export const DOUBLE = 11;
export const UINT32 = 12;
export const UINT64 = 13;
export const BFLOAT16 = 16;

/** Numbers, rounded to the tensor's type; or texts. Whole numbers of 64 bits are exact up to 2⁵³. */
export type Elements = Float32Array | Float64Array | readonly string[];

export interface Tensor {
  readonly name: string;
  /** The number of the elements' type. */
  readonly type: number;
  readonly dims: readonly number[];
  readonly data: Elements;
}
/** A graph within an attribute, such as the body of a loop, and other kinds that no operator here has. */
export interface Unread {
  readonly unread: true;
}
export type Attribute = number | string | readonly number[] | readonly string[] | Tensor | Unread;
export interface Node {
  readonly op: string;
  readonly name: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, Attribute>>;
}
/** An input or output: its dimensions, 0 for any size; undefined if they are not declared. */
export interface Value {
  readonly name: string;
  readonly type: number;
  readonly dims: readonly number[] | undefined;
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

/** The domain of the operators; its name may be left out. */
export const isOwnDomain = (domain: string): boolean => domain === '' || domain === 'ai.onnx';
