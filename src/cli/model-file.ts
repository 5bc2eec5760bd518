// A file as a model reads it, with each column's cells as they stand there.
import { show } from '../base/checks.js';
import { didYouMean } from '../base/did-you-mean.js';
import { SimdenseError } from '../base/errors.js';
import { listed } from '../base/listed.js';
import type { Table } from '../table/index.js';
import type { FileColumn } from './model-cells.js';
import type { Values } from './options.js';
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
  const file = await openTable(path, values);
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
