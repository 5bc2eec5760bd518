// Products of a row and a kernel in WebAssembly, of float32: a function for each number of registers.
import type { Step } from './program.js';
import { type Functions, vectors, type Writer } from './wasm-writer.js';

/** Registers of a product's sums: fewer leave the time of an addition unused. Four, and several inputs in a turn of the loop, were slower in Node 20 and 24. */
export const GROUP = 8;

type Product = Extract<Step, { type: 'product' }>;

/** Writes the product of the row at `from` to `to`: groups of GROUP vectors of units, and one of what is left. */
export function product(functions: Functions, w: Writer, step: Product, from: number, to: number): void {
  const { inputs, outputs, bias } = step;
  for (let done = 0; done < outputs; ) {
    const left = vectors(outputs - done);
    const size = Math.min(GROUP, left);
    const groups = left >= GROUP ? Math.floor((outputs - done) / (4 * GROUP)) || 1 : 1;
    const units = 4 * size * groups;
    const weights = functions.layout.put(packed(step, done, size, groups));
    const terms = bias && functions.layout.put(Float32Array.from({ length: units }, (_, u) => bias[done + u] ?? 0));
    const own = to + 4 * done;
    const values = [from, from + 4 * inputs, own, own + 4 * units, weights, ...(terms === undefined ? [] : [terms])];
    functions.call(w, `product ${size}${bias ? ' and bias' : ''}`, values, (writer, parameters) =>
      writeProduct(writer, size, parameters),
    );
    done += units;
  }
}

/** The weights of some units as they are read: by group, input and unit. */
function packed({ inputs, outputs, kernel }: Product, done: number, size: number, groups: number): Float32Array {
  const units = 4 * size;
  const all = new Float32Array(groups * inputs * units);
  for (let g = 0; g < groups; g++)
    for (let k = 0; k < inputs; k++)
      for (let u = 0; u < units; u++) {
        const unit = done + g * units + u;
        if (unit < outputs) all[(g * inputs + k) * units + u] = kernel[k * outputs + unit] as number;
      }
  return all;
}

function writeProduct(w: Writer, size: number, parameters: readonly number[]): void {
  const { code } = w;
  const [row, end, to, last, weights, terms] = parameters as [number, number, number, number, number, number?];
  const from = w.address(row);
  w.using(size + 1, ([x, ...sums]) => {
    code.repeat(to, last, () => {
      for (const [j, sum] of sums.entries()) {
        if (terms === undefined) code.floats(0);
        else {
          code.get(terms);
          code.memory('v128.load', 16 * j);
        }
        code.set(sum);
      }
      w.moveTo(from, row);
      code.repeat(from, end, () => {
        code.get(from);
        code.memory('v128.load32_splat');
        code.set(x as number);
        for (const [j, sum] of sums.entries()) {
          code.get(sum);
          code.get(x as number);
          code.get(weights);
          code.memory('v128.load', 16 * j);
          code.op('f32x4.mul');
          code.op('f32x4.add');
          code.set(sum);
        }
        code.advance(from, 4);
        code.advance(weights, 16 * size);
      });
      for (const [j, sum] of sums.entries()) {
        code.get(to);
        code.get(sum);
        code.memory('v128.store', 16 * j);
      }
      code.advance(to, 16 * size);
      if (terms !== undefined) code.advance(terms, 16 * size);
    });
  });
}
