// A network alone, as `simdense import` writes it: it takes columns of numbers in their order, and does not know their names.
import { show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { Matrix } from '../data/index.js';
import type { Sequential } from '../index.js';
import { lineOf } from '../table/lines.js';
import type { ModelFile } from './model-file.js';
import { shortFloat } from './numbers.js';
import { freeName, type Predictions } from './predictions.js';

/** What the network gives for each row of a file. Throws SimdenseError 'ARGUMENT' for other columns than it takes, and 'DATA' for a cell that is no number. */
export function networkPredictions(
  model: Sequential,
  file: ModelFile,
  withProbabilities: boolean,
  taken: readonly string[],
): Predictions {
  if (withProbabilities) {
    const message = 'the model is a network alone, which has no classes; all that it gives is in the predictions';
    throw new SimdenseError('ARGUMENT', `--probabilities: ${message}`);
  }
  const { data, columns } = model.predict(rowsOf(model, file));
  const names = new Set(taken);
  const isOne = columns === 1;
  return {
    columns: Array.from({ length: columns }, (_, c) => {
      const name = freeName(isOne ? 'prediction' : `prediction ${c}`, names);
      names.add(name);
      return { name, of: (row: number) => shortFloat(data[row * columns + c] as number) };
    }),
    data: {
      predictions: isOne
        ? Array.from(data, shortFloat)
        : new Matrix(data, columns).toArrays().map((row) => row.map(shortFloat)),
    },
  };
}

function rowsOf({ inputs }: Sequential, file: ModelFile): Matrix {
  const { columns, rows, data: table } = file.found;
  if (columns.length !== inputs) {
    const message = `the network takes ${inputs} column${inputs === 1 ? '' : 's'} of numbers, in its order, and the file has ${columns.length}`;
    throw new SimdenseError('ARGUMENT', `${file.path}: ${message}`);
  }
  const numbers = new Float32Array(rows * inputs);
  for (const [c, { name }] of columns.entries()) {
    const { texts, codes } = file.column(name).texts;
    const values = texts.map((text) => (text === '' ? Number.NaN : Number(text.replace(file.decimal ?? '.', '.'))));
    for (let row = 0; row < rows; row++) {
      const code = codes[row] as number;
      const value = Math.fround(values[code] ?? Number.NaN);
      if (!Number.isFinite(value)) {
        const cell = texts[code] ? `${show(texts[code])}, which is no number,` : 'no number';
        throw new SimdenseError('DATA', `${file.path}: row ${lineOf(table, row)} has ${cell} in column ${show(name)}`);
      }
      numbers[row * inputs + c] = value;
    }
  }
  return new Matrix(numbers, inputs);
}
