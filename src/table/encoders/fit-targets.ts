// Finds out what there is to predict.
import { noMore, oneOf, options, refuse, show } from '../../base/checks.js';
import { didYouMean } from '../../base/did-you-mean.js';
import { SimdenseError } from '../../base/errors.js';
import type { ColumnData, TableData } from '../kind.js';
import { cellsOf } from './column-cells.js';
import { columnsOf } from './encoder.js';
import { listReader, type TargetData, type TargetPart } from './target-kinds.js';

export interface TargetOptions {
  /** What stands between the labels of a cell that lists several, such as ';'. Default: none; a cell is one label. */
  readonly separator?: string;
  /** 'regression' asks for numbers. Default: what the cells are decides. */
  readonly task?: 'classification' | 'regression';
}

/** Cells that are read in one slice: a few milliseconds. */
const SLICE = 2 ** 14;
/** The most labels of a column of lists: each is an output of the network. */
const MOST_LABELS = 1000;

/**
 * Finds out what there is to predict, in slices; the event loop may turn between them.
 * - one column: its texts, its numbers, or the words of its booleans as labels; for a regression its numbers
 * - one column of lists, or one column and a separator: several labels for a row
 * - several columns of 0 and 1, or of booleans: several labels for a row
 * - several columns of other numbers: several numbers
 *
 * @param data The table.
 * @param target The name of a column, or of several.
 * @param o Options; see TargetOptions.
 * @param where The caller, for messages. Default: 'fittingTargets'.
 * @returns What readingTargets takes, in plain JSON.
 * @throws SimdenseError 'ARGUMENT' for an unknown option, for no name, and for a name twice.
 * @throws SimdenseError 'DATA' for a column that is not there, for dates, and for texts where numbers are needed.
 */
export function* fittingTargets(
  data: TableData,
  target: string | readonly string[],
  o?: TargetOptions,
  where = 'fittingTargets',
): Generator<undefined, TargetData> {
  noMore('fittingTargets', arguments, 4);
  const { separator, task } = options(where, o, ['separator', 'task']);
  if (task !== undefined) oneOf(`${where}(task)`, task, ['classification', 'regression']);
  const names = typeof target === 'string' ? [target] : target;
  if (!Array.isArray(names) || names.length === 0 || names.some((name) => typeof name !== 'string'))
    refuse(`${where}(target)`, "a column's name, or several", target);
  if (new Set(names).size < names.length) refuse(`${where}(target)`, 'each column once', names.join(', '));
  const columns = names.map(columnsOf(where, data, didYouMean));
  const parts = columns.map((column) => partOf(where, column));
  const [first] = parts as [TargetPart];
  const lists = names.length === 1 && columns[0]?.format?.json === 'lists';
  if (lists && separator !== undefined) {
    const message = `each cell of column ${show(names[0])} is a list, whose parts are the labels; leave out the separator`;
    throw new SimdenseError('ARGUMENT', `${where}(separator): ${message}`);
  }
  if (lists) return yield* listTarget(where, data, columns[0] as ColumnData, first);
  if (separator !== undefined) {
    if (typeof separator !== 'string' || separator === '')
      refuse(`${where}(separator)`, 'a text of one character or more', separator);
    if (names.length > 1) refuse(`${where}(target)`, 'a single column with a separator', names.join(', '));
    return yield* listTarget(where, data, columns[0] as ColumnData, first, separator);
  }
  if (names.length === 1) {
    const classes = task === 'classification' || columns[0]?.kind === 'category' || first.holds !== 'number';
    if (task !== 'regression') return { kind: 'labels', parts, ...(classes && { task: 'classification' }) };
    return { kind: 'numbers', parts: [first.holds === 'text' ? { ...first, holds: 'number' } : first] };
  }
  const texts = parts.find(({ holds }) => holds === 'text');
  if (texts) {
    const message = `column ${show(texts.name)} is texts; several targets are numbers, or 0 and 1`;
    throw new SimdenseError('DATA', `${where}: ${message}`);
  }
  const flags = task !== 'regression' && (yield* areFlags(columns));
  // A boolean among numbers is 0 or 1.
  return { kind: flags ? 'flags' : 'numbers', parts };
}

function partOf(where: string, { name, holds, format }: ColumnData): TargetPart {
  if (holds === 'date') {
    const message = `column ${show(name)} holds dates, which cannot be predicted; make numbers of them first, such as days`;
    throw new SimdenseError('DATA', `${where}: ${message}`);
  }
  return { name, holds, ...(format && { format }) };
}

function* areFlags(columns: readonly ColumnData[]): Generator<undefined, boolean> {
  for (const { cells, holds } of columns) {
    if ('codes' in cells) return false;
    if (holds !== 'boolean' && cells.values.some((value) => value !== 0 && value !== 1 && !Number.isNaN(value)))
      return false;
    yield;
  }
  return true;
}

function* listTarget(
  where: string,
  data: TableData,
  column: ColumnData,
  first: TargetPart,
  separator?: string,
): Generator<undefined, TargetData> {
  const part: TargetPart = { ...first, holds: 'text' };
  const labels = yield* listed(where, data, column, part, separator);
  return { kind: 'list', parts: [part], ...(separator !== undefined && { separator }), labels };
}

/** The distinct labels of a column of lists, in the order of their UTF-16 code units. */
function* listed(
  where: string,
  data: TableData,
  column: ColumnData,
  part: TargetPart,
  separator: string | undefined,
): Generator<undefined, string[]> {
  const found = new Set<string>();
  const cell = cellsOf(where, data, column, listReader(part, separator));
  for (let row = 0; row < data.rows; row++) {
    for (const label of cell(row) ?? []) found.add(label);
    if (row % SLICE === 0) yield;
  }
  if (found.size === 0 || found.size > MOST_LABELS) {
    const message = `column ${show(column.name)} lists ${found.size} different labels, expected 1 to ${MOST_LABELS}`;
    throw new SimdenseError('DATA', `${where}: ${message}`);
  }
  return [...found].sort();
}
