// The results as Markdown, for an issue or a README.
import { visible } from '../base/visible.js';
import type { BenchResults, Line } from './results.js';
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

/** A cell in which nothing is markup. */
const cell = (text: string): string => visible(text).replace(/[\\|`*_<>[\]]/g, '\\$&');

function table(rows: readonly string[][]): string {
  const [head, ...body] = rows;
  if (!head) return '';
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = line(head.map((_, column) => (column === 0 ? '---' : '--:')));
  return [line(head.map(cell)), rule, ...body.map((cells) => line(cells.map(cell)))].join('\n');
}

/** The results as Markdown. */
export function benchMarkdown(results: BenchResults): string {
  const advice = adviceWords(results).map(({ words, code }) =>
    code === undefined ? words : `${words}\n\n\`\`\`js\n${code}\n\`\`\``,
  );
  return `${[
    cell(machineWords(results)),
    peakWords(results),
    ...(['kernels', 'steps', 'predict'] as const satisfies Line['group'][]).map((group) =>
      table(lineCells(results, group)),
    ),
    tableWords(),
    table(optionCells(results)),
    optionWords(results),
    cell(absentWords(results)),
    noiseWords(results),
    ...advice,
  ]
    .filter(Boolean)
    .join('\n\n')}\n`;
}
