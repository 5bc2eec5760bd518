// The binary format of WebAssembly, as far as compiled networks need it. Source: WebAssembly Core Specification, release 2.0, chapter 5.

/** Types of values. */
export const [I32, F32, F64, V128] = [0x7f, 0x7d, 0x7c, 0x7b] as const;

/** An unsigned number in LEB128. */
export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 127) | (rest > 127 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return bytes;
}

/** A signed number of 32 bits in LEB128. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const low = rest & 127;
    rest >>= 7;
    const isLast = (rest === 0 && (low & 64) === 0) || (rest === -1 && (low & 64) !== 0);
    bytes.push(isLast ? low : low | 128);
    if (isLast) return bytes;
  }
}

const text = (value: string): number[] => [...unsigned(value.length), ...Array.from(value, (c) => c.charCodeAt(0))];

/** The bytes of a number in memory, the lowest first. */
export function littleEndian(value: number, bytes: 4 | 8): number[] {
  const view = new DataView(new ArrayBuffer(bytes));
  if (bytes === 4) view.setFloat32(0, value, true);
  else view.setFloat64(0, value, true);
  return [...new Uint8Array(view.buffer)];
}

/** SIMD instructions by their numbers after the prefix. */
const simd = {
  'v128.load': 0,
  'v128.load32_splat': 9,
  'v128.store': 11,
  'i8x16.shuffle': 13,
  'f32x4.splat': 19,
  'i16x8.narrow_i32x4_s': 133,
  'i16x8.extend_low_i8x16_s': 135,
  'i16x8.extend_high_i8x16_s': 136,
  'f32x4.extract_lane': 31,
  'f64x2.extract_lane': 33,
  'f32x4.eq': 65,
  'f32x4.lt': 67,
  'f32x4.gt': 68,
  'f32x4.ge': 70,
  'v128.and': 78,
  'v128.or': 80,
  'v128.bitselect': 82,
  'f64x2.promote_low_f32x4': 95,
  'f32x4.nearest': 106,
  'i32x4.shl': 171,
  'i32x4.shr_s': 172,
  'i32x4.add': 174,
  'i32x4.sub': 177,
  'i32x4.dot_i16x8_s': 186,
  'f32x4.abs': 224,
  'f32x4.neg': 225,
  'f32x4.add': 228,
  'f32x4.sub': 229,
  'f32x4.mul': 230,
  'f32x4.div': 231,
  'f32x4.max': 233,
  'f64x2.add': 240,
  'i32x4.trunc_sat_f32x4_s': 248,
  'f32x4.convert_i32x4_s': 250,
} as const;

/** Scalar instructions. */
const scalar = {
  'f32.ge': 0x60,
  'f32.lt': 0x5d,
  'f32.div': 0x95,
  'i32.and': 0x71,
  select: 0x1b,
  'f32.add': 0x92,
  'f32.max': 0x97,
  'f64.add': 0xa0,
  'f64.mul': 0xa2,
  'f64.div': 0xa3,
  'f64.sqrt': 0x9f,
  'f32.demote_f64': 0xb6,
  'i32.add': 0x6a,
  'i32.lt_u': 0x49,
} as const;

export type Instruction = keyof typeof simd | keyof typeof scalar;

/** Collects the code of a function, and its local variables: its parameters are the first. */
export class Code {
  readonly parameters: readonly number[];
  /** Whether to write constants in a third of the bytes, which takes a tenth more time. */
  isBrief = false;
  readonly #bytes: number[] = [];
  readonly #locals: number[];

  constructor(parameters: readonly number[]) {
    this.parameters = parameters;
    this.#locals = [...parameters];
  }

