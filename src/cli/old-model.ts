// Models of numbers, such as those that the command of 0.1.0 and 0.2.0 has trained: their columns are features such as 'island=Biscoe'.
import { SimdenseError } from '../base/errors.js';
import { readName } from '../data/csv-features.js';
import { Matrix, type ScalerData } from '../data/index.js';
import type { FittedPipeline } from '../evaluate/index.js';
import type { ColumnData } from '../table/index.js';
import { modelColumn, type Reading } from './model-cells.js';
import type { ModelFile } from './model-file.js';
import type { Notes } from './notes.js';

/** The rows of a file as the features that a model of numbers takes. Throws SimdenseError 'ARGUMENT' for a column that is not there. */
export function oldRows(
  { columns, model, scaler, target }: FittedPipeline,
  file: ModelFile,
  reading: Reading,
  notes: Notes,
): Matrix {
  const names = file.found.columns.map(({ name }) => name);
  const numbers = new Map(names.map((name, i) => [name, i]));
  const longest = names.reduce((most, { length }) => Math.max(most, length), 0);
  const wanted = columns ?? names.filter((name) => name !== target);
  if (wanted.length !== model.inputs) {
    const message = `the model takes ${model.inputs} columns and does not know their names; the file has ${wanted.length}`;
    throw new SimdenseError('ARGUMENT', `${file.path}: ${message}`);
  }
  const features = wanted.map((feature) => {
    // A name that stands for no column is refused as that of a column.
    const [name, category] = columns ? (readName(feature, numbers, longest) ?? [feature]) : [feature];
    return { name, category };
  });
  const categories = new Map<string, string[]>();
  for (const { name, category } of features)
    if (category !== undefined) categories.set(name, [...(categories.get(name) ?? []), category]);
  const read = new Map<string, ColumnData>();
  const data = new Float32Array(file.found.rows * features.length);
  for (const [at, { name, category }] of features.entries()) {
    const column = category === undefined ? undefined : read.get(name);
    const own = column ?? readColumn(name, categories.get(name), middleOf(scaler.toJSON(), at));
    if (category !== undefined) read.set(name, own);
    const { cells } = own;
    const value =
      'codes' in cells
        ? (row: number) => Number(cells.texts[cells.codes[row] as number] === category)
        : (row: number) => cells.values[row] as number;
    for (let row = 0; row < file.found.rows; row++) data[row * features.length + at] = value(row);
  }
  return new Matrix(data, features.length);

  function readColumn(name: string, known: readonly string[] | undefined, fill: number): ColumnData {
    const column = file.column(name);
    if (known) {
      const own = { kind: 'category', name, categories: known, missing: false, rare: false } as const;
      return modelColumn(own, column, reading, notes);
    }
    const plain = { fill, flag: false, scaler: { type: 'none', center: [], scale: [] } } as const;
    const own = modelColumn({ kind: 'number', name, ...plain }, column, reading, notes);
    const { values } = own.cells as { values: Float64Array };
    return { ...own, cells: { values: values.map((value) => (Number.isNaN(value) ? fill : value)) } };
  }
}

/** What stands for a missing number: the middle of what the scaler has seen, as far as it tells. */
function middleOf(scaler: ScalerData, column: number): number {
  if (scaler.type === 'none') return 0;
  if (scaler.type === 'quantile') {
    const quantiles = scaler.quantiles[column] as readonly number[];
    return quantiles[Math.floor(quantiles.length / 2)] as number;
  }
  const [center, scale] = [scaler.center[column] as number, scaler.scale[column] as number];
  return scaler.type === 'minMax' ? center + scale / 2 : center;
}
