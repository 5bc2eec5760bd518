import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { SimdenseError } from '../base/errors.js';
import type { CsvOptions, Table } from '../data/csv.js';
import type { Label } from '../data/index.js';
import { type FittedPipeline, loadPipeline } from '../evaluate/index.js';
import { readCsv } from '../node/index.js';
import type { Call } from './command.js';
import { text, type Values } from './options.js';

export interface TrainingTable {
  readonly x: Table['x'];
  readonly names: readonly string[];
  readonly labels: readonly Label[];
  readonly target: string;
}

const reading = (values: Values): CsvOptions => ({
  ...(values['missing'] !== undefined && { missing: text(values, 'missing') as 'skip' }),
  ...(values['delimiter'] !== undefined && { delimiter: text(values, 'delimiter') as string }),
  ...(values['no-header'] === true && { header: false }),
});

/** The files that a command takes, as many as its usage names before any option. Throws SimdenseError 'ARGUMENT'. */
export function filesOf({ positionals }: Call, { name, usage }: { name: string; usage: string }): string[] {
  const names = (usage.split(' --')[0] as string).split(' ');
  if (positionals.length !== names.length) {
    const count = names.length === 1 ? 'one file' : 'two files';
    throw new SimdenseError('ARGUMENT', `expected ${count}: simdense ${name} ${usage}`);
  }
  return [...positionals];
}

/** A table with its target: by name, by number, or the last column. */
export async function readTraining(path: string, values: Values): Promise<TrainingTable> {
  const table = await readWithTarget(path, text(values, 'target') ?? -1, reading(values));
  return {
    x: table.x,
    names: table.names,
    labels: table.target as readonly Label[],
    target: table.targetName as string,
  };
}

/** Digits are a name where a column is called so, else a number. */
async function readWithTarget(path: string, target: string | number, o: CsvOptions): Promise<Table> {
  try {
    return await readCsv(path, { ...o, target });
  } catch (error) {
    if (!/^\d+$/.test(String(target)) || (error as SimdenseError).code !== 'ARGUMENT') throw error;
    return readCsv(path, { ...o, target: Number(target) });
  }
}

/** The columns that a model was trained on, as it takes them. */
async function readFor(model: FittedPipeline, path: string, values: Values, labels: boolean): Promise<Table> {
  const target = text(values, 'target') ?? model.target;
  if (labels && target === undefined)
    throw new SimdenseError('ARGUMENT', 'the model does not know what its target is called: give --target COLUMN');
  const o = { ...reading(values), ...(model.columns && { features: model.columns }) };
  return labels ? readWithTarget(path, target as string, o) : readCsv(path, o);
}

/** What `load` makes of a file. Throws SimdenseError 'FORMAT' that names it. */
export async function readModel<T>(path: string, load: (bytes: Uint8Array) => T): Promise<T> {
  const bytes = await readFile(path);
  try {
    return load(bytes);
  } catch (cause) {
    if (!(cause instanceof SimdenseError) || cause.code !== 'FORMAT') throw cause;
    throw new SimdenseError('FORMAT', `${path} is no model of simdense: ${cause.message}`, { cause });
  }
}

/** A pipeline and the table that it is to work on; with `labels` also its target. */
export async function readBoth(
  [path, file]: readonly string[],
  values: Values,
  labels: boolean,
): Promise<{ model: FittedPipeline; table: Table }> {
  const model = await readModel(path as string, loadPipeline);
  try {
    return { model, table: await readFor(model, file as string, values, labels) };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

/** Whether a saved model has a scaler and classes beside it. */
export function isPipeline({ buffer, byteOffset, byteLength }: Uint8Array): boolean {
  return Buffer.from(buffer, byteOffset, byteLength).includes('"pipeline":');
}

/** A file's name without its ending. */
export const stem = (path: string): string =>
  basename(path)
    .replace(/(\.gz)?$/, '')
    .replace(/\.[^.]*$/, '');
