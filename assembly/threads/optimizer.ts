// Update rules by a crew: runs of lines.

import * as rules from '../optimizer';
import { fork, int, put, real, splits, word } from './crew';
import { FAIR, floats, offset } from './parts';

export function sgd(count: i32, p: usize, g: usize, velocity: usize, rate: f32, momentum: f32, nesterov: bool): void {
  if (!splits(count >> 4, FAIR)) return rules.sgd(count, p, g, velocity, rate, momentum, nesterov);
  put(0, p), put(1, g), put(2, velocity), put(3, rate), put(4, momentum), put<i32>(5, nesterov);
  fork(sgdPart.index, count >> 4, FAIR);
}

function sgdPart(part: i32): void {
  const at = offset(part), velocity = word(2);
  rules.sgd(floats(part), word(0) + at, word(1) + at, velocity && velocity + at, real(3), real(4), <bool>int(5));
}

export function adam(
  count: i32, p: usize, g: usize, m: usize, v: usize, stepSize: f32, scale: f32, beta1: f32, rest1: f32, beta2: f32, rest2: f32,
  epsilon: f32, keep: f32,
): void {
  if (!splits(count >> 4, FAIR)) return rules.adam(count, p, g, m, v, stepSize, scale, beta1, rest1, beta2, rest2, epsilon, keep);
  put(0, p), put(1, g), put(2, m), put(3, v), put(4, stepSize), put(5, scale), put(6, beta1), put(7, rest1), put(8, beta2);
  put(9, rest2), put(10, epsilon), put(11, keep);
  fork(adamPart.index, count >> 4, FAIR);
}

function adamPart(part: i32): void {
  const at = offset(part);
  rules.adam(
    floats(part), word(0) + at, word(1) + at, word(2) + at, word(3) + at, real(4), real(5), real(6), real(7), real(8), real(9), real(10),
    real(11),
  );
}

export function rmsprop(
  count: i32, p: usize, g: usize, v: usize, velocity: usize, rate: f32, rho: f32, rest: f32, momentum: f32, epsilon: f32,
): void {
  if (!splits(count >> 4, FAIR)) return rules.rmsprop(count, p, g, v, velocity, rate, rho, rest, momentum, epsilon);
  put(0, p), put(1, g), put(2, v), put(3, velocity), put(4, rate), put(5, rho), put(6, rest), put(7, momentum), put(8, epsilon);
  fork(rmspropPart.index, count >> 4, FAIR);
}

function rmspropPart(part: i32): void {
  const at = offset(part), velocity = word(3);
  rules.rmsprop(
    floats(part), word(0) + at, word(1) + at, word(2) + at, velocity && velocity + at, real(4), real(5), real(6), real(7), real(8),
  );
}

export function adagrad(count: i32, p: usize, g: usize, v: usize, rate: f32, epsilon: f32): void {
  if (!splits(count >> 4, FAIR)) return rules.adagrad(count, p, g, v, rate, epsilon);
  put(0, p), put(1, g), put(2, v), put(3, rate), put(4, epsilon);
  fork(adagradPart.index, count >> 4, FAIR);
}

function adagradPart(part: i32): void {
  const at = offset(part);
  rules.adagrad(floats(part), word(0) + at, word(1) + at, word(2) + at, real(3), real(4));
}
