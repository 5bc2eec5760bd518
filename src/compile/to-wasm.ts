// Programs as WebAssembly with SIMD, made without a compiler, and the JavaScript around it. Each number is computed by the operations of the kernels in their order.
import type { Bundle } from './bundle.js';
import { documentation } from './description.js';
import type { Program, Step } from './program.js';
import { shellOf } from './shell.js';
import { base64 } from './to-js.js';
import { moduleOf } from './wasm-bytes.js';
import { GROUP, product } from './wasm-products.js';
import { inPlace } from './wasm-rows.js';
import { quantized } from './wasm-whole.js';
import { Functions, vectors, Writer } from './wasm-writer.js';

/** Where a network finds its input, and leaves its result. */
interface Place {
  readonly input: number;
  readonly result: number;
}

/** The module, and the places of its networks, which all run at once. */
function assembled(programs: readonly Program[]): { wasm: Uint8Array; places: Place[] } {
  const functions = new Functions();
  const main = new Writer();
  functions.all.push(main.code);
  // The arrays of numbers come first; constants behind them. Room for what the last group of a product writes.
  const widths = programs.map(({ steps, inputs }) =>
    steps.reduce((most, step) => Math.max(most, 'outputs' in step ? step.outputs : step.width), inputs),
  );
  const rooms = widths.map((width) => functions.layout.room(2 * 16 * (vectors(width) + GROUP)));
  const isWhole = programs.some(({ steps }) => steps.some(({ type }) => type === 'quantized'));
  const widest = widths.reduce((most, width) => Math.max(most, width), 0);
  const whole = functions.layout.room(isWhole ? 16 * (vectors(widest) + GROUP) : 0);
  const start = functions.layout.length;
  const places = programs.map(({ steps }, m) => {
    const input = rooms[m] as number;
    let [at, other] = [input, input + 16 * (vectors(widths[m] as number) + GROUP)];
    for (const step of steps) {
      if (step.type === 'product' || step.type === 'quantized') {
        if (step.type === 'product') product(functions, main, step, at, other);
        else quantized(functions, main, step, at, other, whole);
        [at, other] = [other, at];
      } else {
        const write = inPlace[step.type] as (f: Functions, w: Writer, step: Step, at: number) => void;
        write(functions, main, step, at);
      }
    }
    return { input, result: at };
  });
  const data = functions.layout.bytes;
  return { wasm: moduleOf(functions.all, data.subarray(start), start, data.length), places };
}

/** The module's text and its WebAssembly. */
export function toWasm(bundle: Bundle): { code: string; wasm: Uint8Array } {
  const { programs } = bundle;
  const { wasm, places } = assembled(programs);
  const networks = places.map(({ input, result }, m) => {
    const { inputs, outputs } = programs[m] as Program;
    return `const given${m} = new Float32Array(memory.buffer, ${input}, ${inputs});
const found${m} = new Float32Array(memory.buffer, ${result}, ${outputs});
const network${m} = () => ${m === 0 ? '(run(), found0)' : `found${m}`};`;
  });
  const code = [
    documentation(bundle),
    `const bytes = Uint8Array.from(atob('${base64(wasm)}'), (c) => c.charCodeAt(0));`,
    `const { p: run, m: memory } = new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports;\n${networks.join('\n')}`,
    shellOf(bundle),
    '',
  ].join('\n\n');
  return { code, wasm };
}
