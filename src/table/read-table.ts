import { noMore } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import { checkedOptions, type ReadTableOptions } from './options.js';
import type { Table } from './table.js';

/** What readTable reads: text, a file's bytes, objects, or a stream of bytes, texts or objects. */
export type TableSource =
  | string
  | Uint8Array
  | readonly Readonly<Record<string, unknown>>[]
  | AsyncIterable<Uint8Array | string | Readonly<Record<string, unknown>>>
  | ReadableStream<Uint8Array | string | Readonly<Record<string, unknown>>>;

export function readTable(source: TableSource, o?: ReadTableOptions): Promise<Table> {
  noMore('readTable', arguments, 2);
  checkedOptions('readTable', o);
  return Promise.reject(new SimdenseError('UNSUPPORTED', `readTable: not there yet for ${typeof source}`));
}
