// Charts of characters: lines that are told apart without colours, an axis of epochs, ticks that differ.
import { blue, plot as draw, yellow } from 'asciichart';
import { largest, smallest } from '../base/extremes.js';
import { visible } from '../base/visible.js';
import { type Line, shown } from './contents.js';
import { wrapped } from './words.js';

const HEIGHT = 8;
const RESET = '\u001b[0m';
/** Digits of a tick at most, which are those of a float64. */
const DIGITS = 17;
/** What the second line is drawn with, and where both are in one place. */
const MARK = 'o';
const BOTH = '*';

/** One line or two over the epochs of a run, with their names and ends. Nothing where no line has two epochs. */
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
  // A blank and the axis stand between.
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

/** A row of the picture: the first line's, with the marks of the second above it. */
function merged(first: string, second: string | undefined, start: number, colors: boolean): string {
  const paint = (text: string, color: string): string => (colors && text !== ' ' ? `${color}${text}${RESET}` : text);
  const cells = Array.from(first.slice(start), (under, i) => {
    const over = second?.[start + i] ?? ' ';
    if (over === ' ') return paint(under, blue);
    return under === ' ' ? paint(over, yellow) : BOTH;
  });
  return `${first.slice(0, start)}${cells.join('')}`.trimEnd();
}

/** The first epoch and the last, under the ends of a picture. */
function epochAxis(epochs: number, labels: number, width: number): string {
  const last = String(epochs);
  const start = 'epoch'.padStart(labels);
  return `${start}  1${width > last.length + 1 ? last.padStart(width - 1) : `–${last}`}`;
}

/** Labels from the highest row to the lowest, as the picture has them: as many digits as tell them apart. */
function ticksOf(low: number, high: number): string[] {
  // As asciichart counts its rows.
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

/** Values at so many evenly spaced epochs, the first and the last included; where an epoch has none, that of the one before. */
function spread({ epochs, values }: Line, total: number, width: number): number[] {
  let i = 0;
  return Array.from({ length: width }, (_, column) => {
    const epoch = width > 1 ? 1 + Math.round((column * (total - 1)) / (width - 1)) : total;
    while (i + 1 < epochs.length && (epochs[i + 1] as number) <= epoch) i++;
    return values[i] as number;
  });
}
