// Charts of predictions for a table.
import { scaleLinear } from 'd3-scale';
import { line as d3Line } from 'd3-shape';
import { largest, smallest } from '../base/extremes.js';
import type { Threshold } from '../explain/operating-points.js';
import type { ColumnImportance } from '../explain/permutation-importance.js';
import { percent, shown } from './contents.js';
import { type Axes, at, BOTTOM, figure, frame, LEFT, RIGHT, TOP, ticksAcross } from './frame.js';
import { escapeHtml } from './html.js';

/** The most points of a chart; more cannot be told apart on a screen. */
const POINTS = 600;

/** Evenly spaced ones of a list, with the first and the last. */
function thinned<T>(list: readonly T[]): readonly T[] {
  if (list.length <= POINTS) return list;
  return Array.from({ length: POINTS }, (_, i) => list[Math.round((i * (list.length - 1)) / (POINTS - 1))] as T);
}

const shares = [0, 0.25, 0.5, 0.75, 1];
const shareAxes = (xTitle: string, yTitle: string): Axes => ({
  x: scaleLinear([0, 1], [LEFT, RIGHT]),
  y: scaleLinear([0, 1], [BOTTOM, TOP]),
  xTitle,
  yTitle,
  xTicks: shares,
  yTicks: shares,
});

export const pathOf = ({ x, y }: Axes, points: readonly (readonly [number, number])[], color = 0, title = ''): string =>
  `<path class="curve c${color}" style="fill:none" d="${
    d3Line<readonly [number, number]>()
      .x(([at]) => x(at))
      .y(([, value]) => y(value))
      .digits(1)(points) ?? ''
  }"><title>${escapeHtml(title)}</title></path>`;

const dash = ({ x, y }: Axes, from: readonly [number, number], to: readonly [number, number]): string =>
  `<line class="dash" x1="${at(x(from[0]))}" y1="${at(y(from[1]))}" x2="${at(x(to[0]))}" y2="${at(y(to[1]))}"/>`;

const dot = ({ x, y }: Axes, [left, high]: readonly [number, number], title: string, color = 1): string =>
  `<circle class="c${color}" cx="${at(x(left))}" cy="${at(y(high))}" r="5"><title>${escapeHtml(title)}</title></circle>`;

/** The rates of a threshold: its place on the ROC curve. */
const rocPoint = ({ falsePositive, recall }: Threshold, negatives: number): [number, number] => [
  negatives > 0 ? falsePositive / negatives : 0,
  recall,
];

/** The area under a curve of points with rising x: by trapezoids, as scikit-learn's auc. */
const areaOf = (points: readonly (readonly [number, number])[]): number =>
  points.reduce((sum, [x, y], i) => {
    const [before, height] = points[i - 1] ?? [x, y];
    return sum + ((x - before) * (y + height)) / 2;
  }, 0);

/** The ROC curve and the precision-recall curve, with a dot where the model decides. */
export function rankingCharts(points: readonly Threshold[], positive: string, threshold: number): string[] {
  const last = points.at(-1);
  if (!last || last.truePositive === 0 || last.falsePositive === 0) return [];
  const [positives, negatives] = [last.truePositive, last.falsePositive];
  const used = points.filter((point) => point.threshold >= threshold).at(-1) ?? (points[0] as Threshold);
  const words = `from a probability of ${shown(threshold)} on a row is called ${positive}: it finds ${percent(used.recall)} of them, and ${percent(used.precision)} of those that it calls so are right`;
  const rates = points.map((point) => rocPoint(point, negatives));
  const roc = shareAxes(`share of the others that are called ${positive}`, `share of ${positive} that is found`);
  const area = areaOf(rates);
  const pr = shareAxes(
    `share of ${positive} that is found (recall)`,
    `share of those called so that are right (precision)`,
  );
  const found = points.filter(({ predictedPositive }) => predictedPositive > 0);
  const share = positives / (positives + negatives);
  return [
    figure(
      `ROC curve of ${positive}`,
      frame(
        roc,
        `Share of ${positive} found by share of the others called so; area ${shown(area)}`,
        `${dash(roc, [0, 0], [1, 1])}${pathOf(roc, thinned(rates))}${dot(roc, rocPoint(used, negatives), words)}`,
      ),
      `Each point is a threshold; the dot is the one in use. The area under the curve is ${shown(area)}: so often a row of ${positive} has a higher probability than another row. Guessing is the broken line, 0.5.`,
    ),
    figure(
      `Precision and recall of ${positive}`,
      frame(
        pr,
        `Precision by recall of ${positive}`,
        `${dash(pr, [0, share], [1, share])}${pathOf(pr, thinned(found.map(({ recall, precision }) => [recall, precision] as const)))}${used.predictedPositive > 0 ? dot(pr, [used.recall, used.precision], words) : ''}`,
      ),
      `At the dot, ${words}. The broken line is the share of ${positive} in all rows.`,
    ),
  ];
}

