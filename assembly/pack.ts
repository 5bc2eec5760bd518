// Converts between row-major matrices, as users hold them, and panels (see layout.ts). `panelRows` is the number of rows from one
// panel to the next: for a kernel its inputs, for an activation an odd number.

import { LINE, PANEL, panels as panelsOf } from './layout';

/** The source's row for row `row` of the panels: an entry of `order`, or `row` itself if `order` is 0. */
// @ts-ignore: decorator
@inline
function rowNumber(order: usize, row: i32): usize {
  return order ? <usize>load<u32>(order + (<usize>row << 2)) : <usize>row;
}

/** panels = source[rows, columns], float32; columns past the last become zeros. */
export function packFloats(rows: i32, columns: i32, source: usize, order: usize, panels: usize, panelRows: i32): void {
  const rowBytes = (<usize>columns) << 2;
  for (let from = 0; from < columns; from += PANEL) {
    const width = min(PANEL, columns - from);
    let to = panels + <usize>(from >> 4) * <usize>panelRows * LINE;
    for (let row = 0; row < rows; row++) {
      const at = source + rowNumber(order, row) * rowBytes + ((<usize>from) << 2);
      if (width == PANEL) {
        v128.store(to, v128.load(at));
        v128.store(to, v128.load(at, 16), 16);
        v128.store(to, v128.load(at, 32), 32);
        v128.store(to, v128.load(at, 48), 48);
      } else {
        for (let i = 0; i < PANEL; i++) {
          const offset = (<usize>i) << 2;
          store<f32>(to + offset, i < width ? load<f32>(at + offset) : <f32>0);
        }
      }
      to += LINE;
    }
  }
}

/** panels = source[rows, columns], bytes as float32; columns past the last become zeros. */
export function packBytes(rows: i32, columns: i32, source: usize, order: usize, panels: usize, panelRows: i32): void {
  for (let from = 0; from < columns; from += PANEL) {
    const width = min(PANEL, columns - from);
    let to = panels + <usize>(from >> 4) * <usize>panelRows * LINE;
    for (let row = 0; row < rows; row++) {
      const at = source + rowNumber(order, row) * <usize>columns + <usize>from;
      if (width == PANEL) {
        const bytes = v128.load(at);
        const low = i16x8.extend_low_i8x16_u(bytes);
        const high = i16x8.extend_high_i8x16_u(bytes);
        v128.store(to, f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(low)));
        v128.store(to, f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(low)), 16);
        v128.store(to, f32x4.convert_i32x4_u(i32x4.extend_low_i16x8_u(high)), 32);
        v128.store(to, f32x4.convert_i32x4_u(i32x4.extend_high_i16x8_u(high)), 48);
      } else {
        for (let i = 0; i < PANEL; i++) {
          store<f32>(to + ((<usize>i) << 2), i < width ? <f32>load<u8>(at + <usize>i) : <f32>0);
        }
      }
      to += LINE;
    }
  }
}

/** target[rows, columns], float32, from panels. */
export function unpackFloats(rows: i32, columns: i32, panels: usize, panelRows: i32, target: usize): void {
  const rowBytes = (<usize>columns) << 2;
  for (let from = 0; from < columns; from += PANEL) {
    const width = min(PANEL, columns - from);
    let at = panels + <usize>(from >> 4) * <usize>panelRows * LINE;
    let to = target + ((<usize>from) << 2);
    for (let row = 0; row < rows; row++) {
      if (width == PANEL) {
        v128.store(to, v128.load(at));
        v128.store(to, v128.load(at, 16), 16);
        v128.store(to, v128.load(at, 32), 32);
        v128.store(to, v128.load(at, 48), 48);
      } else {
        for (let i = 0; i < width; i++) {
          const offset = (<usize>i) << 2;
          store<f32>(to + offset, load<f32>(at + offset));
        }
      }
      at += LINE;
      to += rowBytes;
    }
  }
}

/** panels = one line a row with 1 at the row's class, an i32 below `classes`, and zeros elsewhere. */
export function packClasses(rows: i32, classes: i32, labels: usize, order: usize, panels: usize, panelRows: i32): void {
  memory.fill(panels, 0, panelsOf(classes) * <usize>panelRows * LINE);
  for (let row: usize = 0; row < <usize>rows; row++) {
    const label = load<i32>(labels + (rowNumber(order, <i32>row) << 2));
    store<f32>(panels + (<usize>(label >> 4) * <usize>panelRows + row) * LINE + ((<usize>(label & 15)) << 2), 1);
  }
}
