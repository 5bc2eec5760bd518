import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { listed } from '../base/listed.js';
import type { CsvOptions, Table } from '../data/csv.js';
import { isNumber, mostLacking } from '../data/csv-columns.js';
import type { Label } from '../data/index.js';
import { type TaskReason, taskOf } from '../evaluate/dataset.js';
import { type FittedPipeline, loadPipeline } from '../evaluate/index.js';
import * as node from '../node/index.js';
import type { Call } from './command.js';
import { text, type Values } from './options.js';

export interface TrainingTable {
  readonly x: Table['x'];
  readonly names: readonly string[];
  readonly labels: readonly Label[];
  readonly target: string;
  /** Rows that were left out for missing cells, and how many lack a cell of which column. */
  readonly skipped: number;
  readonly lacking: Readonly<Record<string, number>>;
  /** By --task, or as the whole target looks, and why: a clause. */
  readonly task: TaskReason['task'];
  readonly why: string;
}

const reading = (values: Values): CsvOptions => ({
  ...(values['missing'] !== undefined && { missing: text(values, 'missing') as 'skip' }),
  ...(values['delimiter'] !== undefined && { delimiter: delimiterOf(text(values, 'delimiter') as string) }),
  ...(values['no-header'] === true && { header: false }),
});

const delimiterOf = (text: string): string => (text === 'tab' || text === '\\t' ? '\t' : text);

/** The files that a command takes, as many as its usage names before any option. Throws SimdenseError 'ARGUMENT'. */
export function filesOf({ positionals }: Call, { name, usage }: { name: string; usage: string }): string[] {
  const names = (usage.split('--')[0] as string).split(' ').filter(Boolean);
  if (positionals.length !== names.length || positionals.includes('')) {
    const count = ['no file', 'one file', 'two files'][names.length];
    throw new SimdenseError('ARGUMENT', `expected ${count}: simdense ${name} ${usage}`);
  }
  return [...positionals];
}

/** A table with its target: by name, by number, or the last column. */
export async function readTraining(path: string, values: Values): Promise<TrainingTable> {
  const table = await readWithTarget(path, text(values, 'target') ?? -1, reading(values));
  const labels = table.target as readonly Label[];
  const target = table.targetName as string;
  if (labels.length < 2) {
    const lost = table.skipped > 0 ? `; ${table.skipped} more lack cells: ${mostLacking(table.lacking)}` : '';
    throw new SimdenseError('DATA', `${path}: 1 row is too few to train on and to test with${lost}`);
  }
  const asked = text(values, 'task') as TaskReason['task'] | undefined;
  if (asked === 'regression') await checkNumbers(path, labels, target, values);
  const { task, why } = asked ? { task: asked, why: '--task says so' } : taskOf(labels);
  if (task === 'regression' && values['balanced'] === true)
    throw new SimdenseError('ARGUMENT', `--balanced: is about classes, and this is a regression: ${why}`);
  const { x, names, skipped, lacking } = table;
  return { x, names, labels, target, skipped, lacking, task, why };
}

/** Errors name this command's option. */
async function readCsv(path: string, o: CsvOptions): Promise<Table> {
  try {
    return await node.readCsv(path, o);
  } catch (error) {
    if (error instanceof SimdenseError)
      error.message = error.message.replace("missing: 'skip' leaves", '--missing skip leaves');
    throw error;
  }
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

/** The columns that a model was trained on, as it takes them; its target, where that is wanted, as the model knows it, whatever else the file holds. */
async function readFor(model: FittedPipeline, path: string, values: Values, labels: boolean): Promise<Table> {
  const o = { ...reading(values), ...(model.columns && { features: model.columns }) };
  if (!labels) return readCsv(path, o);
  const target = text(values, 'target') ?? model.target;
  if (target === undefined)
    throw new SimdenseError('ARGUMENT', 'the model does not know what its target is called; give --target COLUMN');
  const table = await readWithTarget(path, target, o);
  const given = table.target as readonly Label[];
  if (model.classes) return { ...table, target: labelsAs(model.classes, given, table.targetName as string) };
  await checkNumbers(path, given, table.targetName as string, values);
  return table;
}

/** Read as a column of numbers, it names the row that holds none. Rejects with SimdenseError 'DATA'. */
async function checkNumbers(path: string, labels: readonly Label[], target: string, values: Values): Promise<void> {
  if (labels.some((label) => typeof label === 'string'))
    await readCsv(path, { ...reading(values), features: [target] });
}

/**
 * Labels as a model's classes are written: a file in which all are numbers holds the texts '1' and '01' as 1. What is none of the classes stays as it is. Throws SimdenseError 'DATA'
 * where no label is a class.
 */
function labelsAs(classes: readonly Label[], labels: readonly Label[], column: string): readonly Label[] {
  const byText = new Map(classes.map((label) => [String(label), label]));
  const numeric = classes.filter((label) => isNumber(String(label)));
  const byNumber = new Map([...numeric].reverse().map((label) => [Number(label), label]));
  const find = (label: Label): Label | undefined =>
    byText.get(String(label)) ?? (isNumber(String(label)) ? byNumber.get(Number(label)) : undefined);
  const found = labels.map((label) => find(label) ?? label);
  const known = new Set(classes);
  if (found.some((label) => known.has(label))) return found;
  const message = `no row of column ${show(column)} holds one of the model's classes ${listed(classes.map(String))}; its first is ${show(labels[0])}. Give --target the column with the answers`;
  throw new SimdenseError('DATA', message);
}

/** What `load` makes of a file. Throws SimdenseError 'FORMAT' that names it. */
export async function readModel<T>(path: string, load: (bytes: Uint8Array) => T): Promise<T> {
  const bytes = await readFile(path).catch((error: Error) => Promise.reject(Object.assign(error, { path })));
  try {
    return load(bytes);
  } catch (cause) {
    if (!(cause instanceof SimdenseError) || cause.code !== 'FORMAT') throw cause;
    throw new SimdenseError('FORMAT', `${path} is no model that this simdense reads: ${cause.message}`, { cause });
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

/** Who wrote a model that has been read; files of 0.1.0 do not say it. */
export function writerOf({ buffer, byteOffset, byteLength }: Uint8Array): string | undefined {
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE())));
  return header.__metadata__.writer;
}

/** A file's name without its ending. */
export const stem = (path: string): string =>
  basename(path)
    .replace(/(\.gz)?$/, '')
    .replace(/\.[^.]*$/, '');
