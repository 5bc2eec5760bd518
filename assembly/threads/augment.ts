// Changes to images by a crew: runs of images, each by its own counter.

import * as images from '../augment';
import { fork, int, put, real, size, splits, start, word } from './crew';
import { CHEAP, DEAR, rowsOf } from './parts';
import { putDraw } from './random';

export function shiftImages(
  rows: i32, width: i32, height: i32, x: usize, out: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, first: u32, most: i32,
): void {
  const least = rowsOf(width * height, CHEAP);
  if (!splits(rows, least)) return images.shiftImages(rows, width, height, x, out, seed0, seed1, purpose, step, first, most);
  putDraw(x, out, seed0, seed1, purpose, step, first, 0, 0), put(9, width), put(10, height), put(11, most);
  fork(shiftImagesPart.index, rows, least);
}

function shiftImagesPart(part: i32): void {
  const row = start(part), skip = <usize>(row * int(9) * int(10)) << 2;
  images.shiftImages(
    size(part), int(9), int(10), word(0) + skip, word(1) + skip, int(2), int(3), int(4), int(5), int(6) + row, int(11),
  );
}

export function rotateImages(
  rows: i32, width: i32, height: i32, x: usize, out: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, first: u32, radians: f32,
): void {
  const least = rowsOf(width * height, DEAR / 4);
  if (!splits(rows, least)) return images.rotateImages(rows, width, height, x, out, seed0, seed1, purpose, step, first, radians);
  putDraw(x, out, seed0, seed1, purpose, step, first, radians, 0), put(9, width), put(10, height);
  fork(rotateImagesPart.index, rows, least);
}

function rotateImagesPart(part: i32): void {
  const row = start(part), skip = <usize>(row * int(9) * int(10)) << 2;
  images.rotateImages(
    size(part), int(9), int(10), word(0) + skip, word(1) + skip, int(2), int(3), int(4), int(5), int(6) + row, real(7),
  );
}
