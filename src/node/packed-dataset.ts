// A set as bytes, and back.
import { SimdenseError } from '../base/errors.js';
import type { Label } from '../data/labels.js';
import type { Dataset, Task } from '../evaluate/dataset.js';
import { packFiles, unpackFiles } from '../evaluate/files.js';
import { hashOf } from './hash.js';

/** What is in the metadata under 'dataset'. */
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

/** Throws SimdenseError 'FORMAT' where the bytes are not those of the hash. */
export function unpackDataset(bytes: Uint8Array, hash: string): Dataset {
  if (hashOf(bytes) !== hash) throw new SimdenseError('FORMAT', `the data are not those of the hash ${hash}`);
  const { files, metadata } = unpackFiles('the data', bytes);
  const { task, columns, bytes: asBytes, classes, y } = JSON.parse(metadata['dataset'] ?? '{}') as Description;
  const [first, second] = files.map((file) => Uint8Array.from(file)) as [
    Uint8Array<ArrayBuffer>,
    Uint8Array<ArrayBuffer>,
  ];
  const numbers = (file: Uint8Array<ArrayBuffer>, plain: boolean) => (plain ? file : new Float32Array(file.buffer));
  return {
    task,
    x: { data: numbers(first, asBytes), columns },
    ...(classes && { classes, indices: new Int32Array(second.buffer) }),
    ...(y && { y: { data: numbers(second, y.bytes), columns: y.columns } }),
  };
}
