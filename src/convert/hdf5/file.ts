// A reader of HDF5 files, as far as Keras writes them: groups, attributes of texts, and arrays that lie in one piece. Its source is the HDF5 File Format Specification, version 3.0
// (https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html). All else is refused by name.
import { Bytes } from './bytes.js';
import { kinds, type Message, messagesOf } from './messages.js';
import { dataType, dimensions, elements, GlobalHeaps, numbersAt } from './values.js';

export interface NumberArray {
  readonly shape: readonly number[];
  readonly data: Float32Array | Float64Array;
}

const SIGNATURE = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a];

export const isHdf5 = (bytes: Uint8Array): boolean => SIGNATURE.every((byte, i) => bytes[i] === byte);

/** Opens a file. Throws SimdenseError 'FORMAT' or 'UNSUPPORTED', as all that is read from it does; its messages begin with `where`. */
export function openHdf5(where: string, given: Uint8Array): Group {
  const bytes = new Bytes(where, given);
  if (!isHdf5(given)) throw bytes.broken('its first bytes are those of another format');
  const version = bytes.byte(8);
  const isOld = version < 2;
  const sizes = isOld ? 13 : 9;
  if (version > 3) throw bytes.unsupported(`superblock version ${version}`);
  if (bytes.byte(sizes) !== 8 || bytes.byte(sizes + 1) !== 8)
    throw bytes.unsupported('addresses of other than 8 bytes');
  const base = isOld ? 24 + 4 * version : 12;
  if (bytes.long(base) !== 0) throw bytes.unsupported('a block of the user before it');
  const end = bytes.long(base + 16);
  if (end > bytes.length) throw bytes.broken(`it has ${bytes.length} of ${end} bytes`);
  const root = bytes.long(isOld ? base + 40 : base + 24);
  return new Group(bytes, new GlobalHeaps(bytes), root);
}

/** A group, or an array. */
export class Group {
  readonly #bytes: Bytes;
  readonly #heaps: GlobalHeaps;
  readonly #messages: readonly Message[];
  #links: ReadonlyMap<string, number> | undefined;

  constructor(bytes: Bytes, heaps: GlobalHeaps, address: number) {
    this.#bytes = bytes;
    this.#heaps = heaps;
    this.#messages = messagesOf(bytes, address);
  }

