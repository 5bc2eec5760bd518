// A program as WebAssembly with SIMD, made without a compiler, and the JavaScript around it. Each number is computed by the operations of the kernels in their order.
import type { Expression, Operation } from './expression.js';
import { exponential } from './functions.js';
import { LEAST, type Program, type QuantizedProduct, ROW, type Step } from './program.js';
import { documentation, shellOf } from './shell.js';
import { base64 } from './to-js.js';
import { Code, F32, F64, I32, type Instruction, moduleOf, V128 } from './wasm-bytes.js';

/** Registers of a product's sums: fewer leave the time of an addition unused. Four, and several inputs in a turn of the loop, were slower in Node 20 and 24. */
const GROUP = 8;

const vectors = (width: number): number => Math.ceil(width / 4);

/** Where constants and numbers lie in memory. */
class Layout {
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

class Writer {
  readonly code = new Code();
  readonly layout = new Layout();
  /** Addresses: of what is read, of what is written, of constants, and where a loop ends. */
  readonly #from = this.code.local(I32);
  readonly #to = this.code.local(I32);
  readonly #other = this.code.local(I32);
  readonly #end = this.code.local(I32);
  readonly #last = this.code.local(I32);
  readonly #top = this.code.local(F32);
  readonly #spread = this.code.local(F64);
  readonly #free: number[] = [];

  /** Local vectors, which are given back behind `use`. */
  #with(count: number, use: (locals: readonly number[]) => void): void {
    const own = Array.from({ length: count }, () => this.#free.pop() ?? this.code.local(V128));
    use(own);
    for (const local of own.reverse()) this.#free.push(local);
  }

  /** An expression of the vector on the stack. */
  #expression({ operations }: Expression): void {
    const uses = operations.map(() => 0);
    for (const { of } of operations) for (const each of of) uses[each] = (uses[each] as number) + 1;
    const isKept = ({ op }: Operation, i: number): boolean =>
      op === 'input' ||
      ((uses[i] as number) > 1 && op !== 'float' && op !== 'bits' && op !== 'bitsOf' && op !== 'floatOf');
    const kept = operations.flatMap((operation, i) => (isKept(operation, i) ? [i] : []));
    this.#with(kept.length, (locals) => {
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

  #start(local: number, address: number): void {
    this.code.integer(address);
    this.code.set(local);
  }

