// The rows that learning goes on to repeat, so that what was learnt before is not forgotten: class-balancing reservoir sampling (Chrysakis & Moens, Online Continual Learning from Imbalanced Data, 2020).
// While there is room, all rows are kept. Then a row of a smaller class takes the place of one of the largest class, and one of the largest a place of its own class, with the chance that makes the kept
// rows of a class a fair sample of all its rows.

/** Random 32-bit words. */
export type Words = () => number;

/** A whole number from 0 to below `count`. */
const below = (count: number, next: Words): number => Math.floor((next() * count) / 2 ** 32);

/** The kept rows of the classes, in order of the classes. */
export interface KeptRows {
  readonly data: Float32Array;
  /** How many rows of each class are kept. */
  readonly counts: readonly number[];
}

export class Memory {
  /** How many rows of each class have come. */
  readonly seen: number[];
  readonly #keep: number;
  readonly #kept: Float32Array[][];

  /** `seen` and `kept` are those of a file. */
  constructor(keep: number, seen: readonly number[] = [], kept: readonly (readonly Float32Array[])[] = []) {
    this.#keep = keep;
    this.seen = [...seen];
    this.#kept = seen.map((_, index) => [...(kept[index] ?? [])]);
  }

  /** A memory that goes on from kept rows, which it takes over. */
  static of(keep: number, seen: readonly number[], { data, counts }: KeptRows, columns: number): Memory {
    let at = 0;
    const kept = counts.map((count) =>
      Array.from({ length: count }, () => {
        at += columns;
        return data.subarray(at - columns, at);
      }),
    );
    return new Memory(keep, seen, kept);
  }

  /** The number of rows that have come. */
  get rows(): number {
    return this.seen.reduce((sum, count) => sum + count, 0);
  }

  addClass(): void {
    this.seen.push(0);
    this.#kept.push([]);
  }

  /** Takes a row, which it does not copy, or lets it go. */
  add(row: Float32Array, index: number, next: Words): void {
    const own = this.#kept[index] as Float32Array[];
    const seen = (this.seen[index] as number) + 1;
    this.seen[index] = seen;
    if (this.#keep > this.#kept.reduce((sum, { length }) => sum + length, 0)) {
      own.push(row);
      return;
    }
    const largest = this.#kept.reduce((most, rows) => (rows.length > most.length ? rows : most));
    if (own.length < largest.length) {
      largest[below(largest.length, next)] = largest.at(-1) as Float32Array;
      largest.pop();
      own.push(row);
      return;
    }
    const place = below(seen, next);
    if (place < own.length) own[place] = row;
  }

  /** Draws a kept row and its class: the classes in proportion to all their rows. Undefined if there is none. */
  draw(next: Words): { readonly row: Float32Array; readonly index: number } | undefined {
    const weights = this.#kept.map(({ length }, index) => (length > 0 ? (this.seen[index] as number) : 0));
    const sum = weights.reduce((all, weight) => all + weight, 0);
    if (sum === 0) return undefined;
    let left = below(sum, next);
    const index = weights.findIndex((weight) => {
      left -= weight;
      return left < 0;
    });
    const rows = this.#kept[index] as Float32Array[];
    return { row: rows[below(rows.length, next)] as Float32Array, index };
  }

  /** A copy of the kept rows. */
  keptRows(columns: number): KeptRows {
    const rows = this.#kept.flat();
    const data = new Float32Array(rows.length * columns);
    for (const [i, row] of rows.entries()) data.set(row, i * columns);
    return { data, counts: this.#kept.map(({ length }) => length) };
  }
}
