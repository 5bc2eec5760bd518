// Where a command writes, looked at before it works: a training must not end with nowhere to go.
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { dirname } from 'node:path';
import { text, type Values } from './options.js';
import { stem } from './table.js';

export interface Outputs {
  readonly model: string;
  readonly report: string | undefined;
  /** All trials as CSV. */
  readonly table: string | undefined;
}

/** What is written of a training on this file. Rejects with the system's error where a folder is not there, or nothing may be written into it. */
export async function outputsOf(file: string, values: Values): Promise<Outputs> {
  const model = text(values, 'out') ?? `${stem(file)}.safetensors`;
  const page = text(values, 'report') ?? `${stem(model)}.html`;
  const outputs = { model, report: page === 'none' ? undefined : page, table: text(values, 'table') };
  for (const path of Object.values(outputs)) if (path !== undefined) await access(dirname(path), constants.W_OK);
  return outputs;
}
