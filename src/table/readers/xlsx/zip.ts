// The files within a zip file, by its central directory: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.
import { SimdenseError } from '../../../base/errors.js';
import { crc32 } from '../crc32.js';
import { inflated } from '../inflated.js';

const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;
const END_BYTES = 22;
const MOST_COMMENT = 0xffff;
/** A size or a place that stands in a field of its own, as it may be longer. */
const LONGER = 0xffffffff;
const ZIP64 = 1;
const [STORED, DEFLATED] = [0, 8];

interface Entry {
  readonly method: number;
  readonly packed: number;
  readonly at: number;
  readonly crc: number;
}

export class Zip {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #entries = new Map<string, Entry>();

  /** Throws errors of all kinds where the file is broken. */
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#view = view;
    const end = this.#endOfDirectory();
    const count = view.getUint16(end + 10, true);
    let at = view.getUint32(end + 16, true);
    for (let i = 0; i < count; i++) {
      if (view.getUint32(at, true) !== ENTRY) throw new RangeError('no entry of a zip file');
      const [nameLength, extraLength, commentLength] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
      const extra = at + 46 + (nameLength as number);
      const name = new TextDecoder().decode(bytes.subarray(at + 46, extra));
      const flags = view.getUint16(at + 8, true);
      if (flags & 1) throw new SimdenseError('UNSUPPORTED', 'readTable: the xlsx file is encrypted');
      const [packed, place] = longer(view, at, extra, extraLength as number);
      this.#entries.set(name, {
        method: view.getUint16(at + 10, true),
        packed,
        at: place,
        crc: view.getUint32(at + 16, true),
      });
      at = extra + (extraLength as number) + (commentLength as number);
    }
  }

  /** The names of the files, with their folders. */
  names(): IterableIterator<string> {
    return this.#entries.keys();
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** The content of a file; undefined if there is none of this name. */
  async read(name: string): Promise<Uint8Array[] | undefined> {
    const entry = this.#entries.get(name);
    if (!entry) return undefined;
    const { method, packed, at, crc } = entry;
    if (this.#view.getUint32(at, true) !== LOCAL) throw new RangeError('no file within a zip file');
    const from = at + 30 + this.#view.getUint16(at + 26, true) + this.#view.getUint16(at + 28, true);
    if (from + packed > this.#bytes.length) throw new RangeError('a file beyond the end of a zip file');
    const bytes = this.#bytes.subarray(from, from + packed);
    if (method !== STORED && method !== DEFLATED)
      throw new SimdenseError('UNSUPPORTED', `readTable: the xlsx file is compressed by method ${method}`);
    const parts: Uint8Array[] = [];
    if (method === STORED) parts.push(bytes);
    else for await (const part of inflated('xlsx', [bytes])) parts.push(part);
    if (crc32(parts) !== crc) throw new RangeError('a file with a wrong checksum within a zip file');
    return parts;
  }

  #endOfDirectory(): number {
    const { length } = this.#bytes;
    for (let at = length - END_BYTES; at >= 0 && at >= length - END_BYTES - MOST_COMMENT; at--)
      if (this.#view.getUint32(at, true) === END) return at;
    throw new RangeError('the zip file has no directory');
  }
}

/** The compressed size of an entry, and its place; both may stand among the extra fields. */
function longer(view: DataView, at: number, extra: number, extraLength: number): [packed: number, place: number] {
  const size = view.getUint32(at + 24, true);
  let packed = view.getUint32(at + 20, true);
  let place = view.getUint32(at + 42, true);
  for (let field = extra; field + 4 <= extra + extraLength; field += 4 + view.getUint16(field + 2, true)) {
    if (view.getUint16(field, true) !== ZIP64) continue;
    let next = field + 4;
    const take = (): number => {
      next += 8;
      return Number(view.getBigUint64(next - 8, true));
    };
    if (size === LONGER) take();
    if (packed === LONGER) packed = take();
    if (place === LONGER) place = take();
  }
  return [packed, place];
}
