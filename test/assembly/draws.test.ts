// Masks, noise and augmentation: shares and moments of the drawn numbers, and their effect on the data.
import { afterEach, describe, expect, test } from 'vitest';
import { philox } from '../../src/data/random.js';
import { calls, guarded, place, read, releaseAll } from '../helpers/memory.js';
import { distance, numbers } from '../helpers/numbers.js';

afterEach(releaseAll);

const COUNT = 160_000;

test.each([0, 0.1, 0.5, 0.9])('dropout(%d) keeps its share, scaled, and draws the same mask again', (rate) => {
  const [y, again] = [guarded(COUNT * 4), guarded(COUNT * 4)];
  const ones = place(new Array(COUNT).fill(1));
  calls.dropout(COUNT, ones, y, 1, 2, 3, 4, 0, rate);
  const values = read(y, COUNT);
  const kept = values.reduce((n, v) => n + Number(v !== 0), 0) / COUNT;
  // Five standard errors.
  expect(Math.abs(kept - (1 - rate))).toBeLessThanOrEqual(5 * Math.sqrt((rate * (1 - rate)) / COUNT));
  expect(values.every((v) => v === 0 || v === Math.fround(1 / Math.fround(1 - Math.fround(rate))))).toBe(true);
  calls.dropout(COUNT, ones, again, 1, 2, 3, 4, 0, rate);
  expect(read(again, COUNT)).toEqual(values);
  calls.dropout(COUNT, ones, again, 1, 2, 3, 5, 0, rate);
  if (rate > 0) expect(read(again, COUNT)).not.toEqual(values);
  calls.dropout(COUNT, ones, ones, 1, 2, 3, 4, 0, rate);
  expect(read(ones, COUNT)).toEqual(values);
});

test('addNoise adds normal numbers', () => {
  const y = guarded(COUNT * 4);
  calls.addNoise(COUNT, place(new Array(COUNT).fill(3)), y, 1, 2, 3, 4, 0, 0.5);
  const values = read(y, COUNT);
  const mean = values.reduce((a, b) => a + b, 0) / COUNT;
  const deviation = Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / COUNT);
  expect(Math.abs(mean - 3)).toBeLessThan((5 * 0.5) / Math.sqrt(COUNT));
  expect(Math.abs(deviation - 0.5)).toBeLessThan(0.005);
});

describe('images', () => {
  const [WIDTH, HEIGHT, ROWS] = [7, 5, 400];
  const next = numbers(6);
  const images = Array.from({ length: ROWS }, () => Array.from({ length: WIDTH * HEIGHT }, next));
  const pixel = (image: readonly number[], u: number, v: number): number =>
    u >= 0 && v >= 0 && u < WIDTH && v < HEIGHT ? image[v * WIDTH + u]! : 0;

  test('shiftImages moves by whole pixels, each way alike', () => {
    const out = guarded(ROWS * WIDTH * HEIGHT * 4);
    calls.shiftImages(ROWS, WIDTH, HEIGHT, place(images.flat()), out, 1, 0, 2, 3, 0, 2);
    const shifted = read(out, ROWS * WIDTH * HEIGHT);
    const seen = new Map<string, number>();
    for (const [row, image] of images.entries()) {
      const found = shifted.subarray(row * WIDTH * HEIGHT, (row + 1) * WIDTH * HEIGHT);
      const moves = [-2, -1, 0, 1, 2].flatMap((du) => [-2, -1, 0, 1, 2].map((dv) => [du, dv] as const));
      const match = moves.filter(([du, dv]) =>
        found.every((value, i) => value === pixel(image, (i % WIDTH) - du, Math.floor(i / WIDTH) - dv)),
      );
      expect(match.length).toBe(1);
      seen.set(String(match[0]), (seen.get(String(match[0])) ?? 0) + 1);
    }
    expect(seen.size).toBe(25);
    expect(Math.max(...seen.values())).toBeLessThan(40);
  });

  test('a shift beyond the image leaves nothing', () => {
    const out = guarded(ROWS * WIDTH * HEIGHT * 4);
    calls.shiftImages(ROWS, WIDTH, HEIGHT, place(images.flat()), out, 1, 0, 2, 3, 0, 60);
    const empty = images.filter((_, row) =>
      read(out, ROWS * 35)
        .subarray(row * 35, row * 35 + 35)
        .every((v) => v === 0),
    );
    expect(empty.length).toBeGreaterThan(ROWS * 0.9);
  });

  test('rotateImages is the bilinear turn by the angle that the row draws', () => {
    const out = guarded(ROWS * WIDTH * HEIGHT * 4);
    const most = 2.5;
    calls.rotateImages(ROWS, WIDTH, HEIGHT, place(images.flat()), out, 1, 0, 2, 3, 0, most);
    const turned = read(out, ROWS * WIDTH * HEIGHT);
    for (const [row, image] of images.slice(0, 50).entries()) {
      const counter = Uint32Array.of(row, 3, 2, 0);
      philox(counter, 1, 0);
      const angle = ((counter[0]! >>> 8) / 2 ** 23 - 1) * most;
      const [c, s] = [Math.cos(angle), Math.sin(angle)];
      const expected = Array.from({ length: WIDTH * HEIGHT }, (_, i) => {
        const [du, dv] = [(i % WIDTH) - (WIDTH - 1) / 2, Math.floor(i / WIDTH) - (HEIGHT - 1) / 2];
        const [u, v] = [c * du + s * dv + (WIDTH - 1) / 2, c * dv - s * du + (HEIGHT - 1) / 2];
        const [left, top] = [Math.floor(u), Math.floor(v)];
        const at = (a: number, b: number): number => pixel(image, left + a, top + b);
        const [a, b] = [u - left, v - top];
        return (at(0, 0) * (1 - a) + at(1, 0) * a) * (1 - b) + (at(0, 1) * (1 - a) + at(1, 1) * a) * b;
      });
      expect(distance(turned.subarray(row * 35, row * 35 + 35), expected)).toBeLessThan(2e-5);
    }
  });
});

test.each([0.1, 0.4, 1, 4])('drawBeta(%d) has the mean and variance of Beta(a, a)', (alpha) => {
  const draws = Array.from({ length: 20_000 }, (_, step) => calls.drawBeta(5, 6, 7, step, alpha));
  const mean = draws.reduce((a, b) => a + b, 0) / draws.length;
  const variance = draws.reduce((sum, v) => sum + (v - mean) ** 2, 0) / draws.length;
  const exact = 1 / (4 * (2 * alpha + 1));
  expect(draws.every((v) => v >= 0 && v <= 1)).toBe(true);
  expect(Math.abs(mean - 0.5)).toBeLessThan(5 * Math.sqrt(exact / draws.length));
  expect(Math.abs(variance / exact - 1)).toBeLessThan(0.04);
});
