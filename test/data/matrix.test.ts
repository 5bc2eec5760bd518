import { expect, test } from 'vitest';
import { dense, Matrix, sequential } from '../../src/index.js';

test('floats and bytes are kept, other numbers copied to float32', () => {
  const floats = Float32Array.of(1, 2, 3, 4);
  const bytes = Uint8Array.of(1, 2);
  expect(new Matrix(floats, 2).data).toBe(floats);
  expect(new Matrix(bytes, 1).data).toBe(bytes);
  expect(new Matrix(Float64Array.of(0.1), 1).data).toEqual(Float32Array.of(0.1));
  expect(new Matrix(Int32Array.of(5, 6), 2).data).toEqual(Float32Array.of(5, 6));
  expect(new Matrix([7, 8], 1).rows).toBe(2);
});

test('rows are views, a selection is a copy of the same kind', () => {
  const m = new Matrix(Uint8Array.of(1, 2, 3, 4, 5, 6), 2);
  m.row(1)[0] = 9;
  expect(Array.from(m.data)).toEqual([1, 2, 9, 4, 5, 6]);
  const chosen = m.select(Int32Array.of(2, 1, 2));
  expect(chosen.data).toEqual(Uint8Array.of(5, 6, 9, 4, 5, 6));
  expect([chosen.rows, chosen.columns]).toEqual([3, 2]);
});

test('argmax takes the first of equals; toArrays copies', () => {
  const m = Matrix.from([
    [1, 3, 3],
    [-1, -2, -1],
  ]);
  expect(m.argmax()).toEqual(Int32Array.of(1, 0));
  expect(m.toArrays()).toEqual([
    [1, 3, 3],
    [-1, -2, -1],
  ]);
});

test('a matrix of another copy of the package is taken as one', () => {
  using model = sequential({ inputs: 2, layers: [dense({ units: 1 })] });
  const foreign = { data: Float32Array.of(1, 2), rows: 1, columns: 2 } as Matrix;
  expect(model.predict(foreign)).toEqual(model.predict([1, 2]));
  const { rows, ...without } = foreign;
  expect(model.predict(without as Matrix)).toEqual(model.predict([1, 2]));
});

test('a matrix that contradicts itself is refused', () => {
  using model = sequential({ inputs: 2, layers: [dense({ units: 1 })] });
  for (const rows of [7, 0, '1', null, Number.NaN])
    expect(() => model.predict({ data: Float32Array.of(1, 2), rows, columns: 2 } as never)).toThrow(
      expect.objectContaining({
        code: 'SHAPE',
        message: expect.stringContaining('predict: x has 1 rows, and says '),
      }),
    );
});
