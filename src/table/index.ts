// simdense/table: tables as people have them. Needs no Node API.

export type { Column } from './column.js';
export type { Cell, CellFormat, ColumnData, Kind, NumberCells, TableData, TextCells } from './kind.js';
export { missingWords } from './kinds/missing.js';
export type { Format, ReadTableOptions } from './options.js';
export { readTable, type TableSource } from './read-table.js';
export { type DescribeOptions, type KnownOptions, Table } from './table.js';
