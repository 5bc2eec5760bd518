// The results as a page with charts.
import { escapeHtml, page, section, table } from '../report/html.js';
import { fasterChart, optionsChart, shareChart } from './charts.js';
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

const TITLE = 'What this machine gives';

/** One self-contained page, which loads and runs nothing. */
export const benchPage = (results: BenchResults): string => page(TITLE, `<h1>${TITLE}</h1>\n${benchSections(results)}`);

/** The results so far, for a page: what is not there yet is left out. */
export function benchSections(results: BenchResults): string {
  const charts = [fasterChart(results), shareChart(results)].join('');
  const tables = (['kernels', 'steps', 'predict'] as const satisfies Line['group'][])
    .map((group) => cellTable(lineCells(results, group)))
    .join('');
  return [
    `<p>${escapeHtml(machineWords(results))} ${escapeHtml(peakWords(results))}</p>`,
    section('What to take', advice(results)),
    section('Speed', charts && `<div class="charts">${charts}</div>`),
    section('Options', options(results)),
    section('In figures', tables && `${tables}<p class="faint">${escapeHtml(tableWords())}</p>`),
  ].join('\n');
}

function cellTable([head, ...rows]: readonly string[][]): string {
  if (!head) return '';
  const [caption, ...others] = head;
  return table(
    ['', ...others].map(escapeHtml),
    rows.map((row) => row.map(escapeHtml)),
    caption as string,
    'bench',
  );
}

function advice(results: BenchResults): string {
  const noise = results.fastest ? noiseWords(results) : '';
  const parts = adviceWords(results).map(
    ({ words, code }) =>
      `<p>${escapeHtml(words)}</p>${code === undefined ? '' : `<pre><code>${escapeHtml(code)}</code></pre>`}`,
  );
  return (noise && `<p>${escapeHtml(noise)}</p>`) + parts.join('');
}

function options(results: BenchResults): string {
  if (results.options.length === 0) return '';
  const words = [optionWords(results), absentWords(results)].filter(Boolean);
  return `<div class="charts">${optionsChart(results)}</div>${cellTable(optionCells(results))}${words.map((each) => `<p class="faint">${escapeHtml(each)}</p>`).join('')}`;
}
