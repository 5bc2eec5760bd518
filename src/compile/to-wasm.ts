// A program as WebAssembly with SIMD, made without a compiler, and the JavaScript around it. Each number is computed by the operations of the kernels in their order.
import type { Program, Step } from './program.js';
import { documentation, shellOf } from './shell.js';
import { base64 } from './to-js.js';
import { moduleOf } from './wasm-bytes.js';
import { GROUP, product, quantized } from './wasm-products.js';
import { activation, affine, columns, rows, slopes, softmax } from './wasm-rows.js';
import { vectors, Writer } from './wasm-writer.js';

/** The steps that change a row in place. */
const inPlace: {
  readonly [type in Exclude<Step['type'], 'product' | 'quantized'>]: (
    w: Writer,
    step: Extract<Step, { type: type }>,
    at: number,
  ) => void;
} = { function: activation, softmax, affine, columns, slopes, rows };

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
      if (step.type === 'product') product(writer, step, at, other);
      else quantized(writer, step, at, other, pairs);
      [at, other] = [other, at];
    } else (inPlace[step.type] as (w: Writer, step: Step, at: number) => void)(writer, step, at);
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
