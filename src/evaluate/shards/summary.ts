// What a shard tells of its rows before the first round: counts, sums, categories and classes, of which the coordinator makes one encoder for all shards.
import { refuse } from '../../base/checks.js';
import { SimdenseError } from '../../base/errors.js';
import type { Label } from '../../data/labels.js';
import { Matrix } from '../../data/matrix.js';
import { textReader } from '../../table/encoders/read-cell.js';
import type { TargetData } from '../../table/encoders/target-kinds.js';
import type { ColumnData, TableData } from '../../table/kind.js';
import { readingTable } from '../table-dataset.js';
import type { Task } from '../task.js';
import { fingerprinting } from './fingerprint.js';

/** Figures of numbers, in float64. */
export interface Moments {
  readonly count: number;
  readonly sum: number;
  /** The sum of the squared differences from the mean. */
  readonly squares: number;
  readonly least: number;
  readonly most: number;
}

/** A column without its cells. */
export interface ColumnSummary extends Omit<ColumnData, 'cells'> {
  readonly missing: number;
  /** Of numbers and booleans. */
  readonly moments?: Moments;
  /** Of texts: each with its number of rows; undefined for more than MOST_TEXTS. */
  readonly texts?: readonly (readonly [text: string, rows: number])[];
}

export interface TargetSummary {
  readonly targets: TargetData;
  /** Each label with its number of rows; undefined for more than MOST_LABELS. */
  readonly labels?: readonly (readonly [label: Label, rows: number])[];
  /** Of labels that are all numbers. */
  readonly moments?: Moments;
}

export interface ShardSummary {
  readonly rows: number;
  readonly fingerprint: string;
  /** Undefined if the shard was only to be counted. */
  readonly columns?: readonly ColumnSummary[];
  readonly target?: TargetSummary;
}

/** The most texts of a column, and the most labels, that a shard tells. */
export const MOST_TEXTS = 2 ** 16;
export const MOST_LABELS = 2 ** 12;

/** Cells that are read in one slice: a few milliseconds. */
const SLICE = 2 ** 16;

/** Summarises a table. With `target`, also its columns and the target. In slices; the event loop may turn between them. */
export function* summarising(
  where: string,
  table: TableData,
  wanted?: { readonly target: string; readonly task?: Task | undefined },
): Generator<undefined, ShardSummary> {
  const counted = { rows: table.rows, fingerprint: yield* fingerprinting(table) };
  if (!wanted) return counted;
  const { targets, labels, x } = yield* readingTable(where, table, wanted.target, { task: wanted.task });
  if (targets.kind !== 'labels' && targets.kind !== 'numbers')
    refuse(`${where}(target)`, 'a column with one label or number for each row', wanted.target);
  const columns: ColumnSummary[] = [];
  for (const column of x.columns) columns.push(yield* summarisingColumn(column));
  return { ...counted, columns, target: { targets, ...(yield* summarisingLabels(labels)) } };
}

function* summarisingColumn({ cells, ...column }: ColumnData): Generator<undefined, ColumnSummary> {
  if ('values' in cells) {
    const moments = yield* measuring(cells.values);
    return { ...column, missing: cells.values.length - moments.count, moments };
  }
  const counts = new Int32Array(cells.texts.length);
  let missing = 0;
  for (let row = 0; row < cells.codes.length; row++) {
    const code = cells.codes[row] as number;
    if (code < 0) missing++;
    else (counts[code] as number)++;
    if (row % SLICE === SLICE - 1) yield;
  }
  // As the encoder reads them: two spellings may be one category.
  const read = textReader(column.format);
  const texts = new Map<string, number>();
  for (const [code, text] of cells.texts.entries()) {
    const rows = counts[code] as number;
    const cell = rows > 0 ? read(text) : undefined;
    if (typeof cell === 'string') texts.set(cell, (texts.get(cell) ?? 0) + rows);
    else missing += rows;
  }
  return { ...column, missing, ...(texts.size <= MOST_TEXTS && { texts: [...texts] }) };
}

function* summarisingLabels(labels: readonly Label[] | Matrix): Generator<undefined, Omit<TargetSummary, 'targets'>> {
  if (labels instanceof Matrix) return { moments: yield* measuring(Float64Array.from(labels.data)) };
  const counts = new Map<Label, number>();
  let areNumbers = true;
  for (const [row, label] of labels.entries()) {
    if (typeof label === 'string') areNumbers = false;
    if (counts.size <= MOST_LABELS || counts.has(label)) counts.set(label, (counts.get(label) ?? 0) + 1);
    if (row % SLICE === SLICE - 1) yield;
  }
  return {
    ...(counts.size <= MOST_LABELS && { labels: [...counts] }),
    // In float32, as a regression's targets are.
    ...(areNumbers && { moments: yield* measuring(Float64Array.from(labels as readonly number[], Math.fround)) }),
  };
}

/** Figures of the numbers that are there. */
function* measuring(values: Float64Array): Generator<undefined, Moments> {
  let [count, sum, least, most] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (i % SLICE === SLICE - 1) yield;
    if (Number.isNaN(value)) continue;
    count++;
    sum += value;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (count === 0) return { count, sum, squares: 0, least: 0, most: 0 };
  const mean = sum / count;
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const off = (values[i] as number) - mean;
    if (i % SLICE === SLICE - 1) yield;
    if (!Number.isNaN(off)) squares += off * off;
  }
  if (!Number.isFinite(squares))
    throw new SimdenseError('DATA', 'the squares of its numbers are beyond float64; divide the column by a constant');
  return { count, sum, squares, least, most };
}

/** The figures of both together, by the formula of Chan, Golub, LeVeque 1979. */
export function mergedMoments(a: Moments, b: Moments): Moments {
  if (a.count === 0) return b;
  if (b.count === 0) return a;
  const count = a.count + b.count;
  const between = b.sum / b.count - a.sum / a.count;
  return {
    count,
    sum: a.sum + b.sum,
    squares: a.squares + b.squares + between * between * ((a.count * b.count) / count),
    least: Math.min(a.least, b.least),
    most: Math.max(a.most, b.most),
  };
}
