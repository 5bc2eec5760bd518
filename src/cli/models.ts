// Files of models.
import { readFile } from 'node:fs/promises';
import { SimdenseError } from '../base/errors.js';

/** Loads a model from a file. Rejects with a SimdenseError 'FORMAT' that names the file. */
export async function readModel<T>(path: string, load: (bytes: Uint8Array) => T): Promise<T> {
  const bytes = await readFile(path).catch((error: Error) => Promise.reject(Object.assign(error, { path })));
  try {
    return load(bytes);
  } catch (cause) {
    if (!(cause instanceof SimdenseError) || cause.code !== 'FORMAT') throw cause;
    throw new SimdenseError('FORMAT', `${path} is no model that this simdense reads: ${cause.message}`, { cause });
  }
}

/** Whether a saved model is a pipeline, with scalers and classes, and not a network alone. */
export function isPipeline({ buffer, byteOffset, byteLength }: Uint8Array): boolean {
  return Buffer.from(buffer, byteOffset, byteLength).includes('"pipeline":');
}

/** The program that wrote a valid model file; undefined for files of 0.1.0. */
export function writerOf({ buffer, byteOffset, byteLength }: Uint8Array): string | undefined {
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE())));
  return header.__metadata__.writer;
}
