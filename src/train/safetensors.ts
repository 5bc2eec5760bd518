// The safetensors format (github.com/huggingface/safetensors): the header's length as eight bytes, little-endian; the header, which is JSON with
// the type, shape and place of each tensor; then the numbers. Files are not trusted: sizes are checked before anything is allocated.
import { isRecord, show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';

export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A tensor to write, which may have numbers of other types. */
export interface AnyTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array | Uint16Array | Uint8Array | Int8Array;
  /** The type of the numbers; 'F32' if it is absent. */
  readonly dtype?: string;
}

export type Metadata = Readonly<Record<string, string>>;

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** The limit of the format's reference implementation. */
export const LONGEST_HEADER = 100_000_000;
/** The nesting of headers longer than SHORT is limited to DEEPEST before they are parsed. The description of tensors has depth 3. */
const SHORT = 65_536;
const DEEPEST = 8;

export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

export function refuse(where: string, reason: string): never {
  throw new SimdenseError('FORMAT', `${where}: ${reason}`);
}

/** Writes a file: the tensors in the given order, and a header that begins with the metadata and is padded with spaces to a multiple of 8 bytes. */
export function encode(tensors: ReadonlyMap<string, AnyTensor>, metadata: Metadata): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, data, dtype = 'F32' }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [end, end + data.byteLength] } satisfies Entry;
    end += data.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  // Do not write a file that decode would refuse.
  if (text.length > LONGEST_HEADER) {
    const message = `the names and settings come to ${text.length} bytes; safetensors allows ${LONGEST_HEADER}`;
    throw new SimdenseError('UNSUPPORTED', `save: ${message}`);
  }
  const start = 8 + Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(start + end).fill(32, 8, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - 8), true);
  bytes.set(text, 8);
  end = start;
  // Copy the bytes as they are in memory: the format is little-endian, and so is every host with WebAssembly.
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), end);
    end += data.byteLength;
  }
  return bytes;
}

/**
 * Reads a file of float32 tensors, which must fill it without gaps; NaN and infinity are accepted. Tensors are views of `bytes` if they are aligned. `first`
 * is called with the metadata before the tensors are checked, since files of a newer format may have other tensors. Throws SimdenseError 'FORMAT', which begins with `where`.
 */
export function decode(
  bytes: Uint8Array,
  first?: (metadata: Metadata) => void,
  where = 'loadModel',
): { tensors: Map<string, Tensor>; metadata: Metadata } {
  if (bytes.length < 8) refuse(where, `${bytes.length} bytes are too few for a safetensors file`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > LONGEST_HEADER)
    refuse(
      where,
      `not a safetensors file: it begins with ${show(new TextDecoder('latin1').decode(bytes.subarray(0, 8)))}`,
    );
  if (length > bytes.length - 8) {
    refuse(where, `a header of ${length} bytes in a file of ${bytes.length}: it is cut short`);
  }
  const start = 8 + length;
  const header = parse(where, bytes.subarray(8, start));
  const { __metadata__: metadata = {} } = header;
  delete header['__metadata__'];
  if (!isRecord(metadata) || Object.values(metadata).some((value) => typeof value !== 'string'))
    refuse(where, 'metadata that is not text');
  first?.(metadata as Metadata);
  const checked = Object.entries(header).map(([name, entry]) => checkEntry(where, name, entry, bytes.length - start));
  let end = 0;
  for (const { name, from, to } of [...checked].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) refuse(where, `"${name}" begins at byte ${from}, the tensor before it ends at ${end}`);
    end = to;
  }
  if (end !== bytes.length - start) refuse(where, `${bytes.length - start} bytes of numbers, the tensors fill ${end}`);
  const tensors = new Map<string, Tensor>();
  for (const { name, shape, from, to } of checked) {
    // A view if the tensor is aligned, else a copy. (bytes.slice does not copy if `bytes` is a Buffer of Node.)
    const at = bytes.byteOffset + start + from;
    const [buffer, offset] =
      at % 4 === 0 ? [bytes.buffer, at] : [new Uint8Array(bytes.subarray(start + from, start + to)).buffer, 0];
    tensors.set(name, { shape, data: new Float32Array(buffer, offset, (to - from) / 4) });
  }
  return { tensors, metadata: metadata as Metadata };
}

/** Whether braces and brackets outside of strings are nested deeper than DEEPEST: JSON.parse would take much time and memory. */
function tooDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  let text = false;
  for (let i = 0; i < bytes.length && depth <= DEEPEST; i++) {
    const byte = bytes[i] as number;
    if (byte === 34) text = !text;
    else if (text && byte === 92) i++;
    // Without bit 5, { equals [, and } equals ].
    else if (!text && (byte & 0xdf) === 91) depth++;
    else if (!text && (byte & 0xdf) === 93) depth--;
  }
  return depth > DEEPEST;
}

/** A header, which is a JSON object. Throws SimdenseError 'FORMAT' for anything else. */
export function parse(where: string, bytes: Uint8Array): Record<string, unknown> {
  if (bytes.length > SHORT && tooDeep(bytes)) refuse(where, 'a header nested too deep');
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isRecord(header)) return header;
  } catch {
    // The error is thrown below.
  }
  return refuse(where, 'the header is not a JSON object');
}

function checkEntry(
  where: string,
  name: string,
  entry: unknown,
  room: number,
): { name: string; shape: readonly number[]; from: number; to: number } {
  const { dtype, shape, data_offsets: offsets, ...others } = (isRecord(entry) ? entry : {}) as Partial<Entry>;
  if (Object.keys(others).length > 0) refuse(where, `"${name}" has unknown parts`);
  if (dtype !== 'F32') refuse(where, `"${name}" has numbers of type ${String(dtype)}, expected F32`);
  if (!Array.isArray(shape) || !shape.every(isCount)) refuse(where, `"${name}" has no shape`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    refuse(where, `"${name}" has no place`);
  const [from, to] = offsets as readonly [number, number];
  if (to > room || from > to) refuse(where, `"${name}" lies at bytes ${from} to ${to}, the file has ${room}`);
  const size = (shape as readonly number[]).reduce((product, n) => product * n, 4);
  if (to - from !== size)
    refuse(where, `"${name}" of shape ${(shape as readonly number[]).join('×')} needs ${size} bytes, has ${to - from}`);
  return { name, shape: shape as readonly number[], from, to };
}
