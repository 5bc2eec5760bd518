// What a pipeline's network sees of rows: features, several of which may come from one column. All features of a column are replaced together.
import { Matrix } from '../data/matrix.js';
import { type Rows, toMatrix } from '../data/rows.js';
import type { FittedPipeline } from '../evaluate/fitted-pipeline.js';
import { type AnyRows, rowEncoderOf } from '../evaluate/row-encoder.js';
import { tableOf } from '../evaluate/table-of.js';
import { type Encoder, encoderOf } from '../table/encoders/encoder.js';
import { kindOf } from '../table/encoders/kinds.js';
import type { Cell, TableData } from '../table/kind.js';
import { columnsOf } from './subject.js';

/** The place of a column's features in a row of features. */
export interface Span {
  readonly at: number;
  readonly width: number;
}

/** The features of one column, without those of the others. */
interface ColumnFeatures {
  /** Of some rows, rows × width. */
  of(rows: Int32Array): Generator<void, Matrix>;
  /** Of one cell. */
  ofCell(cell: Cell): Float32Array;
}

/** The rows as a member's network sees them. */
export interface Features {
  readonly rows: number;
  /** The number of features. */
  readonly width: number;
  /** By column; a column that the member does not read is not there. */
  readonly spans: ReadonlyMap<string, Span>;
  /** A copy of the features of some rows. */
  of(rows: Int32Array): Generator<void, Matrix>;
  /** Writes the features that a column has in some rows into as many rows of `into`. */
  put(column: string, rows: Int32Array, into: Matrix): Generator<void, void>;
  /** Writes the features of a cell into all rows of `into`. */
  fill(column: string, cell: Cell, into: Matrix): void;
}

/** Up to so many features, 64 MB, are kept; of larger tables they are computed again for each block of rows. */
const MOST_KEPT = 2 ** 24;

/** Where the features of each column stand. */
export function spansOf(member: FittedPipeline): Map<string, Span> {
  const spans = new Map<string, Span>();
  const { encoder } = member;
  if (!encoder) {
    for (const [at, name] of columnsOf(member).entries()) spans.set(name, { at, width: 1 });
    return spans;
  }
  let at = 0;
  for (const data of encoder.toJSON().columns) {
    const width = kindOf(data).features(data).length;
    spans.set(data.name, { at, width });
    at += width;
  }
  return spans;
}

/**
 * The features of a row in the middle of the training rows, by what the encoder keeps: medians of numbers and dates, these in the middle of each cycle, the more
 * frequent boolean, an even mix of the categories, since a row of none was never learnt from, and no words. Of rows of numbers all features are 0, which is the middle where a scaler centres.
 */
export function middleFeatures({ encoder, model }: FittedPipeline): Float64Array {
  const features = new Float32Array(model.inputs);
  let at = 0;
  for (const data of encoder?.toJSON().columns ?? []) {
    const kind = kindOf(data);
    if ('fill' in data) {
      // What stands for a missing cell, but without the feature that says so.
      kind.writer(data).write(Number.NaN, features, at);
      if (data.flag) features[at + 1] = 0;
    }
    if ('categories' in data) features.fill(1 / data.categories.length, at, at + data.categories.length);
    at += kind.features(data).length;
  }
  return Float64Array.from(features);
}

/** Rows as a member's network takes them. Throws SimdenseError 'ARGUMENT', 'DATA' and 'SHAPE' for rows that do not fit. */
export function* encodingRows(where: string, member: FittedPipeline, x: AnyRows): Generator<void, Matrix> {
  const { encoder, model } = member;
  const table = tableOf(x);
  if (table && encoder) return yield* encoder.encoding(table, undefined, where);
  const rows = toMatrix(
    `${where}: x`,
    rowEncoderOf(member).encode(where, x),
    model.inputs,
    'the pipeline was fitted on',
  );
  // Other numbers than bytes may be put into it.
  return new Matrix(Float32Array.from(rows.data), rows.columns);
}

