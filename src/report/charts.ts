// Charts as SVG, made with d3's scales and shapes, which need no DOM.
import { scaleLinear, scaleLog } from 'd3-scale';
import { line as d3Line } from 'd3-shape';
import { largest, smallest } from '../base/extremes.js';
import type { Calibration } from '../evaluate/judgement.js';
import { type Line, lineOf, shown } from './contents.js';
import { at, BOTTOM, figure, frame, LEFT, legend, RIGHT, TOP } from './frame.js';
import { escapeHtml } from './html.js';

const ending = ({ values }: Line): string => shown(values.at(-1) as number);

/** The most points of a line; more cannot be told apart on a screen. */
const POINTS = 600;

/** At most POINTS points, evenly spaced, including the last one. */
function thinned({ epochs, values }: Line): [epoch: number, value: number][] {
  const step = Math.max(1, Math.ceil(values.length / POINTS));
  const points: [number, number][] = [];
  for (let i = (values.length - 1) % step; i < values.length; i += step)
    points.push([epochs[i] as number, values[i] as number]);
  return points;
}

/** A chart of lines over epochs, with a legend. Missing values are bridged. A logarithmic scale leaves out zeros. `kept` is the epoch to mark. */
export function lineChart(
  title: string,
  lines: readonly Line[],
  epochs: number,
  logarithmic = false,
  kept?: number,
): string {
  const points = lines.map((line) => thinned(line).filter(([, value]) => !logarithmic || value > 0));
  const values = points.flat().map(([, value]) => value);
  if (values.length === 0) return '';
  const [low, high] = [smallest(values), largest(values)];
  const x = scaleLinear([1, Math.max(2, epochs)], [LEFT, RIGHT]);
  const flat = low === high ? Math.abs(low) * 0.1 || 1 : 0;
  const y = logarithmic
    ? scaleLog([low / (flat ? 2 : 1), high * (flat ? 2 : 1)], [BOTTOM, TOP]).nice()
    : scaleLinear([Math.min(low - flat, low > 0 && low < high / 2 ? 0 : low), high + flat], [BOTTOM, TOP]).nice();
  const curve = d3Line<[number, number]>()
    .x(([epoch]) => x(epoch))
    .y(([, value]) => y(value))
    .digits(1);
  const paths = lines.map((line, i) => {
    const [only, ...others] = points[i] as [number, number][];
    const mark =
      only && others.length === 0
        ? `<circle class="c${i % 8}" cx="${at(x(only[0]))}" cy="${at(y(only[1]))}" r="3"/>`
        : '';
    return `<path class="curve c${i % 8}" style="fill:none" d="${curve(points[i] as [number, number][]) ?? ''}"><title>${escapeHtml(line.name)}: ${ending(line)} at the end</title></path>${mark}`;
  });
  const ends = lines.map((line) => `${line.name} ${ending(line)}`).join(', ');
  // A logarithmic scale has too many ticks: keep powers of ten.
  const yTicks = logarithmic
    ? y.ticks(6).filter((tick) => Number.isInteger(Math.round(Math.log10(tick) * 1e6) / 1e6))
    : y.ticks(5);
  const xTicks = x.ticks(Math.min(6, epochs)).filter(Number.isInteger);
  const svg = frame(
    { x, y, xTitle: 'epoch', yTitle: '', xTicks, yTicks: yTicks.length > 1 ? yTicks : y.ticks(4) },
    `${title} by epoch; at the end: ${ends}`,
    paths.join('') + markOf(x, kept),
  );
  const names = legend(
    lines.map(({ name }) => name),
    lines.map(ending),
  );
  return `<figure><figcaption>${escapeHtml(title)}</figcaption>${svg}${names}</figure>`;
}

/** A line at the epoch whose weights were kept, with a word above. */
function markOf(x: (epoch: number) => number, kept: number | undefined): string {
  if (kept === undefined) return '';
  const place = at(x(kept));
  return `<line class="dash" x1="${place}" x2="${place}" y1="${TOP}" y2="${BOTTOM}"/><text x="${place}" y="${TOP - 6}" text-anchor="middle">kept</text>`;
}

/** A chart of figures by name, each with one value for each epoch. Values that are not finite are bridged. */
export function courseChart(
  title: string,
  figures: Readonly<Record<string, readonly number[]>>,
  logarithmic = false,
): string {
  const named = Object.entries(figures);
  const lines = named.flatMap(([name, values]) => lineOf(name, Array.from(values)));
  return lineChart(
    title,
    lines,
    largest(
      named.map(([, values]) => values.length),
      1,
    ),
    logarithmic,
  );
}

/** The share of right answers over the predicted probability. On the diagonal, probabilities can be trusted. */
export function calibrationChart({ bins, error }: Calibration): string {
  const x = scaleLinear([0, 1], [LEFT, RIGHT]);
  const y = scaleLinear([0, 1], [BOTTOM, TOP]);
  const most = bins.reduce((largest, bin) => Math.max(largest, bin.count), 1);
  const points = bins.map(
    ({ confidence, accuracy, count }) =>
      `<circle class="c0" fill-opacity=".75" cx="${at(x(confidence))}" cy="${at(y(accuracy))}" r="${at(3 + 9 * Math.sqrt(count / most))}"><title>${count} rows: mean probability ${shown(confidence)}, share right ${shown(accuracy)}</title></circle>`,
  );
  const diagonal = `<line class="dash" x1="${at(x(0))}" y1="${at(y(0))}" x2="${at(x(1))}" y2="${at(y(1))}"/>`;
  const label = `Share of right answers by probability; mean distance from the diagonal ${shown(error)}`;
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const axes = { x, y, xTitle: 'largest probability', yTitle: 'share that is right', xTicks: ticks, yTicks: ticks };
  return figure(
    'Calibration: right answers by probability',
    frame(axes, label, diagonal + points.join('')),
    `On the line, probabilities can be trusted. The mean distance from it (expected calibration error) is ${shown(error)}. Larger dots stand for more rows.`,
  );
}
