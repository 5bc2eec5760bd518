// A data set as one file that is named by its content.
import { noMore, oneOf, options } from '../base/checks.js';
import { type TrainingRows, toDataset } from '../evaluate/dataset.js';
import type { Pipeline } from '../evaluate/index.js';
import { type Labels, type Task, tasks } from '../evaluate/task.js';
import { hashOf } from '../node/hash.js';
import { packDataset } from '../node/packed-dataset.js';

/** A data file for workers that read data from a folder or URL. Its name contains its hash. */
export interface DataFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Makes the file of x and y that the workers of `bullmq({ data: URL })` read, for you to put under that URL.
 *
 * @param x Rows, as for fitPipeline.
 * @param y A label or targets for each row, as for fitPipeline.
 * @param wanted The task, or `task`, `separator` and `positive` as the pipelines have them. Default: they follow from the labels.
 * @returns The file's name and bytes.
 * @throws SimdenseError 'ARGUMENT' for an unknown option or task, and for what are not rows or labels.
 * @throws SimdenseError 'SHAPE' or 'DATA' for x and y that do not fit together or cannot be used.
 * @example
 * import { saveFile } from 'simdense/node';
 *
 * const x = Array.from({ length: 40 }, (_, i) => [i]);
 * const y = x.map(([i]) => (i < 20 ? 'low' : 'high'));
 * const { name, bytes } = dataFile(x, y);
 * await saveFile(name, bytes);
 * name.endsWith('.simdense'); // true
 */
export function dataFile(
  x: TrainingRows,
  y: Labels | string,
  wanted?: Task | Pick<Pipeline, 'task' | 'separator' | 'positive'>,
): DataFile {
  noMore('dataFile', arguments, 3);
  const keys = ['task', 'separator', 'positive'] as const;
  const given = options('dataFile(wanted)', typeof wanted === 'string' ? { task: wanted } : wanted, keys);
  if (given.task !== undefined) oneOf('dataFile(wanted)', given.task, tasks);
  const bytes = packDataset(toDataset('dataFile', x, y, given));
  return { name: fileName(hashOf(bytes)), bytes };
}

/** The name of the file with this hash. */
export const fileName = (hash: string): string => `${hash}.simdense`;
