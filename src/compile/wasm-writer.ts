// What writes the code of a compiled network: local variables, loops over vectors, and expressions on four numbers at a time.
import type { Expression, Operation } from './expression.js';
import { Code, F32, F64, I32, type Instruction, V128 } from './wasm-bytes.js';

/** Vectors that hold so many numbers. */
export const vectors = (width: number): number => Math.ceil(width / 4);

/** Where constants and numbers lie in memory. */
export class Layout {
  readonly #parts: Uint8Array[] = [];
  #length = 0;

  /** The address of bytes, padded to whole vectors. */
  put({ buffer, byteOffset, byteLength }: Float32Array | Int8Array): number {
    const at = this.#length;
    const part = new Uint8Array(16 * Math.ceil(byteLength / 16));
    part.set(new Uint8Array(buffer, byteOffset, byteLength));
    this.#parts.push(part);
    this.#length += part.length;
    return at;
  }

  /** The address of room for so many bytes. */
  room(bytes: number): number {
    return this.put(new Int8Array(bytes));
  }

  get bytes(): Uint8Array {
    const all = new Uint8Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      all.set(part, at);
      at += part.length;
    }
    return all;
  }
}

const instructions: Readonly<Partial<Record<Operation['op'], Instruction>>> = {
  add: 'f32x4.add',
  sub: 'f32x4.sub',
  mul: 'f32x4.mul',
  div: 'f32x4.div',
  abs: 'f32x4.abs',
  neg: 'f32x4.neg',
  nearest: 'f32x4.nearest',
  lt: 'f32x4.lt',
  gt: 'f32x4.gt',
  ge: 'f32x4.ge',
  eq: 'f32x4.eq',
  select: 'v128.bitselect',
  trunc: 'i32x4.trunc_sat_f32x4_s',
  convert: 'f32x4.convert_i32x4_s',
  addBits: 'i32x4.add',
  subBits: 'i32x4.sub',
  shl: 'i32x4.shl',
  shr: 'i32x4.shr_s',
  and: 'v128.and',
  or: 'v128.or',
};

export class Writer {
  readonly code = new Code();
  readonly layout = new Layout();
  /** Addresses: of what is read, of what is written, of constants, and where a loop ends. */
  readonly from = this.code.local(I32);
  readonly to = this.code.local(I32);
  readonly other = this.code.local(I32);
  readonly end = this.code.local(I32);
  readonly last = this.code.local(I32);
  readonly top = this.code.local(F32);
  readonly spread = this.code.local(F64);
  readonly #free: number[] = [];

  /** Local vectors, which are given back behind `use`. */
  using(count: number, use: (locals: readonly number[]) => void): void {
    const own = Array.from({ length: count }, () => this.#free.pop() ?? this.code.local(V128));
    use(own);
    for (const local of own.reverse()) this.#free.push(local);
  }

  /** An expression of the vector on the stack. */
  expression({ operations }: Expression): void {
    const uses = operations.map(() => 0);
    for (const { of } of operations) for (const each of of) uses[each] = (uses[each] as number) + 1;
    const isKept = ({ op }: Operation, i: number): boolean =>
      op === 'input' ||
      ((uses[i] as number) > 1 && op !== 'float' && op !== 'bits' && op !== 'bitsOf' && op !== 'floatOf');
    const kept = operations.flatMap((operation, i) => (isKept(operation, i) ? [i] : []));
    this.using(kept.length, (locals) => {
      const place = new Map(kept.map((i, n) => [i, locals[n] as number]));
      for (const [i, { op }] of operations.entries()) if (op === 'input') this.code.set(place.get(i) as number);
      const value = (i: number): void => {
        const local = place.get(i);
        if (local === undefined) compute(i);
        else this.code.get(local);
      };
      const compute = (i: number): void => {
        const { op, of, value: constant } = operations[i] as Operation;
        if (op === 'float') this.code.floats(constant);
        if (op === 'bits') this.code.vector([0, 8, 16, 24].map((shift) => (constant >> shift) & 255));
        for (const each of of) value(each);
        if (op === 'shl' || op === 'shr') this.code.integer(constant);
        const instruction = instructions[op];
        if (instruction) this.code.op(instruction);
      };
      for (const i of kept) {
        if ((operations[i] as Operation).op === 'input') continue;
        compute(i);
        this.code.set(place.get(i) as number);
      }
      value(operations.length - 1);
    });
  }

  start(local: number, address: number): void {
    this.code.integer(address);
    this.code.set(local);
  }

  /** Repeats a body for each vector of an array in place; `body` gets its address, and steps of other addresses by 16 bytes. */
  eachVector(at: number, count: number, body: (from: number) => void, others: readonly number[] = []): void {
    if (count === 0) return;
    this.start(this.from, at);
    this.start(this.end, at + 16 * count);
    this.code.repeat(this.from, this.end, () => {
      body(this.from);
      for (const local of [this.from, ...others]) this.code.advance(local, 16);
    });
  }

  /** Changes each vector in place. */
  map(at: number, width: number, change: () => void): void {
    this.eachVector(at, vectors(width), (from) => {
      this.code.get(from);
      this.code.get(from);
      this.code.memory('v128.load');
      change();
      this.code.memory('v128.store');
    });
  }

  /** Visits the vectors of a row; the last one as it is only where it is full. `visit` finds the vector on the stack. */
  visit(at: number, width: number, visit: (masked: boolean) => void): void {
    const full = Math.floor(width / 4);
    this.eachVector(at, full, (from) => {
      this.code.get(from);
      this.code.memory('v128.load');
      visit(false);
    });
    if (width % 4 === 0) return;
    this.start(this.from, at + 16 * full);
    this.code.get(this.from);
    this.code.memory('v128.load');
    visit(true);
  }

  /** The lanes that the last vector of a row has. */
  mask(width: number): void {
    this.code.vector(Array.from({ length: 16 }, (_, i) => (i < 4 * (width % 4) ? 255 : 0)));
  }

  /** (l0 ∘ l1) ∘ (l2 ∘ l3) of the lanes of a vector. */
  lanes(vector: number, op: 'f32.max' | 'f32.add'): void {
    for (const pair of [0, 2]) {
      for (const lane of [pair, pair + 1]) {
        this.code.get(vector);
        this.code.op('f32x4.extract_lane', lane);
      }
      this.code.op(op);
    }
    this.code.op(op);
  }

  /** Loads the vector that lies beside the results, so many bytes away. */
  beside(distance: number, offset: number): void {
    this.code.get(this.to);
    this.code.integer(distance);
    this.code.op('i32.add');
    this.code.memory('v128.load', offset);
  }
}
