// Arrays of other libraries and the kernels' arrays: checks what docs/kernels.md says of each, and prints its table. Libraries that are not installed are left out.
//   node arrays.mjs
import { deepStrictEqual as equal } from 'node:assert';
import { kernels } from 'simdense/kernels';
import { optional } from './optional.mjs';

const k = kernels();
const numbers = [1, 2, 3, 4, 5, 6];
/** By library: which way, whether that copies, and how. */
const checks = {
  ndarray: async ({ default: ndarray }) => {
    const x = k.float32(numbers);
    const array = ndarray(x, [2, 3]);
    array.set(1, 2, 60);
    equal([array.data === x, x[5]], [true, 60]);
    k.scal(2, array.data);
    equal(array.get(1, 2), 120);
    return ['no copy', 'no copy', '`ndarray(k.float32(n), [r, c])`; `array.data` goes into kernels'];
  },
  '@stdlib/ndarray-base-ctor': async ({ default: ndarray }) => {
    const x = k.float32(numbers);
    const array = new ndarray('float32', x, [2, 3], [3, 1], 0, 'row-major');
    array.set(1, 2, 60);
    equal([array.data === x, x[5]], [true, 60]);
    k.scal(2, array.data);
    equal(array.get(1, 2), 120);
    return [
      'no copy',
      'no copy',
      "`new ndarray('float32', k.float32(n), [r, c], [c, 1], 0, 'row-major')` of @stdlib/ndarray-base-ctor; `array.data` goes into kernels",
    ];
  },
  'ml-matrix': async ({ Matrix, WrapperMatrix1D, WrapperMatrix2D }) => {
    const x = k.float64(numbers);
    const rows = [x.subarray(0, 3), x.subarray(3, 6)];
    for (const matrix of [new WrapperMatrix2D(rows), new WrapperMatrix1D(x, { rows: 2 })]) {
      matrix.set(1, 2, 60);
      equal(x[5], 60);
      k.scal(2, x);
      equal(matrix.get(1, 2), 120);
    }
    const copy = new Matrix(rows);
    copy.set(0, 0, -1);
    equal(x[0] === -1, false);
    equal(k.float64(copy.to1DArray()).length, 6);
    return [
      'no copy',
      'no copy',
      '`new WrapperMatrix1D(k.float64(n), { rows })`, or `new WrapperMatrix2D(rows)` of parts of a `k.float64`; `Matrix` copies',
    ];
  },
  'numpy-ts': async ({ array, frombuffer }) => {
    const x = k.float32(numbers);
    for (const one of [array(x), frombuffer(x.buffer, 'float32', 6, x.byteOffset)]) {
      equal([one.data.buffer === x.buffer, Array.from(one.data)], [false, numbers]);
      // An outside array: copied in, and as a result copied back.
      k.scal(2, one.data);
      equal([Array.from(one.data), [...x]], [numbers.map((value) => 2 * value), numbers]);
    }
    return [
      'one copy',
      'one copy',
      '`np.array(x)` copies into its own WebAssembly memory; `array.data` goes into kernels as an outside array',
    ];
  },
};

console.log('| library | from kernels | to kernels | how |\n|---|---|---|---|');
for (const [name, check] of Object.entries(checks)) {
  const library = await optional(name);
  if (library) console.log(`| ${[name.replace('/ndarray-base-ctor', ''), ...(await check(library))].join(' | ')} |`);
}
