// The exact messages of matrices, splits and files for bad input.
import { holdOut, parseIdx } from '../../src/data/index.js';
import { Matrix } from '../../src/index.js';
import { any, checkMessages, missing } from './check.js';

const x = new Matrix([1, 2, 3, 4], 2);

checkMessages([
  [() => new Matrix([1], 0), 'SimdenseError [ARGUMENT]: Matrix(columns): expected a positive integer, got 0'],
  [() => new Matrix(any('1,2'), 1), 'SimdenseError [ARGUMENT]: Matrix(data): expected numbers, got "1,2"'],
  [() => new Matrix([1, 2, 3], 2), 'SimdenseError [SHAPE]: Matrix(data): 3 numbers do not fill rows of 2 columns'],
  [() => new Matrix([1, any(null)], 2), `SimdenseError [DATA]: Matrix(data) is null in row 0, column 1${missing}`],
  [
    () => new Matrix([1, any('7')], 2),
    'SimdenseError [DATA]: Matrix(data) is "7" in row 0, column 1, expected a number; Number() converts a text',
  ],
  [
    () => new Matrix([1, any(true)], 2),
    'SimdenseError [DATA]: Matrix(data) is true in row 0, column 1, expected a number; use 1 or 0',
  ],
  [() => new Matrix([1, any(2n)], 2), 'SimdenseError [DATA]: Matrix(data) is 2n in row 0, column 1, expected a number'],
  [
    () => new Matrix([1e300], 1),
    'SimdenseError [DATA]: Matrix(data) is 1e+300 in row 0, column 0: float32 holds up to 3.4e38; divide the column by a constant',
  ],
  [
    () => new Matrix([Number.POSITIVE_INFINITY], 1),
    'SimdenseError [DATA]: Matrix(data) is Infinity in row 0, column 0',
  ],
  [
    () => Matrix.from(any([{ a: 1, b: 2 }])),
    'SimdenseError [ARGUMENT]: Matrix.from: row 0 is an Object, expected numbers; turn objects into arrays: rows.map(({ a, b }) => [a, b])',
  ],
  [() => x.row(2), 'SimdenseError [ARGUMENT]: Matrix.row: row 2 is not among the 2 rows'],
  [
    () => x.select(Int32Array.of(0, -1)),
    'SimdenseError [ARGUMENT]: Matrix.select(indices): row -1 is not among the 2 rows',
  ],
  [() => Matrix.from([]), 'SimdenseError [SHAPE]: Matrix.from: expected at least one row of at least one number'],
  [() => Matrix.from([[1, 2], [3]]), 'SimdenseError [SHAPE]: Matrix.from: row 1 has 1 numbers, row 0 has 2'],
  [() => Matrix.from([[1], any('2')]), 'SimdenseError [ARGUMENT]: Matrix.from: row 1 is "2", expected numbers'],
  [() => holdOut(1), 'SimdenseError [ARGUMENT]: holdOut(rows): needs 2 rows or more, got 1'],
  [
    () => holdOut(10, { testSize: 1.5 }),
    'SimdenseError [ARGUMENT]: holdOut(testSize): expected a share between 0 and 1, got 1.5',
  ],
  [() => holdOut(10, { stratify: [1, 2] }), 'SimdenseError [SHAPE]: holdOut(stratify) has 2 labels for 10 rows'],
  [() => holdOut(10, { repeats: 0 }), 'SimdenseError [ARGUMENT]: holdOut(repeats): expected a positive integer, got 0'],
  [() => parseIdx(any('')), 'SimdenseError [ARGUMENT]: parseIdx(bytes): expected a Uint8Array, got ""'],
  [
    () => parseIdx(Uint8Array.of(0x1f, 0x8b, 8, 0)),
    'SimdenseError [FORMAT]: parseIdx: the bytes are compressed with gzip; decompress them first, or use readIdx of simdense/node',
  ],
  [() => parseIdx(Uint8Array.of(0, 0)), 'SimdenseError [FORMAT]: parseIdx: 2 bytes are too few for a header'],
  [
    () => parseIdx(Uint8Array.of(1, 0, 8, 1, 0, 0, 0, 0)),
    'SimdenseError [FORMAT]: parseIdx: not an IDX file: it begins with 1 0 8 1',
  ],
  [
    () => parseIdx(Uint8Array.of(0, 0, 13, 1, 0, 0, 0, 0)),
    'SimdenseError [FORMAT]: parseIdx: numbers of type 13; only type 8, unsigned bytes, is supported',
  ],
  [
    () => parseIdx(Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1)),
    'SimdenseError [FORMAT]: parseIdx: the file ends inside its header of 16 bytes',
  ],
  [
    () => parseIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 3, 1, 2)),
    'SimdenseError [FORMAT]: parseIdx: 3 items of 1 bytes need 11 bytes, the file has 10',
  ],
  [
    () => parseIdx(Uint8Array.of(0, 0, 8, 2, 255, 255, 255, 255, 255, 255, 255, 255)),
    'SimdenseError [FORMAT]: parseIdx: 4294967295 items of 4294967295 bytes need 18446744065119617000 bytes, the file has 12',
  ],
]);
