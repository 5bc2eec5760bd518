// A model that a training run would replace without having been asked to.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { SimdenseError } from '../base/errors.js';
import { loadAny, type Model, networkOf, networksOf } from './model.js';
import type { Values } from './options.js';
import { namesOf } from './table-words.js';
import type { TrainingTable } from './training-table.js';

/** Throws SimdenseError 'ARGUMENT' where neither the target nor the file was named, and the file is a model of another target. */
export async function checkReplaced(
  path: string,
  { targets, chosen }: Pick<TrainingTable, 'targets' | 'chosen'>,
  values: Values,
): Promise<void> {
  if (chosen === undefined || values['out'] !== undefined || values['force'] === true || !existsSync(path)) return;
  const before = await targetsOf(path);
  if (before === undefined || String(before) === String(targets)) return;
  throw new SimdenseError(
    'ARGUMENT',
    `--out: ${path} is a model of ${namesOf(before)}, and this run learns ${namesOf(targets)}, ${chosen}: --target asks for another column, --out for another file, and --force replaces it`,
  );
}

/** What the model in a file predicts; undefined where it says nothing of a table, or is none that can be read. */
async function targetsOf(path: string): Promise<string[] | undefined> {
  let model: Model | undefined;
  try {
    model = loadAny(await readFile(path));
    return networkOf(model).targets?.parts.map(({ name }) => name);
  } catch {
    return undefined;
  } finally {
    for (const network of model ? networksOf(model) : []) network.dispose();
  }
}
