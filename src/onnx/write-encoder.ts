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
  column.kind === 'boolean' || (column.kind === 'number' && column.scaler.type !== 'quantile' && !column.edges);

/** The squares of larger quotients are beyond float32, and the clipped number is the bound to all its digits. */
const MOST = 1e9;

const wordFor = (column: EncoderColumn): string =>
  column.kind === 'number' ? (column.edges ? 'pieces of its range' : 'quantiles') : column.kind;

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
  if (own.some(({ flag }) => flag)) writeFlags(writer, own, gaps);
}

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

/** Puts the feature of a column that is 1 where its cell is missing behind that of its number. */
function writeFlags(writer: GraphWriter, columns: readonly Writable[], gaps: string): void {
  const numbers = writer.last;
  writer.goOnFrom(gaps);
  writer.apply('Where', [writer.constant([1]), writer.constant([0])]);
  const flags = writer.last;
  writer.goOnFrom(numbers);
  writer.apply('Concat', [flags], { axis: 1 });
  const features = columns.reduce((sum, { flag }) => sum + (flag ? 2 : 1), 0);
  // A product with a matrix of 0 and 1 brings them into order.
  const places = new Float32Array(2 * columns.length * features);
  let at = 0;
  for (const [c, { flag }] of columns.entries()) {
    places[c * features + at++] = 1;
    if (flag) places[(columns.length + c) * features + at++] = 1;
  }
  writer.apply('MatMul', [writer.matrix(2 * columns.length, features, places)]);
}
