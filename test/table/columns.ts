// Tables for tests, from cells as records have them.
import fc from 'fast-check';
import { atOnce } from '../../src/base/pause.js';
import { type Encoder, encoderOf } from '../../src/table/encoders/encoder.js';
import { fittingEncoder } from '../../src/table/encoders/fitting.js';
import type { EncoderOptions } from '../../src/table/encoders/options.js';
import type { Cell, CellFormat, ColumnData, Kind, TableData } from '../../src/table/kind.js';

const holds = {
  number: 'number',
  boolean: 'boolean',
  date: 'date',
  category: 'text',
  text: 'text',
  ignore: 'text',
} as const;

/** A column of cells of its kind. */
export function column(name: string, kind: Kind, cells: readonly Cell[], format?: CellFormat): ColumnData {
  const base = { name, kind, why: 'a test', holds: holds[kind], ...(format && { format }) };
  if (holds[kind] !== 'text')
    return {
      ...base,
      cells: { values: Float64Array.from(cells, (cell) => (cell === null ? Number.NaN : Number(cell))) },
    };
  const texts = [...new Set(cells.filter((cell) => cell !== null).map(String))];
  const codes = Int32Array.from(cells, (cell) => (cell === null ? -1 : texts.indexOf(String(cell))));
  return { ...base, cells: { texts, codes } };
}

export const table = (...columns: ColumnData[]): TableData => {
  const [first] = columns as [ColumnData];
  return { rows: 'codes' in first.cells ? first.cells.codes.length : first.cells.values.length, columns };
};

/** The cells of a table's rows, as objects. */
export function records({ rows, columns }: TableData): Record<string, Cell>[] {
  const typed = ({ cells, holds }: ColumnData, row: number): Cell => {
    if ('codes' in cells) return cells.texts[cells.codes[row]!] ?? null;
    const value = cells.values[row]!;
    if (Number.isNaN(value)) return null;
    return holds === 'boolean' ? value === 1 : holds === 'date' ? new Date(value) : value;
  };
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(columns.map((each) => [each.name, typed(each, row)])),
  );
}

export const fitted = (data: TableData, options?: EncoderOptions, rows?: Int32Array): Encoder =>
  encoderOf(atOnce(fittingEncoder(data, rows, options)));

export const encode = (encoder: Encoder, data: TableData, rows?: Int32Array): Float32Array =>
  atOnce(encoder.encoding(data, rows)).data as Float32Array;

/** The bits, so that −0 is not 0. */
export const bits = (data: Float32Array | Uint8Array): Uint32Array => new Uint32Array(data.slice().buffer);

/** The rows of a table, in this order. */
export function selected({ columns }: TableData, rows: Int32Array): TableData {
  return {
    rows: rows.length,
    columns: columns.map((each) => ({
      ...each,
      cells:
        'codes' in each.cells
          ? { ...each.cells, codes: rows.map((row) => (each.cells as { codes: Int32Array }).codes[row]!) }
          : { values: Float64Array.from(rows, (row) => (each.cells as { values: Float64Array }).values[row]!) },
    })),
  };
}

const anyNumber = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer({ min: -5, max: 5 }),
  fc.constantFrom(1e300, -1e300, Number.MAX_VALUE, -Number.MAX_VALUE, 5e-324, -0, 1.7e9, 1.7e9 + 200),
);
const name = fc.oneof(
  fc.constantFrom('a', 'b', 'a=x', 'a missing', '"a"', 'a year sin', 'a #1', '__proto__', 'constructor', '(rare)', ''),
  fc.string({ maxLength: 4 }),
);
const cellsOf = {
  number: anyNumber,
  boolean: fc.boolean(),
  date: fc.date({ noInvalidDate: true }),
  category: fc.oneof(
    fc.constantFrom('x', 'y', '(rare)', '(missing)', '"x"', '="'),
    fc.string({ minLength: 1, maxLength: 3 }),
  ),
  text: fc.lorem({ maxCount: 5 }),
} as const satisfies Record<Exclude<Kind, 'ignore'>, fc.Arbitrary<Cell>>;
const kind = fc.constantFrom(...(Object.keys(cellsOf) as (keyof typeof cellsOf)[]));

/** Tables of any columns and finite cells, and what an encoder may be asked for. */
export const anyTable: fc.Arbitrary<TableData> = fc
  .tuple(
    fc.integer({ min: 1, max: 12 }),
    fc.uniqueArray(fc.record({ name, kind }), { minLength: 1, maxLength: 5, selector: (each) => each.name }),
  )
  .chain(([rows, columns]) =>
    fc.tuple(
      ...columns.map((each) =>
        fc
          .array(fc.option(cellsOf[each.kind] as fc.Arbitrary<Cell>, { freq: 4 }), { minLength: rows, maxLength: rows })
          .map((cells) => column(each.name, each.kind, cells)),
      ),
    ),
  )
  .map((columns) => table(...columns));

export const anyOptions: fc.Arbitrary<EncoderOptions> = fc.record({
  number: fc.record({
    scale: fc.constantFrom('standard', 'robust', 'quantile', 'minMax', 'none', 'spread'),
    clip: fc.constantFrom(null, 3, 0.5, 1e30),
    pieces: fc.constantFrom(0, 1, 2, 16),
  }),
  category: fc.record({
    order: fc.constantFrom('sorted', 'frequency'),
    minFrequency: fc.constantFrom(1, 2, 0.2),
    maxCategories: fc.constantFrom(2, 64),
    buckets: fc.constantFrom(3, 64),
  }),
  text: fc.record({ buckets: fc.constantFrom(1, 16) }),
});
