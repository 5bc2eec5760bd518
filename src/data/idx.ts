import { noMore, toBytes } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { Matrix } from './matrix.js';

/**
 * Parses an IDX file, the format of MNIST.
 *
 * The file has two zero bytes, the type (8: unsigned bytes, the only supported one), the number of dimensions, each dimension as a
 * big-endian 32-bit number, and then the data. Source: yann.lecun.com/exdb/mnist, "The IDX file format". For a file compressed with
 * gzip use readIdx of simdense/node.
 *
 * @param bytes The file, not compressed.
 * @returns A matrix with one row for each item; the numbers stay bytes. 60,000 images of 28×28 pixels are 60000 × 784, n labels are
 * n × 1. It is a view of `bytes`, not a copy.
 * @throws SimdenseError 'FORMAT' for bytes that are not such a file.
 * @throws SimdenseError 'ARGUMENT' for what is not a Uint8Array.
 * @example
 * // Two images of 1×2 pixels.
 * const file = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2, 10, 20, 30, 40);
 * parseIdx(file).toArrays(); // [[10, 20], [30, 40]]
 */
export function parseIdx(bytes: Uint8Array): Matrix {
  noMore('parseIdx', arguments, 1);
  const file = toBytes('parseIdx(bytes)', bytes);
  if (file[0] === 0x1f && file[1] === 0x8b) {
    throw new SimdenseError(
      'FORMAT',
      'parseIdx: the bytes are compressed with gzip; decompress them first, or use readIdx of simdense/node',
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
