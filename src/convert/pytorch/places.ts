// Where the tensors of a state dict lie in its file. The core's own reader takes float32 alone, so that every program stays small; PyTorch saves other types too.
import { isRecord } from '../../base/checks.js';
import { parse } from '../../train/safetensors.js';
import { broken } from '../refusals.js';

/** A tensor's place in a file: its numbers are the bytes `from` to `to`. */
export interface TensorPlace {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

const isCount = (n: unknown): n is number => Number.isSafeInteger(n) && (n as number) >= 0;

/** The places of a file's tensors, in the header's order. Their types are among those of `sizes`, with the bytes of an element. Throws SimdenseError 'FORMAT' for anything else. */
export function readPlaces(bytes: Uint8Array, where: string, sizes: Readonly<Record<string, number>>): TensorPlace[] {
  const length =
    bytes.length < 8
      ? Number.POSITIVE_INFINITY
      : Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > bytes.length - 8) throw broken(where, 'the bytes are not a safetensors file, or are cut short');
  const start = 8 + length;
  const { __metadata__: _, ...tensors } = parse(where, bytes.subarray(8, start));
  const places = Object.entries(tensors).map(([name, entry]) =>
    placeOf(where, name, entry, bytes.length - start, sizes),
  );
  let end = 0;
  for (const { name, from, to } of [...places].sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) throw broken(where, `"${name}" begins at byte ${from}, the tensor before it ends at ${end}`);
    end = to;
  }
  if (end !== bytes.length - start)
    throw broken(where, `${bytes.length - start} bytes of numbers, the tensors fill ${end}`);
  return places.map((place) => ({ ...place, from: start + place.from, to: start + place.to }));
}

function placeOf(
  where: string,
  name: string,
  entry: unknown,
  room: number,
  sizes: Readonly<Record<string, number>>,
): TensorPlace {
  const { dtype, shape, data_offsets: offsets } = (isRecord(entry) ? entry : {}) as Record<string, unknown>;
  if (typeof dtype !== 'string' || !Object.hasOwn(sizes, dtype))
    throw broken(where, `"${name}" has numbers of type ${String(dtype)}, expected ${Object.keys(sizes).join(', ')}`);
  if (!Array.isArray(shape) || !Array.from(shape).every(isCount)) throw broken(where, `"${name}" has no shape`);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount))
    throw broken(where, `"${name}" has no place`);
  const [from, to] = offsets as [number, number];
  if (to > room || from > to) throw broken(where, `"${name}" lies at bytes ${from} to ${to}, the file has ${room}`);
  const size = (shape as readonly number[]).reduce((product, n) => product * n, sizes[dtype] as number);
  if (to - from !== size)
    throw broken(where, `"${name}" of shape ${shape.join('×')} needs ${size} bytes, has ${to - from}`);
  return { name, dtype, shape: shape as readonly number[], from, to };
}
