// What writes the code of compiled networks: functions, local variables, loops over vectors, and expressions on four numbers at a time.
import type { Expression, Operation } from './expression.js';
import { Code, I32, type Instruction, V128 } from './wasm-bytes.js';

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

  get length(): number {
    return this.#length;
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

/** The functions of a module, each written once, and its constants. */
export class Functions {
  readonly layout = new Layout();
  readonly all: Code[] = [];
  readonly #places = new Map<string, number>();

  /** Calls a function from `w`, with integers. It is written where its name is new; `write` gets its parameters. */
  call(
    w: Writer,
    name: string,
    values: readonly number[],
    write: (own: Writer, parameters: readonly number[]) => void,
  ): void {
    let place = this.#places.get(name);
    if (place === undefined) {
      const own = new Writer(values.map(() => I32));
      place = this.all.push(own.code) - 1;
      this.#places.set(name, place);
      write(
        own,
        values.map((_, i) => i),
      );
    }
    for (const value of values) w.code.integer(value);
    w.code.call(place);
  }
}

/** Writes a function. */
export class Writer {
  readonly code: Code;
  readonly #free: number[] = [];

  constructor(parameters: readonly number[] = []) {
    this.code = new Code(parameters);
  }

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

  /** A copy of an address, with so many bytes added. */
  address(of: number, bytes = 0): number {
    const local = this.code.local(I32);
    this.moveTo(local, of, bytes);
    return local;
  }

  moveTo(local: number, of: number, bytes = 0): void {
    this.code.get(of);
    if (bytes !== 0) {
      this.code.integer(bytes);
      this.code.op('i32.add');
    }
    this.code.set(local);
  }

  /** Changes each vector between two addresses in place, one at least; both are changed. `change` finds the vector on the stack; other addresses move along. */
  map(from: number, end: number, change: () => void, others: readonly number[] = []): void {
    const { code } = this;
    code.repeat(from, end, () => {
      code.get(from);
      code.get(from);
      code.memory('v128.load');
      change();
      code.memory('v128.store');
      for (const local of [from, ...others]) code.advance(local, 16);
    });
  }

  /** Visits the vectors of a row; the last one is masked where it is not full. `visit` finds the vector on the stack, and gets its address. */
  visit(at: number, width: number, visit: (from: number, masked: boolean) => void): void {
    const { code } = this;
    const full = Math.floor(width / 4);
    const from = this.address(at);
    const load = (): void => {
      code.get(from);
      code.memory('v128.load');
    };
    if (full > 0) {
      const end = this.address(at, 16 * full);
      code.repeat(from, end, () => {
        load();
        visit(from, false);
        code.advance(from, 16);
      });
    }
    if (width % 4 === 0) return;
    load();
    visit(from, true);
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
}
