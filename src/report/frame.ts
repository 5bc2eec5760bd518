// The frame of a chart: its axes, with what they are.
import { largest } from '../base/extremes.js';
import { escapeHtml } from './html.js';
import { apart } from './numbers.js';

const WIDTH = 460;
const HEIGHT = 264;
export const LEFT = 68;
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

/** A digit on a narrow screen, and the least room between two ticks. */
const [DIGIT, BETWEEN] = [9, 14];

/** Ticks of a horizontal axis, as many as there is room for on a narrow screen. */
export function ticksAcross(x: Scale, most = 5, room = RIGHT - LEFT): number[] {
  let ticks: number[] = [];
  for (let count = most; count > 1; count--) {
    ticks = x.ticks(count);
    const longest = largest(
      apart(ticks).map(({ length }) => length),
      0,
    );
    if (ticks.length * (longest * DIGIT + BETWEEN) <= room) break;
  }
  return ticks;
}

/** A chart as SVG. `label` says in words what it shows. */
export function frame({ x, y, xTitle, yTitle, xTicks, yTicks }: Axes, label: string, body: string): string {
  const [across, up] = [apart(xTicks), apart(yTicks)];
  const horizontal = yTicks
    .map(
      (tick, i) =>
        `<line class="axis" x1="${LEFT}" x2="${RIGHT}" y1="${at(y(tick))}" y2="${at(y(tick))}"/><text x="${LEFT - 6}" y="${at(y(tick) + 4)}" text-anchor="end">${up[i]}</text>`,
    )
    .join('');
  const vertical = xTicks
    .map((tick, i) => `<text x="${at(x(tick))}" y="${BOTTOM + 16}" text-anchor="middle">${across[i]}</text>`)
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
