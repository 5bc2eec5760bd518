// The cells of a column while it grows: in chunks, so that nothing is copied twice, and each array only where it is needed.

/** Cells of a full chunk. The first chunks are smaller, for tables with few rows: 64 bytes are the most that V8 keeps within the array itself. */
const CHUNK = 2 ** 16;
const FIRST = 2 ** 3;

interface Chunk {
  readonly from: number;
  readonly length: number;
  /** NaN where a cell is missing or a text. Undefined while no cell is a number. */
  numbers: Float64Array | undefined;
  /** The index of a text; −1 where a cell is missing or a number, −2 where it is missing otherwise. Undefined while no cell is a text. */
  codes: Int32Array | undefined;
}

/** A cell that is missing otherwise than the most: by a word, or as an empty text beside nulls. */
const OTHERWISE = -2;

const before: Chunk = Object.freeze({ from: 0, length: 0, numbers: undefined, codes: undefined });

/** Numbers, texts by their codes, and missing cells, in order. */
export class Chunks {
  length = 0;
  #chunks: Chunk[] = [];
  #last: Chunk = before;

  addNumber(value: number): void {
    const last = this.#last;
    const at = this.length++ - last.from;
    if (at < last.length && last.numbers) last.numbers[at] = value;
    else this.#addSlowly(value, -1);
  }

  addCode(code: number): void {
    const last = this.#last;
    const at = this.length++ - last.from;
    if (at < last.length && last.codes) last.codes[at] = code;
    else this.#addSlowly(Number.NaN, code);
  }

  /** Adds missing cells. */
  addMissing(count: number): void {
    this.length += count;
  }

  /** Adds a missing cell that is told from those of addMissing. */
  addOtherwiseMissing(): void {
    this.addCode(OTHERWISE);
  }

  #addSlowly(value: number, code: number): void {
    let chunk = this.#last;
    while (this.length - 1 >= chunk.from + chunk.length) chunk = this.#addChunk();
    const place = this.length - 1 - chunk.from;
    if (code === -1) {
      chunk.numbers ??= new Float64Array(chunk.length).fill(Number.NaN);
      chunk.numbers[place] = value;
    } else {
      chunk.codes ??= new Int32Array(chunk.length).fill(-1);
      chunk.codes[place] = code;
    }
  }

  #addChunk(): Chunk {
    const { from, length } = this.#last;
    const next = {
      from: from + length,
      length: Math.min(CHUNK, Math.max(FIRST, from + length)),
      numbers: undefined,
      codes: undefined,
    };
    this.#chunks.push(next);
    this.#last = next;
    return next;
  }

  /** All numbers; NaN where a cell is none. `of` has the number of each text, by its code; `changed` changes the others. The chunks are let go. */
  takeNumbers(of?: ArrayLike<number>, changed?: (value: number) => number): Float64Array {
    const values = new Float64Array(this.length).fill(Number.NaN);
    for (const { from, numbers, codes } of this.#take()) {
      const count = Math.min(numbers?.length ?? codes?.length ?? 0, this.length - from);
      if (numbers) values.set(changed ? numbers.subarray(0, count).map(changed) : numbers.subarray(0, count), from);
      if (!codes || !of) continue;
      for (let i = 0; i < count; i++) {
        const code = codes[i] as number;
        if (code >= 0) values[from + i] = of[code] as number;
      }
    }
    return values;
  }

  /**
   * The codes of all cells, in order: a number's by `ofNumber`, a text's by `ofCode` from its code so far. `missing` is that of a missing cell, `otherwise` of one by
   * addOtherwiseMissing. The chunks are let go.
   */
  takeCodes(
    ofNumber: (value: number) => number,
    ofCode: (code: number) => number,
    { missing = -1, otherwise = -1 }: { readonly missing?: number; readonly otherwise?: number } = {},
  ): Int32Array {
    const all = new Int32Array(this.length).fill(missing);
    for (const { from, numbers, codes } of this.#take()) {
      const count = Math.min(numbers?.length ?? codes?.length ?? 0, this.length - from);
      for (let i = 0; i < count; i++) {
        const code = codes ? (codes[i] as number) : -1;
        const value = numbers && code < 0 ? (numbers[i] as number) : Number.NaN;
        if (code >= 0) all[from + i] = ofCode(code);
        else if (!Number.isNaN(value)) all[from + i] = ofNumber(value);
        else if (code === OTHERWISE) all[from + i] = otherwise;
      }
    }
    return all;
  }

  /** Makes missing cells of the numbers in a set, with `otherwise` as addOtherwiseMissing does. Returns those that were found, and whether other numbers are left. */
  dropNumbers(
    gone: ReadonlySet<number>,
    otherwise: boolean,
  ): { readonly dropped: ReadonlySet<number>; readonly left: boolean } {
    const dropped = new Set<number>();
    let left = false;
    for (const chunk of this.#chunks) {
      const { numbers } = chunk;
      if (!numbers) continue;
      for (let i = 0; i < numbers.length; i++) {
        const value = numbers[i] as number;
        if (gone.has(value)) {
          dropped.add(value);
          numbers[i] = Number.NaN;
          if (!otherwise) continue;
          chunk.codes ??= new Int32Array(chunk.length).fill(-1);
          chunk.codes[i] = OTHERWISE;
        } else left ||= !Number.isNaN(value);
      }
    }
    return { dropped, left };
  }

  /** Turns the numbers so far into texts. */
  numbersToCodes(codeOf: (value: number) => number): void {
    for (const chunk of this.#chunks) {
      const { length, numbers } = chunk;
      if (!numbers) continue;
      chunk.codes ??= new Int32Array(length).fill(-1);
      const count = Math.min(length, this.length - chunk.from);
      for (let i = 0; i < count; i++) if (!Number.isNaN(numbers[i])) chunk.codes[i] = codeOf(numbers[i] as number);
      chunk.numbers = undefined;
    }
  }

  /** Calls `visit` with each number, and with the code of each text (−1 for a number), in order of the rows. It ends when `visit` returns true. */
  some(visit: (value: number, code: number, row: number) => boolean): boolean {
    for (const { from, numbers, codes } of this.#chunks) {
      const count = Math.min(numbers?.length ?? codes?.length ?? 0, this.length - from);
      for (let i = 0; i < count; i++) {
        const code = codes ? (codes[i] as number) : -1;
        const value = numbers && code < 0 ? (numbers[i] as number) : Number.NaN;
        if ((code >= 0 || !Number.isNaN(value)) && visit(value, code, from + i)) return true;
      }
    }
    return false;
  }

  #take(): Chunk[] {
    const chunks = this.#chunks;
    this.#chunks = [];
    return chunks;
  }
}
