// Constant columns are findings, except those that occur in healthy data sets (first-contact row 64).
import { expect, test } from 'vitest';
import { dense } from '../../src/index.js';
import { run } from './case.js';

const noise = (i: number, c: number) => Math.sin(i * 12.9898 + c * 78.233);
const table = (columns: number, value: number) =>
  Array.from({ length: 400 }, (_, i) => Array.from({ length: columns }, (_, c) => (c === 3 ? value : noise(i, c))));

async function found(x: number[][]) {
  const { findings } = await run({
    x,
    y: x.map(([a = 0, b = 0]) => a - b),
    inputs: x[0]?.length as number,
    layers: [dense({ units: 16, activation: 'relu' }), dense({ units: 1 })],
    compile: { loss: 'meanSquaredError' },
    fit: { epochs: 3 },
  });
  return findings.filter(({ code }) => code === 'constant-columns');
}

test('one that is 5 is a warning, one that is 0, as scaling leaves it, a remark; both are named', async () => {
  const [five] = await found(table(6, 5));
  const [zero] = await found(table(6, 0));
  expect([five?.severity, five?.value, zero?.severity, zero?.value]).toEqual(['warning', 1, 'info', 1]);
  for (const finding of [five, zero]) expect(finding?.message).toContain('Input column 3 ');
});

test('zeros are compared with the zeros of the columns that vary, however few these are', async () => {
  expect((await found(table(5, 0))).length).toBe(1);
});

test('a whole number is told as it is', async () => {
  const [year] = await found(table(6, 1999));
  expect(year?.message).toContain('1999');
});

test('one that differs in a single row varies', async () => {
  const x = table(6, 0);
  (x[399] as number[])[3] = 1;
  expect(await found(x)).toEqual([]);
});

test('a rim of an image is usual, a dark pixel within is not', async () => {
  const image = Array.from({ length: 200 }, (_, i) =>
    Array.from({ length: 100 }, (_, c) => (c % 10 === 0 || c === 5 ? 0 : noise(i, c))),
  );
  expect(await found(image)).toEqual([]);
  for (const row of image) row[55] = 0;
  expect((await found(image)).length).toBe(1);
});

test('words and categories that no row has are usual', async () => {
  const words = table(20, 0).map((row, i) => row.map((v, c) => (c > 3 && (i * 7 + c) % 3 ? 0 : v)));
  expect(await found(words)).toEqual([]);
  const categories = table(12, 0).map((row, i) => row.map((v, c) => (c > 3 ? (i % 9 === c - 4 ? 2.8 : -0.35) : v)));
  expect(await found(categories)).toEqual([]);
});
