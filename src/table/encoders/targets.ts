// From the columns to predict to labels or numbers.
import { isRecord, noMore } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import type { Label } from '../../data/labels.js';
import type { TableData } from '../kind.js';
import { cellsOf } from './column-cells.js';
import { checkRows, columnsOf } from './encoder.js';
import { readFormat } from './format.js';
import { checkOnce, listReader, type TargetData, type TargetPart, targetReader } from './target-kinds.js';

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
 * Reads a table's targets, in slices; the event loop may turn between them.
 *
 * @param coder What fittingTargets returned.
 * @param data The table, the same or a later one with these columns.
 * @param rows Row numbers, from 0. Default: all rows.
 * @param where The caller, for messages. Default: 'readingTargets'.
 * @returns Labels or numbers for the rows that have a target, and which rows have none.
 * @throws SimdenseError 'DATA' for a column that is not there, and for a cell that is not what the column held when the coder was fitted.
 */
export function* readingTargets(
  coder: TargetData,
  data: TableData,
  rows?: Int32Array,
  where = 'readingTargets',
): Generator<undefined, ReadTargets> {
  noMore('readingTargets', arguments, 4);
  checkRows(where, data, rows);
  const names = coder.kind === 'list' ? coder.labels : coder.parts.map(({ name }) => name);
  const asNumber = coder.kind === 'numbers' || coder.kind === 'flags';
  const named = columnsOf(where, data);
  const read = coder.parts.map((part) => {
    const column = named(part.name);
    checkOnce(where, part, column);
    return coder.kind === 'list'
      ? cellsOf(where, data, column, listReader(part, coder.separator))
      : cellsOf(where, data, column, targetReader(part, asNumber));
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
  const { kind, parts, separator, labels, task } = (isRecord(json) ? json : {}) as Record<string, unknown>;
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
    (task === undefined || task === 'classification') &&
    (kind !== 'list' ||
      ((separator === undefined || (typeof separator === 'string' && separator !== '')) &&
        isTexts(labels) &&
        labels.length > 0));
  if (!sound) throw new SimdenseError('FORMAT', 'targetsFromJson(json): expected what fittingTargets gave');
  return structuredClone(json) as TargetData;
}
