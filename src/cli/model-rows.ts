// Rows for a model: its columns by name, in any order, beside any others.
import type { AnyRows, FittedPipeline } from '../evaluate/index.js';
import type { EncoderColumn } from '../table/encoders/kinds.js';
import { Table } from '../table/index.js';
import { modelColumn } from './model-cells.js';
import { checkWanted, type ModelFile } from './model-file.js';
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
export function modelRows(model: FittedPipeline, file: ModelFile, values: Values): ModelRows {
  const notes = new Notes();
  const reading = { missing: list(values, 'missing-words'), decimal: file.decimal };
  if (!model.encoder) {
    const x = oldRows(model, file, reading, notes);
    return { rows: x, select: (rows) => x.select(rows), notes };
  }
  const wanted = encoderColumns(model);
  checkWanted(
    file,
    wanted.map(({ name }) => name),
  );
  const columns = wanted.map((data) => modelColumn(data, file.column(data.name), reading, notes));
  const table = new Table({ rows: file.found.rows, columns });
  return { rows: table, select: (rows) => table.select(rows), notes };
}

/** What the model keeps of each column that it learnt from. */
export const encoderColumns = ({ encoder }: FittedPipeline): readonly EncoderColumn[] =>
  encoder?.toJSON().columns ?? [];
