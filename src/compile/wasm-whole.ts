// Products of whole numbers in WebAssembly: a row's of 7 bits times those of 8.
import { LEAST, type QuantizedProduct, ROW } from './program.js';
import { F32 } from './wasm-bytes.js';
import { type Functions, vectors, type Writer } from './wasm-writer.js';

/** Units of a group. */
const UNITS = 32;

/** Writes the product of the row at `from` to `to`, in pairs of inputs, by units of eight; `pairs` is room for the row's whole numbers, and before them for what one of them stands for. */
export function quantized(
  functions: Functions,
  w: Writer,
  step: QuantizedProduct,
  from: number,
  to: number,
  room: number,
): void {
  const { inputs, outputs, scale, bias } = step;
  const pairs = room + 16;
  functions.call(w, `whole ${inputs}`, [from, room], (own, [row, place]) =>
    wholeNumbers(own, inputs, row as number, place as number),
  );
  const half = Math.ceil(inputs / 2);
  const units = 8 * Math.ceil(outputs / 8);
  const padded = (values: Float32Array): number =>
    functions.layout.put(Float32Array.from({ length: units }, (_, u) => values[u] ?? 0));
  const scales = padded(scale);
  const terms = bias && padded(bias);
  // Groups of 32 units, and what is left.
  for (let first = 0; first < units; ) {
    const size = Math.min(UNITS, units - first);
    const count = size === UNITS ? Math.floor((units - first) / UNITS) : 1;
    const weights = functions.layout.put(packed(step, first, size, count));
    const own = to + 4 * first;
    const values = [room, pairs + 4 * half, own, own + 4 * size * count, weights, scales + 4 * first];
    functions.call(
      w,
      `dot ${size}${bias ? ' and bias' : ''}`,
      terms === undefined ? values : [...values, terms + 4 * first],
      (writer, parameters) => writeDots(writer, size, parameters),
    );
    first += size * count;
  }
}

/** The weights of some units as they are read: by group, pair of inputs, and unit. */
function packed({ inputs, outputs, kernel }: QuantizedProduct, first: number, size: number, count: number): Int8Array {
  const half = Math.ceil(inputs / 2);
  const all = new Int8Array(count * half * 2 * size);
  for (let i = 0; i < all.length; i++) {
    const [group, pair, place] = [Math.floor(i / (half * 2 * size)), Math.floor(i / (2 * size)) % half, i % (2 * size)];
    const [unit, k] = [first + group * size + (place >> 1), 2 * pair + (place & 1)];
    if (unit < outputs && k < inputs) all[i] = kernel[k * outputs + unit] as number;
  }
  return all;
}

function writeDots(w: Writer, size: number, parameters: readonly number[]): void {
  const { code } = w;
  const [room, end, to, last, weights, scales, terms] = parameters as [
    number,
    number,
    number,
    number,
    number,
    number,
    number?,
  ];
  const from = w.address(room);
  w.using(size / 4 + 3, ([x, pairsOfWeights, unit, ...sums]) => {
    code.get(room);
    code.memory('v128.load');
    code.set(unit as number);
    code.repeat(to, last, () => {
      for (const sum of sums) {
        code.floats(0);
        code.set(sum);
      }
      w.moveTo(from, room, 16);
      code.repeat(from, end, () => {
        code.get(from);
        code.memory('v128.load32_splat');
        code.set(x as number);
        for (let j = 0; j < size / 8; j++) {
          code.get(weights);
          code.memory('v128.load', 16 * j);
          code.set(pairsOfWeights as number);
          for (const [part, extend] of (['i16x8.extend_low_i8x16_s', 'i16x8.extend_high_i8x16_s'] as const).entries()) {
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
        code.advance(from, 4);
        code.advance(weights, 2 * size);
      });
      for (const [j, sum] of sums.entries()) {
        code.get(to);
        code.get(sum);
        code.op('f32x4.convert_i32x4_s');
        code.get(unit as number);
        code.get(scales);
        code.memory('v128.load', 16 * j);
        code.op('f32x4.mul');
        code.op('f32x4.mul');
        if (terms !== undefined) {
          code.get(terms);
          code.memory('v128.load', 16 * j);
          code.op('f32x4.add');
        }
        code.memory('v128.store', 16 * j);
      }
      for (const local of [to, scales, ...(terms === undefined ? [] : [terms])]) code.advance(local, 4 * size);
    });
  });
}

/** Writes what one of a row's whole numbers stands for to an address, four times, and behind it the whole numbers, of 16 bits. */
function wholeNumbers(w: Writer, inputs: number, row: number, place: number): void {
  const { code } = w;
  const top = code.local(F32);
  w.using(2, ([most, factor]) => {
    const [a, times] = [most as number, factor as number];
    code.floats(0);
    code.set(a);
    w.visit(row, inputs, (_, masked) => {
      code.op('f32x4.abs');
      if (masked) {
        w.mask(inputs);
        code.op('v128.and');
      }
      code.get(a);
      code.op('f32x4.max');
      code.set(a);
    });
    w.lanes(a, 'f32.max');
    code.set(top);
    code.float(ROW);
    code.get(top);
    code.op('f32.div');
    code.float(0);
    code.get(top);
    code.float(LEAST);
    code.op('f32.ge');
    code.get(top);
    code.float(Number.POSITIVE_INFINITY);
    code.op('f32.lt');
    code.op('i32.and');
    code.op('select');
    code.op('f32x4.splat');
    code.set(times);
    code.get(place);
    code.get(top);
    code.float(ROW);
    code.op('f32.div');
    code.op('f32x4.splat');
    code.memory('v128.store');
    const to = w.address(place, 16);
    const from = w.address(row);
    const end = w.address(row, 16 * vectors(inputs));
    code.repeat(from, end, () => {
      code.get(to);
      code.get(from);
      code.memory('v128.load');
      code.get(times);
      code.op('f32x4.mul');
      code.op('f32x4.nearest');
      code.op('i32x4.trunc_sat_f32x4_s');
      code.set(a);
      // The second half is written over by the next four.
      code.get(a);
      code.get(a);
      code.op('i16x8.narrow_i32x4_s');
      code.memory('v128.store');
      code.advance(to, 8);
      code.advance(from, 16);
    });
  });
}
