// The cells of a column, of rows in any form; and the values at which a model is looked at.
import type { Matrix } from '../data/matrix.js';
import { sorting } from '../data/sorting.js';
import type { FittedPipeline } from '../evaluate/fitted-pipeline.js';
import type { AnyRows } from '../evaluate/row-encoder.js';
import { tableOf } from '../evaluate/table-of.js';
import { cellOf } from '../table/column.js';
import { columnsOf as columnsNamed } from '../table/encoders/encoder.js';
import { type EncoderColumn, kindOf } from '../table/encoders/kinds.js';
import type { Cell } from '../table/kind.js';
import { rowsAsGiven } from './given-rows.js';
import { columnsOf, type Subject } from './subject.js';

/** The most categories and texts at which a model is looked at: the most frequent ones. */
const MOST_CATEGORIES = 20;
/** Cells that are read in one slice. */
const SLICE = 2 ** 14;

/** The values of a column at which a model is looked at: evenly spread numbers or dates, or the most frequent of other cells first. */
export function* valuesOf(
  where: string,
  { members }: Subject,
  x: AnyRows,
  column: string,
  points: number,
): Generator<void, readonly Cell[]> {
  const member = members.find((each) => columnsOf(each).includes(column)) as FittedPipeline;
  const data = member.encoder?.toJSON().columns.find(({ name }) => name === column);
  const { rows, cell } = cellsIn(where, member, x, column);
  if (data && data.kind !== 'number' && data.kind !== 'date') return yield* frequent(rows, cell);
  const read = data ? numberReader(data, cell) : (row: number) => Number(cell(row));
  const numbers: number[] = [];
  for (let row = 0; row < rows; row++) {
    const value = read(row);
    if (!Number.isNaN(value)) numbers.push(value);
    if (row % SLICE === SLICE - 1) yield;
  }
  const grid = gridOf(yield* sorting(Float64Array.from(numbers)), points);
  return data?.kind === 'date' ? grid.map((value) => new Date(Math.round(value))) : grid;
}

/** A cell of each row, which is null where it is missing. */
function cellsIn(
  where: string,
  member: FittedPipeline,
  x: AnyRows,
  column: string,
): { readonly rows: number; cell(row: number): unknown } {
  const table = tableOf(x);
  if (table) {
    const data = columnsNamed(where, table)(column);
    return { rows: table.rows, cell: (row) => cellOf(data, row) };
  }
  if (member.encoder) {
    const records = x as readonly Readonly<Record<string, unknown>>[];
    return { rows: records.length, cell: (row) => records[row]?.[column] ?? null };
  }
  const { data, rows, columns }: Matrix = rowsAsGiven(where, x, member.model.inputs);
  const c = columnsOf(member).indexOf(column);
  return { rows, cell: (row) => data[row * columns + c] };
}

/** Reads a number, or the milliseconds of a date; NaN where it is missing. */
function numberReader(data: EncoderColumn, cell: (row: number) => unknown): (row: number) => number {
  const { read } = kindOf(data).writer(data);
  return (row) => (read(cell(row)) as number | undefined) ?? Number.NaN;
}

/** The most frequent cells, also missing ones; of equally frequent ones the first. */
function* frequent(rows: number, cell: (row: number) => unknown): Generator<void, readonly Cell[]> {
  const counts = new Map<unknown, number>();
  for (let row = 0; row < rows; row++) {
    const value = cell(row) ?? null;
    counts.set(value, (counts.get(value) ?? 0) + 1);
    if (row % SLICE === SLICE - 1) yield;
  }
  const order = [...counts].sort((a, b) => b[1] - a[1]);
  return order.slice(0, MOST_CATEGORIES).map(([value]) => value as Cell);
}

/**
 * Evenly spread numbers from the quantile of 5 % to that of 95 %, or all numbers if they are fewer, as scikit-learn's partial_dependence has them; from the least to the largest where
 * these quantiles are one number.
 */
function gridOf(sorted: Float64Array, points: number): number[] {
  const distinct = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
  if (distinct.length < points) return [...distinct];
  let [low, high] = [quantileOf(sorted, 0.05), quantileOf(sorted, 0.95)];
  if (!(high > low)) [low, high] = [sorted[0] as number, sorted.at(-1) as number];
  return Array.from({ length: points }, (_, i) => (i === points - 1 ? high : low + (i / (points - 1)) * (high - low)));
}

/** The quantile as scipy's mquantiles has it by default (Cunnane's plotting positions, α = β = 0.4). */
function quantileOf(sorted: Float64Array, share: number): number {
  const place = sorted.length * share + 0.4 + share * 0.2;
  const below = Math.floor(Math.min(Math.max(place, 1), sorted.length - 1));
  const part = Math.min(Math.max(place - below, 0), 1);
  const low = sorted[Math.max(0, below - 1)] as number;
  return (1 - part) * low + part * (sorted[Math.min(below, sorted.length - 1)] as number);
}
