// Writes the encoder of a table whose columns are numbers: its graph takes the numbers as they are, with NaN for what is missing.
import { show } from '../base/checks.js';
import { SimdenseError } from '../base/errors.js';
import type { LinearData } from '../data/scalers/linear.js';
import type { BooleanColumn } from '../table/encoders/boolean.js';
import type { EncoderColumn } from '../table/encoders/kinds.js';
import type { NumberColumn } from '../table/encoders/number.js';
import { scaling } from '../table/encoders/scale.js';

/** What a graph is written with: operators are applied to the last value. */
export interface GraphWriter {
  readonly last: string;
  apply(op: string, inputs?: readonly string[], attributes?: Readonly<Record<string, number>>): void;
  /** Goes on from another value. */
  goOnFrom(name: string): void;
  constant(values: readonly number[]): string;
  matrix(rows: number, columns: number, values: Float32Array): string;
  linear(data: Pick<LinearData, 'center' | 'scale'>): void;
}

type Writable = NumberColumn | BooleanColumn;

const isWritable = (column: EncoderColumn): column is Writable =>
  column.kind === 'boolean' || (column.kind === 'number' && column.scaler.type !== 'quantile');

/** The squares of larger quotients are beyond float32, and the clipped number is the bound to all its digits. */
const MOST = 1e9;

const wordFor = ({ kind }: EncoderColumn): string => (kind === 'number' ? 'quantiles' : kind);

/** Throws SimdenseError 'UNSUPPORTED' that names the columns that are no numbers. */
export function writeEncoder(writer: GraphWriter, columns: readonly EncoderColumn[]): void {
  const others = columns.filter((column) => !isWritable(column));
  if (others.length > 0) {
    const shown = others.slice(0, 5).map((column) => `${show(column.name)} (${wordFor(column)})`);
    const more = others.length > 5 ? ` and ${others.length - 5} more` : '';
    const message = `only columns of numbers can be written, not ${shown.join(', ')}${more}; simdense/predict predicts from such a table in any runtime`;
    throw new SimdenseError('UNSUPPORTED', `toOnnx: ${message}`);
  }
  const own = columns as readonly Writable[];
  const input = writer.last;
  writer.apply('IsNaN');
  const gaps = writer.last;
  writer.goOnFrom(input);
  writeScales(writer, own);
  const scaled = writer.last;
  writer.goOnFrom(gaps);
  writer.apply('Where', [writer.constant(own.map(filled)), scaled]);
  const numbers = writer.last;
  const flags = own.some(({ flag }) => flag) ? flagsOf(writer, gaps) : undefined;
  const pieces = own.some((column) => edgesOf(column).length > 0) ? piecesOf(writer, own, input, gaps) : undefined;
  if (flags !== undefined || pieces !== undefined) order(writer, own, { numbers, flags, pieces });
}

/** The edges of the pieces of a column; none where it has no pieces. */
const edgesOf = (column: Writable): readonly number[] => (column.kind === 'number' ? (column.edges ?? []) : []);

/** What the feature of a missing cell is. */
const filled = (column: Writable): number => (column.kind === 'boolean' ? column.fill : scaling(column)(column.fill));

function writeScales(writer: GraphWriter, columns: readonly Writable[]): void {
  const numbers = (of: (column: NumberColumn) => number | undefined, otherwise: number): number[] =>
    columns.map((column) => (column.kind === 'number' ? (of(column) ?? otherwise) : otherwise));
  const units = numbers(({ unit }) => unit, 1);
  if (units.some((unit) => unit !== 1)) writer.apply('Mul', [writer.constant(units)]);
  const of = ({ scaler }: NumberColumn) => scaler as LinearData;
  const [center, scale] = [numbers((column) => of(column).center[0], 0), numbers((column) => of(column).scale[0], 1)];
  if (center.some((value) => value !== 0) || scale.some((value) => value !== 1)) writer.linear({ center, scale });
  const clips = numbers(({ clip }) => clip, 0);
  if (clips.every((clip) => clip === 0)) return;
  // x becomes x / √(1 + (x / clip)²), where there is a clip.
  const x = writer.last;
  writer.apply('Div', [writer.constant(clips.map((clip) => clip || 1))]);
  writer.apply('Max', [writer.constant([-MOST])]);
  writer.apply('Min', [writer.constant([MOST])]);
  const share = writer.last;
  writer.apply('Mul', [share]);
  writer.apply('Add', [writer.constant([1])]);
  writer.apply('Sqrt');
  const root = writer.last;
  writer.goOnFrom(share);
  writer.apply('Div', [root]);
  writer.apply('Mul', [writer.constant(clips)]);
  if (clips.every((clip) => clip > 0)) return;
  const clipped = writer.last;
  writer.goOnFrom(x);
  writer.apply('Mul', [writer.constant(clips.map((clip) => Number(clip === 0)))]);
  writer.apply('Add', [clipped]);
}

/** 1 where a cell is missing, for each column. */
function flagsOf(writer: GraphWriter, gaps: string): string {
  writer.goOnFrom(gaps);
  writer.apply('Where', [writer.constant([1]), writer.constant([0])]);
  return writer.last;
}

/** For each piece of a range how much of it lies below the number: from −½ to ½. */
function piecesOf(writer: GraphWriter, columns: readonly Writable[], input: string, gaps: string): string {
  writer.goOnFrom(gaps);
  writer.apply('Where', [writer.constant(columns.map(({ fill }) => fill)), input]);
  const all = columns.flatMap((column, c) =>
    edgesOf(column)
      .slice(1)
      .map((high, i) => ({ c, low: edgesOf(column)[i] as number, high })),
  );
  // A product with a matrix of 0 and 1 brings each number to its pieces.
  const places = new Float32Array(columns.length * all.length);
  for (const [p, { c }] of all.entries()) places[c * all.length + p] = 1;
  writer.apply('MatMul', [writer.matrix(columns.length, all.length, places)]);
  writer.linear({ center: all.map(({ low }) => low), scale: all.map(({ low, high }) => high - low) });
  writer.apply('Max', [writer.constant([0])]);
  writer.apply('Min', [writer.constant([1])]);
  writer.apply('Add', [writer.constant([-0.5])]);
  return writer.last;
}

/** Brings the features into order: of each column its number, whether it is missing, and its pieces. */
function order(
  writer: GraphWriter,
  columns: readonly Writable[],
  { numbers, flags, pieces }: { numbers: string; flags: string | undefined; pieces: string | undefined },
): void {
  writer.goOnFrom(numbers);
  const others = [flags, pieces].filter((name) => name !== undefined);
  writer.apply('Concat', others, { axis: 1 });
  const count = columns.length;
  const counts = columns.map((column) => Math.max(0, edgesOf(column).length - 1));
  const sources: number[] = [];
  let piece = flags === undefined ? count : 2 * count;
  const rows = piece + counts.reduce((sum, each) => sum + each, 0);
  for (const [c, { flag }] of columns.entries()) {
    sources.push(c);
    if (flag) sources.push(count + c);
    for (let i = 0; i < (counts[c] as number); i++) sources.push(piece++);
  }
  const places = new Float32Array(rows * sources.length);
  for (const [feature, source] of sources.entries()) places[source * sources.length + feature] = 1;
  writer.apply('MatMul', [writer.matrix(rows, sources.length, places)]);
}
