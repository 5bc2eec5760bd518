// What is predicted on average by the values of a column: lines for numbers and dates, a row of dots for each other value.
import { scaleLinear } from 'd3-scale';
import { largest, smallest } from '../base/extremes.js';
import type { PartialDependence } from '../explain/partial-dependence.js';
import { type ReportContents, shown } from './contents.js';
import { type Axes, at, BOTTOM, frame, LEFT, legend, RIGHT, TOP, ticksAcross } from './frame.js';
import { escapeHtml } from './html.js';
import { apart } from './numbers.js';
import { pathOf, ranged } from './table-charts.js';

/** The most classes, labels or targets in one chart. */
const MOST_OUTPUTS = 6;

type Task = NonNullable<ReportContents['dependence']>['task'];

/** What is drawn of a column. */
interface Drawn {
  readonly dependence: PartialDependence;
  /** The places of the outputs that are drawn. */
  readonly outputs: readonly number[];
  /** What the numbers are. */
  readonly title: string;
  /** The numbers of all columns. */
  readonly all: readonly number[];
}

/** A chart for each column, on one scale: a column that changes the prediction little looks flat beside one that changes it much. */
export function dependenceCharts({ columns, target, task }: NonNullable<ReportContents['dependence']>): string[] {
  const all = columns.flatMap(({ means, outputs }) => shownOf(task, outputs).flatMap((c) => means[c] as number[]));
  return columns.map((column) => dependenceChart(column, { target, task, all }));
}

/** The outputs that are drawn: of two classes one says all. */
const shownOf = (task: Task, names: readonly unknown[]): number[] =>
  task === 'classification' && names.length === 2 ? [1] : names.slice(0, MOST_OUTPUTS).map((_, c) => c);

function dependenceChart(
  dependence: PartialDependence,
  { target, task, all }: { readonly target: string; readonly task: Task; readonly all: readonly number[] },
): string {
  const { column, values, means, outputs: names } = dependence;
  const outputs = shownOf(task, names);
  if (values.length === 0 || outputs.every((c) => means[c]?.length === 0)) return '';
  const two = task === 'classification' && names.length === 2;
  const of = two ? ` of ${target} ${names[1]}` : '';
  const title = task === 'regression' ? `mean predicted ${target}` : `mean probability${of}`;
  const isLine = values.every((value) => typeof value === 'number' || value instanceof Date);
  const svg = (isLine ? lines : dots)({ dependence, outputs, title, all });
  const key = outputs.length > 1 ? legend(outputs.map((c) => String(names[c]))) : '';
  return `<figure><figcaption>${escapeHtml(column)}</figcaption>${svg}${key}</figure>`;
}

/** A line for each output. */
function lines({ dependence: { column, values, means, outputs: names }, outputs, title, all }: Drawn): string {
  const places = values.map(Number);
  const x = scaleLinear([smallest(places), largest(places)], [LEFT, RIGHT]);
  const y = scaleLinear(ranged(all), [BOTTOM, TOP]).nice();
  const axes: Axes = { x, y, xTitle: column, yTitle: title, xTicks: [], yTicks: y.ticks(5) };
  const ticks = values[0] instanceof Date ? [] : ticksAcross(x);
  const words = apart(ticks);
  const marks = ticks.length > 0 ? ticks.map((tick, i) => [tick, words[i] as string] as const) : someOf(values, places);
  const texts = marks.map(
    ([place, text]) => `<text x="${at(x(place))}" y="${BOTTOM + 16}" text-anchor="middle">${escapeHtml(text)}</text>`,
  );
  const paths = outputs.map((c, i) => {
    const points = places.map((place, p) => [place, means[c]?.[p] as number] as const);
    return pathOf(axes, points, i, String(names[c]));
  });
  return frame(axes, `Mean prediction by ${column}`, texts.join('') + paths.join(''));
}

/** The height of a value with its name above its dots, and of the axis below all. */
const [ROW, AXIS] = [36, 44];
/** The longest name of a value, on a narrow screen. */
const LONGEST = 34;

/** For each value its name, and below it a dot for each output: a name beside each dot has room on a narrow screen too. */
function dots({ dependence: { column, values, means, outputs: names }, outputs, title, all }: Drawn): string {
  const x = scaleLinear(ranged(all), [8, RIGHT - 8]).nice();
  const bottom = ROW * values.length;
  const ticks = ticksAcross(x, 5, RIGHT);
  const texts = apart(ticks);
  const axis = ticks.map((tick, i) => {
    const place = at(x(tick));
    const anchor = i === 0 ? 'start' : i === ticks.length - 1 ? 'end' : 'middle';
    return `<line class="axis" x1="${place}" x2="${place}" y1="0" y2="${bottom}"/><text x="${place}" y="${bottom + 16}" text-anchor="${anchor}">${texts[i]}</text>`;
  });
  const rows = values.map((value, p) => {
    const own = outputs.map((c) => means[c]?.[p] as number);
    const figures = outputs.length === 1 ? `: ${shown(own[0] as number)}` : '';
    const marks = own.map(
      (mean, i) =>
        `<circle class="c${i % 8}" cx="${at(x(mean))}" cy="${p * ROW + 25}" r="5"><title>${escapeHtml(`${wordOf(value)}${outputs.length === 1 ? '' : `, ${names[outputs[i] as number]}`}: ${shown(mean)}`)}</title></circle>`,
    );
    return `<text x="0" y="${p * ROW + 14}">${escapeHtml(cut(wordOf(value)) + figures)}</text>${marks.join('')}`;
  });
  const label = `Mean prediction by ${column}`;
  return `<svg viewBox="0 0 ${RIGHT} ${bottom + AXIS}" role="img" aria-label="${escapeHtml(label)}">${axis.join('')}${rows.join('')}<text x="${RIGHT}" y="${bottom + 36}" text-anchor="end">${escapeHtml(title)}</text></svg>`;
}

/** A value of a column in words. */
const wordOf = (value: unknown): string =>
  value instanceof Date ? value.toISOString().slice(0, 10) : value === null ? '(missing)' : String(value);

/** Some days as ticks, so that there is room for them. */
function someOf(values: readonly unknown[], places: readonly number[]): (readonly [number, string])[] {
  const every = Math.max(1, Math.ceil(values.length / 4));
  return places.flatMap((place, i) => (i % every === 0 ? [[place, wordOf(values[i])] as const] : []));
}

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text);
