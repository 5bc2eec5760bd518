// Products of a row and a kernel in WebAssembly: of float32, and of whole numbers.
import { LEAST, type QuantizedProduct, ROW, type Step } from './program.js';
import { vectors, type Writer } from './wasm-writer.js';

/** Registers of a product's sums: fewer leave the time of an addition unused. Four, and several inputs in a turn of the loop, were slower in Node 20 and 24. */
export const GROUP = 8;

export function product(
  w: Writer,
  { inputs, outputs, kernel, bias }: Extract<Step, { type: 'product' }>,
  from: number,
  to: number,
): void {
  let done = 0;
  while (done < outputs) {
    const left = vectors(outputs - done);
    const size = Math.min(GROUP, left);
    const groups = left >= GROUP ? Math.floor((outputs - done) / (4 * GROUP)) || 1 : 1;
    groupsOf(w, { inputs, outputs, kernel, bias }, { from, to: to + 4 * done, done, size, groups });
    done += 4 * size * groups;
  }
}

/** `groups` times `size` vectors of units, in a loop if they are many. */
function groupsOf(
  w: Writer,
  {
    inputs,
    outputs,
    kernel,
    bias,
  }: { inputs: number; outputs: number; kernel: Float32Array; bias: Float32Array | undefined },
  { from, to, done, size, groups }: { from: number; to: number; done: number; size: number; groups: number },
): void {
  const { code } = w;
  const units = 4 * size;
  const packed = new Float32Array(groups * inputs * units);
  for (let g = 0; g < groups; g++)
    for (let k = 0; k < inputs; k++)
      for (let u = 0; u < units; u++) {
        const unit = done + g * units + u;
        if (unit < outputs) packed[(g * inputs + k) * units + u] = kernel[k * outputs + unit] as number;
      }
  const weights = w.layout.put(packed);
  const terms = bias && w.layout.put(Float32Array.from({ length: groups * units }, (_, u) => bias[done + u] ?? 0));
  w.start(w.other, weights);
  w.start(w.to, to);
  w.start(w.last, to + 16 * size * groups);
  w.using(size + 1, ([x, ...sums]) => {
    const group = (): void => {
      for (const [j, sum] of sums.entries()) {
        if (terms === undefined) code.floats(0);
        else {
          // The terms lie as the results do.
          code.get(w.to);
          code.integer(terms - to);
          code.op('i32.add');
          code.memory('v128.load', 16 * j);
        }
        code.set(sum);
      }
      w.start(w.from, from);
      w.start(w.end, from + 4 * inputs);
      code.repeat(w.from, w.end, () => {
        code.get(w.from);
        code.memory('v128.load32_splat');
        code.set(x as number);
        for (const [j, sum] of sums.entries()) {
          code.get(sum);
          code.get(x as number);
          code.get(w.other);
          code.memory('v128.load', 16 * j);
          code.op('f32x4.mul');
          code.op('f32x4.add');
          code.set(sum);
        }
        code.advance(w.from, 4);
        code.advance(w.other, 16 * size);
      });
      for (const [j, sum] of sums.entries()) {
        code.get(w.to);
        code.get(sum);
        code.memory('v128.store', 16 * j);
      }
      code.advance(w.to, 16 * size);
    };
    if (groups === 1) group();
    else code.repeat(w.to, w.last, group);
  });
}

/** Whole numbers of 7 bits times those of 8, in pairs of inputs, by units of eight. */
export function quantized(w: Writer, step: QuantizedProduct, from: number, to: number, pairs: number): void {
  const { inputs, outputs, kernel, scale, bias } = step;
  const { code } = w;
  wholeNumbers(w, inputs, from, pairs);
  const half = Math.ceil(inputs / 2);
  const units = 8 * Math.ceil(outputs / 8);
  const padded = (values: Float32Array): number =>
    w.layout.put(Float32Array.from({ length: units }, (_, u) => values[u] ?? 0));
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
    w.start(w.other, w.layout.put(packed));
    w.start(w.to, to + 4 * first);
    w.start(w.last, to + 4 * (first + size * count));
    w.using(size / 4 + 2, ([x, pairsOfWeights, ...sums]) => {
      code.repeat(w.to, w.last, () => {
        for (const sum of sums) {
          code.floats(0);
          code.set(sum);
        }
        w.start(w.from, pairs);
        w.start(w.end, pairs + 4 * half);
        code.repeat(w.from, w.end, () => {
          code.get(w.from);
          code.memory('v128.load32_splat');
          code.set(x as number);
          for (let j = 0; j < size / 8; j++) {
            code.get(w.other);
            code.memory('v128.load', 16 * j);
            code.set(pairsOfWeights as number);
            for (const [part, extend] of (
              ['i16x8.extend_low_i8x16_s', 'i16x8.extend_high_i8x16_s'] as const
            ).entries()) {
              const sum = sums[2 * j + part] as number;
              code.get(pairsOfWeights as number);
              code.op(extend);
              code.get(x as number);
              code.op('i32x4.dot_i16x8_s');
              code.get(sum);
              code.op('i32x4.add');
              code.set(sum);
            }
          }
          code.advance(w.from, 4);
          code.advance(w.other, 2 * size);
        });
        for (const [j, sum] of sums.entries()) {
          code.get(w.to);
          code.get(sum);
          code.op('f32x4.convert_i32x4_s');
          code.get(w.top);
          code.op('f32x4.splat');
          w.beside(scales - to, 16 * j);
          code.op('f32x4.mul');
          code.op('f32x4.mul');
          if (terms !== undefined) {
            w.beside(terms - to, 16 * j);
            code.op('f32x4.add');
          }
          code.memory('v128.store', 16 * j);
        }
        code.advance(w.to, 4 * size);
      });
    });
    first += size * count;
  }
}

/** Writes a row as whole numbers of 16 bits to \`pairs\`; what one of them stands for is in a local variable. */
function wholeNumbers(w: Writer, inputs: number, from: number, pairs: number): void {
  const { code } = w;
  w.using(2, ([top, factor]) => {
    const [most, times] = [top as number, factor as number];
    code.floats(0);
    code.set(most);
    w.visit(from, inputs, (masked) => {
      code.op('f32x4.abs');
      if (masked) {
        w.mask(inputs);
        code.op('v128.and');
      }
      code.get(most);
      code.op('f32x4.max');
      code.set(most);
    });
    w.lanes(most, 'f32.max');
    code.set(w.top);
    code.float(ROW);
    code.get(w.top);
    code.op('f32.div');
    code.float(0);
    code.get(w.top);
    code.float(LEAST);
    code.op('f32.ge');
    code.get(w.top);
    code.float(Number.POSITIVE_INFINITY);
    code.op('f32.lt');
    code.op('i32.and');
    code.op('select');
    code.op('f32x4.splat');
    code.set(times);
    code.get(w.top);
    code.float(ROW);
    code.op('f32.div');
    code.set(w.top);
    w.start(w.other, pairs);
    w.start(w.from, from);
    w.start(w.end, from + 16 * vectors(inputs));
    code.repeat(w.from, w.end, () => {
      code.get(w.other);
      code.get(w.from);
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
      code.advance(w.other, 8);
      code.advance(w.from, 16);
    });
  });
}
