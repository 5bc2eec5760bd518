import { noMore } from '../base/checks.js';
import type { Finding } from '../diagnose/finding.js';
import { type ClassFigures, classFigures } from '../evaluate/judgement.js';
import { calibrationChart, lineChart } from './charts.js';
import { checkContents } from './check.js';
import {
  byCause,
  counted,
  curvesOf,
  keptWords,
  layerLines,
  nothingFound,
  percent,
  type ReportContents,
  shown,
} from './contents.js';
import { dependenceCharts } from './dependence-chart.js';
import { escapeHtml, lines, page, section, sentence, table } from './html.js';
import { imageUrl } from './image-url.js';
import { searchSection } from './search/section.js';
import { searchStyle } from './search/style.js';
import { settingsOf } from './settings.js';
import { importanceChart, numberCharts, rankingCharts } from './table-charts.js';

/** The most misread images that are shown. */
const MOST_IMAGES = 24;
/** The most classes for which the confusion table is shown. */
const MOST_CLASSES = 40;

/**
 * Shows a training run as one self-contained HTML page, which loads and runs nothing.
 *
 * All text that comes from data is escaped.
 * @param o The contents; only `history` is required. Parts that are absent are left out of the page.
 * @returns The HTML of the page.
 * @throws SimdenseError 'ARGUMENT' for contents that cannot be shown; the message names the part.
 * @example
 * import { dense, sequential } from 'simdense';
 * import { report } from 'simdense/report';
 *
 * const model = sequential({ inputs: 1, layers: [dense({ units: 1 })], seed: 1 }).compile({ loss: 'meanSquaredError' });
 * const history = await model.fit([[0], [1], [2]], [1, 3, 5], { epochs: 20 });
 * const html = report({ title: 'A straight line', history, model });
 * html.slice(0, 15); // '<!doctype html>'
 */
export function report(o: ReportContents): string {
  noMore('report', arguments, 1);
  const given = checkContents('report', o);
  const { title = 'Training run', summary, history } = given;
  const words = keptWords(history, given.kept);
  const kept = words ? given.kept : undefined;
  const course = [given.course, words].filter(Boolean).join(' ');
  const judged = given.judged ? `<p class="caption">${escapeHtml(given.judged)}</p>` : '';
  const under = (body: string): string => (body ? judged + body : '');
  const head = `<h1>${escapeHtml(title)}</h1>${summary ? `<p>${escapeHtml(summary)}</p>` : ''}${given.course ? '' : stopped(given)}`;
  const curves = curvesOf(history).map(({ name, lines }) =>
    lineChart(
      name === 'loss' && given.lossName ? `loss: ${given.lossName}` : name,
      lines,
      history.epochs.length,
      false,
      kept,
    ),
  );
  return page(
    title,
    [
      head,
      section('The table', (given.table ?? []).map((line) => `<p>${escapeHtml(line)}</p>`).join('')),
      section('Predictions', under(`${confusion(given)}${labels(given)}${grid(predictionCharts(given))}`)),
      section('What it goes by', why(given)),
      section('Worst rows', under(worst(given))),
      section(
        'Course of the run',
        curves.join('') === '' ? '' : `${course ? `<p class="faint">${escapeHtml(course)}</p>` : ''}${grid(curves)}`,
      ),
      section('Findings', findings(given)),
      section('Misread', images(given)),
      section('Gradient flow', flow(given)),
      section('The search', searched(given)),
      section('How to repeat it', configuration(given)),
    ].join('\n'),
    given.search ? searchStyle : '',
  );
}

const grid = (charts: readonly string[]): string =>
  charts.join('') === '' ? '' : `<div class="charts">${charts.join('')}</div>`;

function searched({ search }: ReportContents): string {
  if (!search) return '';
  const { words, next, charts, table } = searchSection('report(search)', search);
  return `${words}${next ? `<p class="caption">What to try next</p>${next}` : ''}${charts}${table}`;
}

function predictionCharts({ ranking, numbers = [], calibration }: ReportContents): string[] {
  return [
    ...(ranking ? rankingCharts(ranking.points, ranking.positive, ranking.threshold) : []),
    ...numbers.flatMap(({ target, actual, predicted }) => numberCharts(target, actual, predicted)),
    ...(calibration ? [calibrationChart(calibration)] : []),
  ];
}

function why({ importance, dependence }: ReportContents): string {
  const charts = dependence ? dependenceCharts(dependence) : [];
  const of = importance?.rows ? `<p class="caption">${escapeHtml(importance.rows)}</p>` : '';
  const chart = importance ? grid([importanceChart(importance.columns, importance.figure)]) : '';
  const bars = chart ? of + chart : '';
  if (charts.join('') === '') return bars;
  const note =
    'What the model predicts on average when a column has the same value in all rows (partial dependence). It says what the model does, not what causes what. Of numbers it shows the middle nine tenths of the rows.';
  return `${bars}<p class="caption">${note}</p>${grid(charts)}`;
}