  #write(bytes: readonly number[]): void {
    for (const byte of bytes) this.#bytes.push(byte);
  }

  /** A new local variable. */
  local(type: number): number {
    return this.#locals.push(type) - 1;
  }

  /** An instruction; `lane` for those that name one. */
  op(name: Instruction, lane?: number): void {
    if (name in scalar) this.#bytes.push(scalar[name as keyof typeof scalar]);
    else this.#write([0xfd, ...unsigned(simd[name as keyof typeof simd]), ...(lane === undefined ? [] : [lane])]);
  }

  /** A load or store at the address on the stack, and `offset` bytes. */
  memory(name: 'v128.load' | 'v128.load32_splat' | 'v128.store', offset = 0): void {
    // The alignment is a hint, the power of two of the bytes.
    this.#write([0xfd, ...unsigned(simd[name]), name === 'v128.load32_splat' ? 2 : 4, ...unsigned(offset)]);
  }

  shuffle(lanes: readonly number[]): void {
    this.#write([0xfd, ...unsigned(simd['i8x16.shuffle']), ...lanes]);
  }

  get(local: number): void {
    this.#write([0x20, ...unsigned(local)]);
  }

  set(local: number): void {
    this.#write([0x21, ...unsigned(local)]);
  }

  integer(value: number): void {
    this.#write([0x41, ...signed(value)]);
  }

  float(value: number): void {
    this.#write([0x43, ...littleEndian(value, 4)]);
  }

  double(value: number): void {
    this.#write([0x44, ...littleEndian(value, 8)]);
  }

  /** Four times the same 32 bits. */
  vector(bytes: readonly number[]): void {
    const four = bytes.length === 16 ? bytes : [...bytes, ...bytes, ...bytes, ...bytes];
    this.#write([0xfd, 12, ...four]);
  }

  floats(value: number): void {
    if (this.isBrief && value !== 0) {
      this.float(value);
      this.op('f32x4.splat');
    } else this.vector(littleEndian(value, 4));
  }

  call(place: number): void {
    this.#write([0x10, ...unsigned(place)]);
  }

  /** Adds to an address. */
  advance(local: number, bytes: number): void {
    this.get(local);
    this.integer(bytes);
    this.op('i32.add');
    this.set(local);
  }

  /** Repeats a body, which runs once at least, while one address is below another. */
  repeat(at: number, end: number, body: () => void): void {
    this.#bytes.push(0x03, 0x40);
    body();
    this.get(at);
    this.get(end);
    this.op('i32.lt_u');
    this.#bytes.push(0x0d, 0, 0x0b);
  }

  /** The function: its local variables and its code. */
  finish(): number[] {
    const groups: [number, number][] = [];
    for (const type of this.#locals.slice(this.parameters.length)) {
      const last = groups.at(-1);
      if (last?.[1] === type) last[0]++;
      else groups.push([1, type]);
    }
    const own = [
      ...unsigned(groups.length),
      ...groups.flatMap(([n, type]) => [...unsigned(n), type]),
      ...this.#bytes,
      0x0b,
    ];
    return [...unsigned(own.length), ...own];
  }
}

const section = (id: number, bytes: readonly number[]): number[] => [id, ...unsigned(bytes.length), ...bytes];

/** A module whose function `p`, which has no parameters, is the first; its memory is `m`, of `bytes` bytes, with `data` at an address. */
export function moduleOf(functions: readonly Code[], data: Uint8Array, address: number, bytes: number): Uint8Array {
  const pages = Math.ceil(bytes / 65_536);
  // No function has a result.
  const types = functions.map(({ parameters }) => [0x60, ...unsigned(parameters.length), ...parameters, 0].join());
  const known = [...new Set(types)];
  const vector = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()];
  const head = [
    ...[0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, vector(known.map((type) => type.split(',').map(Number)))),
    ...section(3, vector(types.map((type) => unsigned(known.indexOf(type))))),
    ...section(5, [1, 0, ...unsigned(pages)]),
    ...section(7, [2, ...text('p'), 0, 0, ...text('m'), 2, 0]),
    ...section(10, vector(functions.map((code) => code.finish()))),
  ];
  const start = [1, 0, 0x41, ...signed(address), 0x0b, ...unsigned(data.length)];
  const length = unsigned(start.length + data.length);
  const module = new Uint8Array(head.length + 1 + length.length + start.length + data.length);
  module.set(head);
  module.set([11, ...length, ...start], head.length);
  module.set(data, head.length + 1 + length.length + start.length);
  return module;
}