  /** Repeats a body for each vector of an array in place; `body` gets its address, and steps of other addresses by 16 bytes. */
  #eachVector(at: number, count: number, body: (from: number) => void, others: readonly number[] = []): void {
    if (count === 0) return;
    this.#start(this.#from, at);
    this.#start(this.#end, at + 16 * count);
    this.code.repeat(this.#from, this.#end, () => {
      body(this.#from);
      for (const local of [this.#from, ...others]) this.code.advance(local, 16);
    });
  }

  /** Changes each vector in place. */
  #map(at: number, width: number, change: () => void): void {
    this.#eachVector(at, vectors(width), (from) => {
      this.code.get(from);
      this.code.get(from);
      this.code.memory('v128.load');
      change();
      this.code.memory('v128.store');
    });
  }

  product({ inputs, outputs, kernel, bias }: Extract<Step, { type: 'product' }>, from: number, to: number): void {
    let done = 0;
    while (done < outputs) {
      const left = vectors(outputs - done);
      const size = Math.min(GROUP, left);
      const groups = left >= GROUP ? Math.floor((outputs - done) / (4 * GROUP)) || 1 : 1;
      this.#groups({ inputs, outputs, kernel, bias }, { from, to: to + 4 * done, done, size, groups });
      done += 4 * size * groups;
    }
  }

  /** `groups` times `size` vectors of units, in a loop if they are many. */
  #groups(
    {
      inputs,
      outputs,
      kernel,
      bias,
    }: { inputs: number; outputs: number; kernel: Float32Array; bias: Float32Array | undefined },
    { from, to, done, size, groups }: { from: number; to: number; done: number; size: number; groups: number },
  ): void {
    const { code } = this;
    const units = 4 * size;
    const packed = new Float32Array(groups * inputs * units);
    for (let g = 0; g < groups; g++)
      for (let k = 0; k < inputs; k++)
        for (let u = 0; u < units; u++) {
          const unit = done + g * units + u;
          if (unit < outputs) packed[(g * inputs + k) * units + u] = kernel[k * outputs + unit] as number;
        }
    const weights = this.layout.put(packed);
    const terms = bias && this.layout.put(Float32Array.from({ length: groups * units }, (_, u) => bias[done + u] ?? 0));
    this.#start(this.#other, weights);
    this.#start(this.#to, to);
    this.#start(this.#last, to + 16 * size * groups);
    this.#with(size + 1, ([x, ...sums]) => {
      const group = (): void => {
        for (const [j, sum] of sums.entries()) {
          if (terms === undefined) code.floats(0);
          else {
            // The terms lie as the results do.
            code.get(this.#to);
            code.integer(terms - to);
            code.op('i32.add');
            code.memory('v128.load', 16 * j);
          }
          code.set(sum);
        }
        this.#start(this.#from, from);
        this.#start(this.#end, from + 4 * inputs);
        code.repeat(this.#from, this.#end, () => {
          code.get(this.#from);
          code.memory('v128.load32_splat');
          code.set(x as number);
          for (const [j, sum] of sums.entries()) {
            code.get(sum);
            code.get(x as number);
            code.get(this.#other);
            code.memory('v128.load', 16 * j);
            code.op('f32x4.mul');
            code.op('f32x4.add');
            code.set(sum);
          }
          code.advance(this.#from, 4);
          code.advance(this.#other, 16 * size);
        });
        for (const [j, sum] of sums.entries()) {
          code.get(this.#to);
          code.get(sum);
          code.memory('v128.store', 16 * j);
        }
        code.advance(this.#to, 16 * size);
      };
      if (groups === 1) group();
      else code.repeat(this.#to, this.#last, group);
    });
  }

  /** Whole numbers of 7 bits times those of 8, in pairs of inputs, by units of eight. */
  quantized(step: QuantizedProduct, from: number, to: number, pairs: number): void {
    const { inputs, outputs, kernel, scale, bias } = step;
    const { code } = this;
    this.#whole(inputs, from, pairs);
    const half = Math.ceil(inputs / 2);
    const units = 8 * Math.ceil(outputs / 8);
    const padded = (values: Float32Array): number =>
      this.layout.put(Float32Array.from({ length: units }, (_, u) => values[u] ?? 0));
    const scales = padded(scale);
    const terms = bias && padded(bias);
    // Groups of 32 units, and what is left.
    for (let first = 0; first < units; ) {
      const size = Math.min(32, units - first);
      const count = size === 32 ? Math.floor((units - first) / 32) : 1;
      const packed = new Int8Array(count * half * 2 * size);
      for (let i = 0; i < packed.length; i++) {
        const [group, pair, place] = [
          Math.floor(i / (half * 2 * size)),
          Math.floor(i / (2 * size)) % half,
          i % (2 * size),
        ];
        const [unit, k] = [first + group * size + (place >> 1), 2 * pair + (place & 1)];
        if (unit < outputs && k < inputs) packed[i] = kernel[k * outputs + unit] as number;
      }
      this.#start(this.#other, this.layout.put(packed));
      this.#start(this.#to, to + 4 * first);
      this.#start(this.#last, to + 4 * (first + size * count));
      this.#with(size / 4 + 2, ([x, w, ...sums]) => {
        code.repeat(this.#to, this.#last, () => {
          for (const sum of sums) {
            code.floats(0);
            code.set(sum);
          }
          this.#start(this.#from, pairs);
          this.#start(this.#end, pairs + 4 * half);
          code.repeat(this.#from, this.#end, () => {
            code.get(this.#from);
            code.memory('v128.load32_splat');
            code.set(x as number);
            for (let j = 0; j < size / 8; j++) {
              code.get(this.#other);
              code.memory('v128.load', 16 * j);
              code.set(w as number);
              for (const [part, extend] of (
                ['i16x8.extend_low_i8x16_s', 'i16x8.extend_high_i8x16_s'] as const
              ).entries()) {
                const sum = sums[2 * j + part] as number;
                code.get(w as number);
                code.op(extend);
                code.get(x as number);
                code.op('i32x4.dot_i16x8_s');
                code.get(sum);
                code.op('i32x4.add');
                code.set(sum);
              }
            }
            code.advance(this.#from, 4);
            code.advance(this.#other, 2 * size);
          });
          for (const [j, sum] of sums.entries()) {
            code.get(this.#to);
            code.get(sum);
            code.op('f32x4.convert_i32x4_s');
            code.get(this.#top);
            code.op('f32x4.splat');
            this.#beside(scales - to, 16 * j);
            code.op('f32x4.mul');
            code.op('f32x4.mul');
            if (terms !== undefined) {
              this.#beside(terms - to, 16 * j);
              code.op('f32x4.add');
            }
            code.memory('v128.store', 16 * j);
          }
          code.advance(this.#to, 4 * size);
        });
      });
      first += size * count;
    }
  }

  /** Loads the vector that lies beside the results, so many bytes away. */
  #beside(distance: number, offset: number): void {
    this.code.get(this.#to);
    this.code.integer(distance);
    this.code.op('i32.add');
    this.code.memory('v128.load', offset);
  }

  /** Writes a row as whole numbers of 16 bits to \`pairs\`; what one of them stands for is in a local variable. */
  #whole(inputs: number, from: number, pairs: number): void {
    const { code } = this;
    this.#with(2, ([top, factor]) => {
      const [most, times] = [top as number, factor as number];
      code.floats(0);
      code.set(most);
      this.#visit(from, inputs, (masked) => {
        code.op('f32x4.abs');
        if (masked) {
          this.#mask(inputs);
          code.op('v128.and');
        }
        code.get(most);
        code.op('f32x4.max');
        code.set(most);
      });
      this.#lanes(most, 'f32.max');
      code.set(this.#top);
      code.float(ROW);
      code.get(this.#top);
      code.op('f32.div');
      code.float(0);
      code.get(this.#top);
      code.float(LEAST);
      code.op('f32.ge');
      code.get(this.#top);
      code.float(Number.POSITIVE_INFINITY);
      code.op('f32.lt');
      code.op('i32.and');
      code.op('select');
      code.op('f32x4.splat');
      code.set(times);
      code.get(this.#top);
      code.float(ROW);
      code.op('f32.div');
      code.set(this.#top);
      this.#start(this.#other, pairs);
      this.#start(this.#from, from);
      this.#start(this.#end, from + 16 * vectors(inputs));
      code.repeat(this.#from, this.#end, () => {
        code.get(this.#other);
        code.get(this.#from);
        code.memory('v128.load');
        code.get(times);
        code.op('f32x4.mul');
        code.op('f32x4.nearest');
        code.op('i32x4.trunc_sat_f32x4_s');
        code.set(most);
        // The second half is written over by the next four.
        code.get(most);
        code.get(most);
        code.op('i16x8.narrow_i32x4_s');
        code.memory('v128.store');
        code.advance(this.#other, 8);
        code.advance(this.#from, 16);
      });
    });
  }

  function({ width, expression }: Extract<Step, { type: 'function' }>, at: number): void {
    this.#map(at, width, () => this.#expression(expression));
  }

  affine({ width, scale, offset }: Extract<Step, { type: 'affine' }>, at: number): void {
    this.#map(at, width, () => {
      this.code.floats(scale);
      this.code.op('f32x4.mul');
      this.code.floats(offset);
      this.code.op('f32x4.add');
    });
  }

  /** (x − mean) · slope + beta: three arrays, one behind the other. */
  columns({ width, mean, slope, beta }: Extract<Step, { type: 'columns' }>, at: number): void {
    const { code } = this;
    const size = 16 * vectors(width);
    const own = this.layout.put(mean);
    this.layout.put(slope);
    this.layout.put(beta);
    this.#start(this.#other, own);
    this.#eachVector(
      at,
      vectors(width),
      (from) => {
        code.get(from);
        code.get(from);
        code.memory('v128.load');
        for (const [i, op] of (['f32x4.sub', 'f32x4.mul', 'f32x4.add'] as const).entries()) {
          code.get(this.#other);
          code.memory('v128.load', i * size);
          code.op(op);
        }
        code.memory('v128.store');
      },
      [this.#other],
    );
  }

  /** Visits the vectors of a row; the last one as it is only where it is full. `visit` finds the vector on the stack. */
  #visit(at: number, width: number, visit: (masked: boolean) => void): void {
    const full = Math.floor(width / 4);
    this.#eachVector(at, full, (from) => {
      this.code.get(from);
      this.code.memory('v128.load');
      visit(false);
    });
    if (width % 4 === 0) return;
    this.#start(this.#from, at + 16 * full);
    this.code.get(this.#from);
    this.code.memory('v128.load');
    visit(true);
  }

  /** The lanes that the last vector of a row has. */
  #mask(width: number): void {
    this.code.vector(Array.from({ length: 16 }, (_, i) => (i < 4 * (width % 4) ? 255 : 0)));
  }

  softmax({ width }: Extract<Step, { type: 'softmax' }>, at: number): void {
    const { code } = this;
    this.#with(3, ([top, sum, e]) => {
      const [a, b, c] = [top as number, sum as number, e as number];
      code.floats(Number.NEGATIVE_INFINITY);
      code.set(a);
      this.#visit(at, width, (masked) => {
        if (masked) {
          code.floats(Number.NEGATIVE_INFINITY);
          this.#mask(width);
          code.op('v128.bitselect');
        }
        code.get(a);
        code.op('f32x4.max');
        code.set(a);
      });
      this.#lanes(a, 'f32.max');
      code.op('f32x4.splat');
      code.set(a);
      code.floats(0);
      code.set(b);
      this.#visit(at, width, (masked) => {
        code.get(a);
        code.op('f32x4.sub');
        this.#expression(exponential());
        if (masked) {
          this.#mask(width);
          code.op('v128.and');
        }
        code.set(c);
        code.get(b);
        code.get(c);
        code.op('f32x4.add');
        code.set(b);
        code.get(this.#from);
        code.get(c);
        code.memory('v128.store');
      });
      this.#lanes(b, 'f32.add');
      code.op('f32x4.splat');
      code.set(b);
      this.#map(at, width, () => {
        code.get(b);
        code.op('f32x4.div');
      });
    });
  }

  /** (l0 ∘ l1) ∘ (l2 ∘ l3) of the lanes of a vector. */
  #lanes(vector: number, op: 'f32.max' | 'f32.add'): void {
    for (const pair of [0, 2]) {
      for (const lane of [pair, pair + 1]) {
        this.code.get(vector);
        this.code.op('f32x4.extract_lane', lane);
      }
      this.code.op(op);
    }
    this.code.op(op);
  }

  rows({ width, epsilon, gamma, beta }: Extract<Step, { type: 'rows' }>, at: number): void {
    const { code } = this;
    const size = 16 * vectors(width);
    const own = this.layout.put(gamma);
    this.layout.put(beta);
    this.#with(5, (locals) => {
      const [middle, factor, low, high, sum] = locals as [number, number, number, number, number];
      const lanes = [low, high, sum] as const;
      this.#total(at, width, lanes, () => {});
      code.double(width);
      code.op('f64.div');
      code.op('f32.demote_f64');
      code.op('f32x4.splat');
      code.set(middle);
      this.#total(at, width, lanes, (keep) => {
        code.get(middle);
        code.op('f32x4.sub');
        keep();
        code.set(factor);
        code.get(factor);
        code.get(factor);
        code.op('f32x4.mul');
      });
      code.double(width);
      code.op('f64.div');
      code.set(this.#spread);
      code.double(1);
      code.get(this.#spread);
      code.double(epsilon);
      code.op('f64.add');
      code.op('f64.sqrt');
      code.op('f64.div');
      code.get(this.#spread);
      code.double(0);
      code.op('f64.mul');
      code.op('f64.add');
      code.op('f32.demote_f64');
      code.op('f32x4.splat');
      code.set(factor);
      this.#start(this.#other, own);
      this.#eachVector(
        at,
        vectors(width),
        (from) => {
          code.get(from);
          code.get(from);
          code.memory('v128.load');
          code.get(middle);
          code.op('f32x4.sub');
          code.get(factor);
          code.op('f32x4.mul');
          for (const [i, op] of (['f32x4.mul', 'f32x4.add'] as const).entries()) {
            code.get(this.#other);
            code.memory('v128.load', i * size);
            code.op(op);
          }
          code.memory('v128.store');
        },
        [this.#other],
      );
    });
  }

  /** The sum over a row of what `term` makes of each vector, in float64 on the stack: float32 over 16 columns, and float64 between these. */
  #total(
    at: number,
    width: number,
    [low, high, sum]: readonly [number, number, number],
    term: (keep: () => void) => void,
  ): void {
    const { code } = this;
    for (const local of [low, high]) {
      code.floats(0);
      code.set(local);
    }
    const panel = (count: number, last: boolean): void => {
      code.floats(0);
      code.set(sum);
      for (let i = 0; i < count; i++) {
        const isMasked = last && i === count - 1 && width % 4 !== 0;
        const keep = (): void => {
          if (!isMasked) return;
          this.#mask(width);
          code.op('v128.and');
        };
        code.get(sum);
        code.get(this.#from);
        code.memory('v128.load', 16 * i);
        term(keep);
        keep();
        code.op('f32x4.add');
        code.set(sum);
      }
      for (const [local, from] of [
        [low, 0],
        [high, 8],
      ] as const) {
        code.get(local);
        code.get(sum);
        if (from > 0) {
          code.get(sum);
          code.shuffle(Array.from({ length: 16 }, (_, i) => (i % 8) + 8));
        }
        code.op('f64x2.promote_low_f32x4');
        code.op('f64x2.add');
        code.set(local);
      }
    };
    const full = Math.floor(width / 16);
    this.#start(this.#from, at);
    if (full > 0) {
      this.#start(this.#end, at + 64 * full);
      code.repeat(this.#from, this.#end, () => {
        panel(4, false);
        code.advance(this.#from, 64);
      });
    }
    const rest = vectors(width - 16 * full);
    if (rest > 0) panel(rest, true);
    code.get(low);
    code.get(high);
    code.op('f64x2.add');
    code.set(low);
    for (const lane of [0, 1]) {
      code.get(low);
      code.op('f64x2.extract_lane', lane);
    }
    code.op('f64.add');
  }
}

