// Packs rows and classes as assembly/pack.ts does, but row by row and not panel by panel, since the rows of a shuffled batch are far from one another, and without loops
// over columns.

import { columnMask, LINE } from '../layout';

// @ts-ignore: decorator
@inline
function rowNumber(order: usize, row: i32): usize {
  return order ? <usize>load<u32>(order + (<usize>row << 2)) : <usize>row;
}

/** Up to four of the columns from `from` on. Reads up to 15 bytes past them: a block of memory ends before the line that follows it. */
// @ts-ignore: decorator
@inline
function four(at: usize, from: i32, columns: i32): v128 {
  return v128.and(v128.load(at + (<usize>from << 2)), columnMask(from, columns));
}

export function packFloats(rows: i32, columns: i32, source: usize, order: usize, panels: usize, panelRows: i32): void {
  const zero = i32x4.splat(0), stride = <usize>panelRows * LINE;
  const rest = columns & 15, full = <usize>(columns - rest) << 2;
  for (let row = 0; row < rows; row++, panels += LINE) {
    let at = source + ((rowNumber(order, row) * <usize>columns) << 2), to = panels;
    for (const end = at + full; at < end; at += LINE, to += stride) {
      v128.store(to, v128.load(at));
      v128.store(to, v128.load(at, 16), 16);
      v128.store(to, v128.load(at, 32), 32);
      v128.store(to, v128.load(at, 48), 48);
    }
    if (rest == 0) continue;
    v128.store(to, four(at, 0, rest));
    v128.store(to, rest > 4 ? four(at, 4, rest) : zero, 16);
    v128.store(to, rest > 8 ? four(at, 8, rest) : zero, 32);
    v128.store(to, rest > 12 ? four(at, 12, rest) : zero, 48);
  }
}

/** packClasses for up to 16 classes. */
export function classes(rows: i32, labels: usize, order: usize, panels: usize): void {
  const zero = i32x4.splat(0);
  for (let row = 0; row < rows; row++, panels += LINE) {
    v128.store(panels, zero);
    v128.store(panels, zero, 16);
    v128.store(panels, zero, 32);
    v128.store(panels, zero, 48);
    store<f32>(panels + (<usize>load<u32>(labels + (rowNumber(order, row) << 2)) << 2), 1);
  }
}
