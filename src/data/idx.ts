import { noMore, toBytes } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { Matrix } from './matrix.js';

/**
 * MNIST's format: two zero bytes, the type (8: unsigned bytes, the one supported), the number of dimensions, the
 * dimensions as big-endian 32-bit numbers, then the bytes. A matrix of one row an item, bytes kept as bytes: 60,000 images of 28×28 are
 * 60000 × 784, labels are n × 1. Source: yann.lecun.com/exdb/mnist, "The IDX file format".
 * Throws SimdenseError 'FORMAT'; a file compressed by gzip is read by simdense/node's readIdx.
 */
export function parseIdx(bytes: Uint8Array): Matrix {
  noMore('parseIdx', arguments, 1);
  const file = toBytes('parseIdx(bytes)', bytes);
  if (file[0] === 0x1f && file[1] === 0x8b) {
    throw new SimdenseError(
      'FORMAT',
      'parseIdx: the bytes are compressed by gzip; unpack them first, or use readIdx of simdense/node',
    );
  }
  if (file.length < 4) throw new SimdenseError('FORMAT', `parseIdx: ${file.length} bytes are too few for a header`);
  const [zero0, zero1, type, dimensions] = file as unknown as [number, number, number, number];
  if (zero0 !== 0 || zero1 !== 0 || dimensions === 0) {
    throw new SimdenseError(
      'FORMAT',
      `parseIdx: not an IDX file: it begins with ${[...file.subarray(0, 4)].join(' ')}`,
    );
  }
  if (type !== 8)
    throw new SimdenseError('FORMAT', `parseIdx: numbers of type ${type}; only type 8, unsigned bytes, is supported`);
  const header = 4 + 4 * dimensions;
  if (file.length < header)
    throw new SimdenseError('FORMAT', `parseIdx: the file ends inside its header of ${header} bytes`);
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const items = view.getUint32(4);
  let columns = 1;
  for (let d = 1; d < dimensions; d++) columns *= view.getUint32(4 + 4 * d);
  const expected = header + items * columns;
  if (columns === 0 || file.length !== expected) {
    throw new SimdenseError(
      'FORMAT',
      `parseIdx: ${items} items of ${columns} bytes need ${expected} bytes, the file has ${file.length}`,
    );
  }
  return new Matrix(file.subarray(header), columns);
}