/** The module, and the address of its input and its result. */
function assembled({ steps, inputs }: Program): { wasm: Uint8Array; input: number; result: number } {
  const widths = steps.map((step) => ('outputs' in step ? step.outputs : step.width));
  // Room for what the last group of a product writes.
  const room = 16 * (vectors(widths.reduce((most, width) => Math.max(most, width), inputs)) + GROUP);
  let [at, other] = [0, room];
  const writer = new Writer();
  // The arrays of numbers come first; constants behind them.
  const pairs = 2 * room;
  const isWhole = steps.some(({ type }) => type === 'quantized');
  const own = writer.layout.room(2 * room + (isWhole ? room : 0)) + 2 * room + (isWhole ? room : 0);
  for (const step of steps) {
    if (step.type === 'product' || step.type === 'quantized') {
      if (step.type === 'product') writer.product(step, at, other);
      else writer.quantized(step, at, other, pairs);
      [at, other] = [other, at];
    } else (writer[step.type] as (step: Step, at: number) => void).call(writer, step, at);
  }
  const data = writer.layout.bytes;
  return { wasm: moduleOf(writer.code, data.subarray(own), own, data.length), input: 0, result: at };
}

/** The module's text and its WebAssembly. */
export function toWasm(program: Program): { code: string; wasm: Uint8Array } {
  const { wasm, input, result } = assembled(program);
  const { inputs, outputs } = program;
  const code = [
    documentation(program, '//'),
    `const bytes = Uint8Array.from(atob('${base64(wasm)}'), (c) => c.charCodeAt(0));`,
    `const { p: run, m: memory } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;
const given = new Float32Array(memory.buffer, ${input}, ${inputs});
const found = new Float32Array(memory.buffer, ${result}, ${outputs});
const network = () => (run(), found);`,
    shellOf(program),
    '',
  ].join('\n\n');
  return { code, wasm };
}
