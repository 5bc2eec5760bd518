// The same facts for a terminal.
import { blue, plot, yellow } from 'asciichart';
import { boolean, noMore, options, positiveInteger, refuse } from '../base/checks.js';
import { visible } from '../base/visible.js';
import type { Finding } from '../diagnose/finding.js';
import { classFigures } from '../evaluate/judgement.js';
import { checkContents } from './check.js';
import {
  byCause,
  counted,
  curvesOf,
  type Line,
  layerLines,
  percent,
  type ReportContents,
  settingsOf,
  shown,
} from './contents.js';
import { aligned, cut, wrapped } from './words.js';

const HEIGHT = 8;
/** Columns beside a chart, for its labels. */
const LABELS = 11;
const NARROWEST = 40;
/** Pairs of classes that are listed where a table of all is too wide. */
const PAIRS = 10;

export interface TextSettings {
  /** Whether lines are told apart by colour; false. */
  colors?: boolean;
  /** Width of the terminal, 40 or more; 80. */
  columns?: number;
}

/** A run in words, tables and charts of characters: the facts of `report`. Throws SimdenseError 'ARGUMENT', which names the part, for contents that cannot be shown. */
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
    ...curves.flatMap(({ name, lines }) => chart(name, lines, epochs.length, colors, columns)),
    ...findings(given, columns),
    ...confusion(given, columns),
    ...(given.calibration ? [`Expected calibration error: ${shown(given.calibration.error)}.`] : []),
    ...(given.images ? [`${given.images.misread.length} misread.`] : []),
    ...(trace ? gradients(layerLines(trace, 'gradient'), layerLines(trace, 'update'), columns) : []),
    ...repeat(given, columns),
  ].join('\n\n');
}

function heading(title: string, columns: number): string {
  const lines = wrapped(visible(title), columns);
  const longest = lines.split('\n').reduce((most, line) => Math.max(most, line.length), 0);
  return `${lines}\n${'─'.repeat(longest)}`;
}

function chart(name: string, lines: readonly Line[], epochs: number, colors: boolean, columns: number): string[] {
  const usable = lines.filter(({ values }) => values.length > 1);
  if (usable.length === 0) return [];
  const width = Math.min(epochs, columns - LABELS - 1);
  const picture = plot(
    usable.map((line) => spread(line, epochs, width)),
    { height: HEIGHT, format: (value) => shown(value).padStart(9), ...(colors ? { colors: [blue, yellow] } : {}) },
  );
  const names = usable.map(({ name: line, values }) => `${visible(line)} ${shown(values.at(-1) as number)}`);
  const colored = colors && usable.length > 1 ? ' (blue and yellow)' : '';
  return [`${wrapped(`${visible(name)}${colored}: ${names.join(', ')}`, columns)}\n${picture}`];
}

/** Values at so many evenly spaced epochs, the first and the last included; where an epoch has none, that of the one before. */
function spread({ epochs, values }: Line, total: number, width: number): number[] {
  let i = 0;
  return Array.from({ length: width }, (_, column) => {
    const epoch = width > 1 ? 1 + Math.round((column * (total - 1)) / (width - 1)) : total;
    while (i + 1 < epochs.length && (epochs[i + 1] as number) <= epoch) i++;
    return values[i] as number;
  });
}

function findings({ findings: found }: ReportContents, columns: number): string[] {
  if (!found) return [];
  if (found.length === 0) return ['No problems found.'];
  const about = ({ code, severity, message }: Finding, indent: string): string =>
    `${indent}${visible(severity)}: ${visible(code)}\n${wrapped(`${visible(message)}.`, columns, `${indent}  `)}`;
  return [
    'Findings',
    ...byCause(found).map(({ cause, explained }) =>
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
  const labels = given.labels.map((label) => cut(visible(label), Math.floor(columns / 4)));
  const all = classFigures(given);
  // Precision, recall, f1 and four gaps take 31 columns, rows as many as their digits.
  const digits = all.reduce((most, { support }) => Math.max(most, String(support).length), 'rows'.length);
  const room = columns - 31 - digits;
  const figures = aligned([
    ['class', 'precision', 'recall', 'f1', 'rows'],
    ...all.map(({ precision, recall, f1, support }, i) => [
      cut(labels[i] as string, room),
      percent(precision),
      percent(recall),
      percent(f1),
      String(support),
    ]),
  ]);
  return [counts(given.counts, labels, columns), figures];
}

/** The table of counts, or, where that is too wide, the pairs that were confused most often. */
function counts(given: readonly (readonly number[])[], labels: readonly string[], columns: number): string {
  const table = aligned([
    ['', ...labels],
    ...given.map((line, row) => [labels[row] as string, ...line.map((n) => (n === 0 ? '·' : String(n)))]),
  ]);
  if (table.indexOf('\n') <= columns)
    return `${wrapped('Rows are what it is, columns what was predicted', columns)}\n${table}`;
  const pairs = given.flatMap((line, row) => line.flatMap((n, c) => (n > 0 && c !== row ? [{ row, c, n }] : [])));
  if (pairs.length === 0) return 'Every row was predicted right.';
  const most = pairs.sort((a, b) => b.n - a.n).slice(0, PAIRS);
  return `Confused most often\n${most.map(({ row, c, n }) => `  ${labels[row]}, predicted as ${labels[c]}: ${n}`).join('\n')}`;
}

function gradients(flow: readonly Line[], updates: readonly Line[], columns: number): string[] {
  if (flow.length === 0) return [];
  const last = (line: Line | undefined): string => shown(line?.values.at(-1) ?? Number.NaN);
  // The other two columns take 29.
  const rows = flow.map((line, i) => [cut(visible(line.name), columns - 31), last(line), last(updates[i])]);
  return [`Gradient flow at the end\n${aligned([['layer', 'gradient', 'update ÷ weights'], ...rows])}`];
}

function repeat(given: ReportContents, columns: number): string[] {
  const { model, command } = given;
  const lines = settingsOf(given).map(([name, value]) => wrapped(`${visible(name)}: ${visible(value)}`, columns, '  '));
  return [
    ...(lines.length > 0 ? [`To repeat it\n${lines.join('\n')}`] : []),
    // Not wrapped: it is there to be copied.
    ...(command ? [visible(command)] : []),
    ...(model ? [model.summary().split('\n').map(visible).join('\n')] : []),
  ];
}
