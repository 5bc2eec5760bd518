// Files that hold numbers of fewer bits, as files of float32. Files are not trusted: what this does not check of them, decode does.
import { isRecord } from '../base/checks.js';
import { type AnyTensor, encode, isCount, LONGEST_HEADER, type Metadata, parse, refuse } from './safetensors.js';

/**
 * An empty tensor that comes first, by whose name whatever reads float32 alone refuses the file: so it says what to do, at no cost to those readers, and in
 * versions of before.
 */
export const INT8_MARK = 'int8: use loadQuantizedPredictor';
export const FLOAT16_MARK = 'float16: use fromFloat16';

/** A type of numbers: its mark, its name in files, the bytes of a number, and the numbers of some bytes. */
export interface NarrowType {
  readonly mark: string;
  readonly dtype: string;
  readonly bytes: number;
  floats(part: Uint8Array): Float32Array;
}

/** An entry's place in the file; its end is before its beginning if it has none. */
function placeOf(entry: unknown): readonly [from: number, to: number] {
  const offsets = isRecord(entry) ? entry['data_offsets'] : undefined;
  const [from, to] = Array.isArray(offsets) && offsets.length === 2 ? offsets : [];
  return isCount(from) && isCount(to) ? [from, to] : [0, -1];
}

/** The file without its mark and with its tensors of one type as float32, and the names of these. A file that has neither is returned as it is. Throws SimdenseError 'FORMAT' for tensors that do not fill the file without gaps. */
export function widened(
  where: string,
  file: Uint8Array,
  { mark, dtype: narrow, bytes, floats }: NarrowType,
): { file: Uint8Array; names: ReadonlySet<string> } {
  const names = new Set<string>();
  const length =
    file.length < 8 ? file.length : Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  // decode says what it is instead.
  if (length > Math.min(LONGEST_HEADER, file.length - 8)) return { file, names };
  const start = 8 + length;
  const { __metadata__: metadata = {}, ...entries } = parse(where, file.subarray(8, start));
  const tensors = new Map<string, AnyTensor>();
  let end = 0;
  const inOrder = Object.entries(entries).map(([name, entry]) => ({ name, entry, place: placeOf(entry) }));
  for (const { name, entry, place } of inOrder.sort((a, b) => a.place[0] - b.place[0] || a.place[1] - b.place[1])) {
    const [from, to] = place;
    if (from !== end || to < from || to > file.length - start)
      refuse(where, `"${name}" does not lie behind the tensor before it, or not within the file`);
    end = to;
    if (name === mark && to === from) continue;
    const { dtype, shape, data_offsets: _, ...others } = entry as Record<string, unknown>;
    if (Object.keys(others).length > 0) refuse(where, `"${name}" has unknown parts`);
    const part = file.subarray(start + from, start + to);
    const given = { shape: shape as AnyTensor['shape'] };
    if (dtype !== narrow) tensors.set(name, { ...given, data: part, dtype: dtype as string });
    else {
      if (part.length % bytes > 0) refuse(where, `"${name}" has ${part.length} bytes, ${bytes} a number`);
      tensors.set(name, { ...given, data: floats(part) });
      names.add(name);
    }
  }
  if (end !== file.length - start) refuse(where, `${file.length - start} bytes of numbers, the tensors fill ${end}`);
  if (names.size === 0 && !Object.hasOwn(entries, mark)) return { file, names };
  if (!isRecord(metadata)) refuse(where, 'metadata that is not text');
  return { file: encode(tensors, { ...(metadata as Metadata), format: 'simdense' }), names };
}