/** The features of all rows, which may be asked for by row and by column. `most` is how many are kept. */
export function* readingFeatures(
  where: string,
  member: FittedPipeline,
  x: AnyRows,
  most = MOST_KEPT,
): Generator<void, Features> {
  const { encoder } = member;
  const table = tableOf(x);
  const spans = spansOf(member);
  if (table && encoder && table.rows * encoder.features.length > most) return ofTable(where, encoder, table, spans);
  const kept = yield* encodingRows(where, member, x);
  return ofMatrix(kept, spans, (column, cell) => featuresOfCell(where, member, column, cell));
}

function featuresOfCell(where: string, member: FittedPipeline, column: string, cell: Cell): Float32Array {
  const { encoder, model } = member;
  if (encoder)
    return oneColumn(encoder, column)
      .encodeRecords([{ [column]: cell }], where)
      .row(0) as Float32Array;
  const row = new Float64Array(model.inputs);
  const at = columnsOf(member).indexOf(column);
  row[at] = cell as number;
  const scaled = toMatrix(where, rowEncoderOf(member).encode(where, [row] as Rows), model.inputs, 'the model takes');
  return Float32Array.of(scaled.data[at] as number);
}

/** The encoder of one of the columns alone. */
function oneColumn(encoder: Encoder, column: string): Encoder {
  const { version, columns } = encoder.toJSON();
  return encoderOf({ version, columns: columns.filter(({ name }) => name === column) });
}

/** The encoders of each column alone. */
function columnByColumn(encoder: Encoder): Map<string, Encoder> {
  const { version, columns } = encoder.toJSON();
  return new Map(columns.map((column) => [column.name, encoderOf({ version, columns: [column] })]));
}

/** Some of the rows, whose features are kept. */
export function* drawing(features: Features, rows: Int32Array): Generator<void, Features> {
  const kept = yield* features.of(rows);
  const spans = new Map(features.spans);
  const own = ofMatrix(kept, spans, () => new Float32Array());
  return { ...own, fill: (column, cell, into) => features.fill(column, cell, into) };
}

/** Features that are kept. */
function ofMatrix(
  kept: Matrix,
  spans: Map<string, Span>,
  ofCell: (column: string, cell: Cell) => Float32Array,
): Features {
  return featuresBy(kept.rows, kept.columns, spans, {
    // biome-ignore lint/correctness/useYield: the rows are there.
    *of(rows) {
      return kept.select(rows);
    },
    column: (column) => ({
      // biome-ignore lint/correctness/useYield: the rows are there.
      *of(rows) {
        const { at, width } = spans.get(column) as Span;
        const out = new Float32Array(rows.length * width);
        for (let i = 0; i < rows.length; i++) {
          const from = (rows[i] as number) * kept.columns + at;
          for (let c = 0; c < width; c++) out[i * width + c] = kept.data[from + c] as number;
        }
        return new Matrix(out, width);
      },
      ofCell: (cell) => ofCell(column, cell),
    }),
  });
}

/** Features that are computed whenever they are asked for. */
function ofTable(where: string, encoder: Encoder, table: TableData, spans: Map<string, Span>): Features {
  const single = columnByColumn(encoder);
  return featuresBy(table.rows, encoder.features.length, spans, {
    of: (rows) => encoder.encoding(table, rows, where),
    column(column) {
      const own = single.get(column) as Encoder;
      return {
        of: (rows) => own.encoding(table, rows, where),
        ofCell: (cell) => own.encodeRecords([{ [column]: cell }], where).row(0) as Float32Array,
      };
    },
  });
}

function featuresBy(
  rows: number,
  width: number,
  spans: Map<string, Span>,
  source: { of(rows: Int32Array): Generator<void, Matrix>; column(name: string): ColumnFeatures },
): Features {
  return {
    rows,
    width,
    spans,
    of: (some) => source.of(some),
    *put(column, some, into) {
      const span = spans.get(column);
      if (span) write(span, yield* source.column(column).of(some), into);
    },
    fill(column, cell, into) {
      const span = spans.get(column);
      if (span) write(span, new Matrix(source.column(column).ofCell(cell), span.width), into);
    },
  };
}

/** Writes a column's features into all rows; a single row of them into each. */
function write({ at, width }: Span, from: Matrix, into: Matrix): void {
  const step = from.rows === 1 ? 0 : width;
  for (let row = 0; row < into.rows; row++)
    for (let c = 0; c < width; c++) into.data[row * into.columns + at + c] = from.data[row * step + c] as number;
}
