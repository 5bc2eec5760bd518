// Packing by a crew: runs of rows.

import { LINE } from '../layout';
import * as packing from '../pack';
import { fork, int, put, size, splits, start, word } from './crew';
import { CHEAP, rowsOf } from './parts';

export function packFloats(rows: i32, columns: i32, source: usize, order: usize, to: usize, panelRows: i32): void {
  const least = rowsOf(columns, CHEAP / 2);
  if (!splits(rows, least)) return packing.packFloats(rows, columns, source, order, to, panelRows);
  put(0, columns), put(1, source), put(2, order), put(3, to), put(4, panelRows);
  fork(packFloatsPart.index, rows, least);
}

function packFloatsPart(part: i32): void {
  const first = <usize>start(part), order = word(2);
  const skip: usize = order ? 0 : first * ((<usize>int(0)) << 2);
  packing.packFloats(size(part), int(0), word(1) + skip, order && order + (first << 2), word(3) + first * LINE, int(4));
}

export function packBytes(rows: i32, columns: i32, source: usize, order: usize, to: usize, panelRows: i32): void {
  const least = rowsOf(columns, CHEAP / 2);
  if (!splits(rows, least)) return packing.packBytes(rows, columns, source, order, to, panelRows);
  put(0, columns), put(1, source), put(2, order), put(3, to), put(4, panelRows);
  fork(packBytesPart.index, rows, least);
}

function packBytesPart(part: i32): void {
  const first = <usize>start(part), order = word(2);
  const skip: usize = order ? 0 : first * <usize>int(0);
  packing.packBytes(size(part), int(0), word(1) + skip, order && order + (first << 2), word(3) + first * LINE, int(4));
}

export function unpackFloats(rows: i32, columns: i32, from: usize, panelRows: i32, target: usize): void {
  const least = rowsOf(columns, CHEAP / 2);
  if (!splits(rows, least)) return packing.unpackFloats(rows, columns, from, panelRows, target);
  put(0, columns), put(1, from), put(2, panelRows), put(3, target);
  fork(unpackFloatsPart.index, rows, least);
}

function unpackFloatsPart(part: i32): void {
  const first = <usize>start(part);
  const target = word(3) + first * ((<usize>int(0)) << 2);
  packing.unpackFloats(size(part), int(0), word(1) + first * LINE, int(2), target);
}
