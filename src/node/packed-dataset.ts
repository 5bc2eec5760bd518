// Converts a data set to bytes and back. The bytes do not name the writer, because a data set is identified by its hash, which must be the same in every version.
import { isRecord } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { Label } from '../data/labels.js';
import type { Dataset, Task } from '../evaluate/dataset.js';
import { packFiles, unpackFiles } from '../evaluate/files.js';
import { hashInTurns } from './hash.js';

/** The entry 'dataset' of the metadata. */
interface Description {
  readonly task: Task;
  readonly columns: number;
  readonly bytes: boolean;
  readonly classes?: readonly Label[];
  readonly y?: { readonly columns: number; readonly bytes: boolean };
}

const raw = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);
const isBytes = (data: unknown): boolean => data instanceof Uint8Array;

/** A data set as the bytes of one file. */
export function packDataset({ task, x, classes, indices, y }: Dataset): Uint8Array {
  const description: Description = {
    task,
    columns: x.columns,
    bytes: isBytes(x.data),
    ...(classes && { classes }),
    ...(y && { y: { columns: y.columns, bytes: isBytes(y.data) } }),
  };
  return packFiles([raw(x.data), raw(indices ?? (y as Dataset['x']).data)], { dataset: JSON.stringify(description) });
}

/** The data set in these bytes. Rejects with SimdenseError 'FORMAT' if they do not have this hash, or are not a data set. */
export async function unpackDataset(bytes: Uint8Array, hash: string): Promise<Dataset> {
  if ((await hashInTurns(bytes)) !== hash) throw wrong(`the data do not have the hash ${hash}`);
  const { files, metadata } = unpackFiles('the data', bytes);
  const { task, columns, bytes: asBytes, classes, y } = describe(metadata['dataset']);
  const [first, second] = files;
  if (!first || !second || files.length > 2) throw wrong('the data: expected rows and targets');
  const x = numbers(first, asBytes, columns);
  const rows = x.data.length / columns;
  if (classes) {
    if (second.length !== rows * 4) throw wrong('the data: rows and classes differ in number');
    const indices = new Int32Array(new Uint8Array(second).buffer);
    if (!indices.every((index) => index >= 0 && index < classes.length))
      throw wrong('the data: a row has a class that does not exist');
    return { task, x, classes, indices };
  }
  const targets = numbers(second, y?.bytes === true, y?.columns as number);
  if (targets.data.length !== rows * targets.columns) throw wrong('the data: rows and targets differ in number');
  return { task, x, y: targets };
}

const wrong = (what: string): SimdenseError => new SimdenseError('FORMAT', what);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) > 0;

/** The numbers, in a copy that is aligned for them. */
function numbers(file: Uint8Array, asBytes: boolean, columns: number): Dataset['x'] {
  // Do not use slice: a Buffer's slice is a view.
  const copy = new Uint8Array(file);
  if (!asBytes && copy.length % 4 !== 0) throw wrong('the data: not whole numbers of four bytes');
  const data = asBytes ? copy : new Float32Array(copy.buffer);
  if (data.length % columns !== 0) throw wrong(`the data: not whole rows of ${columns} columns`);
  return { data, columns };
}

function describe(text: string | undefined): Description {
  let value: unknown;
  try {
    value = JSON.parse(text ?? '');
  } catch {
    // Refused below.
  }
  if (isRecord(value)) {
    const { task, columns, bytes, classes, y } = value;
    const sound = isCount(columns) && typeof bytes === 'boolean';
    const labels =
      Array.isArray(classes) &&
      classes.length > 1 &&
      classes.every((label) => typeof label === 'string' || Number.isFinite(label));
    const targets = isRecord(y) && isCount(y['columns']) && typeof y['bytes'] === 'boolean';
    const complete = task === 'classification' ? labels && y === undefined : classes === undefined && targets;
    if (sound && complete && (task === 'classification' || task === 'regression'))
      return value as unknown as Description;
  }
  throw wrong('the data: the description is not that of a data set');
}
