// A report for a terminal.
import { boolean, noMore, options, positiveInteger, refuse } from '../base/checks.js';
import { visible } from '../base/visible.js';
import type { Finding } from '../diagnose/finding.js';
import { type ClassFigures, classFigures } from '../evaluate/judgement.js';
import { checkContents } from './check.js';
import {
  byCause,
  counted,
  curvesOf,
  keptWords,
  type Line,
  layerLines,
  nothingFound,
  percent,
  type ReportContents,
  shown,
} from './contents.js';
import { textChart } from './plot.js';
import type { Searched } from './search/searched.js';
import { searchText } from './search/words.js';
import { settingsOf } from './settings.js';
import { aligned, cut, NARROWEST, narrowed, wrapped } from './words.js';

/** Number of confused pairs that are listed if the whole table is too wide. */
const PAIRS = 10;
/** The fewest characters to which a class name is cut in the table. */
const SHORTEST = 4;

export interface TextSettings {
  /** Whether the lines of a chart have colours; false by default. */
  colors?: boolean;
  /** Width of the terminal, at least 40; 80 by default. */
  columns?: number;
}

/**
 * Shows a training run as text for a terminal: the same facts as `report`, as words, tables and charts of characters.
 *
 * @param o The contents; only `history` is required.
 * @param settings Width and colours; all have defaults.
 * @returns The text, several lines.
 * @throws SimdenseError 'ARGUMENT' for contents that cannot be shown, or a setting out of range; the message names the part.
 * @example
 * import { dense, sequential } from 'simdense';
 * import { reportText } from 'simdense/report';
 *
 * const model = sequential({ inputs: 1, layers: [dense({ units: 1 })], seed: 1 }).compile({ loss: 'meanSquaredError' });
 * const history = await model.fit([[0], [1], [2]], [1, 3, 5], { epochs: 20 });
 * const text = reportText({ title: 'A straight line', history }, { columns: 60 });
 * text.split('\n')[0]; // 'A straight line'
 */
export function reportText(o: ReportContents, settings?: TextSettings): string {
  noMore('reportText', arguments, 2);
  const { colors = false, columns = 80 } = options('reportText: settings', settings, ['colors', 'columns']);
  boolean('reportText(colors)', colors);
  if (positiveInteger('reportText(columns)', columns) < NARROWEST)
    refuse('reportText(columns)', `${NARROWEST} or more`, columns);
  const given = checkContents('reportText', o);
  const { title = 'Training run', summary, history, trace } = given;
  const curves = curvesOf(history);
  const { epochs, stopped } = history;
  return [
    heading(title, columns),
    ...(summary ? [wrapped(visible(summary), columns)] : []),
    ...(epochs.length > 0
      ? [
          wrapped(
            `${counted(epochs.length, 'epoch')}${stopped ? `, stopped in epoch ${stopped.epoch + 1}: ${visible(stopped.reason)}` : ''}.`,
            columns,
          ),
        ]
      : []),
    ...curves.flatMap(({ name, lines }) => textChart(name, lines, epochs.length, colors, columns)),
    ...(keptWords(history, given.kept) ? [wrapped(keptWords(history, given.kept), columns)] : []),
    ...findings(given, columns),
    ...confusion(given, columns),
    ...(given.labels?.length ? [figuresTable('label', given.labels, columns)] : []),
    ...(given.calibration ? [`Expected calibration error: ${shown(given.calibration.error)}.`] : []),
    ...(given.images ? [`${given.images.misread.length} misread.`] : []),
    ...(trace ? gradients(layerLines(trace, 'gradient'), layerLines(trace, 'update'), columns) : []),
    ...(given.search ? searched(given.search, columns) : []),
    ...repeat(given, columns),
  ].join('\n\n');
}

function heading(title: string, columns: number): string {
  const lines = wrapped(visible(title), columns);
  const longest = lines.split('\n').reduce((most, line) => Math.max(most, line.length), 0);
  return `${lines}\n${'─'.repeat(longest)}`;
}

