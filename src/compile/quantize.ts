// Weights as whole numbers of 8 bits, one scale for each unit; a row's numbers become whole ones of 7 bits, by their largest. So sums are exact in any order, and the bits are the same in every runtime.
// Source for scales by output channel and symmetric ranges: Krishnamoorthi 2018, "Quantizing deep convolutional networks for efficient inference", arXiv 1806.08342.
import type { Program, QuantizedProduct, Step } from './program.js';
import { finished, run } from './run.js';

/** The largest whole number of a weight. */
const WEIGHT = 127;

function quantized({ inputs, outputs, kernel, bias }: Extract<Step, { type: 'product' }>): QuantizedProduct {
  const top = new Float32Array(outputs);
  for (const [i, value] of kernel.entries()) top[i % outputs] = Math.max(top[i % outputs] as number, Math.abs(value));
  const scale = top.map((value) => value / WEIGHT);
  const whole = Int8Array.from(kernel, (value, i) => {
    const unit = scale[i % outputs] as number;
    return unit === 0 ? 0 : Math.max(-WEIGHT, Math.min(WEIGHT, Math.round(value / unit)));
  });
  return { type: 'quantized', inputs, outputs, kernel: whole, scale, bias };
}

/** The program with whole numbers for weights, and what it gives for its test row. */
export function quantizedProgram(program: Program): Program {
  const steps = program.steps.map((step) => (step.type === 'product' ? quantized(step) : step));
  const { test } = program;
  return { ...program, steps, test: { ...test, y: finished(program, run(steps, test.features)) } };
}
