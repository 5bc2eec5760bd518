// Rows for a model: its columns by name, in any order, beside any others.
import type { AnyRows } from '../evaluate/index.js';
import type { EncoderColumn } from '../table/encoders/kinds.js';
import { Table } from '../table/index.js';
import { type Model, networkOf, networksOf } from './model.js';
import { modelColumn } from './model-cells.js';
import { checkWanted, emptyColumn, isAbsent, type ModelFile } from './model-file.js';
import { Notes } from './notes.js';
import { oldRows } from './old-model.js';
import { list, type Values } from './options.js';

/** Rows for a model. */
export interface ModelRows {
  /** What the pipeline predicts from: a Table, or for a model of numbers a Matrix. */
  readonly rows: AnyRows;
  select(rows: Int32Array): AnyRows;
  readonly notes: Notes;
}

/** The rows of a file for a model. Throws SimdenseError 'ARGUMENT' for a column that is not there. */
export function modelRows(given: Model, file: ModelFile, values: Values): ModelRows {
  const notes = new Notes();
  const model = networkOf(given);
  const reading = { missing: list(values, 'missing-words'), decimal: file.decimal };
  if (!model.encoder) {
    const x = oldRows(model, file, reading, notes);
    return { rows: x, select: (rows) => x.select(rows), notes };
  }
  const wanted = encoderColumns(given);
  const names = wanted.map(({ name }) => name);
  const lacking = new Set(wanted.filter((data) => isAbsent(file, data, names)));
  checkWanted(
    file,
    wanted.filter((data) => !lacking.has(data)),
  );
  const columns = wanted.map((data) => {
    if (!lacking.has(data)) return modelColumn(data, file.column(data.name), reading, notes);
    notes.lacks(data.name);
    return modelColumn(data, emptyColumn(data.name, file), reading, new Notes());
  });
  const { rows, lines } = file.found.data;
  const table = new Table({ rows, columns, ...(lines && { lines }) });
  return { rows: table, select: (rows) => table.select(rows), notes };
}

/** What the model keeps of each column that it learnt from. What one of several networks has learnt, the model knows. */
export function encoderColumns(model: Model): readonly EncoderColumn[] {
  const [first = [], ...others] = networksOf(model).map(({ encoder }) => encoder?.toJSON().columns ?? []);
  return first.map((column, i) => others.reduce((known, each) => joined(known, each[i] as EncoderColumn), column));
}

/** What two networks know of a column: the categories of both, and what a missing cell means if either has learnt it. */
function joined(one: EncoderColumn, two: EncoderColumn): EncoderColumn {
  const other = two as unknown as Record<string, unknown>;
  const either = Object.entries(one).map(([key, value]): [string, unknown] => {
    if (key === 'categories') return [key, [...new Set([value, other[key] ?? []].flat())]];
    return [key, typeof value === 'boolean' ? value || other[key] === true : value];
  });
  return Object.fromEntries(either) as unknown as EncoderColumn;
}
