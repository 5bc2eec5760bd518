// Update rules against float64, over several steps and between guard bytes.
import { afterEach, expect, test } from 'vitest';
import { calls, engine, place, read, releaseAll } from '../helpers/memory.js';
import { distance, numbers } from '../helpers/numbers.js';

afterEach(releaseAll);

const draw = (count: number, seed: number): number[] => Array.from({ length: count }, numbers(seed));
const zeros = (count: number): number[] => new Array<number>(count).fill(0);

test.each([
  [16, 0, false],
  [48, 0.9, false],
  [48, 0.9, true],
  [1600, 0.5, true],
])('sgd: %i floats, momentum %d, nesterov %s', (count, momentum, nesterov) => {
  const p = place(draw(count, 1));
  const velocity = place(zeros(count));
  const expected = draw(count, 1);
  const v = zeros(count);
  for (let t = 1; t <= 5; t++) {
    const g = draw(count, t + 1);
    calls.sgd(count, p, place(g), momentum > 0 ? velocity : 0, 0.1, momentum, nesterov);
    for (const [i, gradient] of g.entries()) {
      v[i] = momentum * v[i]! + gradient;
      expected[i]! -= 0.1 * (nesterov ? gradient + momentum * v[i]! : v[i]!);
    }
  }
  expect(distance(read(p, count), expected)).toBeLessThan(1e-6);
});

test.each([16, 48, 1600])('adam: %i floats', (count) => {
  const [p, m, v] = [place(draw(count, 1)), place(zeros(count)), place(zeros(count))];
  const expected = draw(count, 1);
  const [mean, square] = [zeros(count), zeros(count)];
  for (let t = 1; t <= 5; t++) {
    const g = draw(count, t + 1);
    calls.adam(
      count,
      p,
      place(g),
      m,
      v,
      0.01 / (1 - 0.9 ** t),
      1 / Math.sqrt(1 - 0.999 ** t),
      0.9,
      0.1,
      0.999,
      0.001,
      1e-8,
      1,
    );
    for (const [i, gradient] of g.entries()) {
      mean[i] = 0.9 * mean[i]! + 0.1 * gradient;
      square[i] = 0.999 * square[i]! + 0.001 * gradient ** 2;
      const step = (0.01 / (1 - 0.9 ** t)) * mean[i]!;
      expected[i]! -= step / (Math.sqrt(square[i]! / (1 - 0.999 ** t)) + 1e-8);
    }
  }
  expect(distance(read(p, count), expected)).toBeLessThan(1e-6);
});

test('padding stays zero, and moments never hold subnormal numbers', () => {
  const [p, g, m, v] = [place(zeros(16)), place(zeros(16)), place(zeros(16)), place(zeros(16))];
  for (let t = 1; t <= 3; t++) calls.adam(16, p, g, m, v, 0.01, 1, 0.9, 0.1, 0.999, 0.001, 1e-8, 1);
  calls.sgd(16, p, g, m, 0.1, 0.9, true);
  expect(read(p, 16).every((value) => value === 0)).toBe(true);
  const tiny = 2e-38;
  engine.floats.fill(tiny, m / 4, m / 4 + 16);
  engine.floats.fill(tiny, v / 4, v / 4 + 16);
  for (let t = 1; t <= 900; t++) calls.adam(16, p, g, m, v, 0.01, 1, 0.9, 0.1, 0.999, 0.001, 1e-8, 1);
  expect([...read(m, 16), ...read(v, 16)].every((value) => value === 0 || value >= 2 ** -126)).toBe(true);
});

test('adamw multiplies by 1 − rate·weightDecay first', () => {
  const [p, m, v, g] = [place(draw(32, 1)), place(zeros(32)), place(zeros(32)), place(draw(32, 2))];
  calls.adam(32, p, g, m, v, 0.01, 1, 0.9, 0.1, 0.999, 0.001, 1e-8, 0.9);
  const gradient = draw(32, 2);
  const expected = draw(32, 1).map((value, i) => {
    const [mean, square] = [0.1 * gradient[i]!, 0.001 * gradient[i]! ** 2];
    return value * 0.9 - (0.01 * mean) / (Math.sqrt(square) + 1e-8);
  });
  expect(distance(read(p, 32), expected)).toBeLessThan(1e-6);
});

