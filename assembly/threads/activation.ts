// Activations by a crew: runs of lines, softmax by rows.

import * as activations from '../activation';
import { ELU, LEAKY_RELU, RELU, SIGMOID, TANH } from '../kinds';
import { LINE, panelBytes } from '../layout';
import { fork, int, put, real, size, splits, start, word } from './crew';
import { CHEAP, DEAR, FAIR, floats, offset, rowsOf } from './parts';

export function activationForward(kind: i32, count: i32, x: usize, y: usize, alpha: f32): void {
  const least = kind == RELU || kind == LEAKY_RELU ? CHEAP : DEAR;
  if (!splits(count >> 4, least)) return activations.activationForward(kind, count, x, y, alpha);
  put(0, kind), put(1, x), put(2, y), put(3, alpha);
  fork(activationForwardPart.index, count >> 4, least);
}

function activationForwardPart(part: i32): void {
  const at = offset(part);
  activations.activationForward(int(0), floats(part), word(1) + at, word(2) + at, real(3));
}

export function activationBackward(kind: i32, count: i32, saved: usize, dy: usize, dx: usize, alpha: f32): void {
  const cheap = kind == RELU || kind == LEAKY_RELU || kind == SIGMOID || kind == TANH || kind == ELU;
  const least = cheap ? CHEAP : DEAR;
  if (!splits(count >> 4, least)) return activations.activationBackward(kind, count, saved, dy, dx, alpha);
  put(0, kind), put(1, saved), put(2, dy), put(3, dx), put(4, alpha);
  fork(activationBackwardPart.index, count >> 4, least);
}

function activationBackwardPart(part: i32): void {
  const at = offset(part);
  activations.activationBackward(int(0), floats(part), word(1) + at, word(2) + at, word(3) + at, real(4));
}

export function affine(count: i32, x: usize, y: usize, scale: f32, shift: f32): void {
  if (!splits(count >> 4, CHEAP)) return activations.affine(count, x, y, scale, shift);
  put(0, x), put(1, y), put(2, scale), put(3, shift);
  fork(affinePart.index, count >> 4, CHEAP);
}

function affinePart(part: i32): void {
  const at = offset(part);
  activations.affine(floats(part), word(0) + at, word(1) + at, real(2), real(3));
}

export function softmaxForward(rows: i32, columns: i32, x: usize, y: usize): void {
  const least = rowsOf(columns, DEAR);
  if (!splits(rows, least)) return activations.softmaxForward(rows, columns, x, y);
  put(0, rows), put(1, columns), put(2, x), put(3, y);
  fork(softmaxForwardPart.index, rows, least);
}

function softmaxForwardPart(part: i32): void {
  const skip = <usize>start(part) * LINE;
  activations.softmaxRows(panelBytes(int(0)), size(part), int(1), word(2) + skip, word(3) + skip);
}

export function softmaxBackward(rows: i32, columns: i32, s: usize, dy: usize, dx: usize): void {
  const least = rowsOf(columns, FAIR);
  if (!splits(rows, least)) return activations.softmaxBackward(rows, columns, s, dy, dx);
  put(0, rows), put(1, columns), put(2, s), put(3, dy), put(4, dx);
  fork(softmaxBackwardPart.index, rows, least);
}

function softmaxBackwardPart(part: i32): void {
  const skip = <usize>start(part) * LINE;
  activations.softmaxGradientRows(
    panelBytes(int(0)), size(part), int(1), word(2) + skip, word(3) + skip, word(4) + skip,
  );
}
