import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { listed } from '../base/listed.js';
import type { CsvOptions, Table } from '../data/csv.js';
import { isNumber, mostLacking } from '../data/csv-columns.js';
import type { Label } from '../data/index.js';
import { type FittedPipeline, loadPipeline } from '../evaluate/index.js';
import { type TaskReason, taskOf } from '../evaluate/task.js';
import * as node from '../node/index.js';
import type { Call } from './command.js';
import { text, type Values } from './options.js';

export interface TrainingTable {
  readonly x: Table['x'];
  readonly names: readonly string[];
  readonly labels: readonly Label[];
  readonly target: string;
  /** Number of rows left out for missing cells, and the number of missing cells by column. */
  readonly skipped: number;
  readonly lacking: Readonly<Record<string, number>>;
  /** The task, from --task or from the target's values, and the reason as a clause. */
  readonly task: TaskReason['task'];
  readonly why: string;
}

const reading = (values: Values): CsvOptions => ({
  ...(values['missing'] !== undefined && { missing: text(values, 'missing') as 'skip' }),
  ...(values['delimiter'] !== undefined && { delimiter: delimiterOf(text(values, 'delimiter') as string) }),
  ...(values['no-header'] === true && { header: false }),
});

const delimiterOf = (text: string): string => (text === 'tab' || text === '\\t' ? '\t' : text);

/** The files given to a command. Throws SimdenseError 'ARGUMENT' unless there are as many as its usage names before the options. */
export function filesOf({ positionals }: Call, { name, usage }: { name: string; usage: string }): string[] {
  const names = (usage.split('--')[0] as string).split(' ').filter(Boolean);
  if (positionals.length !== names.length || positionals.includes('')) {
    const count = ['no file', 'one file', 'two files'][names.length];
    throw new SimdenseError('ARGUMENT', `expected ${count}: simdense ${name} ${usage}`);
  }
  return [...positionals];
}

/** Reads a table and its target, which --target gives by name or number; the last column by default. */
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

/** Reads a CSV file. Error messages name the command's option instead of that of parseCsv. */
async function readCsv(path: string, o: CsvOptions): Promise<Table> {
  try {
    return await node.readCsv(path, o);
  } catch (error) {
    if (error instanceof SimdenseError)
      error.message = error.message
        .replace("missing: 'skip' leaves", '--missing skip leaves')
        .replace(/^readCsv(\((target)\)|\(\w+\))?: /, (_, _option, target) => (target ? '--target: ' : ''));
    throw error;
  }
}

/** Reads a table with a target. A target of digits is the column of this name if there is one, else the column of this number. */
async function readWithTarget(path: string, target: string | number, o: CsvOptions): Promise<Table> {
  try {
    return await readCsv(path, { ...o, target });
  } catch (error) {
    if (!/^\d+$/.test(String(target)) || (error as SimdenseError).code !== 'ARGUMENT') throw error;
    return readCsv(path, { ...o, target: Number(target) });
  }
}

/** Reads the columns that a model was trained on, whatever else the file holds; with `labels` also the target, as the model's classes or as numbers. */
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

/** Rejects with SimdenseError 'DATA' if a label is not a number. Reads the target again as a column of numbers, so that the error names the row. */
async function checkNumbers(path: string, labels: readonly Label[], target: string, values: Values): Promise<void> {
  if (labels.some((label) => typeof label === 'string'))
    await readCsv(path, { ...reading(values), features: [target] });
}

/**
 * Converts labels to the model's classes: in a file where all labels are numbers, the texts '1' and '01' have been read as 1. Unknown labels stay as they are.
 * Throws SimdenseError 'DATA' if no label is a class.
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

/** Loads a model from a file. Rejects with a SimdenseError 'FORMAT' that names the file. */
export async function readModel<T>(path: string, load: (bytes: Uint8Array) => T): Promise<T> {
  const bytes = await readFile(path).catch((error: Error) => Promise.reject(Object.assign(error, { path })));
  try {
    return load(bytes);
  } catch (cause) {
    if (!(cause instanceof SimdenseError) || cause.code !== 'FORMAT') throw cause;
    const looks = looksLike(bytes);
    const why = looks === undefined ? cause.message : `it looks like ${looks}`;
    throw new SimdenseError('FORMAT', `${path} is no model that this simdense reads: ${why}`, { cause });
  }
}

/** How files of other formats begin, in hexadecimal. */
const beginnings: readonly (readonly [RegExp, string])[] = [
  [/^504b0304/, 'a zip archive, such as PyTorch and Keras write'],
  [/^89484446/, 'an HDF5 file, such as Keras writes'],
  [/^1f8b/, 'a file that gzip has packed'],
  // Field 1, the version of the format; then field 2 to 7.
  [/^08[01].(12|1a|22|2a|32|3a)/, 'an ONNX model; fromOnnx of simdense/onnx reads these'],
  [/^(efbbbf)?3c/, 'a page of HTML, or XML'],
  [/^(efbbbf)?[57]b/, 'JSON'],
];

/** What a file that is not safetensors looks like; undefined if it may be safetensors, or like nothing that is known. */
function looksLike(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.subarray(0, 512));
  if (head.length < 8 || head.readBigUInt64LE() <= bytes.length) return undefined;
  const found = beginnings.find(([beginning]) => beginning.test(head.toString('hex')))?.[1];
  return found ?? (/[,;\t]/.test(head.toString('latin1')) && !head.includes(0) ? 'a table, CSV' : undefined);
}

/** Reads a pipeline and a table for it; with `labels` also the target. */
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

/** Whether a saved model is a pipeline, with scalers and classes, and not a network alone. */
export function isPipeline({ buffer, byteOffset, byteLength }: Uint8Array): boolean {
  return Buffer.from(buffer, byteOffset, byteLength).includes('"pipeline":');
}

/** The program that wrote a valid model file; undefined for files of 0.1.0. */
export function writerOf({ buffer, byteOffset, byteLength }: Uint8Array): string | undefined {
  const bytes = Buffer.from(buffer, byteOffset, byteLength);
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + Number(bytes.readBigUInt64LE())));
  return header.__metadata__.writer;
}

/** A file's name without folder, .gz and ending. */
export const stem = (path: string): string =>
  basename(path)
    .replace(/(\.gz)?$/, '')
    .replace(/\.[^.]*$/, '');
