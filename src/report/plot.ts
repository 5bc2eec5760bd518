// Charts made of characters. Lines differ without colours, and no two ticks are the same.
import { blue, plot as draw, yellow } from 'asciichart';
import { largest, smallest } from '../base/extremes.js';
import { visible } from '../base/visible.js';
import { type Line, shown } from './contents.js';
import { wrapped } from './words.js';

const HEIGHT = 8;
const RESET = '\u001b[0m';
/** The most digits of a tick: those of a float64. */
const DIGITS = 17;
/** The character of the second line, and of places where both lines meet. */
const MARK = 'o';
const BOTH = '*';

/** A chart of one or two lines over epochs, with their names and last values. Empty if no line has two epochs. */
export function textChart(
  name: string,
  lines: readonly Line[],
  epochs: number,
  colors: boolean,
  columns: number,
): string[] {
  const usable = lines.filter(({ values }) => values.length > 1);
  if (usable.length === 0) return [];
  const all = usable.flatMap(({ values }) => values);
  const [low, high] = [smallest(all), largest(all)];
  const ticks = ticksOf(low, high);
  const labels = largest(
    ticks.map((tick) => tick.length),
    'epoch'.length,
  );
  // A space and the axis take two columns.
  const width = Math.min(epochs, columns - labels - 2);
  const [first = [], second] = usable.map((line, i) =>
    draw(spread(line, epochs, width), {
      height: HEIGHT,
      min: low,
      max: high,
      format: (_, tick) => (ticks[tick] as string).padStart(labels),
      ...(i > 0 && { symbols: ['┤', '┤', ...Array<string>(8).fill(MARK)] }),
    }).split('\n'),
  );
  const picture = first.map((row, i) => merged(row, second?.[i], labels + 2, colors));
  const ends = usable.map(({ name: line, values }) => `${visible(line)} ${shown(values.at(-1) as number)}`);
  const legend =
    second &&
    `─ ${nameOf(usable[0], colors && 'blue')}, ${MARK} ${nameOf(usable[1], colors && 'yellow')}, ${BOTH} both`;
  return [
    [
      wrapped(`${visible(name)}: ${ends.join(', ')}`, columns),
      ...(legend ? [wrapped(legend, columns)] : []),
      ...picture,
      epochAxis(epochs, labels, width),
    ].join('\n'),
  ];
}

const nameOf = (line: Line | undefined, color: string | false): string =>
  `${visible(line?.name ?? '')}${color ? ` (${color})` : ''}`;

/** A row of the chart: the first line, overlaid with the marks of the second. */
function merged(first: string, second: string | undefined, start: number, colors: boolean): string {
  const paint = (text: string, color: string): string => (colors && text !== ' ' ? `${color}${text}${RESET}` : text);
  const cells = Array.from(first.slice(start), (under, i) => {
    const over = second?.[start + i] ?? ' ';
    if (over === ' ') return paint(under, blue);
    return under === ' ' ? paint(over, yellow) : BOTH;
  });
  return `${first.slice(0, start)}${cells.join('')}`.trimEnd();
}

/** The axis: the first and last epoch, under the ends of the chart. */
function epochAxis(epochs: number, labels: number, width: number): string {
  const last = String(epochs);
  const start = 'epoch'.padStart(labels);
  return `${start}  1${width > last.length + 1 ? last.padStart(width - 1) : `–${last}`}`;
}

/** Labels of the rows from top to bottom, with as few digits as needed to differ. */
function ticksOf(low: number, high: number): string[] {
  // asciichart computes its rows in the same way.
  const ratio = high === low ? 1 : HEIGHT / (high - low);
  const rows = Math.abs(Math.round(high * ratio) - Math.round(low * ratio));
  if (rows === 0) return [shown(high)];
  const values = Array.from({ length: rows + 1 }, (_, i) => high - (i * (high - low)) / rows);
  const size = Math.max(Math.abs(low), Math.abs(high));
  const fixed = size >= 1e-3 && size < 1e6;
  for (let digits = 0; digits < DIGITS; digits++) {
    const texts = values.map((value) => (fixed ? value.toFixed(digits) : value.toExponential(digits)));
    if (new Set(texts.map(Number)).size === texts.length) return texts;
  }
  return values.map(shown);
}

/** Values at `width` evenly spaced epochs, first and last included. An epoch without a value takes that of the previous one. */
function spread({ epochs, values }: Line, total: number, width: number): number[] {
  let i = 0;
  return Array.from({ length: width }, (_, column) => {
    const epoch = width > 1 ? 1 + Math.round((column * (total - 1)) / (width - 1)) : total;
    while (i + 1 < epochs.length && (epochs[i + 1] as number) <= epoch) i++;
    return values[i] as number;
  });
}
