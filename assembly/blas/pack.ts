// Packs a block of a row-major matrix into panels: lines of 64 bytes, 16 floats or 8 doubles of one row. `shift` is 2 for float32 and 3 for float64.

import { LINE } from '../layout';

/**
 * panels = source[rows, columns], whose rows are `rowBytes` apart; columns past the last become zeros. `panelRows` is the number of lines from one
 * panel to the next.
 */
export function packRows(
  shift: i32, rows: i32, columns: i32, source: usize, rowBytes: usize, panels: usize, panelRows: i32,
): void {
  const width = <usize>columns << shift;
  for (let from: usize = 0; from < width; from += LINE, panels += <usize>panelRows * LINE) {
    const bytes = min(LINE, width - from);
    let at = source + from, to = panels;
    if (bytes == LINE) {
      for (let row = 0; row < rows; row++, at += rowBytes, to += LINE) {
        v128.store(to, v128.load(at));
        v128.store(to, v128.load(at, 16), 16);
        v128.store(to, v128.load(at, 32), 32);
        v128.store(to, v128.load(at, 48), 48);
      }
    } else {
      for (let row = 0; row < rows; row++, at += rowBytes, to += LINE) copyLine(bytes, at, to);
    }
  }
}

/** Copies fewer than 64 bytes, and clears the rest of the line. */
function copyLine(bytes: usize, from: usize, to: usize): void {
  const zero = i32x4.splat(0);
  for (let i: usize = 0; i < LINE; i += 16) v128.store(to + i, zero);
  let i: usize = 0;
  for (; i + 16 <= bytes; i += 16) v128.store(to + i, v128.load(from + i));
  for (; i < bytes; i += 4) store<u32>(to + i, load<u32>(from + i));
}

/** The same for a source that is stored transposed: source[columns, rows]. */
export function packColumns(
  shift: i32, rows: i32, columns: i32, source: usize, rowBytes: usize, panels: usize, panelRows: i32,
): void {
  const perLine = 64 >> shift;
  for (let from = 0; from < columns; from += perLine, panels += <usize>panelRows * LINE) {
    const width = min(perLine, columns - from);
    const at = source + <usize>from * rowBytes;
    // Rows in steps of a register: a square of 4 × 4 or 2 × 2 is transposed at a time.
    const square = 16 >> shift;
    let row = 0;
    if (width == perLine) {
      for (; row + square <= rows; row += square) {
        const corner = at + (<usize>row << shift), to = panels + <usize>row * LINE;
        if (shift == 2) {
          for (let i: usize = 0; i < 4; i++) transpose4x4(corner + 4 * i * rowBytes, rowBytes, to + 16 * i);
        } else {
          for (let i: usize = 0; i < 4; i++) transpose2x2(corner + 2 * i * rowBytes, rowBytes, to + 16 * i);
        }
      }
    }
    for (; row < rows; row++) {
      const corner = at + (<usize>row << shift), to = panels + <usize>row * LINE;
      for (let i = 0; i < perLine; i++) {
        const one = corner + <usize>i * rowBytes, place = to + (<usize>i << shift);
        if (shift == 2) store<u32>(place, i < width ? load<u32>(one) : 0);
        else store<u64>(place, i < width ? load<u64>(one) : 0);
      }
    }
  }
}

// @ts-ignore: decorator
@inline
function transpose4x4(from: usize, rowBytes: usize, to: usize): void {
  const r0 = v128.load(from), r1 = v128.load(from + rowBytes);
  const r2 = v128.load(from + 2 * rowBytes), r3 = v128.load(from + 3 * rowBytes);
  const a = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5), b = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
  const c = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7), d = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(a, b, 0, 2));
  v128.store(to, v128.shuffle<i64>(a, b, 1, 3), 64);
  v128.store(to, v128.shuffle<i64>(c, d, 0, 2), 128);
  v128.store(to, v128.shuffle<i64>(c, d, 1, 3), 192);
}

// @ts-ignore: decorator
@inline
function transpose2x2(from: usize, rowBytes: usize, to: usize): void {
  const r0 = v128.load(from), r1 = v128.load(from + rowBytes);
  v128.store(to, v128.shuffle<i64>(r0, r1, 0, 2));
  v128.store(to, v128.shuffle<i64>(r0, r1, 1, 3), 64);
}
