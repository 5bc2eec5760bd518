// The frame of a chart: its axes, with what they are.
import { shown } from './contents.js';
import { escapeHtml } from './html.js';

const WIDTH = 460;
const HEIGHT = 264;
export const LEFT = 52;
export const RIGHT = WIDTH - 8;
export const TOP = 28;
export const BOTTOM = HEIGHT - 38;

export interface Scale {
  (value: number): number;
  ticks(count: number): number[];
}

/** Both axes of a chart. */
export interface Axes {
  readonly x: Scale;
  readonly y: Scale;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly xTicks: readonly number[];
  readonly yTicks: readonly number[];
}

/** A coordinate. */
export const at = (value: number): string => value.toFixed(1);

/** A chart as SVG. `label` says in words what it shows. */
export function frame({ x, y, xTitle, yTitle, xTicks, yTicks }: Axes, label: string, body: string): string {
  const horizontal = yTicks
    .map(
      (tick) =>
        `<line class="axis" x1="${LEFT}" x2="${RIGHT}" y1="${at(y(tick))}" y2="${at(y(tick))}"/><text x="${LEFT - 6}" y="${at(y(tick) + 4)}" text-anchor="end">${shown(tick)}</text>`,
    )
    .join('');
  const vertical = xTicks
    .map((tick) => `<text x="${at(x(tick))}" y="${BOTTOM + 16}" text-anchor="middle">${shown(tick)}</text>`)
    .join('');
  const above = yTitle === '' ? '' : `<text x="0" y="${TOP - 13}">${escapeHtml(yTitle)}</text>`;
  const titles = `<text x="${RIGHT}" y="${BOTTOM + 35}" text-anchor="end">${escapeHtml(xTitle)}</text>${above}`;
  return `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${escapeHtml(label)}">${horizontal}${vertical}${titles}${body}</svg>`;
}

/** A chart with its heading, and what a newcomer may not know in a line. */
export const figure = (title: string, svg: string, note = ''): string =>
  `<figure><figcaption>${escapeHtml(title)}</figcaption>${svg}${note ? `<p class="faint">${escapeHtml(note)}</p>` : ''}</figure>`;

/** Which colour is which: a name for each, and what stands behind it. */
export const legend = (names: readonly string[], figures: readonly string[] = []): string =>
  `<ul class="legend">${names
    .map(
      (name, i) =>
        `<li><svg viewBox="0 0 20 10" aria-hidden="true"><line class="c${i % 8}" stroke-width="3" x1="0" x2="20" y1="5" y2="5"/></svg>${escapeHtml(name)}${figures[i] === undefined ? '' : ` <span class="faint">${figures[i]}</span>`}</li>`,
    )
    .join('')}</ul>`;
