// A hash of 64 bits that tells whether a shard, or a preparation, is still the one that was seen before. It guards against mistakes, not against forgery.
import type { TableData } from '../../table/kind.js';

/** Numbers that are mixed in one slice: a few milliseconds. */
const SLICE = 2 ** 18;

/** Two lanes of MurmurHash3's mixing of 32-bit words, with different seeds. */
class Mixer {
  #a = 0x9747b28c;
  #b = 0x3c6ef372;

  add(word: number): void {
    const k = Math.imul((Math.imul(word, 0xcc9e2d51) << 15) | (Math.imul(word, 0xcc9e2d51) >>> 17), 0x1b873593);
    const a = this.#a ^ k;
    this.#a = (Math.imul((a << 13) | (a >>> 19), 5) + 0xe6546b64) | 0;
    const b = this.#b ^ (k + 0x7f4a7c15);
    this.#b = (Math.imul((b << 17) | (b >>> 15), 9) + 0x52dce729) | 0;
  }

  text(text: string): void {
    this.add(text.length);
    for (let i = 0; i < text.length; i++) this.add(text.charCodeAt(i));
  }

  end(): string {
    const hex = (word: number): string => {
      const once = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
      const twice = Math.imul(once ^ (once >>> 13), 0xc2b2ae35);
      return ((twice ^ (twice >>> 16)) >>> 0).toString(16).padStart(8, '0');
    };
    return hex(this.#a) + hex(this.#b);
  }
}

export function fingerprintOf(text: string): string {
  const mixer = new Mixer();
  mixer.text(text);
  return mixer.end();
}

/** The fingerprint of a table's columns and cells. In slices; the event loop may turn between them. */
export function* fingerprinting({ rows, columns }: TableData): Generator<undefined, string> {
  const mixer = new Mixer();
  mixer.add(rows);
  const both = new Float64Array(1);
  const halves = new Uint32Array(both.buffer);
  let count = 0;
  for (const { name, holds, cells } of columns) {
    mixer.text(name);
    mixer.text(holds);
    if ('texts' in cells) for (const text of cells.texts) mixer.text(text);
    const list = 'codes' in cells ? cells.codes : cells.values;
    for (let row = 0; row < list.length; row++) {
      const value = list[row] as number;
      // A NaN may have any of many bits.
      both[0] = Number.isNaN(value) ? Number.NaN : value;
      mixer.add(Number.isNaN(value) ? 0x7ff80000 : (halves[0] as number));
      mixer.add(Number.isNaN(value) ? 1 : (halves[1] as number));
      if (++count % SLICE === 0) yield;
    }
  }
  return mixer.end();
}
