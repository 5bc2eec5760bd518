import { noMore, toBytes } from '../base/checks.js';
import { half } from '../base/half.js';
import { decode } from './safetensors.js';
import { FLOAT16_MARK, type NarrowType, widened } from './widened.js';

const float16: NarrowType = {
  mark: FLOAT16_MARK,
  dtype: 'F16',
  bytes: 2,
  floats(part) {
    const view = new DataView(part.buffer, part.byteOffset, part.length);
    const floats = new Float32Array(part.length / 2);
    for (let i = 0; i < floats.length; i++) floats[i] = half(view.getUint16(2 * i, true));
    return floats;
  },
};

/**
 * Turns a file of `toFloat16` into one of float32, which loadPredictor, loadModel and loadPipeline read. A file that has no float16 is returned as it is.
 *
 * @param bytes The bytes of a model's or pipeline's file, whose tensors are float32 or float16.
 * @returns The file with all numbers as float32.
 * @throws SimdenseError 'FORMAT' for anything but such a file, 'ARGUMENT' for what is not a Uint8Array.
 * @example
 * import { dense, sequential } from 'simdense';
 * import { toFloat16 } from 'simdense/compile';
 * import { loadPredictor } from 'simdense/predict';
 *
 * const model = sequential({ inputs: 2, layers: [dense({ units: 1, kernelInitializer: 'ones' })] });
 * using predictor = loadPredictor(fromFloat16(toFloat16(model)));
 * predictor.predict([[1, 2]]).data; // [3]
 */
export function fromFloat16(bytes: Uint8Array): Uint8Array {
  noMore('fromFloat16', arguments, 1);
  const { file } = widened('fromFloat16', toBytes('fromFloat16(bytes)', bytes), float16);
  decode(file, undefined, 'fromFloat16');
  return file;
}
