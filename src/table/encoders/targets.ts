// From the columns to predict to labels or numbers.
import { isRecord, noMore, oneOf, options, refuse, show } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import type { Label } from '../../data/labels.js';
import type { ColumnData, TableData } from '../kind.js';
import { cellsOf } from './column-cells.js';
import { checkRows, columnNamed } from './encoder.js';
import { readFormat } from './format.js';
import { listReader, type TargetData, type TargetPart, targetReader } from './target-kinds.js';

export interface TargetOptions {
  /** What stands between the labels of a cell that lists several, such as ';'. Default: none; a cell is one label. */
  readonly separator?: string;
  /** 'regression' asks for numbers. Default: what the cells are decides. */
  readonly task?: 'classification' | 'regression';
}

/** What a table says of its targets. */
export interface ReadTargets {
  /** The rows that have a target, from 0, of those that were asked for. */
  readonly rows: Int32Array;
  /** The rows that have none: the cell, or one of several, is missing. */
  readonly missing: Int32Array;
  /** For a single column, unless a regression was asked for: a label for each of `rows`; numbers are numbers, which a regression takes too. */
  readonly labels?: readonly Label[];
  /** For a regression or several outputs: rows × names, in float64. Of several labels 1 where a row has it, otherwise 0. */
  readonly numbers?: Float64Array;
  /** The column's name, or those of several outputs. */
  readonly names: readonly string[];
  /** Labels of a list that the coder does not know, such as those of later rows. */
  readonly unknown: readonly string[];
}

/** Cells that are read in one slice: a few milliseconds. */
const SLICE = 2 ** 14;

/**
 * Finds out what there is to predict, in slices; the event loop may turn between them.
 * - one column: its texts, its numbers, or the words of its booleans as labels; for a regression its numbers
 * - one column and a separator: several labels for a row
 * - several columns of 0 and 1, or of booleans: several labels for a row
 * - several columns of other numbers: several numbers
 *
 * @param data The table.
 * @param target The name of a column, or of several.
 * @param o Options; see TargetOptions.
 * @returns What readingTargets takes, in plain JSON.
 * @throws SimdenseError 'ARGUMENT' for an unknown option, for no name, and for a name twice.
 * @throws SimdenseError 'DATA' for a column that is not there, for dates, and for texts where numbers are needed.
 */
