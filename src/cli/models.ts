// Files of models.
import { readFile } from 'node:fs/promises';
import { SimdenseError } from '../base/errors.js';
import { fromFloat16 } from '../compile/index.js';
import { areFiles } from '../evaluate/files.js';

/** Loads a model from a file, whose numbers of 16 bits are widened. `size` is that of the file. Rejects with a SimdenseError 'FORMAT' that names the file. */
export async function readModel<T>(path: string, load: (bytes: Uint8Array, size: number) => T): Promise<T> {
  const bytes = await readFile(path).catch((error: Error) => Promise.reject(Object.assign(error, { path })));
  try {
    return load(formatOf(bytes) === 'float16' ? fromFloat16(bytes) : bytes, bytes.length);
  } catch (cause) {
    if (!(cause instanceof SimdenseError) || cause.code !== 'FORMAT') throw cause;
    const looks = looksLike(bytes);
    const why =
      formatOf(bytes) === 'int8'
        ? 'its weights are int8; loadQuantizedPredictor of simdense/predict reads it, and the command the file that it was made of'
        : looks === undefined
          ? cause.message
          : `it looks like ${looks}`;
    throw new SimdenseError('FORMAT', `${path} is no model that this simdense reads: ${why}`, { cause });
  }
}

/** How files of other formats begin, in hexadecimal. */
const beginnings: readonly (readonly [RegExp, string])[] = [
  [/^504b0304/, 'a zip archive, such as PyTorch and Keras write'],
  [/^89484446/, 'an HDF5 file, such as Keras writes'],
  [/^1f8b/, 'a file that gzip has packed'],
  // Field 1, the version of the format; then field 2 to 7.
  [/^08[01].(12|1a|22|2a|32|3a)/, 'an ONNX model; fromOnnx of simdense/onnx reads these'],
  [/^(efbbbf)?3c/, 'a page of HTML, or XML'],
  [/^(efbbbf)?[57]b/, 'JSON'],
];

/** What a file that is not safetensors looks like; undefined if it may be safetensors, or like nothing that is known. */
function looksLike(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 512));
  if (head.toString('latin1').startsWith('simdense ')) return undefined;
  if (head.length < 8 || head.readBigUInt64LE() <= bytes.length) return undefined;
  const found = beginnings.find(([beginning]) => beginning.test(head.toString('hex')))?.[1];
  return found ?? (/[,;\t]/.test(head.toString('latin1')) && !head.includes(0) ? 'a table, CSV' : undefined);
}

/** What the weights of a model's file are, where they are not float32. */
const formatOf = (bytes: Uint8Array): string | undefined =>
  /"format":"simdense (int8|float16)"/.exec(Buffer.from(bytes.subarray(0, 80)).toString('latin1'))?.[1];

/** Whether a saved model is a pipeline, with scalers and classes, and not a network alone. */
export function isPipeline({ buffer, byteOffset, byteLength }: Uint8Array): boolean {
  return Buffer.from(buffer, byteOffset, byteLength).includes('"pipeline":');
}

/** Whether a saved model is a network alone, as `simdense import` writes it. */
export const isNetwork = (bytes: Uint8Array): boolean =>
  !areFiles(bytes) && !isPipeline(bytes) && Buffer.from(bytes.subarray(0, 4096)).includes('"simdense":');

/** Throws SimdenseError 'UNSUPPORTED' for a network alone, with what to do in a program instead. */
export function refuseNetwork(path: string, bytes: Uint8Array, instead: string): void {
  if (!isNetwork(bytes)) return;
  throw new SimdenseError(
    'UNSUPPORTED',
    `${path} is a network alone, which does not know how its columns and targets are encoded; ${instead}`,
  );
}

/** The program that wrote a valid model file; undefined for files of 0.1.0. */
export function writerOf({ buffer, byteOffset, byteLength }: Uint8Array): string | undefined {
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE())));
  return header.__metadata__.writer;
}
