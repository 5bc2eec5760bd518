import type { TableData } from '../table/kind.js';

/** What has the data of a table, as Table has. */
export interface HasTable {
  readonly data: TableData;
}

/** The data of a table, if it is one. Not by instanceof: a program may have the class twice. */
export function tableOf(x: unknown): TableData | undefined {
  const { data } = (x ?? {}) as { data?: Partial<TableData> };
  return Array.isArray(data?.columns) && typeof data.rows === 'number' ? (data as TableData) : undefined;
}
