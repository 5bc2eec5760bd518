// Weights as whole numbers of 8 bits, one scale for each unit; a row's numbers become whole ones of 7 bits, by their largest. So sums are exact in any order, and the bits are the same in every runtime.
// Source for scales by output channel and symmetric ranges: Krishnamoorthi 2018, "Quantizing deep convolutional networks for efficient inference", arXiv 1806.08342.
import { noMore } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { FittedPipeline } from '../evaluate/fitted-pipeline.js';
import { MOST_INPUTS, scaleOf } from '../nn/quantized.js';
import { type AnyTensor, decode, encode } from '../train/safetensors.js';
import type { Sequential } from '../train/sequential.js';
import { INT8_MARK } from '../train/widened.js';
import { checkModel } from './check-model.js';
import type { Program, QuantizedProduct, Step } from './program.js';
import { finished, run } from './run.js';

/** The largest whole number of a weight. */
const WEIGHT = 127;

/** A kernel, [inputs, outputs], as whole numbers, and what one of each unit's stands for. `where` names it. */
function wholeOf(
  where: string,
  inputs: number,
  outputs: number,
  kernel: Float32Array,
): { whole: Int8Array; scale: Float32Array } {
  if (inputs > MOST_INPUTS) {
    const message = `${inputs} inputs, at most ${MOST_INPUTS} can be quantized: the sums of more may not fit into 32 bits`;
    throw new SimdenseError('UNSUPPORTED', `${where} has ${message}`);
  }
  const top = new Float32Array(outputs);
  for (let i = 0; i < kernel.length; i++)
    top[i % outputs] = Math.max(top[i % outputs] as number, Math.abs(kernel[i] as number));
  const scale = top.map((value) => value / WEIGHT);
  const whole = new Int8Array(kernel.length);
  for (let i = 0; i < kernel.length; i++) {
    const unit = scale[i % outputs] as number;
    if (unit > 0) whole[i] = Math.max(-WEIGHT, Math.min(WEIGHT, Math.round((kernel[i] as number) / unit)));
  }
  return { whole, scale };
}

function quantized({ inputs, outputs, kernel, bias }: Extract<Step, { type: 'product' }>): QuantizedProduct {
  const { whole, scale } = wholeOf('compile: a kernel', inputs, outputs, kernel);
  return { type: 'quantized', inputs, outputs, kernel: whole, scale, bias };
}

/**
 * Makes a file of a trained model or pipeline with weights of 8 bits, a quarter of the bytes, which loadQuantizedPredictor of simdense/predict loads.
 *
 * Kernels become whole numbers from −127 to 127, with a scale for each unit; biases and the other layers stay float32. Predictions differ a little from the
 * model's, and are those of `compile` with weights 'int8' to the bit. Nothing is to be calibrated: each row's numbers are scaled by the row's largest.
 * @param m A model, or a fitted pipeline of one network.
 * @returns The bytes of the file, safetensors.
 * @throws SimdenseError 'ARGUMENT' for anything but a model or pipeline.
 * @throws SimdenseError 'UNSUPPORTED' for a kernel of more than 262,144 inputs.
 * @throws SimdenseError 'DATA' for a weight that is not finite.
 * @throws SimdenseError 'DISPOSED' for a disposed model.
 * @example
 * import { dense, sequential } from 'simdense';
 * import { loadQuantizedPredictor } from 'simdense/predict';
 *
 * const model = sequential({ inputs: 64, layers: [dense({ units: 256 }), dense({ units: 2 })] });
 * const file = quantize(model);
 * file.length / model.save().length < 0.31; // true
 * using predictor = loadQuantizedPredictor(file);
 * predictor.outputs; // 2
 */
export function quantize(m: Sequential | FittedPipeline): Uint8Array {
  noMore('quantize', arguments, 1);
  const { tensors, metadata } = decode(checkModel('quantize', m).save());
  const made = new Map<string, AnyTensor>([[INT8_MARK, { shape: [0], data: new Int8Array(0), dtype: 'I8' }]]);
  const kernels = new Map<string, AnyTensor>();
  for (const [path, tensor] of tensors) {
    const { shape, data } = tensor;
    const bad = data.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0) throw new SimdenseError('DATA', `quantize: "${path}"[${bad}] is ${data[bad]}`);
    const [inputs, outputs] = shape;
    if (inputs === undefined || outputs === undefined) made.set(path, tensor);
    else {
      const { whole, scale } = wholeOf(`quantize: "${path}"`, inputs, outputs, data);
      made.set(scaleOf(path), { shape: [outputs], data: scale });
      kernels.set(path, { shape, data: whole, dtype: 'I8' });
    }
  }
  // Numbers of one byte last: the others stay aligned.
  for (const [path, kernel] of kernels) made.set(path, kernel);
  return encode(made, { ...metadata, format: 'simdense int8', quantized: JSON.stringify({ version: 1 }) });
}

/** The program with whole numbers for weights, and what it gives for its test row. */
export function quantizedProgram(program: Program): Program {
  const steps = program.steps.map((step) => (step.type === 'product' ? quantized(step) : step));
  const { test } = program;
  return { ...program, steps, test: { ...test, y: finished(program, run(steps, test.features)) } };
}
