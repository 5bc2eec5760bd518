// Checks output paths before the work begins: a result must not be lost because it cannot be written, nor replace files of others.
import { constants, type Stats } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SimdenseError } from '../base/errors.js';
import { descriptorOf, endOfLinks, isGiven, statusOf } from '../node/save-file.js';
import { isUrl, STDIN, stem } from './files.js';
import { text, type Values } from './options.js';
import { isOwn, type OutputKind } from './own-files.js';

export interface Output {
  /** The option that names the file. */
  readonly option: string;
  readonly kind: OutputKind;
  readonly path: string;
}

export interface Outputs {
  readonly model: string;
  readonly report: string | undefined;
  /** All trials as CSV. */
  readonly table: string | undefined;
}

/** The output files of a training run on this data file, checked by checkOutputs. */
export async function outputsOf(file: string, values: Values): Promise<Outputs> {
  const model = text(values, 'out') ?? `${stem(file)}.safetensors`;
  const outputs = {
    model,
    report: reportOf(values, join(dirname(model), `${stem(model)}.html`)),
    table: text(values, 'table'),
  };
  const list: Output[] = [
    { option: '--out', kind: 'model', path: model },
    ...pathOutput('--report', 'report', outputs.report),
    ...pathOutput('--table', 'trials', outputs.table),
  ];
  await checkOutputs([file], list, values);
  await checkFolder(text(values, 'results'));
  return outputs;
}

/** The path of the report, or undefined for --report none. */
export function reportOf(values: Values, otherwise?: string): string | undefined {
  const page = text(values, 'report') ?? otherwise;
  return page === 'none' ? undefined : page;
}

export const pathOutput = (option: string, kind: OutputKind, path: string | undefined): Output[] =>
  path === undefined ? [] : [{ option, kind, path }];

/** Endings of other formats, and what is written: nobody finds a page in a .pdf. */
const otherFormats: Partial<Record<OutputKind, readonly [ending: RegExp, written: string, example: string]>> = {
  report: [/\.(pdf|docx?|odt|md|txt|csv|json|xlsx?|png|svg)$/i, 'a page of HTML', 'report.html'],
  trials: [/\.(xlsx?|ods|parquet|json|pdf|html?)$/i, 'CSV', 'trials.csv'],
  predictions: [/\.(xlsx?|ods|parquet|json|pdf|html?)$/i, 'CSV', 'predictions.csv'],
};

function checkEnding({ option, kind, path }: Output): void {
  const [ending, written, example] = otherFormats[kind] ?? [];
  if (ending?.test(path))
    throw new SimdenseError(
      'ARGUMENT',
      `${option}: ${path}: what is written is ${written}; give it a name such as ${example}`,
    );
}

/**
 * Rejects with SimdenseError 'ARGUMENT' if a file would replace an input, another output, or, without --force, a file that simdense did not make; and with the
 * system's error if it cannot be written.
 */
export async function checkOutputs(
  inputs: readonly string[],
  outputs: readonly Output[],
  values: Values,
): Promise<void> {
  const files = inputs.filter((path) => path !== STDIN && !isUrl(path));
  const read = await Promise.all(files.map(async (path) => ({ path, identity: await identityOf(path) })));
  const written: { option: string; identity: string }[] = [];
  for (const { option, kind, path } of outputs) {
    checkEnding({ option, kind, path });
    const descriptor = descriptorOf(path);
    if (descriptor !== undefined) {
      // A path such as /dev/stdout: the caller has chosen what it is, so only check that it is open.
      if (!(await isGiven(descriptor)))
        throw new SimdenseError('ARGUMENT', `${option}: ${path} is not open for writing; give ${option} a file`);
      checkAlone(written, option, path, `descriptor ${descriptor}`);
      continue;
    }
    const status = await statusOf(path);
    checkForm(option, path, status);
    if (status && !status.isFile()) {
      await access(path, constants.W_OK);
      continue;
    }
    await checkWritable(path);
    const identity = await identityOf(path);
    const input = read.find((other) => other.identity === identity);
    if (input)
      throw new SimdenseError('ARGUMENT', `${option}: ${path} is the file that is read; give ${option} another name`);
    checkAlone(written, option, path, identity);
    if (status && values['force'] !== true && !(await isOwn(path, kind)))
      throw new SimdenseError(
        'ARGUMENT',
        `${option}: ${path} is there already, and ${madeBy(kind)}; ${advice(option)}`,
      );
  }
}

function checkAlone(
  written: { option: string; identity: string }[],
  option: string,
  path: string,
  identity: string,
): void {
  const other = written.find((one) => one.identity === identity);
  if (other)
    throw new SimdenseError(
      'ARGUMENT',
      `${option}: ${path} is also the file of ${other.option}; give one of them another name`,
    );
  written.push({ option, identity });
}

const madeBy = (kind: OutputKind): string =>
  kind === 'predictions' ? 'nothing in it says who made it' : 'simdense did not make it';

const advice = (option: string): string => `give ${option} another name, or --force to replace it`;

function checkForm(option: string, path: string, status: Stats | undefined): void {
  const refuse = (reason: string): never => {
    throw new SimdenseError('ARGUMENT', `${option}: ${reason}, expected a file`);
  };
  if (status?.isDirectory()) refuse(`${path} is a folder`);
  if (status?.isSocket()) refuse(`${path} is a socket`);
  if (!status && /[/\\]$/.test(path)) refuse(`${path} ends as a folder does`);
  if (status?.isFile() && status.mode !== undefined && (status.mode & 0o222) === 0)
    throw new SimdenseError('ARGUMENT', `${option}: ${path} is write-protected; give ${option} another name`);
}

/** Rejects if the file's folder, after following links, is not writable, or if the name is too long. */
async function checkWritable(path: string): Promise<void> {
  const target = await endOfLinks(path).catch((error: { code?: string }) => {
    // For a missing folder the error already names it.
    throw error.code === 'ENOENT' ? error : Object.assign(error, { path });
  });
  await access(dirname(target), constants.W_OK);
}

/** A string that is equal for two paths to one file: its device and inode, or its resolved path if it does not exist yet. */
async function identityOf(path: string): Promise<string> {
  const status = await stat(path, { bigint: true }).catch(() => undefined);
  return status ? `${status.dev}:${status.ino}` : endOfLinks(path).catch(() => path);
}

/** Checks that the folder for results exists or can be created. */
async function checkFolder(path: string | undefined): Promise<void> {
  if (path === undefined) return;
  const status = await statusOf(path);
  if (status && !status.isDirectory())
    throw new SimdenseError('ARGUMENT', `--results: ${path} is a file, expected a folder`);
  let existing = path;
  // Stop at the root: a drive that does not exist has no parent folder.
  for (let parent = dirname(existing); parent !== existing && !(await statusOf(existing)); parent = dirname(existing))
    existing = parent;
  await access(existing, constants.W_OK).catch((error: Error) => Promise.reject(Object.assign(error, { path })));
}