export function* fittingTargets(
  data: TableData,
  target: string | readonly string[],
  o?: TargetOptions,
): Generator<undefined, TargetData> {
  noMore('fittingTargets', arguments, 3);
  const where = 'fittingTargets';
  const { separator, task } = options(where, o, ['separator', 'task']);
  if (task !== undefined) oneOf(`${where}(task)`, task, ['classification', 'regression']);
  const names = typeof target === 'string' ? [target] : target;
  if (!Array.isArray(names) || names.length === 0 || names.some((name) => typeof name !== 'string'))
    refuse(`${where}(target)`, "a column's name, or several", target);
  if (new Set(names).size < names.length) refuse(`${where}(target)`, 'each column once', names.join(', '));
  const columns = names.map((name) => columnNamed(where, data, name));
  const parts = columns.map((column) => partOf(where, column));
  const [first] = parts as [TargetPart];
  if (separator !== undefined) {
    if (typeof separator !== 'string' || separator === '')
      refuse(`${where}(separator)`, 'a text of one character or more', separator);
    if (names.length > 1) refuse(`${where}(target)`, 'a single column with a separator', names.join(', '));
    const part: TargetPart = { ...first, holds: 'text' };
    return {
      kind: 'list',
      parts: [part],
      separator,
      labels: yield* listed(where, data, columns[0] as ColumnData, part, separator),
    };
  }
  if (names.length === 1) {
    if (task !== 'regression') return { kind: 'labels', parts };
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

/** The distinct labels of a column of lists, in the order of their UTF-16 code units. */
function* listed(
  where: string,
  data: TableData,
  column: ColumnData,
  part: TargetPart,
  separator: string,
): Generator<undefined, string[]> {
  const found = new Set<string>();
  const cell = cellsOf(where, column, listReader(part, separator));
  for (let row = 0; row < data.rows; row++) {
    for (const label of cell(row) ?? []) found.add(label);
    if (row % SLICE === 0) yield;
  }
  if (found.size === 0) throw new SimdenseError('DATA', `${where}: column ${show(column.name)} has no label`);
  return [...found].sort();
}

/**
 * Reads a table's targets, in slices; the event loop may turn between them.
 *
 * @param coder What fittingTargets returned.
 * @param data The table, the same or a later one with these columns.
 * @param rows Row numbers, from 0. Default: all rows.
 * @returns Labels or numbers for the rows that have a target, and which rows have none.
 * @throws SimdenseError 'DATA' for a column that is not there, and for a cell that is not what the column held when the coder was fitted.
 */
export function* readingTargets(
  coder: TargetData,
  data: TableData,
  rows?: Int32Array,
): Generator<undefined, ReadTargets> {
  noMore('readingTargets', arguments, 3);
  const where = 'readingTargets';
  checkRows(where, data, rows);
  const names = coder.kind === 'list' ? coder.labels : coder.parts.map(({ name }) => name);
  const asNumber = coder.kind === 'numbers' || coder.kind === 'flags';
  const read = coder.parts.map((part) => {
    const column = columnNamed(where, data, part.name);
    return coder.kind === 'list'
      ? cellsOf(where, column, listReader(part, coder.separator))
      : cellsOf(where, column, targetReader(part, asNumber));
  });
  const count = rows?.length ?? data.rows;
  const [kept, missing]: [number[], number[]] = [[], []];
  const labels: Label[] = [];
  const numbers = coder.kind === 'labels' ? undefined : new Float64Array(count * names.length);
  const places = new Map(names.map((name, place) => [name, place]));
  const unknown = new Set<string>();
  for (let i = 0; i < count; i++) {
    const row = rows ? (rows[i] as number) : i;
    const cells = read.map((cell) => cell(row));
    if (i % SLICE === SLICE - 1) yield;
    if (cells.some((cell) => cell === null || Number.isNaN(cell))) {
      missing.push(row);
      continue;
    }
    const start = kept.push(row) * names.length - names.length;
    if (!numbers) labels.push(cells[0] as Label);
    else if (coder.kind !== 'list') numbers.set(cells as number[], start);
    else
      for (const label of cells[0] as readonly string[]) {
        const place = places.get(label);
        if (place === undefined) unknown.add(label);
        else numbers[start + place] = 1;
      }
  }
  return {
    rows: Int32Array.from(kept),
    missing: Int32Array.from(missing),
    ...(numbers ? { numbers: numbers.slice(0, kept.length * names.length) } : { labels }),
    names,
    unknown: [...unknown].sort(),
  };
}

const kinds: { readonly [Kind in TargetData['kind']]: true } = { labels: true, numbers: true, flags: true, list: true };

/**
 * A checked copy of what fittingTargets returned, from a file.
 *
 * @param json The data, as an object: after JSON.parse.
 * @returns The same.
 * @throws SimdenseError 'FORMAT' for anything else.
 */
export function targetsFromJson(json: unknown): TargetData {
  noMore('targetsFromJson', arguments, 1);
  const { kind, parts, separator, labels } = (isRecord(json) ? json : {}) as Record<string, unknown>;
  const isPart = (part: unknown): boolean => {
    const { name, holds, format } = (isRecord(part) ? part : {}) as Partial<TargetPart>;
    return (
      typeof name === 'string' &&
      (holds === 'text' || holds === 'number' || holds === 'boolean') &&
      (format === undefined || readFormat(format) !== undefined)
    );
  };
  const isTexts = (list: unknown): list is string[] =>
    Array.isArray(list) && [...list].every((text) => typeof text === 'string') && new Set(list).size === list.length;
  const single = kind === 'labels' || kind === 'list';
  const sound =
    typeof kind === 'string' &&
    Object.hasOwn(kinds, kind) &&
    Array.isArray(parts) &&
    (single ? parts.length === 1 : parts.length > 0) &&
    [...parts].every(isPart) &&
    (kind !== 'list' || (typeof separator === 'string' && separator !== '' && isTexts(labels) && labels.length > 0));
  if (!sound) throw new SimdenseError('FORMAT', 'targetsFromJson(json): expected what fittingTargets gave');
  return structuredClone(json) as TargetData;
}
