// The same facts for a terminal.

import { blue, plot, yellow } from 'asciichart';
import { boolean, options } from '../base/checks.js';
import { largest } from '../base/extremes.js';
import { classFigures } from '../evaluate/judgement.js';
import { checkContents, curvesOf, type Line, layerLines, percent, type ReportContents, shown } from './contents.js';

const HEIGHT = 8;
const WIDTH = 60;
/** Labels of data may hold what a terminal obeys: control characters are shown as a question mark. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const plain = (text: unknown): string => String(text).replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');

/** A training in words, tables and charts of characters: the facts of `report`; with `colors` (false) lines are told apart by colour. Throws SimdenseError 'ARGUMENT' for contents that cannot be shown. */
export function reportText(o: ReportContents, settings?: { colors?: boolean }): string {
  const colors = boolean('reportText(colors)', options('reportText: settings', settings, ['colors']).colors ?? false);
  const given = checkContents('reportText', o);
  const { title = 'Training', summary, history, trace } = given;
  const charts = curvesOf(history).flatMap(({ name, lines }) => chart(name, lines, colors));
  return [
    heading(title),
    ...(summary ? [plain(summary)] : []),
    ...(history.epochs.length > 0
      ? [
          `${history.epochs.length} epochs${history.stopped ? `, stopped in epoch ${history.stopped.epoch + 1}: ${plain(history.stopped.reason)}` : ''}.`,
        ]
      : []),
    ...charts,
    ...findings(given),
    ...confusion(given),
    ...(given.calibration ? [`Expected calibration error: ${shown(given.calibration.error)}.`] : []),
    ...(given.images ? [`${given.images.misread.length} misread.`] : []),
    ...(trace ? gradients(layerLines(trace, 'gradient'), layerLines(trace, 'update')) : []),
    ...repeat(given),
  ].join('\n\n');
}

const heading = (text: string): string => `${plain(text)}\n${'─'.repeat(plain(text).length)}`;

function chart(name: string, lines: readonly Line[], colors: boolean): string[] {
  const usable = lines.filter(({ values }) => values.length > 1);
  if (usable.length === 0) return [];
  const picture = plot(
    usable.map(({ values }) => thinned(values)),
    { height: HEIGHT, format: (value) => shown(value).padStart(9), ...(colors ? { colors: [blue, yellow] } : {}) },
  );
  const names = usable.map(({ name: line, values }) => `${plain(line)} ${shown(values.at(-1) as number)}`);
  const colored = colors && usable.length > 1 ? ' (blue and yellow)' : '';
  return [`${plain(name)}${colored}: ${names.join(', ')}\n${picture}`];
}

/** At most as many values as a line of the terminal shows, evenly spaced, the last one included. */
function thinned(values: readonly number[]): number[] {
  if (values.length <= WIDTH) return [...values];
  return Array.from({ length: WIDTH }, (_, i) => values[Math.round((i * (values.length - 1)) / (WIDTH - 1))] as number);
}

function findings({ findings: found }: ReportContents): string[] {
  if (!found) return [];
  if (found.length === 0) return ['Findings: nothing to complain about.'];
  return [
    'Findings',
    ...found.map(
      ({ code, severity, message, advice }) =>
        `${plain(severity)}: ${plain(code)}\n  ${plain(message)}.\n  ${plain(advice)}.`,
    ),
  ];
}

function confusion({ confusion: given }: ReportContents): string[] {
  if (!given) return [];
  const labels = given.labels.map(plain);
  const counts = aligned([
    ['', ...labels],
    ...given.counts.map((line, row) => [labels[row] as string, ...line.map((n) => (n === 0 ? '·' : String(n)))]),
  ]);
  const figures = aligned([
    ['class', 'precision', 'recall', 'f1', 'rows'],
    ...classFigures(given).map(({ label, precision, recall, f1, support }) => [
      plain(label),
      percent(precision),
      percent(recall),
      percent(f1),
      String(support),
    ]),
  ]);
  return [`Rows are what it is, columns what was predicted\n${counts}`, figures];
}

function gradients(flow: readonly Line[], updates: readonly Line[]): string[] {
  if (flow.length === 0) return [];
  const last = (line: Line | undefined): string => shown(line?.values.at(-1) ?? Number.NaN);
  const rows = flow.map((line, i) => [plain(line.name), last(line), last(updates[i])]);
  return [`Gradient flow at the end\n${aligned([['layer', 'gradient', 'update ÷ weights'], ...rows])}`];
}

function repeat({ model, configuration, command }: ReportContents): string[] {
  const settings = Object.entries({ ...configuration, ...(model && { seed: model.seed }) });
  const lines = settings.map(
    ([name, value]) => `  ${plain(name)}: ${plain(typeof value === 'object' ? JSON.stringify(value) : value)}`,
  );
  return [
    ...(lines.length > 0 ? [`To repeat it\n${lines.join('\n')}`] : []),
    ...(command ? [plain(command)] : []),
    ...(model ? [String(model.summary()).split('\n').map(plain).join('\n')] : []),
  ];
}

/** Columns of one width, the first to the left, others to the right. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, c) => largest(rows.map((row) => (row[c] ?? '').length)));
  return rows
    .map((row) =>
      row
        .map((cell, c) => (c === 0 ? cell.padEnd(widths[c] ?? 0) : cell.padStart(widths[c] ?? 0)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
