// Charts as SVG, made with d3's scales and shapes, which need no DOM.
import { scaleLinear, scaleLog } from 'd3-scale';
import { line as d3Line } from 'd3-shape';
import { largest, smallest } from '../base/extremes.js';
import type { Calibration } from '../evaluate/judgement.js';
import { type Line, lineOf, shown } from './contents.js';
import { escapeHtml } from './html.js';

const WIDTH = 460;
const HEIGHT = 240;
const LEFT = 52;
const RIGHT = WIDTH - 8;
const TOP = 8;
const BOTTOM = HEIGHT - 30;

interface Scale {
  (value: number): number;
  ticks(count: number): number[];
}

function frame(
  x: Scale,
  y: Scale,
  xTitle: string,
  yTicks: readonly number[],
  xTicks: readonly number[],
  label: string,
  body: string,
): string {
  const horizontal = yTicks
    .map(
      (tick) =>
        `<line class="axis" x1="${LEFT}" x2="${RIGHT}" y1="${at(y(tick))}" y2="${at(y(tick))}"/><text x="${LEFT - 6}" y="${at(y(tick) + 4)}" text-anchor="end">${shown(tick)}</text>`,
    )
    .join('');
  const vertical = xTicks
    .map((tick) => `<text x="${at(x(tick))}" y="${BOTTOM + 16}" text-anchor="middle">${shown(tick)}</text>`)
    .join('');
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(label)}">${horizontal}${vertical}<text x="${RIGHT}" y="${BOTTOM + 28}" text-anchor="end">${escapeHtml(xTitle)}</text>${body}</svg>`;
}

const ending = ({ values }: Line): string => shown(values.at(-1) as number);

const at = (value: number): string => value.toFixed(1);

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

/** A chart of lines over epochs, with a legend. Missing values are bridged. A logarithmic scale leaves out zeros. */
export function lineChart(title: string, lines: readonly Line[], epochs: number, logarithmic = false): string {
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
    x,
    y,
    'epoch',
    yTicks.length > 1 ? yTicks : y.ticks(4),
    xTicks,
    `${title} by epoch; at the end: ${ends}`,
    paths.join(''),
  );
  const legend = lines.map(
    (line, i) =>
      `<li><svg viewBox="0 0 20 10" aria-hidden="true"><line class="c${i % 8}" stroke-width="3" x1="0" x2="20" y1="5" y2="5"/></svg>${escapeHtml(line.name)} <span class="faint">${ending(line)}</span></li>`,
  );
  return `<figure><figcaption>${escapeHtml(title)}</figcaption>${svg}<ul class="legend">${legend.join('')}</ul></figure>`;
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
  return `<figure><figcaption>Calibration: right answers by probability</figcaption>${frame(x, y, 'largest probability', ticks, ticks, label, diagonal + points.join(''))}<p class="faint">On the line, probabilities can be trusted. The mean distance from it (expected calibration error) is ${shown(error)}. Larger dots stand for more rows.</p></figure>`;
}

/** A grey image as a data URL of a bitmap: 8 bits a pixel, a palette of greys, rows from the bottom up. */
export function imageUrl(pixels: ArrayLike<number>, width: number, height: number): string {
  const stride = Math.ceil(width / 4) * 4;
  const start = 14 + 40 + 1024;
  const bytes = new Uint8Array(start + stride * height);
  const view = new DataView(bytes.buffer);
  bytes.set([0x42, 0x4d]);
  view.setUint32(2, bytes.length, true);
  view.setUint32(10, start, true);
  view.setUint32(14, 40, true);
  view.setInt32(18, width, true);
  view.setInt32(22, height, true);
  view.setUint16(26, 1, true);
  view.setUint16(28, 8, true);
  for (let grey = 0; grey < 256; grey++) bytes.fill(grey, 54 + grey * 4, 57 + grey * 4);
  for (let row = 0; row < height; row++) {
    for (let c = 0; c < width; c++) bytes[start + (height - 1 - row) * stride + c] = pixels[row * width + c] as number;
  }
  return `data:image/bmp;base64,${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}`;
}
