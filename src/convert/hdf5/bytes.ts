// The bytes of an HDF5 file, and what reading them may cost. Files are not trusted: each place is checked, and what is read twice is counted twice.
import { SimdenseError } from '../../base/errors.js';

/** Structures that a file may have: an honest one of a network has a few for each layer. */
const MOST_STRUCTURES = 1e6;

/** The address that means: nowhere. */
const NOWHERE = 0xffff_ffff_ffff_ffffn;

export class Bytes {
  readonly where: string;
  readonly length: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #structures = 0;
  #taken = 0;

  constructor(where: string, bytes: Uint8Array) {
    this.where = where;
    this.length = bytes.length;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  broken(reason: string): SimdenseError {
    return new SimdenseError('FORMAT', `${this.where}: the HDF5 file is broken or cut short: ${reason}`);
  }

  unsupported(what: string): SimdenseError {
    return new SimdenseError('UNSUPPORTED', `${this.where}: HDF5 with ${what} is not supported`);
  }

  /** Counts a structure. Throws SimdenseError 'FORMAT' for more than any network has, such as those of a circle. */
  count(): void {
    if (++this.#structures > MOST_STRUCTURES) throw this.broken('it has too many parts');
  }

  byte(at: number): number {
    return this.#view.getUint8(this.#at(at, 1));
  }

  short(at: number): number {
    return this.#view.getUint16(this.#at(at, 2), true);
  }

  int(at: number): number {
    return this.#view.getUint32(this.#at(at, 4), true);
  }

  /** A size or count of eight bytes. */
  long(at: number): number {
    const value = this.#view.getBigUint64(this.#at(at, 8), true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw this.broken(`a size of ${value}`);
    return Number(value);
  }

  /** An address; undefined for nowhere. */
  address(at: number): number | undefined {
    return this.#view.getBigUint64(this.#at(at, 8), true) === NOWHERE ? undefined : this.long(at);
  }

  /** A whole number of 1, 2, 4 or 8 bytes, whose count is 2 to this power. */
  sized(at: number, power: number): number {
    return [this.byte, this.short, this.int, this.long][power]?.call(this, at) as number;
  }

  /** Throws SimdenseError 'FORMAT' if these four characters do not stand there. */
  expect(at: number, signature: string): void {
    if (this.text(at, 4) !== signature) throw this.broken(`no ${signature} at byte ${at}`);
  }

  text(at: number, length: number): string {
    return new TextDecoder().decode(this.take(at, length));
  }

  /** The text up to a zero. */
  textToZero(at: number): string {
    const end = this.#bytes.indexOf(0, this.#at(at, 1));
    if (end < 0) throw this.broken(`a name at byte ${at} that does not end`);
    return this.text(at, end - at);
  }

  /** Some bytes. All that are taken are no more than a few times the file, though several places of it may share them. */
  take(at: number, length: number): Uint8Array {
    this.#at(at, length);
    this.#taken += length;
    if (this.#taken > 4 * this.length + 2 ** 16) throw this.broken('its parts overlap');
    return this.#bytes.subarray(at, at + length);
  }

  #at(at: number, length: number): number {
    if (!(at >= 0 && length >= 0 && at + length <= this.length))
      throw this.broken(`${length} bytes at byte ${at} of ${this.length}`);
    return at;
  }
}
