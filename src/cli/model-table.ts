// A file as a model reads it: its columns by name, in any order, beside any others.
import { show } from '../base/checks.js';
import { didYouMean } from '../base/did-you-mean.js';
import { SimdenseError } from '../base/errors.js';
import { listed } from '../base/listed.js';
import type { AnyRows, FittedPipeline } from '../evaluate/index.js';
import type { EncoderColumn } from '../table/encoders/kinds.js';
import { Table } from '../table/index.js';
import { type FileColumn, modelColumn, Notes } from './model-cells.js';
import { oldRows } from './old-model.js';
import { list, type Values } from './options.js';
import { openTable, readingOf } from './read-file.js';

/** A file, with each column's cells as they stand there. */
export interface ModelFile {
  readonly path: string;
  /** The table as it was found to be. */
  readonly found: Table;
  /** All cells as texts. */
  readonly texts: Table;
  /** The sign before the decimals of its numbers; undefined if none tells. */
  readonly decimal: '.' | ',' | undefined;
  column(name: string): FileColumn;
}

/** Reads a file for a model. */
export async function readModelFile(path: string, values: Values): Promise<ModelFile> {
  const file = await openTable(path);
  const o = readingOf(values);
  const found = await file.read(o);
  const kinds = Object.fromEntries(found.columns.map(({ name }) => [name, 'text' as const]));
  const texts = await file.read({ ...o, kinds, missing: { only: [] } });
  return {
    path,
    found,
    texts,
    decimal: o.decimal ?? decimalOf(found),
    column(name) {
      const at = found.columns.findIndex((column) => column.name === name);
      if (at < 0) {
        const names = found.columns.map((column) => column.name);
        const message = `there is no column ${show(name)} among ${listed(names)}${didYouMean(name, names)}`;
        throw new SimdenseError('ARGUMENT', `${path}: ${message}`);
      }
      return { found: found.column(name), texts: texts.column(name).cells as FileColumn['texts'] };
    },
  };
}

function decimalOf({ data: { columns } }: Table): '.' | ',' | undefined {
  const numbers = columns.filter(({ holds }) => holds === 'number');
  if (numbers.some(({ format }) => format?.decimal === ',')) return ',';
  const broken = numbers.some(
    ({ cells }) => 'values' in cells && cells.values.some((value) => value % 1 !== 0 && !Number.isNaN(value)),
  );
  return broken ? '.' : undefined;
}

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
  const columns = encoderColumns(model).map((data) => modelColumn(data, file.column(data.name), reading, notes));
  const table = new Table({ rows: file.found.rows, columns });
  return { rows: table, select: (rows) => table.select(rows), notes };
}

/** What the model keeps of each column that it learnt from. */
export const encoderColumns = ({ encoder }: FittedPipeline): readonly EncoderColumn[] =>
  encoder?.toJSON().columns ?? [];