/** A range with room at both ends. */
export function ranged(values: readonly number[]): [number, number] {
  const [low, high] = [smallest(values), largest(values)];
  const room = (high - low) * 0.04 || Math.abs(low) * 0.1 || 1;
  return [low - room, high + room];
}

const spots = ({ x, y }: Axes, points: readonly (readonly [number, number])[]): string =>
  thinned(points)
    .map(
      ([left, high]) =>
        `<circle class="c0" fill-opacity=".45" stroke="none" cx="${at(x(left))}" cy="${at(y(high))}" r="3"/>`,
    )
    .join('');

/** What is predicted over what is true, and how far off it is over what is predicted. */
export function numberCharts(target: string, actual: readonly number[], predicted: readonly number[]): string[] {
  const all = ranged([...actual, ...predicted]);
  const x = scaleLinear(all, [LEFT, RIGHT]).nice();
  const y = scaleLinear(x.domain(), [BOTTOM, TOP]);
  const [low, high] = x.domain() as [number, number];
  const both = {
    x,
    y,
    xTitle: `true ${target}`,
    yTitle: `predicted ${target}`,
    xTicks: ticksAcross(x),
    yTicks: y.ticks(5),
  };
  const residuals = predicted.map((value, i) => [value, (actual[i] as number) - value] as const);
  const across = scaleLinear(ranged(predicted), [LEFT, RIGHT]).nice();
  const up = scaleLinear(ranged([0, ...residuals.map(([, off]) => off)]), [BOTTOM, TOP]).nice();
  const off = {
    x: across,
    y: up,
    xTitle: `predicted ${target}`,
    yTitle: 'true minus predicted',
    xTicks: ticksAcross(across),
    yTicks: up.ticks(5),
  };
  const [from, to] = across.domain() as [number, number];
  return [
    figure(
      `${target}: predicted and true`,
      frame(
        both,
        `Predicted ${target} by true ${target}`,
        dash(both, [low, low], [high, high]) +
          spots(
            both,
            actual.map((value, i) => [value, predicted[i] as number] as const),
          ),
      ),
      'Each dot is a row; on the broken line the prediction is exact.',
    ),
    figure(
      `${target}: residuals`,
      frame(
        off,
        `True minus predicted ${target} by predicted ${target}`,
        dash(off, [from, 0], [to, 0]) + spots(off, residuals),
      ),
      'What is left to explain. A bend says that something is not learnt yet, a funnel that large predictions are less sure.',
    ),
  ];
}

/** The most bars of a chart. */
const MOST_BARS = 15;
/** The height of a bar with its name above it. */
const BAR = 36;

/** A bar with its spread, and what it is. */
interface Bar {
  readonly name: string;
  readonly mean: number;
  readonly std: number;
}

/** Bars with their names above; '' if none has a length. `label` says what they show, `rest` what of those that are left out. */
export function barChart(
  list: readonly Bar[],
  { title, label, note, rest }: { title: string; label: string; note: string; rest: string },
): string {
  const bars = list.slice(0, MOST_BARS);
  const most = largest(
    bars.map(({ mean, std }) => mean + std),
    0,
  );
  if (most <= 0) return '';
  const x = scaleLinear([0, most], [0, RIGHT]);
  const height = BAR * bars.length + 4;
  const drawn = bars.map(({ name, mean, std }, i) => {
    const [top, end] = [i * BAR, Math.max(0, mean)];
    const words = `${shown(mean)} ± ${shown(std)}`;
    return `<text x="0" y="${top + 14}">${escapeHtml(name)}: ${words}</text><rect class="c0" stroke="none" x="0" y="${top + 20}" width="${at(x(end))}" height="8"/><line class="spread" x1="${at(x(Math.max(0, mean - std)))}" x2="${at(x(Math.max(0, mean + std)))}" y1="${top + 24}" y2="${top + 24}"/>`;
  });
  const left = list.length - bars.length;
  const words = `${label}: ${bars.map(({ name, mean }) => `${name} ${shown(mean)}`).join(', ')}`;
  return figure(
    title,
    `<svg viewBox="0 0 ${RIGHT} ${height}" role="img" aria-label="${escapeHtml(words)}">${drawn.join('')}</svg>`,
    left > 0 ? `${note} ${left} ${rest}` : note,
  );
}

/** Bars: how much the model needs each column. */
export const importanceChart = (list: readonly ColumnImportance[], figureName: string): string =>
  barChart(
    list.map(({ column, mean, std }) => ({ name: column, mean, std })),
    {
      title: 'What the model needs',
      label: 'Importance of columns',
      note: `By so much ${figureName} when the cells of a column are exchanged among the rows (permutation importance); the thin line is its spread. A column near 0 is hardly needed, or another says the same.`,
      rest: 'more need less.',
    },
  );
