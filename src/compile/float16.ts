import { noMore } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { halfBits, LARGEST_HALF } from '../base/half.js';
import type { FittedPipeline } from '../evaluate/fitted-pipeline.js';
import { type AnyTensor, decode, encode } from '../train/safetensors.js';
import type { Sequential } from '../train/sequential.js';
import { FLOAT16_MARK } from '../train/widened.js';
import { checkModel } from './check-model.js';

function halves(data: Float32Array): Uint16Array {
  const bits = new Uint16Array(data.length);
  for (let i = 0; i < data.length; i++) bits[i] = halfBits(data[i] as number);
  return bits;
}

/**
 * Makes a file of a trained model or pipeline with kernels of float16, half the bytes. `fromFloat16` turns it into one of float32, which loadPredictor, loadModel
 * and loadPipeline read.
 *
 * Each weight is rounded to the nearest, of two to the even one. Biases and the other layers, a small share of the bytes, stay float32.
 * @param m A model, or a fitted pipeline of one network.
 * @returns The bytes of the file, safetensors.
 * @throws SimdenseError 'ARGUMENT' for anything but a model or pipeline.
 * @throws SimdenseError 'DATA' for a weight that is not finite or beyond 65504, the largest float16.
 * @throws SimdenseError 'DISPOSED' for a disposed model.
 * @example
 * import { dense, sequential } from 'simdense';
 *
 * const model = sequential({ inputs: 64, layers: [dense({ units: 256 }), dense({ units: 2 })] });
 * const file = toFloat16(model);
 * file.length / model.save().length < 0.55; // true
 */
export function toFloat16(m: Sequential | FittedPipeline): Uint8Array {
  noMore('toFloat16', arguments, 1);
  const { tensors, metadata } = decode(checkModel('toFloat16', m).save());
  const made = new Map<string, AnyTensor>([[FLOAT16_MARK, { shape: [0], data: new Uint16Array(0), dtype: 'F16' }]]);
  for (const [path, tensor] of tensors) {
    const { shape, data } = tensor;
    const isKernel = shape.length === 2;
    const most = isKernel ? LARGEST_HALF : Number.MAX_VALUE;
    const bad = data.findIndex((value) => !(Math.abs(value) <= most));
    if (bad >= 0) {
      const why = Number.isFinite(data[bad]) ? `, and float16 ends at ${LARGEST_HALF}` : '';
      throw new SimdenseError('DATA', `toFloat16: "${path}"[${bad}] is ${data[bad]}${why}`);
    }
    made.set(path, isKernel ? { shape, data: halves(data), dtype: 'F16' } : tensor);
  }
  return encode(made, { ...metadata, format: 'simdense float16' });
}
