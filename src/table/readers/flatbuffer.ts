// Tables of a FlatBuffer, as Arrow's messages are: https://flatbuffers.dev/internals. A place outside of the buffer throws a RangeError.

/** A table whose place stands at `at`. */
export class FlatTable {
  readonly view: DataView;
  readonly #pos: number;
  readonly #vtable: number;

  constructor(view: DataView, at: number) {
    this.view = view;
    this.#pos = at + view.getUint32(at, true);
    this.#vtable = this.#pos - view.getInt32(this.#pos, true);
  }

  /** The place of a field by its number; 0 if it is absent. */
  place(field: number): number {
    const entry = 4 + 2 * field;
    if (entry >= this.view.getUint16(this.#vtable, true)) return 0;
    const offset = this.view.getUint16(this.#vtable + entry, true);
    return offset && this.#pos + offset;
  }

  byte(field: number): number {
    const place = this.place(field);
    return place && this.view.getUint8(place);
  }

  short(field: number): number {
    const place = this.place(field);
    return place && this.view.getInt16(place, true);
  }

  int(field: number): number {
    const place = this.place(field);
    return place && this.view.getInt32(place, true);
  }

  long(field: number): number {
    const place = this.place(field);
    return place && longAt(this.view, place);
  }

  table(field: number): FlatTable | undefined {
    const place = this.place(field);
    return place ? new FlatTable(this.view, place) : undefined;
  }

  text(field: number): string {
    const { at, count } = this.vector(field, 1);
    return new TextDecoder().decode(new Uint8Array(this.view.buffer, this.view.byteOffset + at, count));
  }

  /** Where the items of a vector are, and how many; none if the field is absent. */
  vector(field: number, itemBytes: number): { readonly at: number; readonly count: number } {
    const place = this.place(field);
    if (!place) return { at: 0, count: 0 };
    const base = place + this.view.getUint32(place, true);
    const count = this.view.getUint32(base, true);
    const at = base + 4;
    if (at + count * itemBytes > this.view.byteLength) throw new RangeError(`a list of ${count} items`);
    return { at, count };
  }
}

/** A whole number from 0 up that a float64 holds. */
export function longAt(view: DataView, at: number): number {
  const value = Number(view.getBigInt64(at, true));
  if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`a length of ${value}`);
  return value;
}