function findings(given: ReportContents, columns: number): string[] {
  const { findings: found, names } = given;
  if (!found) return [];
  if (found.length === 0) return [wrapped(nothingFound(given), columns)];
  const about = ({ code, severity, message }: Finding, indent: string): string =>
    `${indent}${visible(severity)}: ${visible(code)}\n${wrapped(`${visible(message)}.`, columns, `${indent}  `)}`;
  return [
    'Findings',
    ...byCause(found, names).map(({ cause, explained }) =>
      [
        about(cause, ''),
        wrapped(`${visible(cause.advice)}.`, columns, '  '),
        ...(explained.length > 0 ? ['  This explains:'] : []),
        ...explained.map((finding) => about(finding, '  ')),
      ].join('\n'),
    ),
  ];
}

function confusion({ confusion: given }: ReportContents, columns: number): string[] {
  if (!given || given.labels.length === 0) return [];
  const labels = given.labels.map(visible);
  const figures = figuresTable('class', classFigures(given), columns);
  return [counts(given.counts, labels, columns), figures];
}

function figuresTable(head: string, all: readonly ClassFigures[], columns: number): string {
  // Precision, recall, f1 and four gaps take 31 columns, rows as many as their digits.
  const digits = all.reduce((most, { support }) => Math.max(most, String(support).length), 'rows'.length);
  const room = columns - 31 - digits;
  return aligned([
    [head, 'precision', 'recall', 'f1', 'rows'],
    ...all.map(({ label, precision, recall, f1, support }) => [
      cut(visible(label), room),
      percent(precision),
      percent(recall),
      percent(f1),
      String(support),
    ]),
  ]);
}

/** The table of counts, with class names cut if necessary. If it is still too wide: the most frequently confused pairs. */
function counts(given: readonly (readonly number[])[], labels: readonly string[], columns: number): string {
  const longest = labels.reduce((most, label) => Math.max(most, label.length), 0);
  for (let length = longest; length >= Math.min(longest, SHORTEST); length--) {
    const short = labels.map((label) => cut(label, length));
    if (new Set(short).size < new Set(labels).size) break;
    const table = aligned([
      ['', ...short],
      ...given.map((line, row) => [short[row] as string, ...line.map((n) => (n === 0 ? '·' : String(n)))]),
    ]);
    if (table.split('\n').every((line) => line.length <= columns))
      return `${wrapped('Rows: actual class. Columns: predicted class.', columns)}\n${table}`;
  }
  const pairs = given.flatMap((line, row) => line.flatMap((n, c) => (n > 0 && c !== row ? [{ row, c, n }] : [])));
  if (pairs.length === 0) return 'All rows are predicted correctly.';
  const most = pairs.sort((a, b) => b.n - a.n).slice(0, PAIRS);
  const words = most.map(({ row, c, n }) => wrapped(`${labels[row]}, predicted as ${labels[c]}: ${n}`, columns, '  '));
  return `Confused most often\n${words.join('\n')}`;
}

function gradients(flow: readonly Line[], updates: readonly Line[], columns: number): string[] {
  if (flow.length === 0) return [];
  const last = (line: Line | undefined): string => shown(line?.values.at(-1) ?? Number.NaN);
  // The other two columns take 29 characters.
  const rows = flow.map((line, i) => [cut(visible(line.name), columns - 31), last(line), last(updates[i])]);
  return [`Gradient flow at the end\n${aligned([['layer', 'gradient', 'update ÷ weights'], ...rows])}`];
}

function searched(search: Searched, columns: number): string[] {
  const { words, next } = searchText('reportText(search)', search);
  const lines = (list: readonly string[]): string[] => list.map((each) => wrapped(visible(each), columns, '  '));
  return [
    ['The search', ...lines(words)].join('\n'),
    ...(next.length > 0 ? [['What to try next', ...lines(next)].join('\n')] : []),
  ];
}

function repeat(given: ReportContents, columns: number): string[] {
  const { model, command } = given;
  const lines = settingsOf(given).map(([name, value]) => {
    const parts = typeof value === 'string' ? [] : value;
    const head = `${visible(name)}:${typeof value === 'string' ? ` ${visible(value)}` : ''}`;
    return [wrapped(head, columns, '  '), ...parts.map((part) => wrapped(visible(part), columns, '    '))].join('\n');
  });
  return [
    ...(lines.length > 0 ? [`To repeat it\n${lines.join('\n')}`] : []),
    // Do not wrap the command, so that it can be copied.
    ...(command ? [visible(command)] : []),
    ...(model ? [narrowed(model.summary(), columns)] : []),
  ];
}
