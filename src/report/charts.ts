// Charts as SVG, by d3's scales and shapes, which need no page.

import { scaleLinear, scaleLog } from 'd3-scale';
import { line as d3Line } from 'd3-shape';
import { largest } from '../base/extremes.js';
import type { Calibration } from '../evaluate/judgement.js';
import { type Line, shown } from './contents.js';
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

const at = (value: number): string => value.toFixed(1);

/** Lines over epochs, with a legend. On a logarithmic scale zeros are left out. */
export function lineChart(title: string, lines: readonly Line[], logarithmic = false): string {
  const values = lines
    .flatMap((line) => line.values)
    .filter((value) => Number.isFinite(value) && (!logarithmic || value > 0));
  const epochs = largest(lines.map((line) => line.values.length));
  if (values.length === 0) return '';
  const [low, high] = [values.reduce((a, b) => Math.min(a, b)), values.reduce((a, b) => Math.max(a, b))];
  const x = scaleLinear([1, Math.max(2, epochs)], [LEFT, RIGHT]);
  const flat = low === high ? Math.abs(low) * 0.1 || 1 : 0;
  const y = logarithmic
    ? scaleLog([low / (flat ? 2 : 1), high * (flat ? 2 : 1)], [BOTTOM, TOP]).nice()
    : scaleLinear([Math.min(low - flat, low > 0 && low < high / 2 ? 0 : low), high + flat], [BOTTOM, TOP]).nice();
  const curve = d3Line<number>()
    .defined((value) => Number.isFinite(value) && (!logarithmic || value > 0))
    .x((_, i) => x(i + 1))
    .y((value) => y(value))
    .digits(1);
  const paths = lines.map((line, i) => {
    const mark =
      line.values.length === 1
        ? `<circle class="c${i % 8}" cx="${at(x(1))}" cy="${at(y(line.values[0] as number))}" r="3"/>`
        : '';
    const end = line.values.at(-1) as number;
    return `<path class="curve c${i % 8}" style="fill:none" d="${curve(line.values as number[]) ?? ''}"><title>${escapeHtml(line.name)}: ${shown(end)} at the end</title></path>${mark}`;
  });
  const ends = lines.map((line) => `${line.name} ${shown(line.values.at(-1) as number)}`).join(', ');
  // Of a logarithm the ticks are too many: whole powers of ten.
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
      `<li><svg viewBox="0 0 20 10" aria-hidden="true"><line class="c${i % 8}" stroke-width="3" x1="0" x2="20" y1="5" y2="5"/></svg>${escapeHtml(line.name)} <span class="faint">${shown(line.values.at(-1) as number)}</span></li>`,
  );
  return `<figure><figcaption>${escapeHtml(title)}</figcaption>${svg}<ul class="legend">${legend.join('')}</ul></figure>`;
}

/** Share of right answers by how sure the model was: points on the diagonal can be believed. */
export function calibrationChart({ bins, error }: Calibration): string {
  const x = scaleLinear([0, 1], [LEFT, RIGHT]);
  const y = scaleLinear([0, 1], [BOTTOM, TOP]);
  const most = bins.reduce((largest, bin) => Math.max(largest, bin.count), 1);
  const points = bins.map(
    ({ confidence, accuracy, count }) =>
      `<circle class="c0" fill-opacity=".75" cx="${at(x(confidence))}" cy="${at(y(accuracy))}" r="${at(3 + 9 * Math.sqrt(count / most))}"><title>${count} rows: sure by ${shown(confidence)}, right in ${shown(accuracy)}</title></circle>`,
  );
  const diagonal = `<line class="dash" x1="${at(x(0))}" y1="${at(y(0))}" x2="${at(x(1))}" y2="${at(y(1))}"/>`;
  const label = `Share of right answers by probability; mean distance from the diagonal ${shown(error)}`;
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  return `<figure><figcaption>Calibration: right answers by probability</figcaption>${frame(x, y, 'largest probability', ticks, ticks, label, diagonal + points.join(''))}<p class="faint">On the line the probabilities can be believed; the mean distance from it (expected calibration error) is ${shown(error)}. Larger dots stand for more rows.</p></figure>`;
}

/** A grey image as a bitmap in a data URL: 8 bits a pixel, a palette of greys, rows from the bottom. */
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
