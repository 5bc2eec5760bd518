// The layout of numbers in linear memory, which assembly/layout.ts describes: the sizes of panels and blocks.
import { ROWS } from '../../assembly/kinds.js';

/** Floats in a row of a panel, which is one cache line; the distance from a cell to the one below it. */
export const LINE = 16;
const LINE_BYTES = LINE * 4;

/** Floats of a vector, padded to whole lines. */
export const vectorFloats = (length: number): number => Math.ceil(length / LINE) * LINE;
export const vectorBytes = (length: number): number => vectorFloats(length) * 4;

/** Rows from one panel of an activation to the next. Odd, so that panels do not compete for the same cache sets. */
export const panelRows = (rows: number): number => rows | 1;
/** Floats from one panel of an activation to the next. */
export const panelFloats = (rows: number): number => panelRows(rows) * LINE;

/** Floats of an activation of `rows` × `columns` in panels, padding included. */
export const activationFloats = (rows: number, columns: number): number =>
  Math.ceil(columns / LINE) * panelFloats(rows);
export const activationBytes = (rows: number, columns: number): number => activationFloats(rows, columns) * 4;

/** Floats of a parameter, padding included: a vector, or a kernel of [inputs, units] in whole panels of `inputs` rows. */
export function parameterFloats([first, second]: readonly [number, number] | readonly [number]): number {
  return second === undefined ? vectorFloats(first) : vectorFloats(second) * first;
}

/** Bytes of the parts of a quantized kernel: its lines of four inputs by 16 units, its shifts, and room for rows; see assembly/quantized/product.ts. */
export function quantizedBytes(
  inputs: number,
  units: number,
): readonly [weights: number, shifts: number, rows: number] {
  const quads = Math.ceil(inputs / 4);
  const lines = Math.ceil(units / LINE) * LINE_BYTES;
  return [quads * lines, lines, wholeLines(ROWS * (quads * 8 + 4))];
}

/** The offset of a weight in a quantized kernel, in bytes. Of whole numbers alone: it is asked for each weight. */
export const quantizedAt = (inputs: number, input: number, unit: number): number =>
  ((unit >> 4) * ((inputs + 3) >> 2) + (input >> 2)) * LINE_BYTES + ((unit & 15) << 2) + (input & 3);

/** The offset of a cell in a block of panels, in floats. `rowsApart` is panelRows(rows) for an activation, and the number of inputs for a kernel. */
export const cellAt = (rowsApart: number, row: number, column: number): number =>
  (Math.floor(column / LINE) * rowsApart + row) * LINE + (column % LINE);

/** The cell at an offset in floats. Its column may be padding. */
export const cellOf = (rowsApart: number, index: number): readonly [row: number, column: number] => [
  Math.floor(index / LINE) % rowsApart,
  Math.floor(index / (LINE * rowsApart)) * LINE + (index % LINE),
];

/** A number of bytes, rounded up to whole cache lines. */
export const wholeLines = (bytes: number): number => Math.ceil(bytes / LINE_BYTES) * LINE_BYTES;

/** The offsets of consecutive blocks of these sizes, each aligned to a cache line, followed by the end of the last one. */
export function inLine(sizes: readonly number[]): number[] {
  let end = 0;
  const places = sizes.map((size) => {
    const place = end;
    end += wholeLines(size);
    return place;
  });
  return [...places, end];
}
