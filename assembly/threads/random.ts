// What is drawn, by a crew: runs of lines, each by its own counters.

import * as random from '../random';
import { fork, int, put, real, splits, start, word } from './crew';
import { DEAR, FAIR, floats, offset } from './parts';

export function putDraw(x: usize, y: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, first: i32, a: f32, b: f32): void {
  put(0, x), put(1, y), put(2, seed0), put(3, seed1), put(4, purpose), put(5, step), put(6, first), put(7, a), put(8, b);
}

export function dropout(
  count: i32, x: usize, y: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, first: i32, rate: f32,
): void {
  if (!splits(count >> 4, FAIR)) return random.dropout(count, x, y, seed0, seed1, purpose, step, first, rate);
  putDraw(x, y, seed0, seed1, purpose, step, first, rate, 0);
  fork(dropoutPart.index, count >> 4, FAIR);
}

function dropoutPart(part: i32): void {
  const at = offset(part);
  random.dropout(floats(part), word(0) + at, word(1) + at, int(2), int(3), int(4), int(5), int(6) + (start(part) << 4), real(7));
}

export function addNoise(
  count: i32, x: usize, y: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, first: i32, deviation: f32,
): void {
  if (!splits(count >> 4, DEAR)) return random.addNoise(count, x, y, seed0, seed1, purpose, step, first, deviation);
  putDraw(x, y, seed0, seed1, purpose, step, first, deviation, 0);
  fork(addNoisePart.index, count >> 4, DEAR);
}

function addNoisePart(part: i32): void {
  const at = offset(part);
  random.addNoise(floats(part), word(0) + at, word(1) + at, int(2), int(3), int(4), int(5), int(6) + (start(part) << 4), real(7));
}

export function fillUniform(
  count: i32, out: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, first: i32, middle: f32, half: f32,
): void {
  if (!splits(count >> 4, FAIR)) return random.fillUniform(count, out, seed0, seed1, purpose, step, first, middle, half);
  putDraw(0, out, seed0, seed1, purpose, step, first, middle, half);
  put(9, count);
  fork(fillUniformPart.index, (count + 15) >> 4, FAIR);
}

function fillUniformPart(part: i32): void {
  const first = start(part) << 4, count = min(floats(part), int(9) - first);
  random.fillUniform(count, word(1) + offset(part), int(2), int(3), int(4), int(5), int(6) + first, real(7), real(8));
}

export function fillNormal(
  count: i32, out: usize, seed0: u32, seed1: u32, purpose: u32, step: u32, first: i32, mean: f32, deviation: f32,
): void {
  if (!splits(count >> 4, DEAR)) return random.fillNormal(count, out, seed0, seed1, purpose, step, first, mean, deviation);
  putDraw(0, out, seed0, seed1, purpose, step, first, mean, deviation);
  put(9, count);
  fork(fillNormalPart.index, (count + 15) >> 4, DEAR);
}

function fillNormalPart(part: i32): void {
  const first = start(part) << 4, count = min(floats(part), int(9) - first);
  random.fillNormal(count, word(1) + offset(part), int(2), int(3), int(4), int(5), int(6) + first, real(7), real(8));
}
