// Only one file in each language may contain the arithmetic of the memory layout: assembly/layout.ts and src/nn/layout.ts.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { activationFloats, cellAt, cellOf, panelRows, parameterFloats } from '../../src/nn/layout.js';
import { sizes } from '../helpers/sizes.js';

/** The arithmetic that only these files may contain: an odd number of rows, whole panels of columns, a cell's panel and its place there. */
const ARITHMETIC =
  /\|\s*1\b(?!\.)|\+\s*15\b|~\s*15\b|&\s*15\b|\/\s*16\b|(?<!\*)\*\s*16\b|%\s*16\b|\/\s*64\b|(?<!\*)\*\s*64\b|>>\s*4\b|<<\s*6\b/;
/** Allowed in the assembly: a cell's panel in loops over columns, bytes of lines, and strides of vectors. */
const OF_KERNELS = /&\s*15\b|\*\s*16\b|\*\s*64\b|>>\s*4\b|<<\s*6\b/g;
/** Files with similar arithmetic that has nothing to do with the layout. */
const OTHERS = new Map([
  ['assembly/sums.ts', 'blocks of rows are multiples of 16, whatever the layout'],
  ['src/bullmq/answers.ts', 'every 16th answer'],
  ['src/evaluate/shards/compact.ts', 'numbers of 12 bits in bytes'],
]);

const code = (line: string): string => line.replace(/\/\/.*|^\s*\/?\*.*|'[^']*'|`[^`]*`/g, '').replaceAll('||', '');
const files = ['src', 'assembly'].flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: 'utf8' }).map((file) => join(root, file)),
);

test('no other file rounds rows and columns by itself', () => {
  const strays = files
    .filter(
      (file) =>
        file.endsWith('.ts') &&
        !/generated|layout\.ts$|^src\/(table|compile|convert)\//.test(file) &&
        !OTHERS.has(file),
    )
    .flatMap((file) => {
      const lines = readFileSync(file, 'utf8').split('\n').map(code);
      const found = lines.map((line) => (file.startsWith('src') ? line : line.replace(OF_KERNELS, '')));
      return found.flatMap((line, i) => (ARITHMETIC.test(line) ? [`${file}:${i + 1}: ${lines[i]?.trim()}`] : []));
    });
  expect(strays).toEqual([]);
});

test.each(['const y = rows | 1;', 'Math.ceil(x / 16) * 64', '(columns + 15) >> 4', 'at + (column & 15)'])(
  'a stray is found: %s',
  (line) => {
    expect(ARITHMETIC.test(code(line))).toBe(true);
  },
);

test('cellOf is the way back of cellAt, cells are apart and within', () => {
  for (const [rows, columns] of sizes) {
    for (const apart of [rows, panelRows(rows)]) {
      const all = apart === rows ? parameterFloats([rows, columns]) : activationFloats(rows, columns);
      const seen = new Set<number>();
      for (let row = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++) {
          const at = cellAt(apart, row, column);
          const [backRow, backColumn] = cellOf(apart, at);
          if (backRow === row && backColumn === column && at < all) seen.add(at);
        }
      }
      expect(seen.size).toBe(rows * columns);
    }
  }
});
