// Decompresses what gzip and zip files hold, as far as it may expand.
import { SimdenseError } from '../../base/errors.js';
import { checkExpansion } from './limits.js';

/**
 * The content, part by part. Throws SimdenseError 'FORMAT' for what is broken, and 'UNSUPPORTED' for what expands too much or where the
 * runtime cannot decompress.
 */
export async function* inflated(
  what: 'gzip' | 'xlsx',
  parts: readonly Uint8Array[],
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  if (typeof DecompressionStream === 'undefined')
    throw new SimdenseError('UNSUPPORTED', `readTable: this runtime cannot read ${what}: decompress the file first`);
  const packed = parts.reduce((sum, { length }) => sum + length, 0);
  let size = 0;
  try {
    const blob = new Blob(parts as Uint8Array<ArrayBuffer>[]);
    const format = what === 'gzip' ? 'gzip' : ('deflate-raw' as CompressionFormat);
    const reader = blob.stream().pipeThrough(new DecompressionStream(format)).getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      size += next.value.length;
      checkExpansion(what, packed, size);
      yield next.value;
    }
  } catch (cause) {
    if (cause instanceof SimdenseError) throw cause;
    throw new SimdenseError('FORMAT', `readTable: the ${what} file is broken or cut short`, { cause });
  }
}