  /** The names of what is in the group. */
  names(): string[] {
    return Array.from(this.#read().keys());
  }

  /** What is in the group under this path, such as 'layers/dense'. */
  at(path: string): Group | undefined {
    let found: Group = this;
    for (const name of path.split('/').filter(Boolean)) {
      const address = found.#read().get(name);
      if (address === undefined) return undefined;
      found = new Group(this.#bytes, this.#heaps, address);
    }
    return found;
  }

  /** The texts of an attribute; undefined if there is none of this name. */
  texts(name: string): readonly string[] | undefined {
    const bytes = this.#bytes;
    for (const { at } of this.#all(kinds.attribute)) {
      const version = bytes.byte(at);
      if (version < 1 || version > 3) throw bytes.broken(`an attribute of version ${version}`);
      if (version > 1 && bytes.byte(at + 1) !== 0) throw bytes.unsupported('shared messages');
      const padded = (size: number) => (version === 1 ? Math.ceil(size / 8) * 8 : size);
      const [length, typeSize, spaceSize] = [2, 4, 6].map((place) => bytes.short(at + place)) as [
        number,
        number,
        number,
      ];
      const nameAt = at + (version === 3 ? 9 : 8);
      if (bytes.text(nameAt, length).replace(/\0.*$/, '') !== name) continue;
      const typeAt = nameAt + padded(length);
      const spaceAt = typeAt + padded(typeSize);
      const count = elements(bytes, dimensions(bytes, spaceAt));
      return this.#heaps.texts(spaceAt + padded(spaceSize), count, dataType(bytes, typeAt));
    }
    const [info] = this.#all(kinds.attributeInfo);
    if (info) {
      const heapAt = info.at + 2 + (bytes.byte(info.at + 1) & 1 ? 2 : 0);
      if (bytes.address(heapAt) !== undefined) throw bytes.unsupported('attributes in a heap of their own');
    }
    return undefined;
  }

  /** The numbers, if this is an array. */
  numbers(): NumberArray | undefined {
    const bytes = this.#bytes;
    const [space, type, layout] = [kinds.dataspace, kinds.dataType, kinds.layout].map((kind) => this.#all(kind)[0]);
    if (!space || !type || !layout) return undefined;
    const [filters] = this.#all(kinds.filters);
    if (filters && bytes.byte(filters.at + 1) > 0) throw bytes.unsupported('compressed arrays');
    if (this.#all(kinds.externalFiles).length > 0) throw bytes.unsupported('numbers in other files');
    const shape = dimensions(bytes, space.at);
    const count = elements(bytes, shape);
    const element = dataType(bytes, type.at);
    const [version, kind] = [bytes.byte(layout.at), bytes.byte(layout.at + 1)];
    if (version !== 3 && version !== 4) throw bytes.unsupported(`a layout of version ${version}`);
    if (kind > 1) throw bytes.unsupported('arrays in chunks');
    if (count === 0) return { shape, data: new Float64Array() };
    const from = kind === 0 ? layout.at + 4 : bytes.address(layout.at + 2);
    const room = kind === 0 ? bytes.short(layout.at + 2) : bytes.long(layout.at + 10);
    if (from === undefined) throw bytes.broken('an array without numbers');
    if (room < count * element.size) throw bytes.broken(`an array of ${shape.join('×')} in ${room} bytes`);
    return { shape, data: numbersAt(bytes, from, count, element) };
  }

  #all(type: number): readonly Message[] {
    return this.#messages.filter((message) => message.type === type);
  }

  /** The addresses of what is in the group, by name. */
  #read(): ReadonlyMap<string, number> {
    this.#links ??= new Map([...this.#linked(), ...this.#all(kinds.symbolTable).flatMap(({ at }) => this.#listed(at))]);
    return this.#links;
  }

  /** What link messages lead to (IV.A.2.g). */
  #linked(): [string, number][] {
    const bytes = this.#bytes;
    for (const { at } of this.#all(kinds.linkInfo)) {
      const heapAt = at + 2 + (bytes.byte(at + 1) & 1 ? 8 : 0);
      if (bytes.address(heapAt) !== undefined) throw bytes.unsupported('groups in a heap of their own');
    }
    return this.#all(kinds.link).flatMap(({ at }): [string, number][] => {
      const flags = bytes.byte(at + 1);
      const isHard = !(flags & 8) || bytes.byte(at + 2) === 0;
      const lengthAt = at + 2 + (flags & 8 ? 1 : 0) + (flags & 4 ? 8 : 0) + (flags & 16 ? 1 : 0);
      const nameAt = lengthAt + 2 ** (flags & 3);
      const length = bytes.sized(lengthAt, flags & 3);
      return isHard ? [[bytes.text(nameAt, length), bytes.long(nameAt + length)]] : [];
    });
  }

  /** What a symbol table leads to: a tree (III.A.1) of nodes (III.B), and a heap with their names (III.D). */
  #listed(at: number): [string, number][] {
    const bytes = this.#bytes;
    const heap = bytes.long(at + 8);
    bytes.expect(heap, 'HEAP');
    const names = bytes.long(heap + 24);
    const found: [string, number][] = [];
    const nodes = [{ address: bytes.long(at), level: Number.POSITIVE_INFINITY }];
    for (let node = nodes.pop(); node; node = nodes.pop()) {
      const { address, level } = node;
      bytes.count();
      if (level >= 0) {
        bytes.expect(address, 'TREE');
        const own = bytes.byte(address + 5);
        if (bytes.byte(address + 4) !== 0 || own >= level) throw bytes.broken('a tree that is no tree');
        for (let i = bytes.short(address + 6) - 1; i >= 0; i--) {
          bytes.count();
          nodes.push({ address: bytes.long(address + 32 + 16 * i), level: own === 0 ? -1 : own });
        }
        continue;
      }
      bytes.expect(address, 'SNOD');
      for (let i = 0; i < bytes.short(address + 6); i++) {
        bytes.count();
        const entry = address + 8 + 40 * i;
        // A symbolic link has no address.
        if (bytes.int(entry + 16) !== 2)
          found.push([bytes.textToZero(names + bytes.long(entry)), bytes.long(entry + 8)]);
      }
    }
    return found;
  }
}
