// The results for a terminal.
import { visible } from '../base/visible.js';
import { aligned, NARROWEST, wrapped } from '../report/words.js';
import type { BenchResults } from './results.js';
import {
  absentWords,
  adviceWords,
  lineCells,
  machineWords,
  noiseWords,
  optionCells,
  optionWords,
  peakWords,
  tableWords,
} from './words.js';

/** The columns that are left out of a narrow terminal, in this order: GFLOP/s, what it is of, spread, × blocked. */
const LEFT_OUT = [4, 1, 3, 7];

/** The table, without as many columns as it takes to fit, and which these are. */
function fitting(
  rows: readonly string[][],
  columns: number,
  leftOut: readonly number[],
): { table: string; without: readonly number[] } {
  for (let count = 0; ; count++) {
    const without = leftOut.slice(0, count);
    const table = aligned(rows.map((row) => row.filter((_, column) => !without.includes(column))));
    const fits = table.split('\n').every((line) => line.length <= columns);
    if (fits || count === leftOut.length) return { table, without };
  }
}

/** All lines in one table, with a title above each group, and what its columns are. */
function lineTable(results: BenchResults, columns: number): string[] {
  const parts = (['kernels', 'steps', 'predict'] as const).map((group) => lineCells(results, group));
  const [head] = parts.find((cells) => cells.length > 0) ?? [];
  if (!head) return [];
  const rows = parts.flatMap(([, ...lines]) => lines);
  const { table, without } = fitting([['', ...head.slice(1)], ...rows], columns, LEFT_OUT);
  const [heads, ...lines] = table.split('\n');
  const titled = [
    heads,
    ...parts.flatMap(([title, ...own]) => (title ? [title[0] as string, ...lines.splice(0, own.length)] : [])),
  ];
  return [titled.join('\n'), wrapped(tableWords(without), columns)];
}

/** The results as text, at most `columns` wide where that is at least 40. */
export function benchText(results: BenchResults, columns = 80): string {
  const width = Math.max(NARROWEST, columns);
  const advice = adviceWords(results).map(({ words, code }) =>
    // Do not wrap the code, so that it can be copied.
    code === undefined ? wrapped(words, width) : `${wrapped(words, width)}\n\n    ${code}\n`,
  );
  return [
    wrapped(visible(machineWords(results)), width),
    wrapped(peakWords(results), width),
    ...lineTable(results, width),
    results.options.length > 0 ? fitting(optionCells(results), width, [3, 2, 1]).table : '',
    wrapped(optionWords(results), width),
    wrapped(visible(absentWords(results)), width),
    wrapped(noiseWords(results), width),
    advice.join('\n').trimEnd(),
  ]
    .filter(Boolean)
    .join('\n\n');
}
