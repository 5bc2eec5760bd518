// A set as one file that is named by its content.
import { noMore, oneOf } from '../base/checks.js';
import type { Rows } from '../data/rows.js';
import { type Labels, type Task, toDataset } from '../evaluate/dataset.js';
import { hashOf } from '../node/hash.js';
import { packDataset } from '../node/packed-dataset.js';

/** A file of data for workers that read it by a path or URL: its name is made of its hash. */
export interface DataFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The file of x and y that `bullmq({ data: URL })` expects its workers to find under this name. */
export function dataFile(x: Rows, y: Labels, task?: Task): DataFile {
  noMore('dataFile', arguments, 3);
  if (task !== undefined) oneOf('dataFile(task)', task, ['classification', 'regression']);
  const bytes = packDataset(toDataset('dataFile', x, y, task));
  return { name: fileName(hashOf(bytes)), bytes };
}

export const fileName = (hash: string): string => `${hash}.simdense`;