test.each([0, 0.9])('rmsprop, momentum %d, over five steps', (momentum) => {
  const [p, v, velocity] = [place(draw(48, 1)), place(zeros(48)), place(zeros(48))];
  const expected = draw(48, 1);
  const [square, speed] = [zeros(48), zeros(48)];
  for (let t = 1; t <= 5; t++) {
    const g = draw(48, t + 1);
    calls.rmsprop(48, p, place(g), v, momentum > 0 ? velocity : 0, 0.01, 0.99, 0.01, momentum, 1e-8);
    for (const [i, gradient] of g.entries()) {
      square[i] = 0.99 * square[i]! + 0.01 * gradient ** 2;
      speed[i] = momentum * speed[i]! + gradient / (Math.sqrt(square[i]!) + 1e-8);
      expected[i]! -= 0.01 * speed[i]!;
    }
  }
  expect(distance(read(p, 48), expected)).toBeLessThan(2e-6);
});

test('adagrad over five steps', () => {
  const [p, v] = [place(draw(48, 1)), place(zeros(48))];
  const expected = draw(48, 1);
  const sum = zeros(48);
  for (let t = 1; t <= 5; t++) {
    const g = draw(48, t + 1);
    calls.adagrad(48, p, place(g), v, 0.05, 1e-10);
    for (const [i, gradient] of g.entries()) {
      sum[i]! += gradient ** 2;
      expected[i]! -= (0.05 * gradient) / (Math.sqrt(sum[i]!) + 1e-10);
    }
  }
  expect(distance(read(p, 48), expected)).toBeLessThan(1e-6);
});

test.each([
  [16, 0],
  [48, 0.1],
  [1600, 0.5],
])('lion: %i floats, weight decay %d, over five steps', (count, weightDecay) => {
  const [p, m] = [place(draw(count, 1)), place(zeros(count))];
  const expected = draw(count, 1);
  const mean = zeros(count);
  for (let t = 1; t <= 5; t++) {
    const g = draw(count, t + 1);
    calls.lion(count, p, place(g), m, 0.01, 0.9, 0.1, 0.99, 0.01, weightDecay);
    for (const [i, gradient] of g.entries()) {
      const direction = Math.sign(0.9 * mean[i]! + 0.1 * gradient);
      expected[i]! -= 0.01 * (direction + weightDecay * expected[i]!);
      mean[i] = 0.99 * mean[i]! + 0.01 * gradient;
    }
  }
  expect(distance(read(p, count), expected)).toBeLessThan(1e-6);
  expect(distance(read(m, count), mean)).toBeLessThan(1e-6);
});

test('lion takes the sign of the mean before the update, leaves zeros alone and does not hide NaN', () => {
  // A mean of 1 and a gradient of −5 point up before the update and down after it, whichever weights are taken.
  const given = [1, 0, 0, 0, 0, 0, 2 ** -126, 2 ** -126];
  const gradients = [-5, 0, 1e-38, -1e-38, Number.POSITIVE_INFINITY, Number.NaN, 0, -(2 ** -126)];
  const all = (values: number[]): number[] => [...values, ...zeros(8)];
  const [p, m] = [place(zeros(16)), place(all(given))];
  calls.lion(16, p, place(all(gradients)), m, 0.5, 0.9, 0.1, 0.5, 0.5, 0.1);
  expect([...read(p, 16)]).toEqual(all([-0.5, 0, -0.5, 0.5, -0.5, Number.NaN, -0.5, -0.5]));
  expect([...read(m, 16)]).toEqual(all([-2, 0, 0, 0, Number.POSITIVE_INFINITY, 0, 0, 0]));
});
