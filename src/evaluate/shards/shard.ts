// What a shard is, and how the worker of a job gets its rows.
import { refuse, show } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import type { TableData } from '../../table/kind.js';
import type { ReadTableOptions } from '../../table/options.js';
import { type HasTable, tableOf } from '../table-of.js';

/**
 * Where a part of the training rows is: the path or the address of a table, which its worker reads by itself; or, for inline(), a Table or a function that
 * gives one.
 */
export type Shard = string | HasTable | (() => HasTable | Promise<HasTable>);

/** How a shard is read: the options of readTable, those of simdense/node included. */
export interface ReadShardOptions extends ReadTableOptions {
  /** SQLite: the table, or a query. */
  table?: string;
  query?: string;
}

/** Reads the table at a path or an address. Rejects for a place that this worker may not read. */
export type ShardReader = (place: string, o: ReadShardOptions) => Promise<HasTable>;

const isAddress = (place: string): boolean => /^https?:\/\//i.test(place);

/** Reads an address; what reads files gives its own reader. */
const fetched: ShardReader = async (place, { table, query, ...o }) => {
  if (!isAddress(place))
    throw new SimdenseError(
      'UNSUPPORTED',
      `${show(place)} is not an http(s) address, and inline() reads no files; give a function that reads it, such as () => readTable(path), or use workers() of simdense/node`,
    );
  const other = Object.entries({ table, query }).find(([, value]) => value !== undefined);
  if (other) throw new SimdenseError('UNSUPPORTED', `read.${other[0]}: SQLite is read by simdense/node`);
  const response = await fetch(place);
  if (!response.ok) {
    await response.body?.cancel();
    throw new SimdenseError('UNREACHABLE', `${show(place)}: the server answers ${response.status}`);
  }
  const { readTable } = await import('../../table/read-table.js');
  return readTable(response, o);
};

/** The name of a shard in messages. */
export const nameOf = (shard: Shard, index: number): string =>
  typeof shard === 'string' ? `shard ${index} (${show(shard)})` : `shard ${index}`;

export function checkShard(where: string, shard: unknown): Shard {
  if ((typeof shard === 'string' && shard !== '') || typeof shard === 'function' || tableOf(shard))
    return shard as Shard;
  return refuse(where, 'the path or the address of a table, a Table, or a function that gives one', shard);
}

/** The table of a shard. */
export async function tableOfShard(
  shard: Shard,
  read: ReadShardOptions,
  reader: ShardReader = fetched,
): Promise<TableData> {
  const given =
    typeof shard === 'string' ? await reader(shard, read) : typeof shard === 'function' ? await shard() : shard;
  const table = tableOf(given);
  if (!table) refuse('a function that gives a shard', 'a Table', given);
  if (table.rows === 0) throw new SimdenseError('DATA', 'the table has no rows');
  return table;
}
