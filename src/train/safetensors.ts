// The safetensors format (github.com/huggingface/safetensors): eight bytes with the header's length, little-endian; the header, JSON with
// type, shape and place of each tensor; the numbers. Read without trusting anything: nothing is allocated for what a file only claims.
import { isRecord } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';

export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Texts by name. */
export type Metadata = Readonly<Record<string, string>>;

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** What the format's own reader allows. */
const LONGEST_HEADER = 100_000_000;
/** Bytes of a header that is parsed without a look at its depth first, and the depth that others may have: tensors have 3. */
const SHORT = 65_536;
const DEEPEST = 8;

export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function refuse(reason: string): never {
  throw new SimdenseError('FORMAT', `loadModel: ${reason}`);
}

/** Tensors in the order given, metadata first in the header, which is padded by spaces to a multiple of 8. */
export function encode(tensors: ReadonlyMap<string, Tensor>, metadata: Metadata): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + data.byteLength] } satisfies Entry;
    end += data.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  // What could not be read again is not written.
  if (text.length > LONGEST_HEADER) {
    const message = `the names and settings come to ${text.length} bytes; safetensors allows ${LONGEST_HEADER}`;
    throw new SimdenseError('UNSUPPORTED', `save: ${message}`);
  }
  const start = 8 + Math.ceil(text.length / 8) * 8;
  const bytes = new Uint8Array(start + end).fill(32, 8, start);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(start - 8), true);
  bytes.set(text, 8);
  let at = start;
  // As they lie in memory: every host of WebAssembly is little-endian.
  for (const { data } of tensors.values()) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/**
 * Tensors and metadata of a file of float32 tensors that fill it without gaps, NaN and infinity among them; views of it where they can be. `first` gets the
 * metadata before a tensor is looked at: a newer format may have others. Throws SimdenseError 'FORMAT'.
 */
export function decode(
  bytes: Uint8Array,
  first?: (metadata: Metadata) => void,
): { tensors: Map<string, Tensor>; metadata: Metadata } {
  if (bytes.length < 8) refuse(`${bytes.length} bytes are too few for a safetensors file`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = Number(view.getBigUint64(0, true));
  if (length > LONGEST_HEADER || length > bytes.length - 8) {
    refuse(`a header of ${length} bytes in a file of ${bytes.length}: cut short, or not a safetensors file`);
  }
  const start = 8 + length;
  const header = parse(bytes.subarray(8, start));
  const { __metadata__: metadata = {} } = header;
  delete header['__metadata__'];
  if (!isRecord(metadata) || Object.values(metadata).some((value) => typeof value !== 'string'))
    refuse('metadata that is not text');
  first?.(metadata as Metadata);
  const checked = Object.entries(header).map(([name, entry]) => checkEntry(name, entry, bytes.length - start));
  let end = 0;
  for (const { name, from, to } of [...checked].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) refuse(`"${name}" begins at byte ${from}, the tensor before it ends at ${end}`);
    end = to;
  }
  if (end !== bytes.length - start) refuse(`${bytes.length - start} bytes of numbers, the tensors fill ${end}`);
  const tensors = new Map<string, Tensor>();
  for (const { name, shape, from, to } of checked) {
    // A view where it can be one. (bytes.slice would be one of other bytes, where they are Node's Buffer.)
    const at = bytes.byteOffset + start + from;
    const [buffer, offset] =
      at % 4 === 0 ? [bytes.buffer, at] : [new Uint8Array(bytes.subarray(start + from, start + to)).buffer, 0];
    tensors.set(name, { shape, data: new Float32Array(buffer, offset, (to - from) / 4) });
  }
  return { tensors, metadata: metadata as Metadata };
}

/** Whether braces and brackets outside of texts are nested deeper than a header's are: JSON.parse takes ever longer for such, and more memory. */
function tooDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  let text = false;
  for (let i = 0; i < bytes.length && depth <= DEEPEST; i++) {
    const byte = bytes[i] as number;
    if (byte === 34) text = !text;
    else if (text && byte === 92) i++;
    // Without the bit of 32, { and [ are the same, and so are } and ].
    else if (!text && (byte & 0xdf) === 91) depth++;
    else if (!text && (byte & 0xdf) === 93) depth--;
  }
  return depth > DEEPEST;
}

function parse(bytes: Uint8Array): Record<string, unknown> {
  if (bytes.length > SHORT && tooDeep(bytes)) refuse('a header nested too deep');
  try {
    const header: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isRecord(header)) return header;
  } catch {
    // Answered below.
  }
  return refuse('the header is not a JSON object');
}

function checkEntry(
  name: string,
  entry: unknown,
  room: number,
): { name: string; shape: readonly number[]; from: number; to: number } {
  const { dtype, shape, data_offsets: offsets } = (isRecord(entry) ? entry : {}) as Partial<Entry>;
  if (dtype !== 'F32') refuse(`"${name}" has numbers of type ${String(dtype)}, expected F32`);
  if (!Array.isArray(shape) || !shape.every(isCount)) refuse(`"${name}" has no shape`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) refuse(`"${name}" has no place`);
  const [from, to] = offsets as readonly [number, number];
  if (to > room || from > to) refuse(`"${name}" lies at bytes ${from} to ${to}, the file has ${room}`);
  const size = (shape as readonly number[]).reduce((product, n) => product * n, 4);
  if (to - from !== size)
    refuse(`"${name}" of shape ${(shape as readonly number[]).join('×')} needs ${size} bytes, has ${to - from}`);
  return { name, shape: shape as readonly number[], from, to };
}