function worst({ worst: given = [], worstBy = 'loss' }: ReportContents): string {
  if (given.length === 0) return '';
  const rows = given.map(({ row, actual, predicted, loss, cells = {} }) =>
    [row, actual, predicted, shown(loss), ...Object.values(cells)].map(escapeHtml),
  );
  const columns = Object.keys(given[0]?.cells ?? {});
  const counted = 'counted as in a spreadsheet, where the header is row 1.';
  const caption = given.every(({ right }) => right)
    ? `The rows whose answers it was least sure of, ${counted} It is right in all of these.`
    : `The rows that it gets most wrong, ${counted} Wrong entries in the data are often among them.`;
  const more = columns.length > 0 ? `${caption} Beside them stand the columns that matter most.` : caption;
  return table(['row', 'true', 'predicted', worstBy, ...columns].map(escapeHtml), rows, more);
}

function stopped({ history: { epochs, stopped: end } }: ReportContents): string {
  const reason = end ? `, stopped in epoch ${end.epoch + 1}: ${end.reason}` : '';
  return `<p class="faint">${escapeHtml(`${counted(epochs.length, 'epoch')}${reason}.`)}</p>`;
}

function findings(given: ReportContents): string {
  const { findings: found, names } = given;
  if (!found) return '';
  if (found.length === 0) return `<p>${nothingFound(given)}</p>`;
  const about = ({ code, severity, layer, message }: Finding): string =>
    `<b>${escapeHtml(code)}</b><span class="faint">${escapeHtml(layer === undefined ? severity : `${severity}, ${layer}`)}</span><p>${sentence(message)}</p>`;
  const items = byCause(found, names).map(({ cause, explained }) => {
    const under = explained.map((finding) => `<li>${about(finding)}</li>`);
    const more = under.length > 0 ? `<p class="faint">This explains:</p><ul>${under.join('')}</ul>` : '';
    return `<li class="${cause.severity}">${about(cause)}<p>${sentence(cause.advice)}</p>${more}</li>`;
  });
  return `<ul class="findings">${items.join('')}</ul>`;
}

function confusion({ confusion: given }: ReportContents): string {
  if (!given) return '';
  const { labels, counts } = given;
  if (labels.length === 0) return '';
  const figures = figuresTable(
    'class',
    classFigures(given),
    'Precision: share of the rows predicted as a class that belong to it. Recall: share of the rows of a class that are predicted as it.',
  );
  if (labels.length > MOST_CLASSES) return figures;
  const cells = counts.map((line, row) => {
    const total = line.reduce((sum, count) => sum + count, 0) || 1;
    return [
      escapeHtml(labels[row] as string),
      ...line.map((count) =>
        count === 0
          ? '·'
          : `<span style="background:rgb(var(--heat) / ${(0.08 + (0.5 * count) / total).toFixed(2)});padding:.1rem .5rem;border-radius:.3rem">${count}</span>`,
      ),
    ];
  });
  return (
    table(['', ...labels.map(escapeHtml)], cells, 'Rows: actual class. Columns: predicted class.', 'confusion') +
    figures
  );
}

function labels({ labels: given = [] }: ReportContents): string {
  if (given.length === 0) return '';
  return figuresTable(
    'label',
    given,
    'Precision: share of the rows that are given a label that have it. Recall: share of the rows with a label that are given it.',
  );
}

function figuresTable(head: string, figures: readonly ClassFigures[], caption: string): string {
  const rows = figures.map(({ label, precision, recall, f1, support }) => [
    escapeHtml(label),
    percent(precision),
    percent(recall),
    percent(f1),
    String(support),
  ]);
  return table([head, 'precision', 'recall', 'f1', 'rows'], rows, caption);
}

function images({ images: given }: ReportContents): string {
  if (!given || given.misread.length === 0) return '';
  const { width, height, misread } = given;
  const shownImages = misread
    .slice(0, MOST_IMAGES)
    .map(
      ({ pixels, actual, predicted }) =>
        `<figure><img src="${imageUrl(pixels, width, height)}" alt="${escapeHtml(`a ${actual}, read as ${predicted}`)}">${escapeHtml(actual)}, read as ${escapeHtml(predicted)}</figure>`,
    );
  return `<p class="faint">${misread.length} in all${misread.length > MOST_IMAGES ? `; the first ${MOST_IMAGES} are shown` : ''}.</p><div class="images">${shownImages.join('')}</div>`;
}

function flow({ trace }: ReportContents): string {
  if (!trace) return '';
  const epochs = trace.length;
  const charts = [
    lineChart("Gradient of each layer's kernel, root mean square", layerLines(trace, 'gradient'), epochs, true),
    lineChart('Update ÷ weights; healthy: about 0.001', layerLines(trace, 'update'), epochs, true),
    lineChart(
      'Dead units, share',
      layerLines(trace, 'dead').filter(({ values }) => values.some((v) => v > 0)),
      epochs,
    ),
    lineChart('Saturated outputs, share', layerLines(trace, 'saturated'), epochs),
  ];
  return grid(charts);
}

function configuration(given: ReportContents): string {
  const { model, command } = given;
  const rows = settingsOf(given).map(([name, value]) => [
    escapeHtml(name),
    [value].flat().map(escapeHtml).join('<br>'),
  ]);
  return [
    command ? `<pre><code>${escapeHtml(command)}</code></pre>` : '',
    rows.length > 0
      ? table(
          ['setting', 'value'],
          rows,
          'The same settings and seed give the same bits, in every runtime.',
          'settings',
        )
      : '',
    model ? `<pre>${lines(model.summary())}</pre>` : '',
  ].join('');
}
